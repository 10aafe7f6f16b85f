import { type SQL, sql } from 'drizzle-orm'
import { type Db, type DbOrTx, query } from '../db/client.ts'
import { instant } from '../lib/sql.ts'

/** How many days the plots show. */
export const plottedDays = 30
const dayMs = 86_400_000
const quarterMs = 15 * 60_000

export type SalesDay = {
  day: string
  connectionId: string
  currency: string
  orders: number
  totalMinor: number
}

/** Quarters of an hour: every time zone begins its days with one. */
const quarters = (from: SQL, to: SQL) => sql`
  select date_bin('15 minutes', placed_at, timestamptz 'epoch') as at, connection_id, currency, count(*)::int as orders, sum(total_minor)::bigint as total_minor
  from orders where placed_at >= ${from} and placed_at < ${to} and status not in ('pending_payment', 'cancelled') group by 1, 2, 3`

/** Adds up what was sold until a day ago, so that whoever looks need not wait for it. Later changes count at the next turn. */
export async function takeSales(db: Db, now: Date): Promise<void> {
  const end = Math.floor((now.getTime() - dayMs) / quarterMs) * quarterMs
  const from = new Date(end - (plottedDays + 1) * dayMs)
  await db.transaction(async (tx) => {
    await tx.execute(sql`delete from sales_quarters`)
    await tx.execute(sql`insert into sales_quarters ${quarters(instant(from), instant(new Date(end)))}`)
  })
}

/**
 * What was sold a day, by connection and currency: orders that are paid and not cancelled, by when they were placed.
 * What has been added up already is not read again.
 */
export async function readSales(
  db: DbOrTx,
  endOfToday: Date,
  timeZone: string,
  days = plottedDays,
): Promise<SalesDay[]> {
  const from = instant(new Date(endOfToday.getTime() - days * dayMs))
  return query(
    db,
    sql`
    with added as (select coalesce(max(at) + interval '15 minutes', ${from}) as up_to from sales_quarters)
    select to_char(at at time zone ${timeZone}, 'YYYY-MM-DD') as day, connection_id as "connectionId", currency,
      sum(orders)::int as orders, sum(total_minor)::float8 as "totalMinor"
    from (
      select at, connection_id, currency, orders, total_minor from sales_quarters where at >= ${from}
      union all
      ${quarters(sql`(select greatest(up_to, ${from}) from added)`, instant(endOfToday))}
    ) quarter
    group by 1, 2, 3 order by 1, 2, 3`,
  )
}

export type StockDay = { day: string; currency: string; units: number; valueMinor: number }

/** What was on hand at the end of each day, and its value at the cost of when it was counted. */
export const readStockDays = (db: DbOrTx, now: Date, days = plottedDays): Promise<StockDay[]> =>
  query(
    db,
    sql`
    select to_char(day, 'YYYY-MM-DD') as day, currency, units::float8 as units, value_minor::float8 as "valueMinor"
    from stock_days where day > ${now.toISOString().slice(0, 10)}::date - ${days}::int order by day, currency`,
  )
