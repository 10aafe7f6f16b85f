import { formatDecimal } from 'entrepot/sdk'
import type { Ledger, Meta, ShopLine, ShopOrder, ShopRefund } from './sandbox-ledger.ts'
import { linksTo, type Show } from './sandbox-product-json.ts'

/** An order's fields in WooCommerce's order and types: amounts are text, but a line's `price` is a float. */
const money = (minor: number, currency: string): string => formatDecimal({ minor, currency })

const sum = (rows: readonly { totalMinor: number }[]): number =>
  rows.reduce((total, { totalMinor }) => total + totalMinor, 0)

/** What the buyer pays in all; refunds do not change it. */
export const orderTotal = (order: ShopOrder): number =>
  sum(order.lines) + sum(order.shippingLines) + sum(order.feeLines)
export const refundedTotal = (order: ShopOrder): number =>
  order.refunds.reduce((total, { amountMinor }) => total + amountMinor, 0)

/** A meta entry of a line; options of a variation are shown by their name. */
const shownMeta = ({ id, key, value }: Meta, optionNames: readonly string[]) => ({
  id,
  key,
  value,
  display_key: optionNames.find((name) => name.toLowerCase() === key) ?? key,
  display_value: typeof value === 'string' ? value : JSON.stringify(value),
})

/** The shop's own notes on stock, kept as meta of the line. */
const stockMeta = (line: ShopLine): Meta[] => [
  ...(line.reduced > 0 ? [{ id: line.id * 10 + 1, key: '_reduced_stock', value: String(line.reduced) }] : []),
  ...(line.restocked > 0
    ? [{ id: line.id * 10 + 2, key: '_restock_refunded_items', value: String(line.restocked) }]
    : []),
]

function lineJson(ledger: Ledger, line: ShopLine, currency: string): object {
  const product = ledger.products.get(line.variationId || line.productId)
  const total = Number(money(line.totalMinor, currency))
  const isVariation = line.variationId > 0
  const optionNames = (product?.options ?? []).map(({ name }) => name)
  return {
    id: line.id,
    name: line.name,
    product_id: line.productId,
    variation_id: line.variationId,
    quantity: line.quantity,
    tax_class: '',
    subtotal: money(line.subtotalMinor, currency),
    subtotal_tax: money(0, currency),
    total: money(line.totalMinor, currency),
    total_tax: money(0, currency),
    taxes: [],
    meta_data: [...line.meta, ...stockMeta(line)].map((meta) => shownMeta(meta, optionNames)),
    sku: line.sku,
    global_unique_id: line.productId > 0 ? (product?.globalUniqueId ?? '') : null,
    price: line.quantity === 0 ? 0 : total / line.quantity,
    image: { id: line.productId > 0 && !isVariation ? '' : 0, src: '' },
    parent_name: isVariation ? (ledger.products.get(line.productId)?.name ?? null) : null,
  }
}

const refundStub = (refund: ShopRefund, currency: string) => ({
  id: refund.id,
  reason: refund.reason,
  total: `-${money(refund.amountMinor, currency)}`,
  total_tax: money(0, currency),
})

const symbols: Readonly<Record<string, string>> = { EUR: '€', USD: '$', GBP: '£', CNY: '¥', JPY: '¥' }

