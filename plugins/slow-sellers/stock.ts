import { type SQL, sql } from 'drizzle-orm'
import { type Executor, texts } from 'entrepot/sdk'

/**
 * What of each variant's stock lay there at the start of a day, first in first out: the newest receipts that make up
 * what is on hand are still there. Days are netted, so a transfer between warehouses is no receipt.
 */
export const stockAsOf = (until: SQL, among: SQL = sql`true`): SQL => sql`
  select variant_id, max(level)::int as on_hand, min(day) filter (where remaining > 0) as oldest_on,
         date '1970-01-01' + round(sum(remaining * (day - date '1970-01-01')) filter (where remaining > 0)
           / nullif(sum(remaining) filter (where remaining > 0), 0))::int as mean_on
  from (
    select variant_id, day, level, least(greatest(units, 0), greatest(level - newer, 0)) as remaining
    from (
      select variant_id, day, units, sum(units) over (partition by variant_id) as level,
             coalesce(sum(greatest(units, 0)) over (partition by variant_id order by day desc rows between unbounded preceding and 1 preceding), 0) as newer
      from slow_sellers_stock_days where day < ${until} and ${among}
    ) received
  ) layers group by variant_id`

/** Works out anew when variants were out of stock and how old their stock is. */
export async function rebuildStock(db: Executor, variantIds: readonly string[]): Promise<void> {
  const among = sql`variant_id in (${texts(variantIds)})`
  await db.execute(sql`
    insert into slow_sellers_stock select variant_id, oldest_on, mean_on from (${stockAsOf(sql`'infinity'::date`, among)}) stock
    on conflict (variant_id) do update set oldest_on = excluded.oldest_on, mean_on = excluded.mean_on`)
  await db.execute(sql`delete from slow_sellers_outages where ${among}`)
  // The day on which the last unit went was one in stock; so is the day on which new stock came.
  await db.execute(sql`
    insert into slow_sellers_outages
    with running as (
      select variant_id, day, units, sum(units) over per_variant as level, lead(day) over per_variant as next_day
      from slow_sellers_stock_days where ${among} window per_variant as (partition by variant_id order by day)
    ), spells as (
      select variant_id, case when level - units > 0 then day + 1 else day end as from_day, next_day as to_day from running where level <= 0
      union all select variant_id, date '1970-01-01', min(day) from running group by variant_id
    )
    select * from spells where to_day is null or from_day < to_day`)
}
