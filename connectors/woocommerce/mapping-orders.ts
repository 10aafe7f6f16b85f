import {
  type Party,
  parseMoney,
  type RemoteOrderCharge,
  type RemoteOrderLine,
  type RemoteOrderStatus,
  type ToldOrder,
} from 'entrepot/sdk'
import type { Settings, WooAddress, WooLine, WooOrder } from './schemas.ts'

/**
 * Theirs to ours. A status that is neither here nor in the settings is left for a person to map: it is never
 * guessed, least of all as paid. `failed` is a payment that failed; the buyer may try again.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties
 */
const statusOf: Readonly<Record<string, RemoteOrderStatus>> = {
  pending: 'pending_payment',
  'on-hold': 'pending_payment',
  failed: 'pending_payment',
  processing: 'paid',
  completed: 'completed',
  cancelled: 'cancelled',
  trash: 'cancelled',
  refunded: 'refunded',
}
/** Carts that never became orders. */
const ignoredStatuses = new Set(['checkout-draft', 'auto-draft'])
const holdsStock = new Set(['processing', 'on-hold', 'completed'])

/** What a status means, by the settings or by itself; null where nobody has said. */
export const statusMeaning = (
  status: string,
  settings: Pick<Settings, 'orderStatuses'>,
): RemoteOrderStatus | null => settings.orderStatuses[status] ?? statusOf[status] ?? null

/** Whether the row is an unfinished cart, of no interest to anybody. */
export const isDraftOrder = (status: string): boolean => ignoredStatuses.has(status)

const nullIfEmpty = (text: string | undefined): string | null => text?.trim() || null

/** A meta value that counts something; plugins write it as text or as a number. */
function countIn(line: WooLine, key: string): number {
  const value = Number(line.meta_data.find((meta) => meta.key === key)?.value ?? 0)
  return Number.isInteger(value) && value > 0 ? value : 0
}

/** `a / b` rounded half away from zero. */
function divideRounded(a: number, b: number): number {
  const half = Math.floor((Math.abs(a) * 2 + b) / (b * 2))
  return a < 0 ? -half : half
}

/** @throws RangeError when an amount or the quantity makes no sense. */
function toLine(line: WooLine, currency: string): RemoteOrderLine {
  if (!Number.isInteger(line.quantity) || line.quantity < 1)
    throw new RangeError(`line ${line.id} has the quantity ${line.quantity}`)
  const minor = (text: string) => parseMoney(text, currency).minor
  const subtotal = minor(line.subtotal)
  const total = minor(line.total)
  const tax = minor(line.total_tax)
  return {
    externalId: String(line.id),
    sku: nullIfEmpty(line.sku),
    externalListingId:
      line.variation_id || line.product_id ? String(line.variation_id || line.product_id) : null,
    title: line.name,
    quantity: line.quantity,
    // Units that a refund put back on the shelf. Which refund it was, the order list does not say.
    cancelledQuantity: Math.min(line.quantity, countIn(line, '_restock_refunded_items')),
    unitPriceMinor: divideRounded(subtotal, line.quantity),
    discountMinor: Math.max(0, subtotal - total),
    taxMinor: tax,
    totalMinor: total + tax,
  }
}

function toCharges(order: WooOrder): RemoteOrderCharge[] {
  const sum = (row: { total: string; total_tax: string }) =>
    parseMoney(row.total, order.currency).minor + parseMoney(row.total_tax, order.currency).minor
  return [
    ...order.shipping_lines.map((row) => ({
      kind: 'shipping' as const,
      label: row.method_title,
      amountMinor: sum(row),
    })),
    ...order.fee_lines.map((row) => ({
      kind: sum(row) < 0 ? ('discount' as const) : ('fee' as const),
      label: row.name,
      amountMinor: sum(row),
    })),
  ]
}

/** What is left between the order's total and the sum of its parts: rounding, or what a plugin took off. */
function difference(amountMinor: number, parts: number): RemoteOrderCharge[] {
  if (amountMinor === 0) return []
  return [{ kind: 'other', label: Math.abs(amountMinor) <= parts ? 'rounding' : 'adjustment', amountMinor }]
}

function toParty(address: WooAddress, email: string | null): Party | null {
  const name = [address.first_name, address.last_name].filter(Boolean).join(' ')
  const lines = [address.address_1, address.address_2].filter(Boolean)
  if (!name && !address.company && lines.length === 0 && !email) return null
  return {
    kind: 'clear',
    name,
    company: nullIfEmpty(address.company),
    email,
    phone: nullIfEmpty(address.phone),
    addressLines: lines,
    city: nullIfEmpty(address.city),
    region: nullIfEmpty(address.state),
    postcode: nullIfEmpty(address.postcode),
    country: nullIfEmpty(address.country),
  }
}

/**
 * An order in our words. Amounts are exact: lines are net subtotal, discount and tax as the shop says them,
 * and what rounding leaves stands in a charge of its own. `unitPriceMinor` is before discount and tax.
 * @throws RangeError with the reason when it cannot be read without guessing.
 */
export function toRemoteOrder(order: WooOrder, settings: Pick<Settings, 'orderStatuses'>): ToldOrder {
  const status = statusMeaning(order.status, settings)
  const { currency } = order
  const totalMinor = parseMoney(order.total, currency).minor
  const lines = order.line_items.map((line) => toLine(line, currency))
  const charges = toCharges(order)
  const parts = [...lines.map((line) => line.totalMinor), ...charges.map((charge) => charge.amountMinor)]
  const rest = totalMinor - parts.reduce((sum, part) => sum + part, 0)
  const isOwnStatus = order.status in statusOf
  const buyer = toParty(order.billing, nullIfEmpty(order.billing.email))
  const method = nullIfEmpty(order.payment_method_title) ?? order.payment_method
  return {
    externalId: String(order.id),
    number: order.number,
    status,
    externalStatus: order.status,
    isStockHeld: isOwnStatus
      ? holdsStock.has(order.status)
      : order.line_items.some((line) => countIn(line, '_reduced_stock') > 0),
    placedAt: order.date_created_gmt,
    updatedAt: order.date_modified_gmt,
    paidAt: order.date_paid_gmt,
    currency,
    totalMinor,
    refundedMinor: order.refunds.reduce((sum, { total }) => sum - parseMoney(total, currency).minor, 0),
    lines,
    charges: [...charges, ...difference(rest, parts.length)],
    payments: order.date_paid_gmt
      ? [
          {
            method,
            amountMinor: totalMinor,
            paidAt: order.date_paid_gmt,
            reference: nullIfEmpty(order.transaction_id),
          },
        ]
      : [],
    buyer,
    shipTo: toParty(order.shipping, null) ?? buyer,
    shippingService: nullIfEmpty(order.shipping_lines[0]?.method_title),
    shipBy: null,
    deliverBy: null,
  }
}
