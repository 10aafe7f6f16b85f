import { eq } from 'drizzle-orm'
import { hubState } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import { lastMovement, streamMovements } from '../stock/movements.ts'
import { emitEvents } from './events.ts'
import type { Hub } from './hub.ts'

const cursorKey = 'stock_events_after'

/**
 * Tells plugins of stock that changed, by following the ledger: whatever wrote it. A stretch of the ledger names each
 * SKU of a warehouse once. Nobody listening costs nothing, and who begins to listen is told what comes from then on.
 */
export async function tellStockChanges(hub: Hub): Promise<void> {
  const listening = hub.plugins.filter((plugin) => plugin.on?.['stock.changed'])
  if ((await readActivePlugins(hub.db, listening)).length === 0) {
    if (listening.length > 0) await hub.db.delete(hubState).where(eq(hubState.key, cursorKey))
    return
  }
  await transact(hub.db, async (tx) => {
    await tx
      .insert(hubState)
      .values({ key: cursorKey, value: await lastMovement(tx) })
      .onConflictDoNothing()
    const [row] = await tx.select().from(hubState).where(eq(hubState.key, cursorKey)).for('update')
    let after = row!.value as number
    for await (const page of streamMovements(tx, after, hub.clock.now())) {
      const touched = new Map(
        page.map(({ variantId, warehouseId }) => [`${variantId} ${warehouseId}`, { variantId, warehouseId }]),
      )
      await emitEvents(
        tx,
        hub,
        [...touched.values()].map((data) => ({ event: 'stock.changed' as const, data })),
      )
      after = page.at(-1)!.id
    }
    await tx.update(hubState).set({ value: after }).where(eq(hubState.key, cursorKey))
  })
}
