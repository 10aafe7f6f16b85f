import { type SQL, sql } from 'drizzle-orm'
import { type Executor, fingerprint, query, rows } from 'entrepot/sdk'
import type { PricedGoods } from './goods.ts'
import { toDate, toNumber } from './nullable.ts'
import type { PriceTerm } from './price-of.ts'

/** A listing of a campaign as it was proposed: what is approved is exactly this. */
export type PlannedGoods = {
  listingId: string
  connectionId: string
  variantId: string
  productId: string
  sku: string
  currency: string
  regularMinor: number
  priceMinor: number
  floorMinor: number | null
  costMinor: number | null
  startsAt: Date
  endsAt: Date
  expectedMilliUnits: number | null
  because: PriceTerm[]
  promotionId: string | null
  /** When its price was ended before the end of the campaign, and by which proposal. */
  stoppedAt: Date | null
  stoppedBy: string | null
}

const columns = `listing_id text, connection_id text, variant_id text, product_id text, sku text, currency text, regular_minor bigint,
  price_minor bigint, floor_minor bigint, cost_minor bigint, starts_at timestamptz, ends_at timestamptz, expected_milli_units bigint, because jsonb`

/** Replaces what a campaign was planned to do. Returns what tells this plan from any other. */
export async function writeGoods(
  db: Executor,
  campaignId: string,
  goods: readonly PricedGoods[],
): Promise<string> {
  const items = goods.map((item) => ({
    listing_id: item.listingId,
    connection_id: item.connectionId,
    variant_id: item.variantId,
    product_id: item.productId,
    sku: item.sku,
    currency: item.outcome.price.currency,
    regular_minor: item.regular.minor,
    price_minor: item.outcome.price.minor,
    floor_minor: item.floor?.minor ?? null,
    cost_minor: item.cost?.minor ?? null,
    starts_at: item.period.startsAt.toISOString(),
    ends_at: item.period.endsAt.toISOString(),
    expected_milli_units: item.expectedMilliUnits,
    because: item.outcome.terms,
  }))
  await db.execute(sql`delete from promotions_goods where campaign_id = ${campaignId}`)
  await db.execute(sql`
    insert into promotions_goods (campaign_id, listing_id, connection_id, variant_id, product_id, sku, currency, regular_minor, price_minor,
      floor_minor, cost_minor, starts_at, ends_at, expected_milli_units, because)
    select ${campaignId}::text, * from ${rows(items, columns)}`)
  return fingerprint(
    items.map((item) => [item.listing_id, item.price_minor, item.currency, item.starts_at, item.ends_at]),
  )
}

type Row = Record<
  | 'listing_id'
  | 'connection_id'
  | 'variant_id'
  | 'product_id'
  | 'sku'
  | 'currency'
  | 'regular_minor'
  | 'price_minor'
  | 'starts_at'
  | 'ends_at',
  string
> &
  Record<
    'floor_minor' | 'cost_minor' | 'expected_milli_units' | 'promotion_id' | 'stopped_at' | 'stopped_by',
    string | null
  > & { because: PriceTerm[] }

/** The goods of a campaign, or those of them that `where` picks. */
export async function readGoods(
  db: Executor,
  campaignId: string,
  where: SQL = sql`true`,
): Promise<PlannedGoods[]> {
  const found = await query<Row>(
    db,
    sql`select * from promotions_goods where campaign_id = ${campaignId} and ${where} order by sku, listing_id`,
  )
  return found.map((row) => ({
    listingId: row.listing_id,
    connectionId: row.connection_id,
    variantId: row.variant_id,
    productId: row.product_id,
    sku: row.sku,
    currency: row.currency,
    regularMinor: Number(row.regular_minor),
    priceMinor: Number(row.price_minor),
    floorMinor: toNumber(row.floor_minor),
    costMinor: toNumber(row.cost_minor),
    startsAt: new Date(row.starts_at),
    endsAt: new Date(row.ends_at),
    expectedMilliUnits: toNumber(row.expected_milli_units),
    because: row.because,
    promotionId: row.promotion_id,
    stoppedAt: toDate(row.stopped_at),
    stoppedBy: row.stopped_by,
  }))
}

/** Writes down which dated price of the hub each of these has. */
export async function notePromotions(
  db: Executor,
  campaignId: string,
  goods: readonly PlannedGoods[],
  ids: readonly string[],
): Promise<void> {
  const items = goods.map(({ listingId }, index) => ({ listing_id: listingId, promotion_id: ids[index] }))
  await db.execute(sql`
    update promotions_goods goods set promotion_id = item.promotion_id, stopped_at = null, stopped_by = null
    from ${rows(items, 'listing_id text, promotion_id text')} where goods.campaign_id = ${campaignId} and goods.listing_id = item.listing_id`)
}

/** Pieces of a list that fit a statement. */
export function* piecesOf<T>(items: readonly T[], size = 5000): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
