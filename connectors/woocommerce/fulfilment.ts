import {
  ConnectorError,
  formatDecimal,
  type OrderCancellation,
  parseMoney,
  type RefundRequest,
  type ShipmentConfirmation,
} from 'entrepot/sdk'
import { z } from 'zod'
import { pageSize, type WooClient } from './client.ts'
import type { WooLine, WooOrder } from './schemas.ts'

/** Where what we told an order is kept on it: the key of the request is part of the name, so two never mix. */
const shipmentMeta = (key: string): string => `${shipmentPrefix}${key}`
const shipmentPrefix = '_entrepot_shipment_'
const refundKey = '_entrepot_refund'

const shipmentValue = z.object({
  lines: z.array(z.object({ id: z.coerce.string(), quantity: z.coerce.number() })),
})

const closedStatuses = new Set(['cancelled', 'refunded', 'failed', 'trash'])

/** The end of the buyer's note; by it a repeated request sees that the buyer was told. */
const noteEnd = (trackingNumber: string): string => `tracking number ${trackingNumber}.`
export const shipmentNote = ({ carrier, service, trackingNumber }: ShipmentConfirmation): string =>
  `Shipped with ${service ? `${carrier} ${service}` : carrier}, ${noteEnd(trackingNumber)}`

/** Units of a line that went back on the shelf by a refund will not be shipped. */
function unitsToShip(line: WooLine): number {
  const restocked = Number(line.meta_data.find(({ key }) => key === '_restock_refunded_items')?.value ?? 0)
  return Math.max(0, line.quantity - (Number.isInteger(restocked) ? restocked : 0))
}

/** Whether, with these units, every unit of the order has left. */
export function isFullyShipped(order: WooOrder, lines: ShipmentConfirmation['lines'], key: string): boolean {
  const shipped = new Map<string, number>()
  const count = (id: string, quantity: number) => shipped.set(id, (shipped.get(id) ?? 0) + quantity)
  for (const { externalLineId, quantity } of lines) count(externalLineId, quantity)
  for (const meta of order.meta_data) {
    if (!meta.key.startsWith(shipmentPrefix) || meta.key === shipmentMeta(key)) continue
    for (const { id, quantity } of shipmentValue.safeParse(meta.value).data?.lines ?? []) count(id, quantity)
  }
  return order.line_items.every((line) => (shipped.get(String(line.id)) ?? 0) >= unitsToShip(line))
}

/**
 * Tells buyer and shop that goods left. WooCommerce has no tracking field: the buyer gets a note, the shop a
 * meta entry per shipment, and the order is completed with the shipment that leaves nothing to ship.
 * The note comes first and is looked for before it is written, because each one is an e-mail.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#create-an-order-note
 */
export async function confirmShipment(
  client: WooClient,
  shipment: ShipmentConfirmation,
  key: string,
): Promise<true> {
  const { externalOrderId: id, carrier, trackingNumber, service, shippedAt, lines } = shipment
  const order = await client.readOrder(id)
  if (closedStatuses.has(order.status))
    throw new ConnectorError('rejected', `Order ${order.number} is ${order.status}: it cannot be shipped.`)
  const notes = await client.listNotes(id)
  if (!notes.some(({ note }) => note.includes(noteEnd(trackingNumber))))
    await client.addCustomerNote(id, shipmentNote(shipment))
  const value = {
    carrier,
    trackingNumber,
    service,
    shippedAt: shippedAt.toISOString(),
    lines: lines.map(({ externalLineId, quantity }) => ({ id: externalLineId, quantity })),
  }
  await client.updateOrder(id, {
    ...(isFullyShipped(order, lines, key) ? { status: 'completed' } : {}),
    meta_data: [{ key: shipmentMeta(key), value }],
  })
  return true
}

/** The meta entry is written last, so where it stands everything was done. */
export async function findShipment(
  client: WooClient,
  { externalOrderId }: ShipmentConfirmation,
  key: string,
): Promise<true | null> {
  const order = await client.readOrder(externalOrderId)
  return order.meta_data.some((meta) => meta.key === shipmentMeta(key)) ? true : null
}

