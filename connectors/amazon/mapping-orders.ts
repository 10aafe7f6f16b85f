import {
  type Page,
  type Party,
  parseMoney,
  type RemoteOrder,
  type RemoteOrderCharge,
  type RemoteOrderLine,
  type RemoteOrderStatus,
  type ShipmentConfirmation,
} from 'entrepot/sdk'
import { z } from 'zod'
import { toPackage } from './carriers.ts'
import { amountsOf, type Part } from './mapping-amounts.ts'
import { type AmazonAddress, type AmazonOrder, type AmazonOrderItem, orderSchema } from './schemas-orders.ts'
import type { AmazonSettings } from './settings.ts'

/** Theirs -> ours. A word that is not here makes the order unreadable; it is never taken as paid. */
const statuses: Readonly<Record<string, RemoteOrderStatus>> = {
  PENDING_AVAILABILITY: 'pending_payment',
  PENDING: 'pending_payment',
  UNSHIPPED: 'paid',
  PARTIALLY_SHIPPED: 'paid',
  SHIPPED: 'shipped',
  CANCELLED: 'cancelled',
}

/** Reads each order by itself: one that cannot be read is kept as it came and holds up nothing. */
export function toOrders(
  raw: readonly unknown[],
  settings: AmazonSettings,
): Pick<Page<RemoteOrder>, 'items' | 'unreadable'> {
  const items: RemoteOrder[] = []
  const unreadable: { externalId: string | null; raw: unknown; reason: string }[] = []
  for (const entry of raw) {
    try {
      items.push(toRemoteOrder(orderSchema.parse(entry), settings))
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
      unreadable.push({ externalId: orderIdOf(entry), raw: entry, reason })
    }
  }
  return { items, unreadable }
}

/** An Amazon order in our words. @throws Error saying why it cannot be one of ours. */
function toRemoteOrder(order: AmazonOrder, settings: AmazonSettings): RemoteOrder {
  const externalStatus = order.fulfillment?.fulfillmentStatus ?? 'missing'
  if (order.fulfillment?.fulfilledBy === 'AMAZON') {
    throw new Error('Amazon fulfils this order from its own warehouse (FBA); our stock has no part in it.')
  }
  const status = statuses[externalStatus]
  if (!status) throw new Error(`The fulfillment status ${externalStatus} is not known.`)
  const currency = currencyOf(order) ?? settings.currency
  const items = order.orderItems.map((item) => ({ item, amounts: amountsOf(item, currency) }))
  const lines = items.map(({ item, amounts }) => toLine(item, amounts.line, status === 'cancelled', currency))
  const charges = chargesOf(
    order,
    items.flatMap(({ amounts }) => amounts.charges),
    currency,
  )
  const itemised = sum([...lines.map((line) => line.totalMinor), ...charges.map((c) => c.amountMinor)])
  const grandTotal = order.proceeds?.grandTotal
  const totalMinor = grandTotal ? parseMoney(grandTotal.amount, currency).minor : itemised
  if (totalMinor !== itemised) {
    charges.push({ kind: 'other', label: 'Not itemised by Amazon', amountMinor: totalMinor - itemised })
  }
  return {
    externalId: order.orderId,
    number: order.orderId,
    status,
    externalStatus,
    isStockHeld: status !== 'cancelled',
    placedAt: order.createdTime,
    updatedAt: order.lastUpdatedTime,
    paidAt: null,
    currency,
    totalMinor,
    refundedMinor: 0,
    lines,
    charges,
    payments: (order.payment?.paymentExecutions ?? []).map((payment) => ({
      method: payment.paymentMethod ?? 'Amazon',
      amountMinor: payment.paymentAmount ? parseMoney(payment.paymentAmount.amount, currency).minor : 0,
      paidAt: null,
      reference: null,
    })),
    buyer: toBuyer(order),
    shipTo: toShipTo(order.recipient?.deliveryAddress, order),
    shippingService: order.fulfillment?.fulfillmentServiceLevel ?? null,
    shipBy: order.fulfillment?.shipByWindow?.latestDateTime ?? null,
    deliverBy: order.fulfillment?.deliverByWindow?.latestDateTime ?? null,
  }
}

