import { sql } from 'drizzle-orm'
import { type Executor, type ListingFacts, rows } from 'entrepot/sdk'
import { dayOf } from './days.ts'
import type { Settings } from './settings.ts'
import { findWanting } from './wanting.ts'

/** A row of slow_sellers_goods. */
export type Goods = {
  listing_id: string
  connection_id: string
  variant_id: string
  product_id: string
  sku: string
  external_id: string | null
  title: string
  category_key: string | null
  status: string
  is_goods: boolean
  currency: string
  price_minor: number | null
  sale_minor: number | null
  floor_minor: number | null
  cost_minor: number | null
  on_hand: number
  created_on: string
  wanting: readonly string[]
}

/** A listing as the plugin keeps it. A cost in another currency is not known in this one. */
export function toGoods(facts: ListingFacts, settings: Settings): Goods {
  return {
    listing_id: facts.listingId,
    connection_id: facts.connectionId,
    variant_id: facts.variantId,
    product_id: facts.productId,
    sku: facts.sku,
    external_id: facts.externalId,
    title: facts.content.title,
    category_key: facts.categoryKey,
    status: facts.status,
    is_goods: isGoods(facts, settings),
    currency: facts.currency,
    price_minor: facts.price?.minor ?? null,
    sale_minor: facts.salePrice?.minor ?? null,
    floor_minor: facts.floor?.minor ?? null,
    cost_minor: facts.cost?.currency === facts.currency ? facts.cost.minor : null,
    on_hand: facts.onHand,
    created_on: dayOf(facts.createdAt, settings.timeZone),
    wanting: findWanting(facts),
  }
}

/** Whether it is something that is kept and sold, not a top-up of postage. */
export function isGoods(
  { content, price }: Pick<ListingFacts, 'content' | 'price'>,
  { notGoodsWords, notGoodsPriceMinor }: Pick<Settings, 'notGoodsWords' | 'notGoodsPriceMinor'>,
): boolean {
  if (content.attributes.isGoods === 'false') return false
  const isNamed = notGoodsWords.some((word) => content.title.includes(word))
  return !isNamed || (price !== null && price.minor > notGoodsPriceMinor)
}

const goodsColumns = `listing_id text, connection_id text, variant_id text, product_id text, sku text, external_id text, title text,
  category_key text, status text, is_goods boolean, currency text, price_minor bigint, sale_minor bigint, floor_minor bigint,
  cost_minor bigint, on_hand integer, created_on date, wanting text[]`
const goodsNames = goodsColumns.split(',').map((column) => column.trim().split(' ')[0]!)

/** Keeps goods. The day of creation may only move back: a snapshot may have seen the listing earlier. */
export async function saveGoods(db: Executor, goods: readonly Goods[], at: Date): Promise<void> {
  const changes = goodsNames
    .filter((name) => name !== 'listing_id' && name !== 'created_on')
    .map((name) => `${name} = excluded.${name}`)
  await db.execute(sql`
    insert into slow_sellers_goods (${sql.raw(goodsNames.join(', '))}, refreshed_at)
    select ${sql.raw(goodsNames.map((name) => `item.${name}`).join(', '))}, ${at.toISOString()}::timestamptz
    from ${rows(goods, goodsColumns)}
    on conflict (listing_id) do update set ${sql.raw(changes.join(', '))}, refreshed_at = excluded.refreshed_at,
      created_on = least(slow_sellers_goods.created_on, excluded.created_on)`)
}