/** Cancels; WooCommerce puts the units back itself. It would also cancel what is completed, so we look first. */
export async function cancelOrder(
  client: WooClient,
  { externalOrderId: id, reason }: OrderCancellation,
): Promise<true> {
  const order = await client.readOrder(id)
  if (order.status === 'cancelled' || order.status === 'trash') return true
  if (order.status === 'completed' || order.status === 'refunded')
    throw new ConnectorError('rejected', `Order ${order.number} is ${order.status}: it cannot be cancelled.`)
  await client.updateOrder(id, {
    status: 'cancelled',
    meta_data: [{ key: '_entrepot_cancellation', value: reason }],
  })
  return true
}

export async function findCancellation(
  client: WooClient,
  { externalOrderId }: OrderCancellation,
): Promise<true | null> {
  const { status } = await client.readOrder(externalOrderId)
  return status === 'cancelled' || status === 'trash' ? true : null
}

/** Splits what is given back for a line into net and the tax of each rate, as the line itself is split. */
export function refundLine(line: WooLine, quantity: number, amountMinor: number, currency: string): object {
  const minor = (text: string) => parseMoney(text, currency).minor
  const money = (value: number) => formatDecimal({ minor: value, currency })
  const gross = minor(line.total) + minor(line.total_tax)
  const taxes = line.taxes.filter(({ total }) => minor(total) !== 0)
  const shares = taxes.map(({ id, total }) => ({
    id,
    share: gross === 0 ? 0 : Math.round((amountMinor * minor(total)) / gross),
  }))
  const net = amountMinor - shares.reduce((sum, { share }) => sum + share, 0)
  return {
    id: line.id,
    quantity,
    refund_total: money(net),
    ...(shares.length === 0
      ? {}
      : { refund_tax: shares.map(({ id, share }) => ({ id, refund_total: money(share) })) }),
  }
}

/**
 * Records a refund. No money moves by it (`api_refund` is false): hardly any gateway can, and where one cannot
 * the whole request fails. The key stands in the reason, which is stored with the refund in one step.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#create-a-refund
 */
export async function refund(
  client: WooClient,
  request: RefundRequest,
  key: string,
): Promise<{ externalId: string }> {
  const { externalOrderId: id, amountMinor, currency, reason, lines, isRestocked } = request
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    throw new ConnectorError('rejected', `A refund must be above zero, not ${amountMinor} minor units.`)
  const order = await client.readOrder(id)
  if (order.currency !== currency)
    throw new ConnectorError('rejected', `Order ${order.number} is in ${order.currency}, not in ${currency}.`)
  const lineItems = lines.map(({ externalLineId, quantity, amountMinor: lineMinor }) => {
    const line = order.line_items.find((held) => String(held.id) === externalLineId)
    if (!line) throw new ConnectorError('rejected', `Order ${order.number} has no line ${externalLineId}.`)
    return refundLine(line, quantity, lineMinor, currency)
  })
  const created = await client.createRefund(id, {
    amount: formatDecimal({ minor: amountMinor, currency }),
    reason: `${reason} [${key}]`.trim(),
    api_refund: false,
    api_restock: isRestocked,
    line_items: lineItems,
    meta_data: [{ key: refundKey, value: key }],
  })
  return { externalId: String(created.id) }
}

export async function findRefund(
  client: WooClient,
  { externalOrderId }: RefundRequest,
  key: string,
): Promise<{ externalId: string } | null> {
  for (let page = 1; ; page += 1) {
    const rows = await client.listRefunds(externalOrderId, page)
    const found = rows.find(
      (row) =>
        row.reason.includes(`[${key}]`) ||
        row.meta_data.some((meta) => meta.key === refundKey && meta.value === key),
    )
    if (found) return { externalId: String(found.id) }
    if (rows.length < pageSize) return null
  }
}
