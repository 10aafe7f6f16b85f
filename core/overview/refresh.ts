import { sql } from 'drizzle-orm'
import { type Db, query } from '../db/client.ts'
import { instant } from '../lib/sql.ts'
import { plottedDays, takeSales } from './plots.ts'

/** How often what takes long to count is counted, over all processes. */
const countEveryMs = 5 * 60_000
const stockEveryMs = 60 * 60_000

/** Takes the turn of a task that some process does every so often. */
async function takeTurn(db: Db, key: string, everyMs: number, now: Date): Promise<boolean> {
  const taken = await query(
    db,
    sql`
    insert into hub_state (key, value) values (${key}, ${JSON.stringify(now.toISOString())}::text::jsonb)
    on conflict (key) do update set value = excluded.value
    where (hub_state.value #>> '{}')::timestamptz <= ${instant(new Date(now.getTime() - everyMs))} returning key`,
  )
  return taken.length > 0
}

/** Counts and plots that are kept for the overview, when it is time. */
export async function refreshOverview(db: Db, now: Date): Promise<void> {
  if (await takeTurn(db, 'listings_counted_at', countEveryMs, now)) await countListings(db, now)
  if (await takeTurn(db, 'sales_added_at', countEveryMs, now)) await takeSales(db, now)
  if (await takeTurn(db, 'stock_day_taken_at', stockEveryMs, now)) await takeStockDay(db, now)
}

/** Counts what is on the marketplaces, and how much of it they have not acknowledged. */
export async function countListings(db: Db, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`delete from listing_counts`)
    await tx.execute(sql`
      insert into listing_counts (connection_id, aspect, listings, dirty, refused, oldest_dirty_since, counted_at)
      select listing.connection_id, state.aspect, count(*)::int, count(*) filter (where state.is_dirty)::int,
        count(*) filter (where state.is_dirty and state.refused_revision is not null)::int,
        min(state.dirty_since) filter (where state.is_dirty and state.refused_revision is null), ${instant(now)}
      from listings listing join listing_aspects state on state.listing_id = listing.id
      where listing.external_id is not null and listing.status <> 'ended' group by 1, 2`)
  })
}

const byCurrency = sql`coalesce(variant.cost_currency, '')`

/**
 * Writes down what is on hand today, and its value at present cost. Days before the first such look are worked back
 * from the ledger: what is there now, without what moved since.
 */
export async function takeStockDay(db: Db, now: Date): Promise<void> {
  const today = now.toISOString().slice(0, 10)
  await db.transaction(async (tx) => {
    // A currency that is gone from the stock must not stay with the units of an hour ago.
    await tx.execute(sql`delete from stock_days where day = ${today}::date`)
    await tx.execute(sql`
      insert into stock_days (day, currency, units, value_minor, taken_at)
      select ${today}::date, ${byCurrency}, sum(level.on_hand), sum(level.on_hand * coalesce(variant.cost_minor, 0)), ${instant(now)}
      from stock_levels level join variants variant on variant.id = level.variant_id
      group by 2`)
    const [earlier] = await query(tx, sql`select 1 from stock_days where day < ${today}::date limit 1`)
    if (!earlier) await workBack(tx, today, now)
  })
}

/** One reading of the ledger's last days gives all of them. */
const workBack = (tx: Parameters<Parameters<Db['transaction']>[0]>[0], today: string, now: Date) =>
  tx.execute(sql`
    with moved as (
      select (movement.at at time zone 'UTC')::date as day, ${byCurrency} as currency,
        sum(movement.on_hand) as units, sum(movement.on_hand * coalesce(variant.cost_minor, 0)) as value_minor
      from stock_movements movement join variants variant on variant.id = movement.variant_id
      where movement.on_hand <> 0 and movement.at >= ${today}::date - ${plottedDays}::int group by 1, 2
    ),
    days as (select generate_series(${today}::date - ${plottedDays}::int, ${today}::date - 1, '1 day')::date as day),
    present as (select currency, units, value_minor from stock_days where day = ${today}::date)
    insert into stock_days (day, currency, units, value_minor, taken_at)
    select days.day, present.currency,
      present.units - coalesce((select sum(moved.units) from moved where moved.currency = present.currency and moved.day > days.day), 0),
      present.value_minor - coalesce((select sum(moved.value_minor) from moved where moved.currency = present.currency and moved.day > days.day), 0),
      ${instant(now)}
    from days cross join present
    on conflict do nothing`)
