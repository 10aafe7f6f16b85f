import { sql } from 'drizzle-orm'
import {
  type Executor,
  instant,
  type ListingFilter,
  type PluginContext,
  query,
  rows,
  texts,
} from 'entrepot/sdk'
import type { LowestPrice } from './checks/check.ts'
import { lookBackDays } from './checks/lowest-price.ts'

const dayMs = 86_400_000
/** Longer than the rule asks, so that a campaign planned weeks ago can still be judged by its start. */
const keptDays = 120

type Context = Pick<PluginContext, 'db' | 'services' | 'clock'>

/** Each hour: what every live listing costs now. What is older than any rule asks is dropped. */
export async function noteAllPrices(context: Context): Promise<void> {
  await notePrices(context)
  const now = context.clock.now()
  await context.db.execute(
    sql`delete from promotions_price_days where day < (${instant(now)} at time zone 'UTC')::date - ${keptDays}::int`,
  )
}

/** Writes down what live listings cost now, where it is lower than what the day has seen. */
export async function notePrices(
  { db, services, clock }: Context,
  filter: ListingFilter = {},
): Promise<void> {
  const day = clock.now().toISOString().slice(0, 10)
  for await (const page of services.streamListings({ ...filter, statuses: ['live'] })) {
    const seen = page.flatMap(({ listingId, price, salePrice }) => {
      const now = salePrice ?? price
      return now ? [{ listing_id: listingId, currency: now.currency, minor: now.minor }] : []
    })
    await db.execute(sql`
      insert into promotions_price_days (listing_id, day, currency, lowest_minor)
      select listing_id, ${day}::date, currency, minor from ${rows(seen, 'listing_id text, currency text, minor bigint')}
      on conflict (listing_id, day, currency) do update set lowest_minor = excluded.lowest_minor
      where excluded.lowest_minor < promotions_price_days.lowest_minor`)
  }
}

/** The lowest price of each listing on the 30 days before an instant, by the days of UTC. */
export async function readLowest(
  db: Executor,
  listingIds: readonly string[],
  before: Date,
): Promise<Map<string, LowestPrice>> {
  const from = new Date(before.getTime() - lookBackDays * dayMs)
  const found = await query<{ listing_id: string; lowest: string; days: number }>(
    db,
    sql`
    select seen.listing_id, min(seen.lowest_minor)::text as lowest, count(distinct seen.day)::int as days
    from promotions_price_days seen
    where seen.listing_id in (${texts(listingIds)}) and seen.day >= (${instant(from)} at time zone 'UTC')::date and seen.day <= (${instant(before)} at time zone 'UTC')::date group by 1`,
  )
  return new Map(found.map((row) => [row.listing_id, { minor: Number(row.lowest), days: row.days }]))
}
