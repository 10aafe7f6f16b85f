import { and, asc, desc, eq, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  onceCalls,
  orderCharges,
  orderEvents,
  orderLines,
  orderParties,
  orderPayments,
  orders,
  shortfalls,
} from '../db/schema/index.ts'
import { InputError, NotFoundError } from '../sdk/errors.ts'
import type { OrderStatus } from '../sdk/model/order.ts'

export type OrderFilter = {
  status?: OrderStatus | undefined
  connectionId?: string | undefined
  /** Only orders to be shipped by then, the most urgent first; otherwise the newest come first. */
  dueBefore?: Date | undefined
  after?: string | undefined
  limit: number
}

const shown = {
  id: orders.id,
  connectionId: orders.connectionId,
  externalId: orders.externalId,
  number: orders.number,
  status: orders.status,
  externalStatus: orders.externalStatus,
  placedAt: orders.placedAt,
  paidAt: orders.paidAt,
  currency: orders.currency,
  totalMinor: orders.totalMinor,
  refundedMinor: orders.refundedMinor,
  shippingService: orders.shippingService,
  shipBy: orders.shipBy,
  deliverBy: orders.deliverBy,
  flags: orders.flags,
  importedAt: orders.importedAt,
}

/** Orders in a stable order. One row more than `limit`; `cursorOf` says where the next page goes on. */
export async function listOrders(db: DbOrTx, filter: OrderFilter) {
  const { status, connectionId, dueBefore, limit } = filter
  const from = filter.after === undefined ? null : parseCursor(filter.after)
  const conditions: (SQL | undefined)[] = [
    status === undefined ? undefined : eq(orders.status, status),
    connectionId === undefined ? undefined : eq(orders.connectionId, connectionId),
  ]
  if (dueBefore === undefined) {
    conditions.push(
      from ? sql`(${orders.placedAt}, ${orders.id}) < (${from.at}::timestamptz, ${from.id})` : undefined,
    )
  } else {
    conditions.push(isNotNull(orders.shipBy), lte(orders.shipBy, dueBefore))
    conditions.push(
      from ? sql`(${orders.shipBy}, ${orders.id}) > (${from.at}::timestamptz, ${from.id})` : undefined,
    )
  }
  const sorting =
    dueBefore === undefined ? [desc(orders.placedAt), desc(orders.id)] : [asc(orders.shipBy), asc(orders.id)]
  return db
    .select(shown)
    .from(orders)
    .where(and(...conditions))
    .orderBy(...sorting)
    .limit(limit + 1)
}

type Sorted = { id: string; placedAt: Date; shipBy: Date | null }

/** Where a page of `listOrders` ends. */
export const orderCursor = (filter: Pick<OrderFilter, 'dueBefore'>, order: Sorted): string =>
  `${(filter.dueBefore ? order.shipBy! : order.placedAt).toISOString()}_${order.id}`

function parseCursor(after: string): { at: string; id: string } {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(.+)$/.exec(after)
  if (!match) throw new InputError(`"${after}" is not the "next" of a page.`, 'after')
  return { at: match[1]!, id: match[2]! }
}

/** An order with everything that hangs on it, personal data included. @throws NotFoundError */
export async function readOrder(db: DbOrTx, id: string) {
  const [order] = await db.select(shown).from(orders).where(eq(orders.id, id))
  if (!order) throw new NotFoundError(`There is no order ${id}.`)
  const lines = await db
    .select({
      id: orderLines.id,
      externalId: orderLines.externalId,
      sku: orderLines.sku,
      variantId: orderLines.variantId,
      title: orderLines.title,
      quantity: orderLines.quantity,
      cancelledQuantity: orderLines.cancelledQuantity,
      missing: sql<number>`coalesce(${shortfalls.quantity}, 0)::int`,
      unitPriceMinor: orderLines.unitPriceMinor,
      discountMinor: orderLines.discountMinor,
      taxMinor: orderLines.taxMinor,
      totalMinor: orderLines.totalMinor,
    })
    .from(orderLines)
    .leftJoin(shortfalls, eq(shortfalls.orderLineId, orderLines.id))
    .where(eq(orderLines.orderId, id))
    .orderBy(asc(orderLines.id))
  const charges = await db
    .select({ kind: orderCharges.kind, label: orderCharges.label, amountMinor: orderCharges.amountMinor })
    .from(orderCharges)
    .where(eq(orderCharges.orderId, id))
    .orderBy(asc(orderCharges.position))
  const payments = await db
    .select({
      method: orderPayments.method,
      amountMinor: orderPayments.amountMinor,
      paidAt: orderPayments.paidAt,
      reference: orderPayments.reference,
    })
    .from(orderPayments)
    .where(eq(orderPayments.orderId, id))
    .orderBy(asc(orderPayments.position))
  const parties = await db
    .select({ role: orderParties.role, party: orderParties.party, erasedAt: orderParties.erasedAt })
    .from(orderParties)
    .where(eq(orderParties.orderId, id))
    .orderBy(asc(orderParties.role))
  return { ...order, lines, charges, payments, parties, ...(await readHistory(db, id)) }
}

/** What happened to an order, oldest first, and what its platform was asked to do. */
async function readHistory(db: DbOrTx, id: string) {
  const timeline = await db
    .select({
      kind: orderEvents.kind,
      fromStatus: orderEvents.fromStatus,
      toStatus: orderEvents.toStatus,
      detail: orderEvents.detail,
      actor: orderEvents.actor,
      at: orderEvents.at,
    })
    .from(orderEvents)
    .where(eq(orderEvents.orderId, id))
    .orderBy(asc(orderEvents.id))
  const calls = await db
    .select({
      id: onceCalls.id,
      operation: onceCalls.operation,
      state: onceCalls.state,
      error: onceCalls.error,
      attempts: onceCalls.attempts,
      createdAt: onceCalls.createdAt,
      finishedAt: onceCalls.finishedAt,
    })
    .from(onceCalls)
    .where(eq(onceCalls.subject, id))
    .orderBy(asc(onceCalls.id))
  return { timeline, calls }
}
