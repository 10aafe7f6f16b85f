import { sql } from 'drizzle-orm'
import { type Db, query, rows } from '../db/client.ts'
import { loadVocabulary } from './candidates.ts'
import type { MappingKind } from './kinds.ts'
import { refKey, type WordRef } from './meanings.ts'
import type { LearntMeaning, NamedWord } from './rank.ts'
import type { RefreshSource } from './refresh.ts'
import { suggestedFrom } from './save.ts'

const pageSize = 500

/** Writes down what each word that is not mapped could mean, best first. Returns how many words were looked at. */
export async function suggestMeanings(db: Db, source: RefreshSource, kind: MappingKind): Promise<number> {
  const vocabularyOf = await loadVocabulary(db, source, kind)
  let seen = 0
  for (let after: WordRef = { scope: '', word: '' }; ; ) {
    const page = await query<NamedWord>(
      db,
      sql`
      select scope, word, name, path from mapping_words
      where connection_id = ${source.id} and kind = ${kind} and (scope, word) > (${after.scope}, ${after.word})
      order by scope, word limit ${pageSize}`,
    )
    if (page.length === 0) return seen
    seen += page.length
    after = page.at(-1)!
    const learnt = await readLearnt(db, source, kind, page)
    const vocabulary = await vocabularyOf(page)
    const items = page.map((row) => {
      const known = learnt.get(refKey(row)) ?? []
      const found = vocabulary(row, known)
      return { scope: row.scope, word: row.word, suggestions: found, confidence: found[0]?.confidence ?? 0 }
    })
    await db.execute(sql`
      update mapping_words set suggestions = item.suggestions, confidence = item.confidence,
        state = case when mapping_words.state = 'mapped' then 'mapped' when item.confidence >= ${suggestedFrom}::real then 'suggested' else 'unmapped' end
      from ${rows(items, 'scope text, word text, suggestions jsonb, confidence real')}
      where mapping_words.connection_id = ${source.id} and mapping_words.kind = ${kind} and mapping_words.scope = item.scope and mapping_words.word = item.word
        and (mapping_words.suggestions <> item.suggestions or mapping_words.confidence <> item.confidence)`)
  }
}

/** What the same words mean on other connections, in the words of those connections. */
async function readLearnt(
  db: Db,
  source: RefreshSource,
  kind: MappingKind,
  page: readonly WordRef[],
): Promise<Map<string, LearntMeaning[]>> {
  const found = await query<
    WordRef & {
      target: string
      connection: string
      connector: string
      name: string | null
      path: string | null
    }
  >(
    db,
    sql`
    select item.scope, item.word, case when other.kind in ('sku', 'order_state') then other.ours else other.theirs end as target,
           connection.name as connection, connection.connector, term.name, term.path
    from ${rows(
      page.map(({ scope, word }) => ({ scope, word })),
      'scope text, word text',
    )}
    join mappings other on other.kind = ${kind} and other.scope = item.scope and other.word = item.word and other.connection_id <> ${source.id}
    join connections connection on connection.id = other.connection_id
    left join external_terms term on term.connection_id = other.connection_id and term.kind = other.kind and term.id = other.theirs
      and term.scope = case when other.kind = 'attribute_value' then coalesce((select attribute.theirs from mappings attribute
        where attribute.connection_id = other.connection_id and attribute.kind = 'attribute' and attribute.word = other.scope), '') else '' end
    order by other.updated_at desc`,
  )
  const grouped = Map.groupBy(found, refKey)
  return new Map(
    [...grouped].map(([key, list]) => [
      key,
      list.map((row) => ({
        target: row.target,
        name: row.name ?? row.target,
        path: row.path ?? '',
        connection: row.connection,
        isSameConnector: row.connector === source.connector,
      })),
    ]),
  )
}
