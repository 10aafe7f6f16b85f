import type { Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { importOrders } from '../orders/import.ts'
import type { OrderRecord, Taken } from './item.ts'

export type OrdersSaved = { created: number; changed: number; same: number }

/** Hands orders to the same door that a marketplace's orders come through. */
export async function saveOrders(
  tx: Tx,
  items: readonly Taken<OrderRecord>[],
  connection: { id: string; name: string; ordersFrom: Date | null },
  act: Act,
): Promise<OrdersSaved> {
  const orders = items.map((item) => item.record.order)
  const { imported, changed, same } = await importOrders(tx, connection, orders, act)
  return { created: imported, changed, same }
}
