import { parseMoney } from 'entrepot/sdk'
import type { Ledger, ShopLine, ShopOrder, ShopProduct } from './sandbox-ledger.ts'
import { orderTotal } from './sandbox-order-json.ts'
import { listOf, orderStatusSlugs } from './sandbox-order-rules.ts'
import { storedText, writeMeta } from './sandbox-product-write.ts'
import { currentPrice, stockOwner, variationName } from './sandbox-shelf.ts'
import { type Body, WpFailure } from './sandbox-wire.ts'

const takesStock = new Set(['processing', 'on-hold', 'completed'])
const givesStockBack = new Set(['cancelled', 'pending'])

/** A PHP fatal error, as the shop shows it: JSON around HTML. */
const fatalError = () =>
  new WpFailure(
    500,
    'internal_server_error',
    '<p>There has been a critical error on this website.</p><p><a href="https://wordpress.org/documentation/article/faq-troubleshooting/">Learn more about troubleshooting WordPress.</a></p>',
    { status: 500 },
    { additional_errors: [] },
  )

function productOf(ledger: Ledger, given: Body): ShopProduct | undefined {
  const id = Number(given.variation_id ?? 0) || Number(given.product_id ?? 0)
  if (id > 0) return ledger.products.get(id)
  const owner = ledger.bySku.get(
    String(given.sku ?? '')
      .trim()
      .toLowerCase(),
  )
  return owner === undefined ? undefined : ledger.products.get(owner)
}

/** Adds a line. An unknown product makes an empty line without a price; nothing checks the stock. */
export function addLine(ledger: Ledger, order: ShopOrder, given: Body): ShopLine {
  const product = productOf(ledger, given)
  const quantity = Number(given.quantity ?? 1)
  if (quantity === 0) throw fatalError()
  const { currency } = order
  const unit = product ? currentPrice(ledger, product) : ''
  const listed = unit === '' || quantity < 0 ? 0 : Math.round(parseMoney(unit, currency).minor * quantity)
  const amount = (text: unknown, fallback: number) =>
    typeof text === 'string' ? parseMoney(text, currency).minor : fallback
  const isVariation = product?.type === 'variation'
  const subtotalMinor = amount(given.subtotal, amount(given.total, listed))
  const parent = ledger.products.get(product?.parentId ?? 0)
  const line: ShopLine = {
    id: ledger.nextItemId(),
    name: product && isVariation ? `${parent?.name} - ${variationName(product)}` : (product?.name ?? ''),
    productId: (isVariation ? product.parentId : product?.id) ?? 0,
    variationId: isVariation ? product.id : 0,
    sku: product ? product.sku || (parent?.sku ?? '') : null,
    quantity,
    subtotalMinor,
    totalMinor: amount(given.total, subtotalMinor),
    reduced: 0,
    restocked: 0,
    meta: (isVariation ? product.options : []).map(({ name, option }) => ({
      id: ledger.nextMetaId(),
      key: name.toLowerCase(),
      value: option,
    })),
  }
  order.lines.push(line)
  return line
}

const soldProduct = (ledger: Ledger, line: ShopLine): ShopProduct | null => {
  const product = ledger.products.get(line.variationId || line.productId)
  return product ? stockOwner(ledger, product) : null
}

/** Moves units between the shelf and the line, where the product's stock is managed. */
export function moveStock(ledger: Ledger, line: ShopLine, units: number): boolean {
  const product = soldProduct(ledger, line)
  if (!product?.manageStock || units === 0) return false
  product.stockQuantity = (product.stockQuantity ?? 0) - units
  product.totalSales += units
  ledger.touchProduct(product)
  return true
}

/** What a status does to stock and dates. Any change of status is allowed. */
export function setStatus(ledger: Ledger, order: ShopOrder, status: string): void {
  order.status = status
  const at = ledger.now()
  for (const line of order.lines) {
    if (takesStock.has(status) && line.reduced === 0 && moveStock(ledger, line, line.quantity))
      line.reduced = line.quantity
    if (givesStockBack.has(status) && line.reduced > 0) {
      moveStock(ledger, line, -line.reduced)
      line.reduced = 0
    }
  }
  if (status === 'processing' || status === 'completed') order.paidAt ??= at
  if (status === 'completed') order.completedAt ??= at
  const left = orderTotal(order) - order.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  if (status === 'refunded' && left > 0)
    order.refunds.unshift({
      id: ledger.nextId(),
      amountMinor: left,
      reason: 'Order fully refunded.',
      isFull: true,
      createdAt: at,
      meta: [],
      lines: [],
    })
}

