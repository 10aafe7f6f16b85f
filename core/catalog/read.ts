import { asc, desc, eq, inArray } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { basePrices, priceRules, products, promotionalPrices, variants } from '../db/schema/index.ts'
import { type PriceRule, plainRule } from '../listings/price.ts'
import { NotFoundError } from '../sdk/errors.ts'

/** A base price as it is shown. */
export const toPrice = ({
  currency,
  amountMinor,
  source,
  revision,
  updatedAt,
}: typeof basePrices.$inferSelect) => ({
  price: { minor: amountMinor, currency },
  source,
  revision,
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
    promotions: promotions.map(toPromotion),
  }
}

/** A dated price as it is shown. */
export const toPromotion = ({
  id,
  connectionId,
  currency,
  amountMinor,
  startsAt,
  endsAt,
  priority,
  source,
}: typeof promotionalPrices.$inferSelect) => ({
  id,
  connectionId,
  price: { minor: amountMinor, currency },
  startsAt,
  endsAt,
  priority,
  source,
})

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
