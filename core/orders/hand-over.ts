import { eq, sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import { orderEvents, orders } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import type { OrderStatus } from '../sdk/model/order.ts'
import { allocateOrders } from './allocate.ts'
import { canBecome } from './status.ts'

/** Units of an order are with a courier: they leave stock, and an order of which nothing is left is shipped. */
export async function noteHandedOver(
  tx: Tx,
  orderId: string,
  units: readonly { lineId: string; quantity: number }[],
  act: Act,
): Promise<void> {
  await tx.execute(sql`
    update order_lines line set handed_over_quantity = line.handed_over_quantity + item.quantity
    from ${rows(units, '"lineId" text, quantity int')} where line.id = item."lineId" and line.order_id = ${orderId}`)
  const [open] = await query<{ units: number }>(
    tx,
    sql`
    select coalesce(sum(greatest(0, quantity - cancelled_quantity - handed_over_quantity)), 0)::int as units
    from order_lines where order_id = ${orderId}`,
  )
  if (open!.units === 0) await moveOrder(tx, orderId, 'shipped', 'every unit is with a courier', act)
  await allocateOrders(tx, [orderId], act)
}

/** Everything of an order arrived. */
export const noteDelivered = (tx: Tx, orderId: string, act: Act): Promise<void> =>
  moveOrder(tx, orderId, 'delivered', 'every parcel was delivered', act)

async function moveOrder(tx: Tx, orderId: string, to: OrderStatus, detail: string, act: Act): Promise<void> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update')
  if (!order || !canBecome(order.status, to)) return
  await tx.update(orders).set({ status: to }).where(eq(orders.id, orderId))
  await tx.insert(orderEvents).values({
    orderId,
    kind: 'status',
    fromStatus: order.status,
    toStatus: to,
    detail,
    actor: act.actor,
    at: act.now,
  })
}
