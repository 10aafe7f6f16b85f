import { type Finding, findingOf, type RuleWord } from '../finding.ts'
import type { Subject } from '../subject.ts'

const rule = (ruleId: string, more: Omit<RuleWord, 'ruleId' | 'category' | 'basis'>): RuleWord => ({
  ruleId,
  category: 'completeness',
  basis: 'A buyer has to know what is offered',
  ...more,
})

export const completenessRules = {
  title: rule('completeness.title', { severity: 'error', effect: 'blocks', message: 'It has no title.' }),
  description: rule('completeness.description', {
    severity: 'warning',
    effect: 'none',
    message: 'It has no description.',
  }),
  brand: rule('completeness.brand', { severity: 'info', effect: 'none', message: 'It names no brand.' }),
  category: rule('completeness.category', {
    severity: 'warning',
    effect: 'none',
    message: "Its category is not mapped to one of the marketplace's.",
  }),
  attribute: rule('completeness.attribute', {
    severity: 'error',
    effect: 'none',
    message: 'An attribute that its category demands has no value.',
  }),
}

/** Where no marketplace says that it refuses one. */
const untitled: RuleWord = { ...completenessRules.title, effect: 'none' }

/** What a listing lacks. */
export function findGaps({ facts: { content }, required, limits }: Subject): Finding[] {
  const { title, description, brand, externalCategoryId, attributes, options } = content
  const values = new Set(
    Object.entries({ ...attributes, ...options })
      .filter(([, value]) => value.trim() !== '')
      .map(([name]) => name.toLowerCase()),
  )
  const missing = required.filter((name) => !values.has(name.toLowerCase()))
  return [
    ...(title.trim() === ''
      ? [findingOf(limits.source === null ? untitled : completenessRules.title, 'title')]
      : []),
    ...(description.trim() === '' ? [findingOf(completenessRules.description, 'description')] : []),
    ...(brand?.trim() ? [] : [findingOf(completenessRules.brand, 'brand')]),
    ...(externalCategoryId === null ? [findingOf(completenessRules.category, 'externalCategoryId')] : []),
    ...missing.map((name) =>
      findingOf(completenessRules.attribute, `attributes.${name}`, {
        message: `Its category demands "${name}", which has no value.`,
      }),
    ),
  ]
}
