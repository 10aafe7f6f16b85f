import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { InputError } from '../sdk/errors.ts'
import type { DailySales } from '../sdk/goods.ts'

type Row = Omit<DailySales, 'units' | 'revenueMinor'> & { units: string; revenueMinor: string }

/**
 * Units and money sold by day, variant and connection, a day at a time. A day is a calendar day of `timeZone`; what
 * was cancelled, and orders that were cancelled or wait for their payment, are out.
 */
export async function* streamSales(
  db: DbOrTx,
  { from, to, timeZone = 'UTC' }: { from: Date; to: Date; timeZone?: string },
): AsyncGenerator<DailySales[]> {
  assertTimeZone(timeZone)
  const days = await query<{ day: string }>(
    db,
    sql`
    select day::date::text as day from generate_series(
      (${from.toISOString()}::timestamptz at time zone ${timeZone})::date, (${to.toISOString()}::timestamptz at time zone ${timeZone})::date, '1 day') day`,
  )
  for (const { day } of days) {
    const found = await readDay(db, day, { from, to, timeZone })
    if (found.length > 0)
      yield found.map((row) => ({ ...row, units: Number(row.units), revenueMinor: Number(row.revenueMinor) }))
  }
}

function readDay(
  db: DbOrTx,
  day: string,
  { from, to, timeZone }: { from: Date; to: Date; timeZone: string },
): Promise<Row[]> {
  return query<Row>(
    db,
    sql`
    select ${day} as day, line.variant_id as "variantId", placed.connection_id as "connectionId", placed.currency,
           sum(line.quantity - line.cancelled_quantity)::text as units,
           sum(line.total_minor * (line.quantity - line.cancelled_quantity) / line.quantity)::bigint::text as "revenueMinor"
    from orders placed join order_lines line on line.order_id = placed.id
    where placed.placed_at >= greatest(${from.toISOString()}::timestamptz, ${day}::date::timestamp at time zone ${timeZone})
      and placed.placed_at < least(${to.toISOString()}::timestamptz, (${day}::date + 1)::timestamp at time zone ${timeZone})
      and placed.status not in ('pending_payment', 'cancelled') and line.variant_id is not null and line.quantity > line.cancelled_quantity
    group by 2, 3, 4 order by 2, 3, 4`,
  )
}

function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw new InputError(`"${timeZone}" is no time zone such as Asia/Shanghai.`, 'timeZone')
  }
}
