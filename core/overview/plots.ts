import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { instant } from '../lib/sql.ts'
import { plottedDays } from './refresh.ts'

export type SalesDay = {
  day: string
  connectionId: string
  currency: string
  orders: number
  totalMinor: number
}

/** What was sold a day, by connection and currency: orders that are paid and not cancelled, by when they were placed. */
export async function readSales(
  db: DbOrTx,
  endOfToday: Date,
  timeZone: string,
  days = plottedDays,
): Promise<SalesDay[]> {
  const from = new Date(endOfToday.getTime() - days * 86_400_000)
  return query(
    db,
    sql`
    select to_char(hour at time zone ${timeZone}, 'YYYY-MM-DD') as day, connection_id as "connectionId", currency,
      sum(orders)::int as orders, sum(total)::float8 as "totalMinor"
    from (
      select date_bin('15 minutes', placed_at, timestamptz 'epoch') as hour, connection_id, currency, count(*) as orders, sum(total_minor) as total
      from orders where placed_at >= ${instant(from)} and placed_at < ${instant(endOfToday)}
        and status not in ('pending_payment', 'cancelled')
      group by 1, 2, 3
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
