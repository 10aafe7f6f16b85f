import { and, eq, inArray } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { products, variants } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { canonicalJson } from '../lib/crypto.ts'
import { staleEdit } from '../lib/revision.ts'
import { markDirty } from '../listings/dirty.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { merge, type TextEdit } from './edit.ts'

type Product = typeof products.$inferSelect
type Variant = typeof variants.$inferSelect

/** What is not named stays; null takes a value away. */
export type VariantChange = {
  sku: string
  options?: Record<string, string>
  compliance?: TextEdit
} & Partial<
  Pick<
    Variant,
    | 'gtin'
    | 'images'
    | 'weightGrams'
    | 'lengthMm'
    | 'widthMm'
    | 'heightMm'
    | 'costMinor'
    | 'costCurrency'
    | 'taxClass'
  >
>
export type ProductChange = {
  title?: TextEdit
  description?: TextEdit
  attributes?: TextEdit
  variants?: readonly VariantChange[]
} & Partial<Pick<Product, 'brand' | 'categoryId' | 'images'>>

/**
 * Changes a product and variants of it that somebody edited from `revision` on. Returns the new revision; the same one
 * when nothing differs. @throws NotFoundError, ConflictError when the product was changed meanwhile, InputError
 */
export async function changeProduct(
  tx: Tx,
  productId: string,
  revision: number,
  change: ProductChange,
  act: Act,
): Promise<number> {
  const [held] = await tx.select().from(products).where(eq(products.id, productId)).for('update')
  if (!held) throw new NotFoundError(`There is no product ${productId}.`)
  if (held.revision !== revision)
    throw new ConflictError(
      staleEdit(`Product ${held.key}`, revision, {
        revision: held.revision,
        by: held.updatedBy,
        at: held.updatedAt,
      }),
    )
  const changed = differences(held, productAfter(held, change))
  const changedVariants = await changeVariants(tx, held, change.variants ?? [])
  if (Object.keys(changed).length === 0 && changedVariants.length === 0) return revision
  const next = { ...changed, revision: revision + 1, updatedAt: act.now, updatedBy: act.actor }
  await tx.update(products).set(next).where(eq(products.id, productId))
  await appendAudit(tx, act, {
    action: 'product.changed',
    subject: productId,
    before: { ...formerlyOf(held, changed), variants: changedVariants.map(({ before }) => before) },
    after: { ...changed, variants: changedVariants.map(({ after }) => after) },
  })
  const touched =
    Object.keys(changed).length > 0
      ? await tx.select({ variantId: variants.id }).from(variants).where(eq(variants.productId, productId))
      : changedVariants
  await markDirty(tx, 'content', touched, act)
  // The floor of a price follows from the cost.
  const recosted = changedVariants.filter(({ after }) => 'costMinor' in after || 'costCurrency' in after)
  await markDirty(tx, 'price', recosted, act)
  return next.revision
}

/** @throws InputError for a title of nothing. */
function productAfter(held: Product, change: ProductChange): Partial<Product> {
  const title = merge(held.title, change.title)
  if (Object.keys(title).length === 0 || Object.values(title).some((text) => text.trim() === ''))
    throw new InputError(`Product ${held.key} must keep a title.`, 'title')
  const { brand, categoryId, images } = change
  return {
    title,
    description: merge(held.description, change.description),
    attributes: merge(held.attributes, change.attributes),
    ...(brand === undefined ? {} : { brand }),
    ...(categoryId === undefined ? {} : { categoryId }),
    ...(images === undefined ? {} : { images }),
  }
}

type ChangedVariant = { variantId: string; before: object; after: object }

/** @throws InputError naming the variant that is not the product's, or whose cost is said by halves. */
async function changeVariants(
  tx: Tx,
  product: Product,
  changes: readonly VariantChange[],
): Promise<ChangedVariant[]> {
  if (changes.length === 0) return []
  const held = await tx
    .select()
    .from(variants)
    .where(
      and(
        eq(variants.productId, product.id),
        inArray(
          variants.sku,
          changes.map(({ sku }) => sku),
        ),
      ),
    )
    .orderBy(variants.sku)
    .for('update')
  const bySku = new Map(held.map((variant) => [variant.sku, variant]))
  const changed: ChangedVariant[] = []
  for (const [index, change] of changes.entries()) {
    const { sku, compliance, ...facts } = change
    const variant = bySku.get(sku)
    if (!variant) throw new InputError(`Product ${product.key} has no SKU "${sku}".`, `variants.${index}.sku`)
    const wanted = { ...facts, compliance: merge(variant.compliance, compliance) }
    const { costMinor, costCurrency } = { ...variant, ...facts }
    if ((costMinor === null) !== (costCurrency === null))
      throw new InputError('A cost needs its amount and its currency.', `variants.${index}.costCurrency`)
    const after = differences(variant, wanted)
    if (Object.keys(after).length === 0) continue
    await tx.update(variants).set(after).where(eq(variants.id, variant.id))
    changed.push({
      variantId: variant.id,
      before: { sku, ...formerlyOf(variant, after) },
      after: { sku, ...after },
    })
  }
  return changed
}

/** Those of the wanted values that are not held already. */
const differences = <Held extends object>(held: Held, wanted: Partial<Held>): Partial<Held> =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => canonicalJson(value) !== canonicalJson(held[name as keyof Held]),
    ),
  ) as Partial<Held>

const formerlyOf = <Held extends object>(held: Held, changed: Partial<Held>): Partial<Held> =>
  Object.fromEntries(Object.keys(changed).map((name) => [name, held[name as keyof Held]])) as Partial<Held>
