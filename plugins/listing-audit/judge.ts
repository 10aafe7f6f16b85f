import type { Finding, RuleWord } from './finding.ts'
import { packs } from './packs.ts'
import { findClaims } from './rules/claims.ts'
import { completenessRules, findGaps } from './rules/completeness.ts'
import { consistencyRules, findContradictions } from './rules/consistency.ts'
import { descriptionRules, findDescriptionFaults } from './rules/description.ts'
import { findImageFaults, imageRules } from './rules/images.ts'
import { findNumberFaults, numberRules } from './rules/numbers.ts'
import { findTitleFaults, titleRules } from './rules/title.ts'
import type { Subject } from './subject.ts'
import { wordsOfPack } from './words.ts'

/** Each family of rules; pure, so that the same listing is always judged the same. */
const families: readonly ((subject: Subject) => Finding[])[] = [
  findGaps,
  findTitleFaults,
  findImageFaults,
  findNumberFaults,
  findDescriptionFaults,
  findContradictions,
  findClaims,
]

/** All that is wrong with a listing. */
export function judge(subject: Subject): Finding[] {
  const ignored = new Set(subject.settings.ignoredRules)
  return families.flatMap((find) => find(subject)).filter(({ ruleId }) => !ignored.has(ruleId))
}

/** Every rule there is, for the list of rules. */
export const listRules = (): (RuleWord & { pack: string | null })[] => [
  ...[completenessRules, titleRules, imageRules, numberRules, descriptionRules, consistencyRules].flatMap(
    (family) => Object.values(family as Record<string, RuleWord>).map((rule) => ({ ...rule, pack: null })),
  ),
  ...packs.flatMap((pack) => wordsOfPack(pack).map((rule) => ({ ...rule, pack: pack.id }))),
]
