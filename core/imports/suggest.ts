import { isGtin } from '../lib/gtin.ts'
import { isCurrency } from '../lib/money.ts'
import {
  type Content,
  type ImportKind,
  importKinds,
  measureUnits,
  type Target,
  targetsOf,
} from './targets.ts'

/** A column of a file: its name and some of its cells that are not empty. */
export type SampledColumn = { name: string; cells: readonly string[] }
export type FieldChoice = { column: string; field: string; unit?: string | undefined }
/** What a column may mean, from 0 to 1, and why. */
export type Suggestion = FieldChoice & { score: number; reason: string }

const looksLike: Record<Exclude<Content, 'sku'>, (cell: string) => boolean> = {
  gtin: isGtin,
  url: (cell) => /^https?:\/\/\S+$/i.test(cell),
  amount: (cell) => /^[+-]?\d{1,9}[.,]\d{2}$/.test(cell),
  whole: (cell) => /^\d{1,7}$/.test(cell),
  currency: isCurrency,
  date: (cell) => /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(cell),
  email: (cell) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(cell),
}

/** Contents that tell what a column is even under a name nobody knows. */
const telling: readonly Content[] = ['gtin', 'url', 'sku']
const contentWords: Record<Content, string> = {
  gtin: 'the check digits are those of GTINs',
  url: 'the cells are web addresses',
  amount: 'the cells are amounts',
  whole: 'the cells are whole numbers',
  currency: 'the cells are currency codes',
  date: 'the cells are dates',
  email: 'the cells are e-mail addresses',
  sku: 'the cells are SKUs of the catalogue',
}

const units = [...measureUnits.weight, ...measureUnits.length]

/** A header without its unit, blanks and signs, and the unit that stands behind it. */
export function readHeader(name: string): { word: string; unit: string | null } {
  const text = name.normalize('NFKC').toLowerCase().trim()
  const [, bare, unit] = /^(.*?)[\s_(（[]+(kg|g|lb|oz|mm|cm|m|in)[)）\]]?$/.exec(text) ?? []
  const isUnit = unit !== undefined && (units as readonly string[]).includes(unit)
  return { word: (isUnit ? bare! : text).replace(/[^\p{L}\p{N}]/gu, ''), unit: isUnit ? unit : null }
}

/** The share of the cells that look like a content. `skus` are those that the catalogue has. */
function shareOf(content: Content, cells: readonly string[], skus: ReadonlySet<string>): number {
  if (cells.length === 0) return 0
  const fits = content === 'sku' ? (cell: string) => skus.has(cell) : looksLike[content]
  return cells.filter((cell) => fits(cell)).length / cells.length
}

function judge(column: SampledColumn, target: Target, skus: ReadonlySet<string>): Suggestion | null {
  const { word, unit } = readHeader(column.name)
  const at = target.words.indexOf(word)
  const part = target.words.find((known) => known.length > 3 && word.includes(known))
  const byName = at >= 0 ? 0.95 - Math.min(at, 20) / 1000 : part ? 0.6 : 0
  const share = target.content ? shareOf(target.content, column.cells, skus) : 0
  const isTelling = target.content !== undefined && telling.includes(target.content) && share >= 0.5
  // A name that the cells contradict is worth little.
  const isDenied =
    target.content !== undefined && target.content !== 'sku' && column.cells.length > 0 && share < 0.2
  const score = isDenied
    ? byName / 2
    : Math.max(byName + (share > 0.8 ? 0.04 : 0), isTelling ? 0.5 + share * 0.4 : 0)
  if (score < 0.3) return null
  const reasons = [
    ...(byName > 0 ? [`"${column.name}" is ${at >= 0 ? 'a name' : 'like a name'} of it`] : []),
    ...(target.content && share >= 0.5 ? [contentWords[target.content]] : []),
  ]
  const field = target.isNamed ? `${target.field}:${column.name.trim().slice(0, 100)}` : target.field
  const measure = target.measure ? { unit: unit ?? measureUnits[target.measure][0] } : {}
  return { column: column.name, field, ...measure, score: Math.min(1, score), reason: reasons.join('; ') }
}

/**
 * What each column of a file of a kind may mean, the best first. A field is given to one column only: to the one it
 * suits best; the others keep it as a lesser choice.
 */
export function suggestFields(
  columns: readonly SampledColumn[],
  kind: ImportKind,
  skus: ReadonlySet<string>,
): Map<string, Suggestion[]> {
  const all = columns
    .flatMap((column) => targetsOf(kind).flatMap((target) => judge(column, target, skus) ?? []))
    .sort((one, other) => other.score - one.score)
  const takenFields = new Set<string>()
  const takenColumns = new Set<string>()
  const chosen = new Map<string, Suggestion[]>(columns.map(({ name }) => [name, []]))
  for (const suggestion of all) {
    const isFree = !takenFields.has(suggestion.field) && !takenColumns.has(suggestion.column)
    if (isFree) {
      takenFields.add(suggestion.field)
      takenColumns.add(suggestion.column)
    }
    chosen.get(suggestion.column)!.push(isFree ? suggestion : { ...suggestion, score: suggestion.score / 2 })
  }
  for (const list of chosen.values()) list.sort((one, other) => other.score - one.score)
  return chosen
}

/** The fields that a column is given without asking: those that suit it well and no other better. */
export const chosenOf = (suggestions: ReadonlyMap<string, readonly Suggestion[]>): FieldChoice[] =>
  [...suggestions.values()].flatMap(([best]) =>
    best && best.score >= 0.5
      ? [{ column: best.column, field: best.field, ...(best.unit ? { unit: best.unit } : {}) }]
      : [],
  )

/** The kind of file that its columns are most like: the one whose required fields are all there, with the most others. */
export function suggestKind(columns: readonly SampledColumn[], skus: ReadonlySet<string>): ImportKind {
  const scored = importKinds.map((kind) => {
    const fields = new Set(chosenOf(suggestFields(columns, kind, skus)).map(({ field }) => field))
    const required = targetsOf(kind).filter((target) => target.requiredIn?.includes(kind))
    const isWhole = required.every(({ field }) => fields.has(field))
    // Of two kinds that fit, the one that leaves fewer columns unread; of two that read the same, the stricter.
    return {
      kind,
      score: (isWhole ? 1000 : 0) + fields.size * 10 + (isWhole ? required.length : -required.length),
    }
  })
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).kind
}
