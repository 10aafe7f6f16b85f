import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { mappingKindStates } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { instant } from '../lib/sql.ts'
import type { MappingKind } from './kinds.ts'
import { suggestedFrom } from './save.ts'
import { suggestMeanings } from './suggest.ts'
import { usesOf, weightOf } from './uses.ts'

export type RefreshSource = { id: string; name: string; connector: string; locale: string }

/**
 * Works out which words of a kind are in use, what they hold up and what they could mean. What is mapped stays
 * in the list also when nothing uses it any more. Returns how many words there are.
 */
export async function refreshWords(
  db: Db,
  source: RefreshSource,
  kind: MappingKind,
  clock: { now(): Date },
): Promise<number> {
  const startedAt = clock.now()
  await transact(db, async (tx) => {
    await tx.execute(sql`
      insert into mapping_words (connection_id, kind, scope, word, name, path, listings, orders, problems, weight, state, seen_at)
      select ${source.id}, ${kind}, used.scope, used.word, left(used.name, 500), left(used.path, 1000), used.listings, used.orders, used.problems, ${weightOf},
             ${stateOf(source.id, kind)}, ${instant(startedAt)}
      from (${usesOf[kind](source, startedAt)}) used where length(used.word) between 1 and 500 and length(used.scope) <= 500
      on conflict (connection_id, kind, scope, word) do update set name = excluded.name, path = excluded.path, listings = excluded.listings,
        orders = excluded.orders, problems = excluded.problems, weight = excluded.weight, seen_at = excluded.seen_at,
        state = case when excluded.state = 'mapped' then 'mapped' when mapping_words.confidence >= ${suggestedFrom}::real then 'suggested' else 'unmapped' end`)
    await tx.execute(sql`
      update mapping_words set listings = 0, orders = 0, problems = 0, weight = 0
      where connection_id = ${source.id} and kind = ${kind} and seen_at < ${instant(startedAt)} and weight > 0 and state = 'mapped'`)
    await tx.execute(sql`
      delete from mapping_words where connection_id = ${source.id} and kind = ${kind} and seen_at < ${instant(startedAt)} and state <> 'mapped'`)
    await tx.execute(sql`
      insert into mapping_words (connection_id, kind, scope, word, name, state, seen_at)
      select mapping.connection_id, mapping.kind, mapping.scope, mapping.word, left(mapping.word, 500), 'mapped', ${instant(startedAt)}
      from mappings mapping where mapping.connection_id = ${source.id} and mapping.kind = ${kind}
      on conflict do nothing`)
  })
  const words = await suggestMeanings(db, source, kind)
  const state = { refreshedAt: startedAt, tookMs: clock.now().getTime() - startedAt.getTime() }
  await db
    .insert(mappingKindStates)
    .values({ connectionId: source.id, kind, ...state })
    .onConflictDoUpdate({ target: [mappingKindStates.connectionId, mappingKindStates.kind], set: state })
  return words
}

/** Mapped by a person, or an order state that the connector reads by itself. */
const stateOf = (connectionId: string, kind: MappingKind) => sql`case
  when exists (select 1 from mappings mapping where mapping.connection_id = ${connectionId} and mapping.kind = ${kind}
    and mapping.scope = used.scope and mapping.word = used.word) then 'mapped'
  ${
    kind === 'order_state'
      ? sql`when exists (select 1 from external_terms term where term.connection_id = ${connectionId} and term.kind = 'order_state'
          and term.id = used.word and term.reading is not null) then 'mapped'`
      : sql``
  }
  else 'unmapped' end`
