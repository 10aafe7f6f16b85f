import { and, asc, desc, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  basePrices,
  categories,
  listingAspects,
  listings,
  priceRules,
  products,
  promotionalPrices,
  stockLevels,
  variants,
  warehouses,
} from '../db/schema/index.ts'
import { type PriceRule, plainRule } from '../listings/price.ts'
import { NotFoundError } from '../sdk/errors.ts'

export type ProductFilter = { prefix?: string | undefined; after?: string | undefined; limit: number }

/** Products by key, those whose key or one of whose SKUs starts with the prefix. One row more than `limit`. */
export async function listProducts(db: DbOrTx, { prefix, after, limit }: ProductFilter) {
  const startsWith = (column: SQL | typeof products.key | typeof variants.sku) => sql`${column} ^@ ${prefix}`
  const bySku = db.select({ id: variants.productId }).from(variants).where(startsWith(variants.sku))
  return db
    .select({
      id: products.id,
      key: products.key,
      title: products.title,
      brand: products.brand,
      updatedAt: products.updatedAt,
      variantCount: sql<number>`(select count(*)::int from ${variants} where ${variants.productId} = ${products.id})`,
    })
    .from(products)
    .where(
      and(
        after === undefined ? undefined : gt(products.key, after),
        prefix === undefined ? undefined : or(startsWith(products.key), inArray(products.id, bySku)),
      ),
    )
    .orderBy(asc(products.key))
    .limit(limit + 1)
}

/** A product by id or key, with its variants and what hangs on each of them. @throws NotFoundError */
export async function readProduct(db: DbOrTx, idOrKey: string) {
  const [found] = await db
    .select({ product: products, categoryKey: categories.key })
    .from(products)
    .leftJoin(categories, eq(categories.id, products.categoryId))
    .where(or(eq(products.id, idOrKey), eq(products.key, idOrKey)))
  if (!found) throw new NotFoundError(`There is no product "${idOrKey}".`)
  const own = await db
    .select()
    .from(variants)
    .where(eq(variants.productId, found.product.id))
    .orderBy(asc(variants.sku))
  const ids = own.map((variant) => variant.id)
  const levels = await db
    .select({ level: stockLevels, warehouse: warehouses.code })
    .from(stockLevels)
    .innerJoin(warehouses, eq(warehouses.id, stockLevels.warehouseId))
    .where(inArray(stockLevels.variantId, ids))
    .orderBy(asc(warehouses.priority), asc(warehouses.code))
  const prices = await db
    .select()
    .from(basePrices)
    .where(inArray(basePrices.variantId, ids))
    .orderBy(asc(basePrices.currency))
  const bound = await readListings(db, ids)
  return {
    ...found.product,
    categoryKey: found.categoryKey,
    variants: own.map((variant) => ({
      ...variant,
      levels: levels
        .filter(({ level }) => level.variantId === variant.id)
        .map(({ level: { onHand, reserved, incoming }, warehouse }) => ({
          warehouse,
          onHand,
          reserved,
          incoming,
        })),
      prices: prices.filter((price) => price.variantId === variant.id).map(toPrice),
      listings: bound.filter((listing) => listing.variantId === variant.id),
    })),
  }
}

async function readListings(db: DbOrTx, variantIds: readonly string[]) {
  return db
    .select({
      id: listings.id,
      variantId: listings.variantId,
      connectionId: listings.connectionId,
      status: listings.status,
      externalId: listings.externalId,
      dirtyAspects: sql<string[]>`array(select ${listingAspects.aspect} from ${listingAspects}
        where ${listingAspects.listingId} = ${listings.id} and ${listingAspects.isDirty}
        order by 1)`,
    })
    .from(listings)
    .where(inArray(listings.variantId, [...variantIds]))
    .orderBy(asc(listings.connectionId))
}

const toPrice = ({ currency, amountMinor, source, updatedAt }: typeof basePrices.$inferSelect) => ({
  price: { minor: amountMinor, currency },
  source,
  updatedAt,
})

/** The base prices of a SKU, and its promotions, the latest first. @throws NotFoundError */
export async function readPrices(db: DbOrTx, sku: string) {
  const variantId = await findVariant(db, sku)
  const base = await db
    .select()
    .from(basePrices)
    .where(eq(basePrices.variantId, variantId))
    .orderBy(asc(basePrices.currency))
  const promotions = await db
    .select()
    .from(promotionalPrices)
    .where(eq(promotionalPrices.variantId, variantId))
    .orderBy(desc(promotionalPrices.startsAt), desc(promotionalPrices.id))
    .limit(200)
  return {
    sku,
    base: base.map(toPrice),
    promotions: promotions.map(
      ({ id, connectionId, currency, amountMinor, startsAt, endsAt, priority, source }) => {
        return {
          id,
          connectionId,
          price: { minor: amountMinor, currency },
          startsAt,
          endsAt,
          priority,
          source,
        }
      },
    ),
  }
}

/** The id of a SKU. @throws NotFoundError */
export async function findVariant(db: DbOrTx, sku: string): Promise<string> {
  const [found] = await db.select({ id: variants.id }).from(variants).where(eq(variants.sku, sku))
  if (!found) throw new NotFoundError(`There is no SKU "${sku}" in the catalogue.`)
  return found.id
}

/** How a connection makes its prices. */
export async function readPriceRule(db: DbOrTx, connectionId: string): Promise<PriceRule> {
  const [found] = await db.select().from(priceRules).where(eq(priceRules.connectionId, connectionId))
  if (!found) return plainRule
  const { connectionId: _connectionId, ...rule } = found
  return rule
}

/** Those of these ids that name no product. */
export async function findUnknownProducts(db: DbOrTx, ids: readonly string[]): Promise<string[]> {
  const found = await db
    .select({ id: products.id })
    .from(products)
    .where(inArray(products.id, [...ids]))
  const known = new Set(found.map((row) => row.id))
  return ids.filter((id) => !known.has(id))
}
