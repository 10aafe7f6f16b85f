import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { stockLevels, warehouses } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { markDirty } from '../listings/dirty.ts'
import { InputError } from '../sdk/errors.ts'
import type { Address } from '../sdk/model/shipment.ts'

export type WarehouseInput = {
  code: string
  name: string
  priority: number
  isActive: boolean
  /** Where its parcels start; as it is, if left out. */
  address?: Address | null | undefined
}

/**
 * Adds a warehouse, or changes the one with this code. What lies in a warehouse that is not active is neither
 * sold nor reserved; what is reserved there already stays so. @throws InputError
 */
export async function saveWarehouse(
  tx: Tx,
  input: WarehouseInput,
  act: Act,
): Promise<typeof warehouses.$inferSelect> {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(input.code)) {
    throw new InputError(
      `"${input.code}" is no warehouse code: letters, digits, - and _ only, at most 40.`,
      'code',
    )
  }
  if (input.name.trim() === '') throw new InputError('A warehouse needs a name.', 'name')
  const [before] = await tx.select().from(warehouses).where(eq(warehouses.code, input.code)).for('update')
  const { name, priority, isActive, address } = input
  const change = { name, priority, isActive, ...(address === undefined ? {} : { address }) }
  const [after] = await tx
    .insert(warehouses)
    .values({ id: newId('whs', act.now.getTime()), ...input })
    .onConflictDoUpdate({ target: warehouses.code, set: change })
    .returning()
  await appendAudit(tx, act, { action: 'warehouse.saved', subject: after!.id, before: before ?? null, after })
  if (before && before.isActive !== isActive) {
    const stored = await tx
      .select({ variantId: stockLevels.variantId })
      .from(stockLevels)
      .where(eq(stockLevels.warehouseId, before.id))
    await markDirty(
      tx,
      'stock',
      stored.map(({ variantId }) => ({ variantId, isFalling: !isActive })),
      act,
    )
  }
  return after!
}
