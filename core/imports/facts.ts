import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { texts } from '../lib/sql.ts'
import type { CatalogRecord, OrderRecord, Taken } from './item.ts'
import type { Profile } from './profile.ts'

/** What the hub knows of something that a row is about, by the name of the fact. */
export type Facts = Record<string, string | number | null>
export type FactChange = { field: string; from: string | number | null; to: string | number | null }

/** What a row is about: a SKU, or an order by the id that its file gives it. */
export const subjectOf = (record: CatalogRecord | OrderRecord): string =>
  'order' in record ? record.order.externalId : record.sku

/** What the hub knows of SKUs, as a person would compare it. Those that are unknown are left out. */
export async function readSkuFacts(db: DbOrTx, skus: readonly string[]): Promise<Map<string, Facts>> {
  const found = await query<{ sku: string; facts: Facts }>(
    db,
    sql`
    select variant.sku, jsonb_strip_nulls(
      jsonb_build_object('product', product.key, 'brand', product.brand, 'category', category.key, 'gtin', variant.gtin,
        'weightGrams', variant.weight_grams, 'lengthMm', variant.length_mm, 'widthMm', variant.width_mm, 'heightMm', variant.height_mm,
        'costMinor', variant.cost_minor, 'costCurrency', variant.cost_currency, 'taxClass', variant.tax_class,
        'images', nullif(product.images::text, '[]'))
      || (select coalesce(jsonb_object_agg('title ' || key, value), '{}') from jsonb_each(product.title))
      || (select coalesce(jsonb_object_agg('description ' || key, value), '{}') from jsonb_each(product.description))
      || (select coalesce(jsonb_object_agg('attribute ' || key, value), '{}') from jsonb_each(product.attributes))
      || (select coalesce(jsonb_object_agg('option ' || key, value), '{}') from jsonb_each(variant.options))
      || (select coalesce(jsonb_object_agg('compliance ' || key, value), '{}') from jsonb_each(variant.compliance))
      || (select coalesce(jsonb_object_agg('price ' || currency, amount_minor), '{}') from base_prices where variant_id = variant.id)
      || (select coalesce(jsonb_object_agg('stock ' || warehouse.code, level.on_hand), '{}')
          from stock_levels level join warehouses warehouse on warehouse.id = level.warehouse_id where level.variant_id = variant.id)
    ) as facts
    from variants variant join products product on product.id = variant.product_id
    left join categories category on category.id = product.category_id
    where variant.sku in (${texts(skus)})`,
  )
  return new Map(found.map(({ sku, facts }) => [sku, facts]))
}

/** What the hub knows of the orders of a file's connection. Nobody's name or address is among it. */
export async function readOrderFacts(
  db: DbOrTx,
  connection: string,
  externalIds: readonly string[],
): Promise<Map<string, Facts>> {
  const found = await query<{ id: string; facts: Facts }>(
    db,
    sql`
    select o.external_id as id, jsonb_strip_nulls(jsonb_build_object('status', o.status, 'totalMinor', o.total_minor, 'currency', o.currency,
      'placedAt', o.placed_at, 'lines', (select count(*) from order_lines line where line.order_id = o.id))) as facts
    from orders o join connections connection on connection.id = o.connection_id
    where connection.name = ${connection} and o.external_id in (${texts(externalIds)})`,
  )
  return new Map(found.map(({ id, facts }) => [id, facts]))
}

/** What became another, in the order of its name. */
export function compareFacts(before: Facts | undefined, after: Facts | undefined): FactChange[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  return names.flatMap((field) => {
    const from = before?.[field] ?? null
    const to = after?.[field] ?? null
    return from === to ? [] : [{ field, from, to }]
  })
}

/** What the hub knows of everything that these records are about. */
export const readFacts = (
  db: DbOrTx,
  profile: Profile,
  taken: readonly Taken<CatalogRecord | OrderRecord>[],
): Promise<Map<string, Facts>> => {
  const subjects = taken.map((item) => subjectOf(item.record))
  return profile.kind === 'orders'
    ? readOrderFacts(db, profile.connection, subjects)
    : readSkuFacts(db, subjects)
}
