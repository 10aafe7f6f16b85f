import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { products, variants } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { markDirty } from '../listings/dirty.ts'
import { InputError, NotFoundError } from '../sdk/errors.ts'
import type { ProductEdit } from '../sdk/goods.ts'

/**
 * Changes texts and facts of a product; only what is named, null takes a value away. Returns the same fields as they
 * were, so that editing with it brings them back. @throws NotFoundError, InputError for a title of nothing
 */
export async function editProduct(tx: Tx, edit: ProductEdit, act: Act): Promise<ProductEdit> {
  const { productId } = edit
  const [found] = await tx.select().from(products).where(eq(products.id, productId)).for('update')
  if (!found) throw new NotFoundError(`There is no product ${productId}.`)
  const title = merge(found.title, edit.title)
  if (Object.keys(title).length === 0 || Object.values(title).some((text) => text.trim() === ''))
    throw new InputError(`Product ${found.key} must keep a title.`, 'title')
  await tx
    .update(products)
    .set({
      title,
      description: merge(found.description, edit.description),
      attributes: merge(found.attributes, edit.attributes),
      ...(edit.brand === undefined ? {} : { brand: edit.brand }),
      updatedAt: act.now,
      updatedBy: act.actor,
      revision: found.revision + 1,
    })
    .where(eq(products.id, productId))
  const before: ProductEdit = {
    productId,
    ...(edit.title ? { title: formerly(found.title, edit.title) } : {}),
    ...(edit.description ? { description: formerly(found.description, edit.description) } : {}),
    ...(edit.attributes ? { attributes: formerly(found.attributes, edit.attributes) } : {}),
    ...(edit.brand === undefined ? {} : { brand: found.brand }),
  }
  await appendAudit(tx, act, { action: 'product.edited', subject: productId, before, after: edit })
  const mine = await tx
    .select({ variantId: variants.id })
    .from(variants)
    .where(eq(variants.productId, productId))
  await markDirty(tx, 'content', mine, act)
  return before
}

/** Texts by name; null takes one away. */
export type TextEdit = Record<string, string | null>

/** The texts after an edit. */
export const merge = (held: Record<string, string>, edit: TextEdit = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...held, ...edit }).filter((entry): entry is [string, string] => entry[1] !== null),
  )

/** What the edited fields said before; null where there was nothing. */
export const formerly = (held: Record<string, string>, edit: TextEdit): TextEdit =>
  Object.fromEntries(Object.keys(edit).map((name) => [name, held[name] ?? null]))
