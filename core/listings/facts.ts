import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import type { Money } from '../lib/money.ts'
import { instant, texts } from '../lib/sql.ts'
import type { ListingFacts, ListingFilter } from '../sdk/goods.ts'
import type { ListingContent, ListingStatus } from '../sdk/model/listing.ts'
import { desiredContents, desiredPrices, desiredQuantities } from './desired.ts'
import type { PriceOutcome } from './price.ts'

const pageSize = 1000

type Row = {
  listing_id: string
  connection_id: string
  connector: string
  locale: string
  currency: string
  status: ListingStatus
  external_id: string | null
  variant_id: string
  product_id: string
  product_key: string
  sku: string
  category_key: string | null
  base_minor: string | null
  cost_minor: string | null
  cost_currency: string | null
  on_hand: string
  available: string
  created_at: string
  changed_at: string
  issues: { field?: string | null; message: string }[]
  acknowledged: Record<string, unknown> | null
  parts: { sku: string; units: number }[] | null
}

/** Listings with all that a plugin may judge them by, in the order of their ids, a page at a time. */
export async function* streamListings(
  db: DbOrTx,
  filter: ListingFilter,
  now: () => Date,
): AsyncGenerator<ListingFacts[]> {
  for (let after = ''; ; ) {
    const page = await readPage(db, filter, after)
    if (page.length === 0) return
    after = page.at(-1)!.listing_id
    const ids = page.map((row) => row.listing_id)
    const contents = await desiredContents(db, ids)
    const prices = await desiredPrices(db, ids, now())
    const quantities = await desiredQuantities(db, ids)
    yield page.map((row) =>
      toFacts(row, {
        content: contents.get(row.listing_id)!,
        price: prices.get(row.listing_id)!,
        quantity: quantities.get(row.listing_id)!.quantity,
      }),
    )
  }
}

function readPage(db: DbOrTx, filter: ListingFilter, after: string): Promise<Row[]> {
  const among = (column: string, values: readonly string[] | undefined) =>
    values === undefined ? sql`` : sql`and ${sql.raw(column)} in (${texts(values)})`
  return query<Row>(
    db,
    sql`
    select listing.id as listing_id, listing.connection_id, connection.connector, connection.locale, connection.currency, listing.status,
           listing.external_id, variant.id as variant_id, product.id as product_id, product.key as product_key, variant.sku,
           category.key as category_key, base.amount_minor as base_minor, variant.cost_minor, variant.cost_currency, coalesce(level.on_hand, 0) as on_hand,
           coalesce(level.available, 0) as available, listing.created_at, product.updated_at as changed_at, listing.issues,
           (select jsonb_object_agg(state.aspect, state.acknowledged_value) from listing_aspects state where state.listing_id = listing.id) as acknowledged,
           (select jsonb_agg(jsonb_build_object('sku', component.sku, 'units', part.quantity) order by component.sku)
            from bundle_components part join variants component on component.id = part.component_id where part.bundle_id = variant.id) as parts
    from listings listing
    join connections connection on connection.id = listing.connection_id
    join variants variant on variant.id = listing.variant_id
    join products product on product.id = variant.product_id
    left join categories category on category.id = product.category_id
    left join base_prices base on base.variant_id = variant.id and base.currency = connection.currency
    left join lateral (
      select sum(l.on_hand) as on_hand, sum(greatest(0, l.on_hand - l.reserved)) as available
      from stock_levels l join warehouses w on w.id = l.warehouse_id and w.is_active where l.variant_id = variant.id
    ) level on true
    where listing.id > ${after}
      ${filter.connectionId === undefined ? sql`` : sql`and listing.connection_id = ${filter.connectionId}`}
      ${among('listing.id', filter.listingIds)} ${among('product.id', filter.productIds)} ${among('variant.id', filter.variantIds)}
      ${among('variant.sku', filter.skus)}
      ${among('category.key', filter.categoryKeys)} ${among('listing.status', filter.statuses)}
      ${filter.changedAfter === undefined ? sql`` : sql`and listing.id in (${changedListings(filter.changedAfter)})`}
    order by listing.id limit ${pageSize}`,
  )
}

/** Few, found by what changed: to look through all listings each minute would be dear. */
const changedListings = (after: Date) => sql`
  select changed.id from listings changed join variants of_product on of_product.id = changed.variant_id
    join products edited on edited.id = of_product.product_id where edited.updated_at > ${instant(after)}
  union
  select changed.id from listings changed join base_prices priced on priced.variant_id = changed.variant_id
    where priced.updated_at > ${instant(after)}`

type Desired = { content: ListingContent; price: PriceOutcome; quantity: number }

function toFacts(row: Row, { content, price, quantity }: Desired): ListingFacts {
  const acknowledgedPrice = row.acknowledged?.price as { price: Money } | null | undefined
  return {
    listingId: row.listing_id,
    connectionId: row.connection_id,
    connector: row.connector,
    locale: row.locale,
    currency: row.currency,
    status: row.status,
    externalId: row.external_id,
    variantId: row.variant_id,
    productId: row.product_id,
    productKey: row.product_key,
    sku: row.sku,
    parts: row.parts ?? [],
    categoryKey: row.category_key,
    content,
    acknowledgedContent: (row.acknowledged?.content as ListingContent | null | undefined) ?? null,
    basePrice: row.base_minor === null ? null : { minor: Number(row.base_minor), currency: row.currency },
    price: price.ok ? price.price : null,
    priceProblem: price.ok ? null : price.message,
    salePrice: price.ok ? (price.sale?.price ?? null) : null,
    acknowledgedPrice: acknowledgedPrice?.price ?? null,
    floor: price.ok ? price.floor : null,
    cost: row.cost_minor === null ? null : { minor: Number(row.cost_minor), currency: row.cost_currency! },
    quantity,
    onHand: Number(row.on_hand),
    available: Number(row.available),
    createdAt: new Date(row.created_at),
    changedAt: new Date(row.changed_at),
    complaints: row.issues.map(({ field, message }) => ({ field: field ?? null, message })),
  }
}
