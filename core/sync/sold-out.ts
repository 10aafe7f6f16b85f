import { sql } from 'drizzle-orm'
import { type Db, query } from '../db/client.ts'

/**
 * How many dirty listings of a connection could be sold out by the next push, counted no further than `limit`.
 * Never too few, and without computing a quantity: those with stock free in one warehouse that no buffer or cap
 * can use up are left out, so that a large catalogue is looked at in milliseconds.
 */
export async function countMaybeSoldOut(
  db: Db,
  connectionId: string,
  now: Date,
  limit: number,
): Promise<number> {
  const [row] = await query<{ count: number }>(
    db,
    sql`
    select count(*)::int as count from (
      select 1 from listing_aspects state join listings listing on listing.id = state.listing_id
      where state.connection_id = ${connectionId} and state.aspect = 'stock' and state.is_dirty
        and (state.not_before is null or state.not_before <= ${now.toISOString()}::timestamptz)
        and (state.acknowledged_value->>'quantity')::bigint > 0
        and (
          not exists (
            select 1 from stock_levels level join warehouses warehouse on warehouse.id = level.warehouse_id and warehouse.is_active
            where level.variant_id = listing.variant_id and level.on_hand > level.reserved
          )
          or exists (select 1 from bundle_components part where part.bundle_id = listing.variant_id)
          or exists (
            select 1 from stock_allocations allocation
            where allocation.connection_id = ${connectionId} and (allocation.variant_id = listing.variant_id or allocation.variant_id is null)
              and (allocation.buffer > 0 or allocation.cap = 0)
          )
        )
      limit ${limit}::int) counted`,
  )
  return row?.count ?? 0
}
