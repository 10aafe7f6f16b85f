import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows } from '../db/client.ts'
import type { MappingKind } from '../db/schema/mappings.ts'

/** A word of a kind on a connection. `scope` is the attribute of ours that a value belongs to, else empty. */
export type WordRef = { scope: string; word: string }
/** What a word means now; `revision` 0 and no target where nobody ever mapped it. */
export type Meaning = WordRef & {
  target: string | null
  revision: number
  changedAt: Date | null
  changedBy: string | null
}

export const refKey = ({ scope, word }: WordRef): string => JSON.stringify([scope, word])

/** What these words mean now, with the revision that an edit has to name, also of words whose mapping was taken away. */
export async function readMeanings(
  db: DbOrTx,
  connectionId: string,
  kind: MappingKind,
  words: readonly WordRef[],
): Promise<Map<string, Meaning>> {
  const found = await query<{
    scope: string
    word: string
    target: string | null
    revision: number
    changed_at: string | null
    changed_by: string | null
  }>(
    db,
    sql`
    select item.scope, item.word, ${targetOf} as target, coalesce(mapping.revision, last.revision, 0) as revision,
           coalesce(mapping.updated_at, last.at) as changed_at, coalesce(mapping.updated_by, last.actor) as changed_by
    from ${rows(words, 'scope text, word text')}
    left join mappings mapping on mapping.connection_id = ${connectionId} and mapping.kind = ${kind}
      and mapping.scope = item.scope and mapping.word = item.word
    left join lateral (
      select change.revision, change.at, change.actor from mapping_changes change
      where change.connection_id = ${connectionId} and change.kind = ${kind} and change.scope = item.scope and change.word = item.word
      order by change.id desc limit 1
    ) last on true`,
  )
  return new Map(
    found.map((row) => [
      refKey(row),
      {
        scope: row.scope,
        word: row.word,
        target: row.target,
        revision: row.revision,
        changedAt: row.changed_at === null ? null : new Date(row.changed_at),
        changedBy: row.changed_by,
      },
    ]),
  )
}

/** The chosen side of a mapping. */
export const targetOf = sql.raw(
  "case when mapping.kind in ('sku', 'order_state') then mapping.ours else mapping.theirs end",
)
