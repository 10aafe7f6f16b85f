import { sql } from 'drizzle-orm'
import { type Executor, query } from 'entrepot/sdk'
import { tallies } from './standings.ts'

/** Scores of a day by account and category. */
export type TrendPoint = {
  day: string
  connectionId: string
  /** Empty where a listing has no category. */
  categoryKey: string
  listings: number
  /** The mean, from 0 to 100. */
  score: number
  errors: number
  warnings: number
  blocked: number
  unlawful: number
}

/** Writes down how things stand today; a second time on a day replaces the first. */
export async function recordScores(db: Executor, at: Date, connectionId?: string): Promise<void> {
  const day = at.toISOString().slice(0, 10)
  const of = connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`
  await db.execute(sql`delete from listing_audit_scores where day = ${day}::date ${of}`)
  await db.execute(sql`
    insert into listing_audit_scores (day, connection_id, category_key, listings, score_sum, errors, warnings, blocked, unlawful)
    select ${day}::date, connection_id, coalesce(category_key, ''), listings, score_sum::bigint, errors, warnings, blocked, unlawful
    from (select connection_id, category_key, ${tallies} from listing_audit_results where true ${of} group by 1, 2) tallied
    on conflict (day, connection_id, category_key) do update set listings = excluded.listings, score_sum = excluded.score_sum,
      errors = excluded.errors, warnings = excluded.warnings, blocked = excluded.blocked, unlawful = excluded.unlawful`)
}

export type TrendFilter = {
  from?: string | undefined
  /** The day after the last. */
  to?: string | undefined
  connectionId?: string | undefined
  categoryKey?: string | undefined
}

/** How scores went, the oldest day first. */
export async function readTrend(db: Executor, filter: TrendFilter): Promise<TrendPoint[]> {
  const { from, to, connectionId, categoryKey } = filter
  const rows = await query<Record<string, string | number>>(
    db,
    sql`
    select to_char(day, 'YYYY-MM-DD') as day, connection_id, category_key, listings, score_sum::text as score_sum, errors, warnings, blocked, unlawful
    from listing_audit_scores where true
      ${from === undefined ? sql`` : sql`and day >= ${from}::date`} ${to === undefined ? sql`` : sql`and day < ${to}::date`}
      ${connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`}
      ${categoryKey === undefined ? sql`` : sql`and category_key = ${categoryKey}`}
    order by 1, 2, 3`,
  )
  return rows.map((row) => ({
    day: String(row.day),
    connectionId: String(row.connection_id),
    categoryKey: String(row.category_key),
    listings: Number(row.listings),
    score: round(Number(row.score_sum) / Number(row.listings)),
    errors: Number(row.errors),
    warnings: Number(row.warnings),
    blocked: Number(row.blocked),
    unlawful: Number(row.unlawful),
  }))
}

/** To a tenth of a point. */
export const round = (score: number): number => Math.round(score * 10) / 10

/** The mean of all accounts and categories of each day. */
export const meanByDay = (points: readonly TrendPoint[]): { day: string; score: number }[] =>
  [...Map.groupBy(points, ({ day }) => day)].map(([day, of]) => {
    const listings = of.reduce((sum, point) => sum + point.listings, 0)
    return { day, score: round(of.reduce((sum, point) => sum + point.score * point.listings, 0) / listings) }
  })
