import { type Finding, findingOf, type RuleWord } from '../finding.ts'
import type { Subject } from '../subject.ts'

const rule = (ruleId: string, severity: RuleWord['severity'], message: string): RuleWord => ({
  ruleId,
  category: 'description',
  severity,
  effect: 'none',
  basis: 'What the marketplace allows in descriptions',
  message,
})

export const descriptionRules = {
  long: rule('description.long', 'error', 'The description is longer than the marketplace allows.'),
  tag: rule('description.tag', 'warning', 'The marketplace takes no such tag in a description.'),
  script: rule(
    'description.script',
    'error',
    'A description may not hold code: it is taken out, or the listing is refused.',
  ),
  unclosed: rule('description.unclosed', 'warning', 'The tag is never closed.'),
  contact: rule(
    'description.contact',
    'error',
    'The marketplace allows no addresses or links in a description.',
  ),
}

const tagPattern = /<(\/?)([a-z][a-z0-9-]*)\b((?:"[^"]*"|'[^']*'|[^'">])*)>/giu
const scriptTags = new Set(['script', 'object', 'embed'])
const emptyTags = new Set(['br', 'hr', 'img', 'wbr'])
/** HTML lets these end by themselves. */
const selfEnding = new Set(['p', 'li', 'td', 'th', 'tr', 'dd', 'dt'])
const contacts = /(?:https?:\/\/|www\.)[^\s<"']+|[\w.+-]+@[\w-]+\.[a-z]{2,}/giu

/** Faults of a description's length, tags and contents. */
export function findDescriptionFaults({ facts: { content }, limits }: Subject): Finding[] {
  const text = content.description
  if (text === '') return []
  const length = [...text].length
  const long =
    length > limits.descriptionMax
      ? [
          findingOf(descriptionRules.long, 'description', {
            message: `The description has ${length} characters; at most ${limits.descriptionMax} are allowed.`,
          }),
        ]
      : []
  const contact = limits.forbidsContacts
    ? [...text.matchAll(contacts)].map((match) =>
        findingOf(descriptionRules.contact, 'description', { ...placeOf(match), fix: '' }),
      )
    : []
  return [...long, ...(text.includes('<') ? findTagFaults(text, new Set(limits.tags)) : []), ...contact]
}

const placeOf = (match: RegExpExecArray) => ({
  excerpt: match[0],
  from: match.index,
  to: match.index + match[0].length,
})

function findTagFaults(text: string, allowed: ReadonlySet<string>): Finding[] {
  const found: Finding[] = []
  const open: { name: string; match: RegExpExecArray }[] = []
  for (const match of text.matchAll(tagPattern)) {
    const name = match[2]!.toLowerCase()
    const isCode = scriptTags.has(name) || /\son[a-z]+\s*=|javascript:/iu.test(match[3]!)
    if (isCode) found.push(findingOf(descriptionRules.script, 'description', { ...placeOf(match), fix: '' }))
    else if (!allowed.has(name))
      found.push(findingOf(descriptionRules.tag, 'description', { ...placeOf(match), fix: '' }))
    if (emptyTags.has(name) || match[3]!.endsWith('/')) continue
    if (match[1] === '') open.push({ name, match })
    else {
      const at = open.findLastIndex((entry) => entry.name === name)
      if (at !== -1) open.splice(at, 1)
    }
  }
  const unclosed = open.filter(({ name }) => allowed.has(name) && !selfEnding.has(name))
  return [
    ...found,
    ...unclosed.map(({ match }) => findingOf(descriptionRules.unclosed, 'description', placeOf(match))),
  ]
}
