import { and, eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { connections, onceCalls, orderLines, orders, warehouses } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { canBecome } from '../orders/status.ts'
import type { Connector } from '../sdk/connector.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { OrderCancellation } from '../sdk/model/order.ts'
import type { AskedConfirmation } from './confirmation-words.ts'
import { type OnceOperation, requestOnce } from './once-request.ts'

export type RequestedCall = { callId: string; state: string }
export type Order = typeof orders.$inferSelect
export type Connectors = ReadonlyMap<string, Connector>

/** Asks the platform to cancel an order. Asking twice is asking once. @throws NotFoundError, ConflictError */
export async function requestCancellation(
  tx: Tx,
  connectors: Connectors,
  orderId: string,
  reason: string,
  act: Act,
): Promise<RequestedCall> {
  const order = await lockOrder(tx, connectors, orderId, 'cancelOrder')
  if (!canBecome(order.status, 'cancelled'))
    throw new ConflictError(`Order ${order.number} is ${order.status}: it cannot be cancelled any more.`)
  const input: OrderCancellation = { externalOrderId: order.externalId, reason }
  return request(tx, order, 'cancelOrder', order.externalId, input, act)
}

/** Tells the platform that an order is taken on. @throws NotFoundError, ConflictError */
export async function requestAcknowledgement(
  tx: Tx,
  connectors: Connectors,
  orderId: string,
  act: Act,
): Promise<RequestedCall> {
  const order = await lockOrder(tx, connectors, orderId, 'acknowledgeOrder')
  const input = { externalOrderId: order.externalId, number: order.number }
  return request(tx, order, 'acknowledgeOrder', order.externalId, input, act)
}

export type Shipment = {
  carrier: string
  trackingNumber: string
  service: string | null
  shippedAt: Date
  /** Where it left from. */
  warehouseId?: string | null
  /** Lines by id; left out, everything that is not cancelled. */
  lines?: readonly { lineId: string; quantity: number }[] | undefined
}

/**
 * Tells the platform that a parcel left, once per tracking number. Carrier and place are put into the platform's
 * words when it is told, so that a mapping made meanwhile counts. @throws NotFoundError, ConflictError, InputError naming the line.
 */
export async function requestShipmentConfirmation(
  tx: Tx,
  connectors: Connectors,
  orderId: string,
  shipment: Shipment,
  act: Act,
): Promise<RequestedCall> {
  const order = await lockOrder(tx, connectors, orderId, 'confirmShipment')
  if (order.status === 'cancelled' || order.status === 'refunded' || order.status === 'pending_payment')
    throw new ConflictError(`Order ${order.number} is ${order.status}: nothing of it may ship.`)
  const { trackingNumber, service, shippedAt } = shipment
  const warehouse = shipment.warehouseId ? await readWarehouseCode(tx, shipment.warehouseId) : null
  const input: AskedConfirmation = {
    externalOrderId: order.externalId,
    carrier: shipment.carrier,
    trackingNumber,
    service,
    shippedAt,
    lines: await shippedLines(tx, order, shipment.lines),
    ...(warehouse === null ? {} : { warehouse }),
  }
  return request(tx, order, 'confirmShipment', `${order.externalId}:${trackingNumber}`, input, act)
}

async function readWarehouseCode(tx: Tx, warehouseId: string): Promise<string | null> {
  const [row] = await tx
    .select({ code: warehouses.code })
    .from(warehouses)
    .where(eq(warehouses.id, warehouseId))
  return row?.code ?? null
}

async function shippedLines(
  tx: Tx,
  order: Order,
  wanted: Shipment['lines'],
): Promise<AskedConfirmation['lines']> {
  const found = await tx.select().from(orderLines).where(eq(orderLines.orderId, order.id))
  const open = new Map(found.map((line) => [line.id, line.quantity - line.cancelledQuantity]))
  const chosen = wanted ?? [...open].map(([lineId, quantity]) => ({ lineId, quantity }))
  const lines = chosen.flatMap(({ lineId, quantity }) => {
    const line = found.find((candidate) => candidate.id === lineId)
    if (!line) throw new InputError(`Order ${order.number} has no line ${lineId}.`, 'lines')
    if (quantity > open.get(lineId)!)
      throw new InputError(`Line ${lineId} has ${open.get(lineId)} open units, not ${quantity}.`, 'lines')
    return quantity > 0 ? [{ externalLineId: line.externalId, quantity }] : []
  })
  if (lines.length === 0) throw new InputError(`Order ${order.number} has no open line to ship.`, 'lines')
  return lines
}

/** The order, locked so that two requests see each other, if its platform can do what is asked. */
export async function lockOrder(
  tx: Tx,
  connectors: Connectors,
  orderId: string,
  operation: OnceOperation,
): Promise<Order> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update')
  if (!order) throw new NotFoundError(`There is no order ${orderId}.`)
  const [connection] = await tx.select().from(connections).where(eq(connections.id, order.connectionId))
  if (!connectors.get(connection!.connector)?.operations[operation])
    throw new ConflictError(`${connection!.name} offers no ${operation}.`)
  return order
}

export async function request(
  tx: Tx,
  order: Order,
  operation: OnceOperation,
  key: string,
  input: object,
  act: Act,
): Promise<RequestedCall> {
  const { connectionId } = order
  const made = await requestOnce(tx, [{ connectionId, operation, key, subject: order.id, input }], act)
  if (made === 0) await assertSame(tx, connectionId, operation, key, input)
  if (made > 0) await appendAudit(tx, act, { action: `order.${operation}`, subject: order.id, after: input })
  const [call] = await tx
    .select({ callId: onceCalls.id, state: onceCalls.state })
    .from(onceCalls)
    .where(
      and(
        eq(onceCalls.connectionId, connectionId),
        eq(onceCalls.operation, operation),
        eq(onceCalls.key, key),
      ),
    )
  return call!
}

/** Asking twice for the same is one call; asking for something else under the same key would be lost. */
async function assertSame(
  tx: Tx,
  connectionId: string,
  operation: OnceOperation,
  key: string,
  input: object,
): Promise<void> {
  const [held] = await tx
    .select({ input: onceCalls.input })
    .from(onceCalls)
    .where(
      and(
        eq(onceCalls.connectionId, connectionId),
        eq(onceCalls.operation, operation),
        eq(onceCalls.key, key),
      ),
    )
  const told = JSON.parse(JSON.stringify(input)) as object
  if (held && fingerprint(withoutTime(held.input as object)) !== fingerprint(withoutTime(told))) {
    throw new ConflictError(
      `${operation} was asked for already under ${key}, with other content. Nothing was sent.`,
    )
  }
}

/** The instant of asking is no part of what is asked. */
const withoutTime = (input: object): object => ({ ...input, shippedAt: undefined })
