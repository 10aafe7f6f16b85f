import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  basePrices,
  categories,
  connections,
  listings,
  problems,
  products,
  promotionalPrices,
  shortfalls,
  stockLevels,
  variants,
  warehouses,
} from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import { toPrice, toPromotion } from './read.ts'

/**
 * A product by id or key with all that hangs on it: its variants, their stock by warehouse, prices and promotions, and
 * their listings side by side. A fixed number of queries. @throws NotFoundError
 */
export async function readProduct(db: DbOrTx, idOrKey: string, now: Date) {
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
  const levels = await readLevels(db, ids)
  const short = await readShort(db, ids)
  const prices = await db
    .select()
    .from(basePrices)
    .where(inArray(basePrices.variantId, ids))
    .orderBy(asc(basePrices.currency))
  const promotions = await db
    .select()
    .from(promotionalPrices)
    .where(and(inArray(promotionalPrices.variantId, ids), gt(promotionalPrices.endsAt, now)))
    .orderBy(asc(promotionalPrices.startsAt), asc(promotionalPrices.id))
    .limit(1000)
  const bound = await readListings(db, ids)
  return {
    ...found.product,
    categoryKey: found.categoryKey,
    problems: await readProblems(db, [found.product.id, ...bound.map(({ id }) => id)]),
    variants: own.map(({ search: _search, productId: _productId, ...variant }) => ({
      ...variant,
      levels: levels
        .filter((level) => level.variantId === variant.id)
        .map(({ variantId: _variantId, ...level }) => level),
      short: short.get(variant.id) ?? 0,
      prices: prices.filter((price) => price.variantId === variant.id).map(toPrice),
      promotions: promotions.filter((price) => price.variantId === variant.id).map(toPromotion),
      listings: bound
        .filter((listing) => listing.variantId === variant.id)
        .map(({ variantId: _variantId, ...listing }) => listing),
    })),
  }
}

/** The levels of variants, in the order reservations are taken from their warehouses. */
const readLevels = (db: DbOrTx, variantIds: readonly string[]) =>
  db
    .select({
      variantId: stockLevels.variantId,
      warehouse: warehouses.code,
      onHand: stockLevels.onHand,
      reserved: stockLevels.reserved,
      incoming: stockLevels.incoming,
    })
    .from(stockLevels)
    .innerJoin(warehouses, eq(warehouses.id, stockLevels.warehouseId))
    .where(inArray(stockLevels.variantId, [...variantIds]))
    .orderBy(asc(warehouses.priority), asc(warehouses.code))

/** Units of each variant that orders wait for. */
async function readShort(db: DbOrTx, variantIds: readonly string[]): Promise<Map<string, number>> {
  const found = await db
    .select({ variantId: shortfalls.variantId, units: sql<number>`sum(${shortfalls.quantity})::float8` })
    .from(shortfalls)
    .where(inArray(shortfalls.variantId, [...variantIds]))
    .groupBy(shortfalls.variantId)
  return new Map(found.map(({ variantId, units }) => [variantId, units]))
}

const readListings = (db: DbOrTx, variantIds: readonly string[]) =>
  db
    .select({
      id: listings.id,
      variantId: listings.variantId,
      connectionId: listings.connectionId,
      connection: connections.name,
      status: listings.status,
      externalId: listings.externalId,
      issues: listings.issues,
      endingSince: listings.endingSince,
      seenAt: listings.seenAt,
    })
    .from(listings)
    .innerJoin(connections, eq(connections.id, listings.connectionId))
    .where(inArray(listings.variantId, [...variantIds]))
    .orderBy(asc(connections.name))

/** What is stopped about any of these. */
const readProblems = (db: DbOrTx, subjects: readonly string[]) =>
  db
    .select({
      id: problems.id,
      kind: problems.kind,
      connectionId: problems.connectionId,
      subject: problems.subject,
      message: problems.message,
      remedy: problems.remedy,
      since: problems.since,
    })
    .from(problems)
    .where(and(inArray(problems.subject, [...subjects]), isNull(problems.resolvedAt)))
    .orderBy(asc(problems.since))
