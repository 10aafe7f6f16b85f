import { type SQL, sql } from 'drizzle-orm'
import { type Db, query, rows } from '../../core/db/client.ts'
import { fingerprint } from '../../core/lib/crypto.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { benchAct } from './hub.ts'

export const openingStock = 10
const priceMinor = 1990

export const skuOf = (number: number): string => `B${String(number).padStart(7, '0')}`
const variantIdOf = (number: number): string => `var_${String(number).padStart(9, '0')}`

/** Goods for a stand-in's shelves: the numbers from 1 on, or those given. */
export const goodsOf = (numbers: readonly number[], quantity = openingStock) =>
  numbers.map((number) => ({ sku: skuOf(number), title: `Product ${number}`, quantity }))

export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

const numbersIn = (count: number) => sql`generate_series(1, ${count}::int) as number`
const variantId = sql`'var_' || lpad(number::text, 9, '0')`

/**
 * A catalogue of `count` SKUs with price and stock, all listed on a connection and in step with it. Written
 * straight into the tables: how it came to be is not what is measured. Listings whose external id is not
 * given by number have one that the shop does not know.
 */
export async function fillCatalogue(db: Db, count: number, listed: Listed | null): Promise<void> {
  const warehouseId = await defaultWarehouse(db)
  const numbers = numbersIn(count)
  const fill = (statement: SQL) =>
    db.transaction(async (tx) => {
      // Foreign keys hold by construction, whichever table is filled first.
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(statement)
    })
  await Promise.all(
    [
      sql`
      insert into products (id, key, title, brand)
      select 'prd_' || lpad(number::text, 9, '0'), 'B' || lpad(number::text, 7, '0'), jsonb_build_object('en', 'Product ' || number), 'Bench' from ${numbers}`,
      sql`
      insert into variants (id, product_id, sku)
      select ${variantId}, 'prd_' || lpad(number::text, 9, '0'), 'B' || lpad(number::text, 7, '0') from ${numbers}`,
      sql`
      insert into base_prices (variant_id, currency, amount_minor, source) select ${variantId}, 'EUR', ${priceMinor}::int, 'bench' from ${numbers}`,
      sql`
      insert into stock_levels (variant_id, warehouse_id, on_hand) select ${variantId}, ${warehouseId}, ${openingStock}::int from ${numbers}`,
      sql`
      insert into stock_movements (variant_id, warehouse_id, on_hand, kind, reason, actor, at)
      select ${variantId}, ${warehouseId}, ${openingStock}::int, 'count', 'opening', 'bench', now() from ${numbers}`,
      ...(listed ? listingsOf(count, listed) : []),
    ].map(fill),
  )
  // Only what was filled: PostgreSQL takes a table that was analysed while empty for empty ever after.
  const filled = 'products, variants, base_prices, stock_levels, stock_movements'
  await db.execute(sql.raw(`analyze ${filled}${listed ? ', listings, listing_aspects' : ''}`))
}

type Listed = { connectionId: string; externalIds: ReadonlyMap<number, string> }

function listingsOf(count: number, listed: Listed): SQL[] {
  const numbers = numbersIn(count)
  const known = [...listed.externalIds].map(([number, external_id]) => ({ number, external_id }))
  return [
    sql`
      insert into listings (id, connection_id, variant_id, external_id, status)
      select 'lst_' || lpad(number::text, 9, '0'), ${listed.connectionId}, ${variantId}, coalesce(known.external_id, 'none-' || number), 'live'
      from ${numbers} left join (select number as known_number, external_id from ${rows(known, 'number int, external_id text')}) known on known_number = number`,
    ...Object.entries(acknowledged).map(
      ([aspect, value]) => sql`
        insert into listing_aspects (listing_id, aspect, connection_id, revision, acknowledged_revision, acknowledged_value, acknowledged_fingerprint, acknowledged_at)
        select 'lst_' || lpad(number::text, 9, '0'), ${aspect}, ${listed.connectionId}, 1, 1, ${JSON.stringify(value)}::text::jsonb, ${fingerprint(value)}, now() from ${numbers}`,
    ),
  ]
}

/** What the shop is known to hold. Nobody compares the content. */
const acknowledged = {
  content: {},
  price: { price: { minor: priceMinor, currency: 'EUR' }, sale: null },
  stock: { quantity: openingStock },
}

/** Commits a new stock for these SKUs, as somebody who counted would. */
export async function setStock(db: Db, numbers: readonly number[], onHand: number): Promise<void> {
  await setStockOf(db, numbers.map(variantIdOf), onHand)
}

export async function setStockOf(db: Db, variantIds: readonly string[], onHand: number): Promise<void> {
  const warehouseId = await defaultWarehouse(db)
  const edits = variantIds.map((variantId) => ({ variantId, warehouseId, onHand, reason: 'counted' }))
  await db.transaction((tx) => changeStock(tx, edits, 'count', benchAct()))
}

/** Whether nothing is left to push on a connection. */
export async function isInStep(db: Db, connectionId: string): Promise<boolean> {
  const dirty = await query(
    db,
    sql`
    select 1 from listing_aspects where connection_id = ${connectionId} and is_dirty limit 1`,
  )
  return dirty.length === 0
}
