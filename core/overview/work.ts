import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { instant } from '../lib/sql.ts'

/** Where today and tomorrow end, in the time zone of whoever looks. */
export type DayEnds = { today: Date; tomorrow: Date }

/** The ends of today and tomorrow in a time zone. */
export async function readDayEnds(db: DbOrTx, now: Date, timeZone: string): Promise<DayEnds> {
  const [row] = await query<{ today: string; tomorrow: string }>(
    db,
    sql`
    select (day + interval '1 day') at time zone ${timeZone} as today, (day + interval '2 days') at time zone ${timeZone} as tomorrow
    from (select date_trunc('day', ${instant(now)} at time zone ${timeZone}) as day) present`,
  )
  return { today: new Date(row!.today), tomorrow: new Date(row!.tomorrow) }
}

export type OrdersToShip = {
  overdue: number
  today: number
  tomorrow: number
  later: number
  withoutDeadline: number
}

/** Orders to ship by when they are due. */
export async function countOrdersToShip(db: DbOrTx, now: Date, ends: DayEnds): Promise<OrdersToShip> {
  const [row] = await query<OrdersToShip>(
    db,
    sql`
    select count(*) filter (where ship_by < ${instant(now)})::int as overdue,
      count(*) filter (where ship_by >= ${instant(now)} and ship_by < ${instant(ends.today)})::int as today,
      count(*) filter (where ship_by >= greatest(${instant(now)}, ${instant(ends.today)}) and ship_by < ${instant(ends.tomorrow)})::int as tomorrow,
      count(*) filter (where ship_by >= ${instant(ends.tomorrow)})::int as later,
      count(*) filter (where ship_by is null)::int as "withoutDeadline"
    from orders where status in ('paid', 'allocated')`,
  )
  return row!
}

/** Orders that are not over, by state. */
export const countOpenOrders = (db: DbOrTx): Promise<{ status: string; count: number }[]> =>
  query(
    db,
    sql`select status, count(*)::int as count from orders where status in ('pending_payment', 'paid', 'allocated') group by 1 order by 1`,
  )

export type KindCount = { kind: string; count: number; oldest: string | null }

export const countProblems = (db: DbOrTx): Promise<KindCount[]> =>
  query(
    db,
    sql`select kind, count(*)::int as count, min(since) as oldest from problems where resolved_at is null group by 1 order by 2 desc, 1`,
  )

export const countProposals = (db: DbOrTx): Promise<KindCount[]> =>
  query(
    db,
    sql`select kind, count(*)::int as count, min(proposed_at) as oldest from proposals where status = 'open' group by 1 order by 2 desc, 1`,
  )
