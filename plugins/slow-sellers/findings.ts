import { type SQL, sql } from 'drizzle-orm'
import { type Executor, type PluginDb, query } from 'entrepot/sdk'
import { analysis, type Reason, type Verdict } from './analysis.ts'
import type { Context } from './context.ts'
import { dayOf } from './days.ts'
import type { Settings } from './settings.ts'

/** A listing as it was judged. Figures that are not known are null. */
export type Finding = {
  listingId: string
  connectionId: string
  variantId: string
  productId: string
  sku: string
  title: string
  categoryKey: string | null
  currency: string
  verdict: Verdict
  reasons: readonly Reason[]
  analysedOn: string
  slowSince: string | null
  salesFrom: 'orders' | 'snapshots'
  knownDays: number | null
  daysInStock: number | null
  daysOut: number | null
  units: number | null
  revenueMinor: number | null
  lastSoldOn: string | null
  /** Units a day in stock. */
  velocity: number | null
  /** How much of a usual day's sales the window usually brings; 1 is an average time of year. */
  seasonIndex: number | null
  expectedUnits: number | null
  seasonGap: 'no_year' | 'thin_category' | null
  onHand: number | null
  coverDays: number | null
  stockAgeDays: number | null
  meanAgeDays: number | null
  priceMinor: number | null
  floorMinor: number | null
  costMinor: number | null
  marginPercent: number | null
  returnPercent: number | null
  /** Cost of what is on hand. */
  boundMinor: number | null
  wanting: readonly string[]
}

/** Sums over many listings need more than the few megabytes that a connection has by default. */
export const workMemory = sql`set local work_mem = '256MB'`

const figures = [
  'known_days',
  'days_in_stock',
  'days_out',
  'units',
  'revenue_minor',
  'last_sold_on',
  'velocity',
  'season_index',
  'expected_units',
  'season_gap',
  'on_hand',
  'cover_days',
  'stock_age_days',
  'mean_age_days',
  'margin_percent',
  'return_percent',
  'bound_minor',
].join(', ')

/**
 * Judges every live listing and keeps what was found. A listing stays "slow since" for as long as it is slow, also over
 * the time in which it was ended: what a person took back then is not done to it again.
 */
export async function analyse({
  db,
  clock,
  settings,
}: Pick<Context, 'db' | 'clock' | 'settings'>): Promise<number> {
  const policy = await settings()
  return storeFindings(db, dayOf(clock.now(), policy.timeZone), policy)
}

/** The same for a day. Returns the number of listings. */
export async function storeFindings(db: PluginDb, until: string, settings: Settings): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.execute(workMemory)
    const stored = await query<{ count: number }>(
      tx,
      sql`
      with fresh as (${analysis({ until, settings })}), gone as (
        delete from slow_sellers_findings held where not exists (select 1 from slow_sellers_goods goods where goods.listing_id = held.listing_id)
      ), kept as (
        insert into slow_sellers_findings (listing_id, analysed_on, slow_since, verdict, reasons, ${sql.raw(figures)})
        select listing_id, ${until}::date, case when verdict = 'slow' then ${until}::date end, verdict, reasons, ${sql.raw(figures)} from fresh
        on conflict (listing_id) do update set (analysed_on, slow_since, verdict, reasons, ${sql.raw(figures)}) = (
          select excluded.analysed_on,
            case when excluded.verdict = 'slow' then coalesce(slow_sellers_findings.slow_since, excluded.slow_since) end,
            excluded.verdict, excluded.reasons, ${sql.raw(
              figures
                .split(', ')
                .map((name) => `excluded.${name}`)
                .join(', '),
            )})
        returning 1
      )
      select count(*)::int as count from kept`,
    )
    return stored[0]!.count
  })
}

export const findingColumns = sql`
  found.listing_id as "listingId", goods.connection_id as "connectionId", goods.variant_id as "variantId", goods.product_id as "productId",
  goods.sku, goods.title, goods.category_key as "categoryKey", goods.currency, found.verdict, found.reasons, found.analysed_on::text as "analysedOn",
  found.slow_since::text as "slowSince", goods.sales_from as "salesFrom", found.known_days as "knownDays", found.days_in_stock as "daysInStock",
  found.days_out as "daysOut", found.units, found.revenue_minor::float8 as "revenueMinor", found.last_sold_on::text as "lastSoldOn", found.velocity,
  found.season_index as "seasonIndex", found.expected_units as "expectedUnits", found.season_gap as "seasonGap", found.on_hand as "onHand",
  found.cover_days as "coverDays", found.stock_age_days as "stockAgeDays", found.mean_age_days as "meanAgeDays",
  goods.price_minor::float8 as "priceMinor", goods.floor_minor::float8 as "floorMinor", goods.cost_minor::float8 as "costMinor",
  found.margin_percent as "marginPercent", found.return_percent as "returnPercent", found.bound_minor::float8 as "boundMinor", goods.wanting`

/** What was asked for of the findings. */
export type FindingFilter = {
  verdict?: Verdict | undefined
  connectionId?: string | undefined
  productId?: string | undefined
  listingId?: string | undefined
  limit: number
  /** The last listing of the page before. */
  after?: string | undefined
}

/** The slowest first: those that bind the most money, then those without a known cost. A page after a listing is in the order of ids. */
export function listFindings(db: Executor, filter: FindingFilter): Promise<Finding[]> {
  const { verdict, connectionId, productId, listingId, limit, after } = filter
  const wanted: SQL[] = [
    sql`goods.status = 'live'`,
    ...(verdict ? [sql`found.verdict = ${verdict}`] : []),
    ...(connectionId ? [sql`goods.connection_id = ${connectionId}`] : []),
    ...(productId ? [sql`goods.product_id = ${productId}`] : []),
    ...(listingId ? [sql`found.listing_id = ${listingId}`] : []),
    ...(after === undefined ? [] : [sql`found.listing_id > ${after}`]),
  ]
  const order =
    after === undefined
      ? sql`found.bound_minor desc nulls last, found.velocity nulls last, found.listing_id`
      : sql`found.listing_id`
  return query<Finding>(
    db,
    sql`
    select ${findingColumns} from slow_sellers_findings found join slow_sellers_goods goods using (listing_id)
    where ${sql.join(wanted, sql` and `)} order by ${order} limit ${limit}`,
  )
}

/** How many listings have each verdict, and what the slow ones bind, by currency. */
export async function countVerdicts(db: Executor): Promise<{ verdict: Verdict; count: number }[]> {
  return query(
    db,
    sql`select verdict, count(*)::int as count from slow_sellers_findings join slow_sellers_goods using (listing_id)
      where status = 'live' group by 1 order by 2 desc, 1`,
  )
}

export type Bound = { currency: string; minor: number | null; listings: number; unknown: number }

/** Money that slow listings bind, by currency; a variant on several connections counts once. */
export function sumBound(db: Executor): Promise<Bound[]> {
  return query(
    db,
    sql`
    select currency, sum(bound_minor)::float8 as minor, sum(listings)::int as listings, (count(*) filter (where bound_minor is null))::int as unknown
    from (select goods.currency, goods.variant_id, max(found.bound_minor) as bound_minor, count(*) as listings
      from slow_sellers_findings found join slow_sellers_goods goods using (listing_id) where found.verdict = 'slow' and goods.status = 'live' group by 1, 2) held
    group by 1 order by 1`,
  )
}