/** @see https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties */
export function orderJson(ledger: Ledger, order: ShopOrder, { origin }: Show): object {
  const { time } = ledger
  const { currency } = order
  const zero = money(0, currency)
  const total = orderTotal(order)
  const local = (at: Date | null) => at && time.local(at)
  const gmt = (at: Date | null) => at && time.gmt(at)
  const url = `${origin}/wp-json/wc/v3/orders`
  const discount = order.lines.reduce((off, line) => off + line.subtotalMinor - line.totalMinor, 0)
  return {
    id: order.id,
    parent_id: 0,
    status: order.isTrashed ? 'trash' : order.status,
    currency,
    version: '11.0.1',
    prices_include_tax: false,
    date_created: local(order.createdAt),
    date_modified: local(order.modifiedAt),
    discount_total: money(discount, currency),
    discount_tax: zero,
    shipping_total: money(sum(order.shippingLines), currency),
    shipping_tax: zero,
    cart_tax: zero,
    total: money(total, currency),
    total_tax: zero,
    customer_id: 0,
    order_key: order.orderKey,
    billing: order.billing,
    shipping: order.shipping,
    payment_method: order.paymentMethod,
    payment_method_title: order.paymentMethodTitle,
    transaction_id: order.transactionId,
    customer_ip_address: '',
    customer_user_agent: '',
    created_via: order.createdVia,
    customer_note: order.customerNote,
    date_completed: local(order.completedAt),
    date_paid: local(order.paidAt),
    cart_hash: '',
    number: String(order.id),
    meta_data: order.meta,
    line_items: order.lines.map((line) => lineJson(ledger, line, currency)),
    tax_lines: [],
    shipping_lines: order.shippingLines.map(({ id, title, methodId, totalMinor }) => ({
      id,
      method_title: title,
      method_id: methodId,
      instance_id: '',
      total: money(totalMinor, currency),
      total_tax: zero,
      taxes: [],
      tax_status: 'taxable',
      meta_data: [],
    })),
    fee_lines: order.feeLines.map(({ id, name, totalMinor }) => ({
      id,
      name,
      tax_class: '',
      tax_status: 'taxable',
      amount: money(totalMinor, currency),
      total: money(totalMinor, currency),
      total_tax: zero,
      taxes: [],
      meta_data: [],
    })),
    coupon_lines: [],
    refunds: order.refunds.map((refund) => refundStub(refund, currency)),
    payment_url: `${origin}/checkout/order-pay/${order.id}/?pay_for_order=true&key=${order.orderKey}`,
    is_editable: ['pending', 'on-hold', 'auto-draft'].includes(order.status),
    needs_payment: ['pending', 'failed', 'checkout-draft'].includes(order.status) && total > 0,
    needs_processing: order.lines.some(({ productId }) => productId > 0),
    date_created_gmt: gmt(order.createdAt),
    date_modified_gmt: gmt(order.modifiedAt),
    date_completed_gmt: gmt(order.completedAt),
    date_paid_gmt: gmt(order.paidAt),
    currency_symbol: symbols[currency] ?? currency,
    _links: {
      ...linksTo(`${url}/${order.id}`, url, null)._links,
      email_templates: [{ embeddable: true, href: `${url}/${order.id}/actions/email_templates` }],
    },
  }
}

/** @see https://woocommerce.github.io/woocommerce-rest-api-docs/#order-refund-properties */
export function refundJson(ledger: Ledger, order: ShopOrder, refund: ShopRefund, show: Show): object {
  const { currency } = order
  const url = `${show.origin}/wp-json/wc/v3/orders/${order.id}`
  const lines = refund.lines.map(({ id, lineId, quantity, totalMinor }) => {
    const line = order.lines.find((held) => held.id === lineId)!
    const meta = [{ id: id * 10, key: '_refunded_item_id', value: String(lineId) }]
    const negative = { ...line, id, quantity: -quantity, reduced: 0, restocked: 0, meta }
    return lineJson(ledger, { ...negative, subtotalMinor: -totalMinor, totalMinor: -totalMinor }, currency)
  })
  return {
    id: refund.id,
    date_created: ledger.time.local(refund.createdAt),
    date_created_gmt: ledger.time.gmt(refund.createdAt),
    amount: money(refund.amountMinor, currency),
    reason: refund.reason,
    refunded_by: 1,
    refunded_payment: false,
    meta_data: [
      { id: refund.id * 10, key: '_refund_type', value: refund.isFull ? 'full' : 'partial' },
      ...refund.meta,
    ],
    line_items: lines,
    shipping_lines: [],
    tax_lines: [],
    fee_lines: [],
    ...linksTo(`${url}/refunds/${refund.id}`, `${url}/refunds`, url, ['GET', 'DELETE']),
  }
}
