import { sql } from 'drizzle-orm'
import { findVariants, type ProductInput, saveCategories, saveProducts } from '../catalog/catalog.ts'
import { setBasePrices } from '../catalog/prices.ts'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { warehouses } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { changeStock } from '../stock/change.ts'
import { defaultWarehouse } from '../stock/levels.ts'
import type { CatalogRecord, Taken } from './item.ts'

/** What the rows of an import have in common. */
export type CatalogTarget = {
  importId: string
  source: string
  stock: 'count' | 'opening'
  /** Warehouse ids by code; the one without a name is ''. */
  warehouses: ReadonlyMap<string, string>
}

export type CatalogSaved = {
  created: number
  changed: number
  same: number
  pricesSet: number
  stockSet: number
  /** Rows that name what the hub does not know. */
  unknown: { item: Taken<CatalogRecord>; column: string; reason: string }[]
}

/** The warehouses that rows may name, read once an import. */
export async function readWarehouses(db: DbOrTx): Promise<Map<string, string>> {
  const main = await defaultWarehouse(db)
  const found = await db.select({ id: warehouses.id, code: warehouses.code }).from(warehouses)
  return new Map([['', main], ...found.map(({ id, code }) => [code, id] as const)])
}

/** Writes what rows say of SKUs: category, product and variant, price, stock. What is equal is not written. */
export async function saveCatalog(
  tx: Tx,
  items: readonly Taken<CatalogRecord>[],
  target: CatalogTarget,
  act: Act,
): Promise<CatalogSaved> {
  const placed = items.filter((item) => target.warehouses.has(item.record.stock?.warehouse ?? ''))
  const saved = await saveProducts(tx, await toProducts(tx, placed, act), act)
  const variantIds = new Map(saved.map((row) => [row.sku, row.variantId]))
  const others = placed.filter((item) => !item.record.product).map((item) => item.record.sku)
  if (others.length > 0) for (const [sku, id] of await findVariants(tx, others)) variantIds.set(sku, id)
  const known = placed.filter((item) => variantIds.has(item.record.sku))
  const count = (change: string) => saved.filter((row) => row.change === change).length
  return {
    created: count('created'),
    changed: count('changed'),
    same: count('same'),
    pricesSet: await savePrices(tx, known, variantIds, target, act),
    stockSet: await saveStock(tx, known, variantIds, target, act),
    unknown: items.flatMap((item) => findUnknown(item, target, variantIds)),
  }
}

function findUnknown(
  item: Taken<CatalogRecord>,
  target: CatalogTarget,
  variantIds: ReadonlyMap<string, string>,
): CatalogSaved['unknown'] {
  const { sku, stock } = item.record
  if (!target.warehouses.has(stock?.warehouse ?? '')) {
    return [
      { item, column: 'warehouse', reason: `there is no warehouse with the code "${stock?.warehouse}"` },
    ]
  }
  if (variantIds.has(sku)) return []
  return [{ item, column: 'sku', reason: `the SKU ${sku} is not in the catalogue: import its product first` }]
}

/** One product a key, with the variants of all its rows. */
async function toProducts(tx: Tx, items: readonly Taken<CatalogRecord>[], act: Act): Promise<ProductInput[]> {
  const categories = items.flatMap((item) => item.record.category ?? [])
  const categoryIds =
    categories.length > 0 ? await saveCategories(tx, categories, act) : new Map<string, string>()
  const products = new Map<string, ProductInput>()
  for (const { record } of items) {
    if (!record.product) continue
    const categoryId = categoryIds.get(record.category?.key ?? '') ?? null
    const held = products.get(record.product.key)
    if (held) {
      held.variants.push(...record.product.variants)
      held.optionNames = [...new Set([...(held.optionNames ?? []), ...(record.product.optionNames ?? [])])]
    } else {
      products.set(record.product.key, {
        ...record.product,
        categoryId,
        variants: [...record.product.variants],
      })
    }
  }
  return [...products.values()]
}

async function savePrices(
  tx: Tx,
  items: readonly Taken<CatalogRecord>[],
  variantIds: ReadonlyMap<string, string>,
  target: CatalogTarget,
  act: Act,
): Promise<number> {
  const prices = items.flatMap(({ record: { sku, price } }) =>
    price ? [{ variantId: variantIds.get(sku)!, price, source: target.source }] : [],
  )
  return setBasePrices(tx, prices, act)
}

async function saveStock(
  tx: Tx,
  items: readonly Taken<CatalogRecord>[],
  variantIds: ReadonlyMap<string, string>,
  target: CatalogTarget,
  act: Act,
): Promise<number> {
  const edits = items.flatMap(({ file, line, record: { sku, stock } }) =>
    stock
      ? [
          {
            variantId: variantIds.get(sku)!,
            warehouseId: target.warehouses.get(stock.warehouse ?? '')!,
            onHand: stock.onHand,
            reason: `Import of ${file}, line ${line}`,
            reference: target.importId,
          },
        ]
      : [],
  )
  if (edits.length === 0) return 0
  const counted = target.stock === 'opening' ? await findStocked(tx, edits) : new Set<string>()
  const open = edits.filter((edit) => !counted.has(`${edit.variantId} ${edit.warehouseId}`))
  return (await changeStock(tx, open, 'import', act)).size
}

/** Places that have a level already: an opening figure would undo what was sold since. */
async function findStocked(
  tx: Tx,
  edits: readonly { variantId: string; warehouseId: string }[],
): Promise<Set<string>> {
  const keys = edits.map((edit) => ({ variant_id: edit.variantId, warehouse_id: edit.warehouseId }))
  const found = await query<{ place: string }>(
    tx,
    sql`
    select level.variant_id || ' ' || level.warehouse_id as place from stock_levels level
    join ${rows(keys, 'variant_id text, warehouse_id text')} using (variant_id, warehouse_id)`,
  )
  return new Set(found.map((row) => row.place))
}
