import { type Finding, findingOf, type RuleWord } from '../finding.ts'
import type { Subject } from '../subject.ts'

const rule = (ruleId: string, more: Omit<RuleWord, 'ruleId' | 'category'>): RuleWord => ({
  ruleId,
  category: 'title',
  ...more,
})
const readable = 'A title has to be read at a glance'
const published = 'Published limit of the marketplace'

export const titleRules = {
  long: rule('title.long', {
    severity: 'error',
    effect: 'blocks',
    basis: `${published}; where none is published, our own advice, which stops nothing`,
    message: 'The title is longer than the marketplace allows.',
  }),
  short: rule('title.short', {
    severity: 'info',
    effect: 'none',
    basis: readable,
    message: 'The title is so short that few will find it.',
  }),
  characters: rule('title.characters', {
    severity: 'error',
    effect: 'none',
    basis: published,
    message: 'The marketplace allows no such character in a title, unless it belongs to the brand.',
  }),
  repeated: rule('title.repeated', {
    severity: 'warning',
    effect: 'none',
    basis: published,
    message: 'The word stands in the title more often than the marketplace allows.',
  }),
  capitals: rule('title.capitals', {
    severity: 'warning',
    effect: 'none',
    basis: readable,
    message: 'The title is written in capitals.',
  }),
  spaces: rule('title.spaces', {
    severity: 'info',
    effect: 'none',
    basis: readable,
    message: 'Superfluous space or a control character.',
  }),
  promotion: rule('title.promotion', {
    severity: 'warning',
    effect: 'none',
    basis: 'Marketplaces want no promotion in titles: it is no property of the goods',
    message: 'It promotes instead of describing.',
  }),
}

/** Faults of a title's length and form. */
export function findTitleFaults(subject: Subject): Finding[] {
  const { title, brand } = subject.facts.content
  if (title.trim() === '') return []
  return [
    ...findLength(title, subject),
    ...findForbidden(title, brand, subject),
    ...findRepeated(title, subject),
    ...findForm(title),
  ]
}

function findLength(title: string, { limits }: Subject): Finding[] {
  const length = [...title].length
  const word: RuleWord =
    limits.source === null
      ? { ...titleRules.long, severity: 'warning', effect: 'none', basis: 'Our own advice' }
      : { ...titleRules.long, basis: `${published}: ${limits.source}` }
  if (length > limits.titleMax) {
    const keep = cut(title, limits.titleMax)
    return [
      findingOf(word, 'title', {
        excerpt: title.slice(keep),
        from: keep,
        to: title.length,
        message: `The title has ${length} characters; at most ${limits.titleMax} ${limits.source === null ? 'can be read well' : 'are allowed'}.`,
        fix: '',
      }),
    ]
  }
  if (length >= limits.titleMin) return []
  return [
    findingOf(titleRules.short, 'title', {
      message: `The title has ${length} characters; fewer than ${limits.titleMin} are hard to find.`,
    }),
  ]
}

/** Where to cut so that no word is torn; UTF-16 units. */
function cut(title: string, max: number): number {
  const hard = [...title].slice(0, max).join('').length
  const space = title.lastIndexOf(' ', hard)
  return space > hard / 2 ? space : hard
}

function findForbidden(title: string, brand: string | null, { limits }: Subject): Finding[] {
  if (limits.titleForbids === null) return []
  return [...title.matchAll(limits.titleForbids)]
    .filter(([character]) => !brand?.includes(character))
    .map((match) =>
      findingOf(titleRules.characters, 'title', {
        excerpt: match[0],
        from: match.index,
        to: match.index + match[0].length,
        fix: '',
      }),
    )
}

/** Prepositions, articles and conjunctions may stand as often as they like. */
const small = new Set([
  'a',
  'an',
  'the',
  'and',
  'or',
  'for',
  'with',
  'of',
  'in',
  'on',
  'to',
  'by',
  'und',
  'mit',
  'der',
  'die',
  'das',
  'für',
  'de',
  'la',
  'le',
  'et',
  'y',
  'con',
])

function findRepeated(title: string, { limits }: Subject): Finding[] {
  if (limits.wordRepeats === null) return []
  const seen = new Map<string, number>()
  const found: Finding[] = []
  for (const match of title.matchAll(/\p{L}{2,}/gu)) {
    const word = match[0].toLowerCase()
    if (small.has(word)) continue
    const count = (seen.get(word) ?? 0) + 1
    seen.set(word, count)
    if (count <= limits.wordRepeats) continue
    const span = { excerpt: match[0], from: match.index, to: match.index + match[0].length }
    found.push(findingOf(titleRules.repeated, 'title', { ...span, fix: '' }))
  }
  return found
}

const promotions =
  /free shipping|best ?seller|hot item|100% quality guaranteed|limited offer|versandkostenfrei|gratis versand|livraison gratuite|包邮|正品|热卖|爆款|特价|秒杀/giu

function findForm(title: string): Finding[] {
  const letters = title.match(/\p{Lu}|\p{Ll}/gu) ?? []
  const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter)).length
  const isShouted =
    letters.length >= 12 && letters.length > title.length / 2 && capitals / letters.length > 0.9
  const span = (match: RegExpExecArray | RegExpMatchArray) => ({
    excerpt: match[0],
    from: match.index!,
    to: match.index! + match[0].length,
  })
  return [
    ...(isShouted
      ? [findingOf(titleRules.capitals, 'title', { excerpt: title, from: 0, to: title.length })]
      : []),
    ...[...title.matchAll(/^\s+|\s+$|\s{2,}|\p{Cc}/gu)].map((match) =>
      findingOf(titleRules.spaces, 'title', {
        ...span(match),
        fix: match.index === 0 || match.index + match[0].length === title.length ? '' : ' ',
      }),
    ),
    ...[...title.matchAll(promotions)].map((match) =>
      findingOf(titleRules.promotion, 'title', { ...span(match), fix: '' }),
    ),
  ]
}
