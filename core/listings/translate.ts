import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { rows } from '../lib/sql.ts'

/** The kinds of mappings that what a listing says is translated by. */
export const contentKinds = ['category', 'attribute', 'attribute_value', 'tax'] as const
export type ContentKind = (typeof contentKinds)[number]

/** A word on a connection. `scope` is the attribute of ours that a value belongs to, else empty. */
export type ContentWord = { connectionId: string; kind: ContentKind; scope: string; word: string }
/** What a word would mean if it were saved so; null: nothing. */
export type TentativeMapping = Omit<ContentWord, 'connectionId'> & { target: string | null }

/** What words mean on their connections. */
export type Dictionary = { meaning(word: ContentWord): string | null }

const keyOf = ({ connectionId, kind, scope, word }: ContentWord): string =>
  JSON.stringify([connectionId, kind, scope, word])

/** Looks these words up at once; tentative ones go before what is saved. */
export async function loadDictionary(
  db: DbOrTx,
  words: readonly ContentWord[],
  tentative: readonly TentativeMapping[] = [],
): Promise<Dictionary> {
  const unique = [...new Map(words.map((word) => [keyOf(word), word])).values()]
  const found = await query<ContentWord & { target: string }>(
    db,
    sql`
    select mapping.connection_id as "connectionId", mapping.kind, mapping.scope, mapping.word, mapping.theirs as target
    from ${rows(unique, '"connectionId" text, kind text, scope text, word text')}
    join mappings mapping on mapping.connection_id = item."connectionId" and mapping.kind = item.kind
      and mapping.scope = item.scope and mapping.word = item.word`,
  )
  const saved = new Map(found.map((row) => [keyOf(row), row.target]))
  const wanted = new Map(tentative.map((one) => [keyOf({ ...one, connectionId: '' }), one.target]))
  return {
    meaning(word) {
      const tried = wanted.get(keyOf({ ...word, connectionId: '' }))
      return tried === undefined ? (saved.get(keyOf(word)) ?? null) : tried
    },
  }
}

/** The words of attributes and of their values. */
export const wordsOf = (connectionId: string, facts: Readonly<Record<string, string>>): ContentWord[] =>
  Object.entries(facts).flatMap(([name, value]) => [
    { connectionId, kind: 'attribute', scope: '', word: name },
    { connectionId, kind: 'attribute_value', scope: name, word: value },
  ])

/**
 * Attributes in the platform's words; what is not mapped stays as it is. Where two of ours mean one of theirs,
 * the first wins, as the platform would keep one of them anyway.
 */
export function translateFacts(
  connectionId: string,
  facts: Readonly<Record<string, string>>,
  { meaning }: Dictionary,
): Record<string, string> {
  const translated: Record<string, string> = {}
  for (const [name, value] of Object.entries(facts)) {
    const theirs = meaning({ connectionId, kind: 'attribute', scope: '', word: name }) ?? name
    if (theirs in translated) continue
    translated[theirs] = meaning({ connectionId, kind: 'attribute_value', scope: name, word: value }) ?? value
  }
  return translated
}
