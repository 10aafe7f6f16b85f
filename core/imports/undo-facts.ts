import { findVariants } from '../catalog/catalog.ts'
import { setBasePrices } from '../catalog/prices.ts'
import { ConflictError } from '../sdk/errors.ts'
import { changeStock } from '../stock/change.ts'
import { type DoneItem, oneByOne, type Step } from '../work/action.ts'
import { type FactChange, readSkuFacts } from './facts.ts'
import type { Profile } from './profile.ts'
import { readWarehouses } from './save-catalog.ts'

/** Whether an import of this kind can be taken back: prices and stock counts, fact by fact. What products were is not kept. */
export const undoneByFacts = (profile: Profile): boolean =>
  profile.kind === 'prices' || profile.kind === 'stock'

/**
 * Takes back what an import changed of a SKU. A price that was changed again since stays; of stock the difference that
 * the import made is taken back, whatever was sold since.
 */
export const undoFacts = oneByOne(async (step: Step, { subject: sku, undo }: DoneItem) => {
  const { field, from, to } = undo as FactChange
  const variantId = (await findVariants(step.tx, [sku])).get(sku)
  if (!variantId) throw new ConflictError(`SKU ${sku} is gone.`)
  const [what, ...name] = field.split(' ')
  if (what === 'price') await undoPrice(step, { sku, variantId, currency: name.join(' '), from, to })
  else if (what === 'stock') await undoStock(step, { variantId, warehouse: name.join(' '), from, to })
  else throw new ConflictError(`The ${field} of ${sku} cannot be taken back.`)
})

type Moved = { variantId: string } & Pick<FactChange, 'from' | 'to'>

async function undoPrice(
  { tx, act, work }: Step,
  { sku, variantId, currency, from, to }: Moved & { sku: string; currency: string },
): Promise<void> {
  const now = (await readSkuFacts(tx, [sku])).get(sku)?.[`price ${currency}`] ?? null
  if (now !== to) throw new ConflictError(`The price of ${sku} in ${currency} was changed again since.`)
  if (from === null)
    throw new ConflictError(
      `${sku} had no price in ${currency} before: a price that others may use is not removed.`,
    )
  await setBasePrices(tx, [{ variantId, price: { minor: Number(from), currency }, source: work.id }], act)
}

async function undoStock(
  { tx, act, work }: Step,
  { variantId, warehouse, from, to }: Moved & { warehouse: string },
): Promise<void> {
  const warehouseId = (await readWarehouses(tx)).get(warehouse)
  if (!warehouseId) throw new ConflictError(`There is no warehouse ${warehouse} any more.`)
  const delta = Number(from ?? 0) - Number(to ?? 0)
  const reason = 'An import was taken back'
  await changeStock(tx, [{ variantId, warehouseId, delta, reason, reference: work.undoes }], 'import', act)
}
