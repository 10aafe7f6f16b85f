import { sql } from 'drizzle-orm'
import { type Executor, type PluginDb, query } from 'entrepot/sdk'
import { analysis } from './analysis.ts'
import { addDays } from './days.ts'
import { workMemory } from './findings.ts'
import type { Settings } from './settings.ts'
import { stockAsOf } from './stock.ts'

/** What ending every slow listing at a month's end would have come to. */
export type BacktestMonth = {
  /** The first day of the next month: what was known until then. */
  on: string
  /** Listings that were there and not ended before. */
  live: number
  slow: number
  /** Units and money that they sold from then on to the end of the data: lost. */
  lostListings: number
  lostUnits: number
  lostRevenueMinor: number | null
  /** What they held then: free for other uses. */
  freedUnits: number
  freedCapitalMinor: number | null
  unknownCost: number
  currency: string | null
}

type Ended = { listing_id: string; currency: string; on_hand: number | null; bound_minor: string | null }

/**
 * Plays the policy back: at each month's end it judges by what was known that day (sales before it, the stock of that
 * day) and ends what is slow, for good. Prices and costs are those of now, because nobody kept older ones.
 */
export async function runBacktest(
  db: PluginDb,
  settings: Settings,
  period: { from: string; to: string },
  progress: (done: number, total: number, note: string) => void = () => {},
): Promise<BacktestMonth[]> {
  const ends = monthEnds(period.from, period.to)
  const ended = new Set<string>()
  const months: BacktestMonth[] = []
  for (const [index, on] of ends.entries()) {
    const { live, slow } = await judgeAsOf(db, settings, on, ended)
    months.push(...(await weigh(db, on, live, slow)))
    for (const { listing_id } of slow) ended.add(listing_id)
    progress(index + 1, ends.length, on)
  }
  return months
}

/** The first day of every month after `from`, up to `to`. */
export function monthEnds(from: string, to: string): string[] {
  const ends: string[] = []
  for (let day = nextMonth(from); day <= to; day = nextMonth(day)) ends.push(day)
  return ends
}

const nextMonth = (day: string): string => `${addDays(`${day.slice(0, 7)}-01`, 32).slice(0, 7)}-01`

/** Goods as they were at the start of a day: those that were there, with the stock of then. */
export const goodsAsOf = (on: string) => sql`
  select goods.listing_id, goods.connection_id, goods.variant_id, goods.sku, goods.category_key, goods.is_goods, goods.currency, goods.price_minor,
    null::bigint as sale_minor, goods.cost_minor, coalesce(stock.on_hand, 0) as on_hand, stock.variant_id is not null as is_stock_kept,
    stock.oldest_on, stock.mean_on, goods.created_on, goods.sales_from
  from slow_sellers_goods goods left join (${stockAsOf(sql`${on}::date`)}) stock using (variant_id) where goods.created_on < ${on}::date`

async function judgeAsOf(
  db: PluginDb,
  settings: Settings,
  on: string,
  ended: ReadonlySet<string>,
): Promise<{ live: number; slow: Ended[] }> {
  const judged = await db.transaction(async (tx) => {
    await tx.execute(workMemory)
    return query<Ended & { verdict: string }>(
      tx,
      sql`select listing_id, currency, verdict, on_hand, bound_minor from (${analysis({ until: on, settings, goods: goodsAsOf(on) })}) judged`,
    )
  })
  const still = judged.filter(({ listing_id }) => !ended.has(listing_id))
  return { live: still.length, slow: still.filter(({ verdict }) => verdict === 'slow') }
}

async function weigh(
  db: Executor,
  on: string,
  live: number,
  slow: readonly Ended[],
): Promise<BacktestMonth[]> {
  const noneSlow = { on, live, slow: 0, lostListings: 0, lostUnits: 0, lostRevenueMinor: 0, freedUnits: 0 }
  if (slow.length === 0) return [{ ...noneSlow, freedCapitalMinor: 0, unknownCost: 0, currency: null }]
  const months: BacktestMonth[] = []
  for (const [currency, mine] of Map.groupBy(slow, (row) => row.currency)) {
    const ids = JSON.stringify(mine.map(({ listing_id }) => listing_id))
    const [lost] = await query<{ listings: number; units: number; revenue: number | null }>(
      db,
      sql`
      select count(distinct listing_id) filter (where units > 0)::int as listings, coalesce(sum(units), 0)::int as units, sum(revenue_minor)::float8 as revenue
      from slow_sellers_days where day >= ${on}::date and listing_id in (select jsonb_array_elements_text(${ids}::text::jsonb))`,
    )
    const costs = mine.flatMap(({ bound_minor }) => (bound_minor === null ? [] : [Number(bound_minor)]))
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    months.push({
      on,
      live,
      slow: mine.length,
      lostListings: lost!.listings,
      lostUnits: lost!.units,
      lostRevenueMinor: lost!.units === 0 ? 0 : lost!.revenue,
      freedUnits: sum(mine.map(({ on_hand }) => on_hand ?? 0)),
      freedCapitalMinor: costs.length === 0 ? null : sum(costs),
      unknownCost: mine.length - costs.length,
      currency,
    })
  }
  return months
}

/** The days that sales are known of. */
export async function readSalesPeriod(db: Executor): Promise<{ from: string; to: string } | null> {
  const [found] = await query<{ from: string | null; to: string | null }>(
    db,
    sql`select min(day)::text as from, (max(day) + 1)::text as to from slow_sellers_days`,
  )
  return found?.from && found.to ? { from: found.from, to: found.to } : null
}
