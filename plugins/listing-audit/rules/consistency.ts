import { type Finding, findingOf, type RuleWord } from '../finding.ts'
import { doContradict, measuresOf } from '../measures.ts'
import type { Subject } from '../subject.ts'

const rule = (
  ruleId: string,
  severity: RuleWord['severity'],
  category: string,
  message: string,
  basis: string,
): RuleWord => ({
  ruleId,
  category,
  severity,
  effect: 'none',
  basis,
  message,
})

export const consistencyRules = {
  facts: rule(
    'consistency.facts',
    'warning',
    'consistency',
    'The title contradicts the facts of the product.',
    'A listing has to describe what is sent',
  ),
  siblings: rule(
    'consistency.siblings',
    'warning',
    'consistency',
    'Another listing of the same variant names other contents.',
    'One thing is described in one way',
  ),
  drift: rule(
    'drift.content',
    'info',
    'drift',
    'The marketplace acknowledged something else than is meant.',
    'What is shown has to be what is meant',
  ),
  complaint: rule(
    'marketplace.complaint',
    'error',
    'complaint',
    'The marketplace complains.',
    "The marketplace's own words",
  ),
}

/** Contents that the title or the facts of a variant name. */
export const contentsOf = ({ title, options }: Subject['facts']['content']): string[] =>
  measuresOf([title, ...Object.values(options)].join(' '))

const contentName = /content|volume|capacity|net weight|inhalt|füllmenge|容量|净含量|规格|^size$/iu

/** Contradictions: between title and facts, between listings of one variant, and with what the marketplace shows. */
export function findContradictions({ facts, siblings }: Subject): Finding[] {
  const { content } = facts
  const titled = measuresOf(content.title)
  const found: Finding[] = []
  for (const [name, value] of Object.entries({ ...content.attributes, ...content.options })) {
    if (!contentName.test(name) || !doContradict(titled, measuresOf(value))) continue
    const message = `The title names ${titled.join(', ')}, but ${name} is "${value}".`
    found.push(findingOf(consistencyRules.facts, 'title', { excerpt: value, message }))
  }
  const mine = contentsOf(content)
  const other = siblings.find(({ measures }) => doContradict(mine, measures))
  if (other) {
    const message = `It names ${mine.join(', ')}; listing ${other.listingId} of the same variant names ${other.measures.join(', ')}.`
    found.push(findingOf(consistencyRules.siblings, 'title', { excerpt: other.listingId, message }))
  }
  return [...found, ...findDrift(facts), ...findComplaints(facts)]
}

function findDrift({ content, acknowledgedContent, status }: Subject['facts']): Finding[] {
  if (!acknowledgedContent || status !== 'live') return []
  const told = acknowledgedContent as Partial<Subject['facts']['content']>
  return (['title', 'description', 'brand', 'gtin'] as const)
    .filter((field) => told[field] !== undefined && (told[field] ?? '') !== (content[field] ?? ''))
    .map((field) =>
      findingOf(consistencyRules.drift, field, {
        excerpt: (told[field] ?? '').slice(0, 200).toWellFormed(),
        message: `The marketplace acknowledged another ${field} than is meant; it was changed since or by a filter.`,
      }),
    )
}

const findComplaints = ({ complaints = [] }: Subject['facts']): Finding[] =>
  complaints.map(({ field, message }) =>
    findingOf(consistencyRules.complaint, field ?? 'listing', { message }),
  )