/** Lines with an id are changed, those without are added, and a product_id of null deletes. */
function writeLines(ledger: Ledger, order: ShopOrder, given: readonly Body[]): void {
  for (const item of given) {
    const line = order.lines.find((held) => held.id === item.id)
    if (!line) {
      const added = addLine(ledger, order, item)
      if (takesStock.has(order.status) && moveStock(ledger, added, added.quantity))
        added.reduced = added.quantity
      continue
    }
    if (item.product_id === null || item.quantity === 0) {
      moveStock(ledger, line, -line.reduced)
      order.lines = order.lines.filter((held) => held !== line)
      continue
    }
    if (item.quantity !== undefined) {
      const quantity = Number(item.quantity)
      if (line.reduced > 0 && moveStock(ledger, line, quantity - line.reduced)) line.reduced = quantity
      // The totals stay as they were.
      line.quantity = quantity
    }
    if (typeof item.total === 'string') line.totalMinor = parseMoney(item.total, order.currency).minor
  }
}

const addressFields = ['first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state']
const blankAddress = (more: readonly string[]) =>
  Object.fromEntries([...addressFields, 'postcode', 'country', ...more].map((field) => [field, '']))

const pick = (held: Record<string, string>, given: unknown): Record<string, string> => {
  const known = Object.entries((given ?? {}) as Body).filter(([name]) => name in held)
  return { ...held, ...Object.fromEntries(known.map(([name, value]) => [name, String(value)])) }
}

/** Applies a body to an order. `isBatch` falls back to pending for an unknown status, as a batch does. */
export function writeOrder(ledger: Ledger, order: ShopOrder, body: Body, custom: readonly string[]): void {
  order.billing = pick(order.billing, body.billing)
  order.shipping = pick(order.shipping, body.shipping)
  if (body.customer_note !== undefined) order.customerNote = storedText(body.customer_note)
  if (typeof body.payment_method === 'string') order.paymentMethod = body.payment_method
  if (typeof body.payment_method_title === 'string') order.paymentMethodTitle = body.payment_method_title
  if (typeof body.transaction_id === 'string') order.transactionId = body.transaction_id
  if (typeof body.currency === 'string') order.currency = body.currency
  writeLines(ledger, order, listOf(body.line_items))
  const minor = (text: unknown) => parseMoney(String(text ?? '0'), order.currency).minor
  for (const { method_title, method_id, total } of listOf(body.shipping_lines))
    order.shippingLines.push({
      id: ledger.nextItemId(),
      title: String(method_title ?? ''),
      methodId: String(method_id ?? ''),
      totalMinor: minor(total),
    })
  for (const { name, total } of listOf(body.fee_lines))
    order.feeLines.push({ id: ledger.nextItemId(), name: String(name ?? ''), totalMinor: minor(total) })
  writeMeta(ledger, order.meta, body.meta_data)
  const known = [...orderStatusSlugs, ...custom]
  const status = body.status === undefined ? undefined : String(body.status)
  if (status !== undefined && status !== order.status)
    setStatus(ledger, order, known.includes(status) ? status : 'pending')
  if (body.set_paid === true) setStatus(ledger, order, 'processing')
}

/** An order as an empty POST makes it. */
export function blankOrder(ledger: Ledger, createdVia: string): ShopOrder {
  const at = ledger.now()
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const letter = () => letters[Math.floor(ledger.random() * letters.length)]
  return {
    id: ledger.nextId(),
    status: 'pending',
    isTrashed: false,
    currency: ledger.currency,
    createdVia,
    orderKey: `wc_order_${Array.from({ length: 13 }, letter).join('')}`,
    customerNote: '',
    billing: blankAddress(['email', 'phone']),
    shipping: blankAddress(['phone']),
    paymentMethod: '',
    paymentMethodTitle: '',
    transactionId: '',
    lines: [],
    shippingLines: [],
    feeLines: [],
    refunds: [],
    notes: [],
    meta: [],
    createdAt: at,
    modifiedAt: at,
    paidAt: null,
    completedAt: null,
  }
}

/** Creates an order from a body. @throws WpFailure, and nothing was created */
export function createOrder(
  ledger: Ledger,
  body: Body,
  custom: readonly string[],
  via = 'rest-api',
): ShopOrder {
  const order = blankOrder(ledger, via)
  writeOrder(ledger, order, body, custom)
  ledger.orders.set(order.id, order)
  ledger.touchOrder(order, 'created')
  ledger.touchOrder(order)
  return order
}