/** The body of a shipment confirmation. */
export const toPackageDetail = (shipment: ShipmentConfirmation, key: string) => ({
  ...toPackage(shipment.carrier, shipment.service),
  packageReferenceId: packageReference(key),
  trackingNumber: shipment.trackingNumber,
  ...(shipment.externalLocationId ? { shipFromSupplySourceId: shipment.externalLocationId } : {}),
  shipDate: shipment.shippedAt.toISOString(),
  orderItems: shipment.lines.map((line) => ({ orderItemId: line.externalLineId, quantity: line.quantity })),
})

/**
 * Amazon takes only positive numbers here, and a second confirmation with the same number edits the package.
 * The same key therefore always gives the same number.
 */
export function packageReference(key: string): string {
  let hash = 0n
  for (const byte of Buffer.from(key)) hash = (hash * 257n + BigInt(byte) + 1n) % 999_999_999_989n
  return String(hash + 1n)
}

function toLine(item: AmazonOrderItem, part: Part, isCancelled: boolean, currency: string): RemoteOrderLine {
  const { product, quantityOrdered: quantity } = item
  const unitPrice = product.price?.unitPrice
  return {
    externalId: item.orderItemId,
    sku: product.sellerSku ?? null,
    externalListingId: product.sellerSku ?? null,
    title: product.title ?? product.sellerSku ?? product.asin ?? '',
    quantity,
    cancelledQuantity: cancelledQuantity(item, isCancelled),
    unitPriceMinor: unitPrice
      ? parseMoney(unitPrice.amount, currency).minor
      : Math.round(part.priceMinor / Math.max(quantity, 1)),
    discountMinor: part.discountMinor,
    taxMinor: part.taxMinor,
    totalMinor: part.totalMinor,
  }
}

/** What was ordered and is neither sent nor to be sent. */
function cancelledQuantity(item: AmazonOrderItem, isOrderCancelled: boolean): number {
  const { quantityFulfilled: sent = 0, quantityUnfulfilled: open } = item.fulfillment ?? {}
  const isCancelled =
    isOrderCancelled || (item.cancellation?.cancellationExecution !== undefined && open === undefined)
  const stillOpen = isCancelled ? 0 : (open ?? item.quantityOrdered - sent)
  return Math.max(0, item.quantityOrdered - sent - stillOpen)
}

/** Charges of one kind are added up over the items; a tip stands on the order itself. */
function chargesOf(
  order: AmazonOrder,
  parts: readonly RemoteOrderCharge[],
  currency: string,
): RemoteOrderCharge[] {
  const charges = [...Map.groupBy(parts, (charge) => charge.label).values()].map((same) => ({
    ...same[0]!,
    amountMinor: sum(same.map((charge) => charge.amountMinor)),
  }))
  for (const { type, subtotal } of order.proceeds?.breakdowns ?? []) {
    if (type !== 'DELIVERY_TIP') continue
    charges.push({
      kind: 'fee',
      label: 'Delivery tip',
      amountMinor: parseMoney(subtotal.amount, currency).minor,
    })
  }
  return charges.filter((charge) => charge.amountMinor !== 0)
}

function toBuyer({ buyer }: AmazonOrder): Party | null {
  const name = buyer?.buyerName ?? buyer?.buyerCompanyName
  if (!buyer || (name === undefined && buyer.buyerEmail === undefined)) return null
  return {
    kind: 'clear',
    name: name ?? '',
    company: buyer.buyerCompanyName ?? null,
    email: buyer.buyerEmail ?? null,
    phone: null,
    addressLines: [],
    city: null,
    region: null,
    postcode: null,
    country: null,
  }
}

function toShipTo(address: AmazonAddress | undefined, order: AmazonOrder): Party | null {
  if (!address) return null
  const { addressLine1, addressLine2, addressLine3, districtOrCounty } = address
  return {
    kind: 'clear',
    name: address.name || order.buyer?.buyerName || '',
    company: address.companyName || null,
    email: order.buyer?.buyerEmail ?? null,
    phone: address.phone || null,
    addressLines: [addressLine1, addressLine2, addressLine3].filter((line): line is string => !!line),
    city: address.city || null,
    region: address.stateOrRegion || districtOrCounty || null,
    postcode: address.postalCode || null,
    country: address.countryCode || null,
  }
}

const currencyOf = (order: AmazonOrder): string | undefined =>
  order.proceeds?.grandTotal?.currencyCode ??
  order.orderItems.map((item) => item.proceeds?.proceedsTotal ?? item.product.price?.unitPrice).find(Boolean)
    ?.currencyCode

const orderIdOf = (raw: unknown): string | null =>
  z.object({ orderId: z.string() }).safeParse(raw).data?.orderId ?? null

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
