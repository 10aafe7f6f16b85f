import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import type { Connector } from '../sdk/connector.ts'
import { kinds, kindsOf, type MappingKind } from './kinds.ts'

export type KindOverview = {
  kind: MappingKind
  ours: string
  theirs: string
  /** Which side is in use; the other is chosen. */
  word: 'ours' | 'theirs'
  /** How many terms the platform listed; 0: theirs is free text. */
  terms: number
  unmapped: number
  suggested: number
  mapped: number
  /** Orders and listings of what is not mapped. */
  waitingOrders: number
  waitingListings: number
  /** When the words were last worked out; null: not yet. */
  refreshedAt: string | null
}

/** The kinds of a connection with how much of each is mapped. */
export async function readOverview(
  db: DbOrTx,
  connectionId: string,
  connector: Connector,
): Promise<KindOverview[]> {
  const found = await query<Omit<KindOverview, 'ours' | 'theirs' | 'word'>>(
    db,
    sql`
    with words as (
      select kind, count(*) filter (where state = 'unmapped')::int as unmapped, count(*) filter (where state = 'suggested')::int as suggested,
             count(*) filter (where state = 'mapped')::int as mapped,
             coalesce(sum(orders) filter (where state <> 'mapped'), 0)::int as orders, coalesce(sum(listings) filter (where state <> 'mapped'), 0)::int as listings
      from mapping_words where connection_id = ${connectionId} group by kind
    ), terms as (
      select kind, count(*)::int as terms from external_terms where connection_id = ${connectionId} and is_listed group by kind
    ), kinds as (select kind from words union select kind from terms union select kind from mapping_kind_states where connection_id = ${connectionId})
    select kinds.kind, coalesce(terms.terms, 0) as terms, coalesce(unmapped, 0) as unmapped, coalesce(suggested, 0) as suggested, coalesce(mapped, 0) as mapped,
           coalesce(orders, 0) as "waitingOrders", coalesce(listings, 0) as "waitingListings", state.refreshed_at as "refreshedAt"
    from kinds left join words using (kind) left join terms using (kind)
    left join mapping_kind_states state on state.connection_id = ${connectionId} and state.kind = kinds.kind`,
  )
  const byKind = new Map(found.map((row) => [row.kind, row]))
  const nothing = {
    terms: 0,
    unmapped: 0,
    suggested: 0,
    mapped: 0,
    waitingOrders: 0,
    waitingListings: 0,
    refreshedAt: null,
  }
  return kindsOf(connector).map((kind) => {
    const { ours, theirs, word } = kinds[kind]
    return { ...nothing, ...byKind.get(kind), kind, ours, theirs, word }
  })
}
