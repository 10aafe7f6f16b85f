/**
 * Texts by language: English as it stands -> the same in that language. A hole in a key stands for what is composed
 * into the sentence: `{count}` for a value, which is put into the translation as it is, `{=state}` for words that
 * must have a text of their own, which is put there.
 */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A text in another language; null where there is none. */
export type Translate = (text: string) => string | null

type Hole = { name: string; isOwn: boolean }
/** A key with holes: literals and holes take turns, beginning and ending with a literal, which may be empty. */
type Pattern = { literals: readonly string[]; holes: readonly Hole[]; translation: string }
type Book = { exact: ReadonlyMap<string, string>; patterns: readonly Pattern[] }

/** Words within words within words: no sentence goes deeper, and a text made to go deeper stays as it is. */
const mostDepth = 16
const hole = /\{(=?)([a-z]\w*)\}/gi
const books = new WeakMap<Texts[string], Book>()

/** Speaks a language by the texts that were brought, compiled once. */
export function translator(texts: Texts | undefined, language: string): Translate {
  const table = texts && Object.hasOwn(texts, language) ? texts[language] : undefined
  if (!table) return () => null
  const known = books.get(table)
  const book = known ?? compile(table)
  if (!known) books.set(table, book)
  return (text) => find(book, text, 0)
}

function compile(table: Texts[string]): Book {
  const patterns = Object.entries(table).flatMap(([key, translation]) => toPattern(key, translation) ?? [])
  return {
    exact: new Map(Object.entries(table)),
    // The most literal one that fits is the one that was meant.
    patterns: patterns.toSorted((a, b) => b.literals.join('').length - a.literals.join('').length),
  }
}

function toPattern(key: string, translation: string): Pattern | null {
  const holes = [...key.matchAll(hole)].map(([, mark, name]) => ({ name: name!, isOwn: mark === '=' }))
  if (holes.length === 0) return null
  // Splitting at a pattern with groups gives the groups too: two between any literals.
  const literals = key.split(hole).filter((_part, index) => index % 3 === 0)
  if (literals.join('').trim() === '' || literals.slice(1, -1).includes(''))
    throw new Error(`"${key}" needs words between its holes.`)
  return { literals, holes, translation }
}

function find(book: Book, text: string, depth: number): string | null {
  const exact = book.exact.get(text)
  if (exact !== undefined) return exact
  if (depth === mostDepth) return null
  for (const { literals, holes, translation } of book.patterns) {
    const values = cut(text, literals)
    if (!values) continue
    const shown = holes.map(({ isOwn }, index) =>
      isOwn ? find(book, values[index]!, depth + 1) : values[index]!,
    )
    if (shown.includes(null)) continue
    const byName = new Map(holes.map(({ name }, index) => [name, shown[index]!]))
    return translation.replace(hole, (whole, _mark, name: string) => byName.get(name) ?? whole)
  }
  return null
}

/** What stands in the holes between literals; none is empty. By searching forward alone, so no text is slow. */
function cut(text: string, literals: readonly string[]): string[] | null {
  const [first, middle, last] = [literals[0]!, literals.slice(1, -1), literals.at(-1)!]
  if (!text.startsWith(first) || !text.endsWith(last)) return null
  const end = text.length - last.length
  const values: string[] = []
  let at = first.length
  for (const literal of middle) {
    const next = text.indexOf(literal, at + 1)
    if (next === -1) return null
    values.push(text.slice(at, next))
    at = next + literal.length
  }
  return at < end ? [...values, text.slice(at, end)] : null
}
