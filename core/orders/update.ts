import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { orderCharges, orderEvents, orderLines, orderPayments, orders } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import type { RemoteOrder } from '../sdk/model/order.ts'
import { bindLines } from './lines.ts'
import type { KnownOrder, OrderSource } from './source.ts'
import { statusAfter } from './status.ts'
import { writeLines, writeParties, writeParts } from './write.ts'

/** Applies a newer version of an order. A line the platform no longer tells is kept, as cancelled. */
export async function updateOrder(
  tx: Tx,
  source: OrderSource,
  known: KnownOrder,
  told: RemoteOrder,
  act: Act,
): Promise<void> {
  const status = statusAfter(known.status, told.status)
  await tx
    .update(orders)
    .set({
      number: told.number,
      status,
      externalStatus: told.externalStatus,
      isStockHeld: told.isStockHeld,
      externalUpdatedAt: told.updatedAt,
      externalFingerprint: fingerprint(told),
      paidAt: told.paidAt,
      currency: told.currency,
      totalMinor: told.totalMinor,
      refundedMinor: told.refundedMinor,
      shippingService: told.shippingService,
      shipBy: told.shipBy,
      deliverBy: told.deliverBy,
    })
    .where(eq(orders.id, known.id))
  const written = [{ id: known.id, order: told }]
  await writeLines(tx, source, written, act)
  await cancelUntoldLines(tx, known.id, told)
  await tx.delete(orderCharges).where(eq(orderCharges.orderId, known.id))
  await tx.delete(orderPayments).where(eq(orderPayments.orderId, known.id))
  await writeParts(tx, written)
  await writeParties(tx, written)
  if (status !== known.status) {
    await tx.insert(orderEvents).values({
      orderId: known.id,
      kind: 'status',
      fromStatus: known.status,
      toStatus: status,
      detail: `${source.name} says ${told.externalStatus}`,
      actor: act.actor,
      at: act.now,
    })
  } else if (status !== told.status && !(status === 'allocated' && told.status === 'paid')) {
    await tx.insert(orderEvents).values({
      orderId: known.id,
      kind: 'ignored',
      fromStatus: status,
      toStatus: told.status,
      detail: `${source.name} says ${told.externalStatus}, which does not follow ${status}`,
      actor: act.actor,
      at: act.now,
    })
  }
  await bindLines(tx, source, [known.id], act)
}

async function cancelUntoldLines(tx: Tx, orderId: string, told: RemoteOrder): Promise<void> {
  const kept = told.lines.map((line) => line.externalId)
  await tx
    .update(orderLines)
    .set({ cancelledQuantity: sql`${orderLines.quantity}`, totalMinor: 0, taxMinor: 0, discountMinor: 0 })
    .where(
      and(eq(orderLines.orderId, orderId), sql`${orderLines.externalId} <> all(${sql.param(kept)}::text[])`),
    )
}
