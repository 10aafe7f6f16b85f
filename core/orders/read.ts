import { asc, desc, eq, sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import {
  onceCalls,
  orderCharges,
  orderEvents,
  orderLines,
  orderParties,
  orderPayments,
  orders,
  problems,
  shippingQuotes,
  shortfalls,
} from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import { readExceptions } from './exceptions.ts'
import { shownOfOrder } from './list.ts'

/** How many of the latest quotes of an order are shown. */
const quotesShown = 5

/** An order with everything that hangs on it, personal data included. @throws NotFoundError */
export async function readOrder(db: DbOrTx, id: string) {
  const [order] = await db.select(shownOfOrder).from(orders).where(eq(orders.id, id))
  if (!order) throw new NotFoundError(`There is no order ${id}.`)
  const [lines, charges, payments, parties, exceptions, open, quotes, history] = await Promise.all([
    readLines(db, id),
    db
      .select({ kind: orderCharges.kind, label: orderCharges.label, amountMinor: orderCharges.amountMinor })
      .from(orderCharges)
      .where(eq(orderCharges.orderId, id))
      .orderBy(asc(orderCharges.position)),
    db
      .select({
        method: orderPayments.method,
        amountMinor: orderPayments.amountMinor,
        paidAt: orderPayments.paidAt,
        reference: orderPayments.reference,
      })
      .from(orderPayments)
      .where(eq(orderPayments.orderId, id))
      .orderBy(asc(orderPayments.position)),
    db
      .select({
        role: orderParties.role,
        party: sql<
          typeof orderParties.$inferSelect.party
        >`coalesce(${orderParties.corrected}, ${orderParties.party})`,
        isCorrected: sql<boolean>`${orderParties.corrected} is not null`,
        erasedAt: orderParties.erasedAt,
      })
      .from(orderParties)
      .where(eq(orderParties.orderId, id))
      .orderBy(asc(orderParties.role)),
    readExceptions(db, [id]),
    db
      .select({
        id: problems.id,
        kind: problems.kind,
        message: problems.message,
        remedy: problems.remedy,
        since: problems.since,
      })
      .from(problems)
      .where(sql`${problems.subject} = ${id} and ${problems.resolvedAt} is null`)
      .orderBy(asc(problems.since), asc(problems.id)),
    db
      .select({
        id: shippingQuotes.id,
        createdAt: shippingQuotes.createdAt,
        offers: sql<number>`jsonb_array_length(${shippingQuotes.offers})`,
      })
      .from(shippingQuotes)
      .where(eq(shippingQuotes.orderId, id))
      .orderBy(desc(shippingQuotes.createdAt), desc(shippingQuotes.id))
      .limit(quotesShown),
    readHistory(db, id),
  ])
  return {
    ...order,
    lines,
    charges,
    payments,
    parties,
    exceptions: exceptions.map(({ orderId: _orderId, ...exception }) => exception),
    problems: open,
    quotes,
    ...history,
  }
}

type Allocated = { lineId: string; warehouseId: string; sku: string; held: number; shipped: number }

/** Lines with what is held and shipped of each, where, and what is missing. */
async function readLines(db: DbOrTx, id: string) {
  const [lines, allocated] = await Promise.all([
    db
      .select({
        id: orderLines.id,
        externalId: orderLines.externalId,
        sku: orderLines.sku,
        variantId: orderLines.variantId,
        title: orderLines.title,
        quantity: orderLines.quantity,
        cancelledQuantity: orderLines.cancelledQuantity,
        handedOverQuantity: orderLines.handedOverQuantity,
        missing: sql<number>`coalesce(${shortfalls.quantity}, 0)::int`,
        unitPriceMinor: orderLines.unitPriceMinor,
        discountMinor: orderLines.discountMinor,
        taxMinor: orderLines.taxMinor,
        totalMinor: orderLines.totalMinor,
        inShipments: sql<number>`(
          select coalesce(sum(item.quantity), 0)::int from parcel_items item join parcels parcel on parcel.id = item.parcel_id
          join shipments shipment on shipment.id = parcel.shipment_id and shipment.state not in ('cancelled', 'refused')
          where item.order_line_id = ${orderLines.id})`,
        returnedQuantity: sql<number>`(
          select coalesce(sum(back.restocked_quantity + back.written_off_quantity), 0)::int from return_lines back where back.order_line_id = ${orderLines.id})`,
      })
      .from(orderLines)
      .leftJoin(shortfalls, eq(shortfalls.orderLineId, orderLines.id))
      .where(eq(orderLines.orderId, id))
      .orderBy(asc(orderLines.id)),
    query<Allocated>(
      db,
      sql`
      select held.order_line_id as "lineId", held.warehouse_id as "warehouseId", variant.sku, held.held::int, held.shipped::int
      from reservations held join order_lines line on line.id = held.order_line_id join variants variant on variant.id = held.variant_id
      where line.order_id = ${id} order by held.order_line_id, variant.sku, held.warehouse_id`,
    ),
  ])
  return lines.map((line) => ({
    ...line,
    allocation: allocated
      .filter(({ lineId }) => lineId === line.id)
      .map(({ lineId: _lineId, ...part }) => part),
  }))
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
