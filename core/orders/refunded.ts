import { eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { orderEvents, orders } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { formatMoney } from '../lib/money.ts'
import { allocateOrders } from './allocate.ts'
import { canBecome } from './status.ts'

/**
 * Money of an order was given back. It counts at once and not with the platform's next word, so that no second refund
 * slips in between; an order of which everything is given back is refunded, and holds no stock any more.
 */
export async function noteRefunded(
  tx: Tx,
  orderId: string,
  amountMinor: number,
  detail: string,
  act: Act,
): Promise<void> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update')
  if (!order) return
  const refundedMinor = Math.min(order.totalMinor, order.refundedMinor + amountMinor)
  const isWhole = refundedMinor >= order.totalMinor && canBecome(order.status, 'refunded')
  await tx
    .update(orders)
    .set({ refundedMinor, ...(isWhole ? { status: 'refunded' as const } : {}) })
    .where(eq(orders.id, orderId))
  await tx.insert(orderEvents).values({
    orderId,
    kind: 'refunded',
    fromStatus: isWhole ? order.status : null,
    toStatus: isWhole ? 'refunded' : null,
    detail: `${formatMoney({ minor: amountMinor, currency: order.currency })} ${detail}`,
    actor: act.actor,
    at: act.now,
  })
  if (isWhole) await allocateOrders(tx, [orderId], act)
}
