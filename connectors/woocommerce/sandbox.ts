import {
  type Clock,
  createFaultBox,
  createLimiter,
  formatDecimal,
  type ListingStatus,
  type MarketplaceSandbox,
  misbehaving,
  parseMoney,
  type SandboxCall,
  type SandboxListing,
  type SandboxOrder,
} from 'entrepot/sdk'
import { Hono } from 'hono'
import { woocommerce } from './index.ts'
import { type ApiKey, authenticate, shopOrigin } from './sandbox-auth.ts'
import { addCoupon, couponRoutes } from './sandbox-coupons.ts'
import {
  createLedger,
  type Ledger,
  type ShopAttribute,
  type ShopCoupon,
  type ShopOrder,
  type ShopProduct,
} from './sandbox-ledger.ts'
import { orderTotal } from './sandbox-order-json.ts'
import { createOrder, setStatus } from './sandbox-order-write.ts'
import { cancelShopOrder, orderRoutes, trashOrder } from './sandbox-orders.ts'
import { createProduct } from './sandbox-product-write.ts'
import { productRoutes, variationRoutes } from './sandbox-products.ts'
import { noteRoutes, refundRoutes } from './sandbox-refunds.ts'
import { currentPrice, stockOwner, variationName } from './sandbox-shelf.ts'
import { addAttribute, addCategory, shopTerms, termRoutes } from './sandbox-terms.ts'
import { createWebhooks } from './sandbox-webhooks.ts'
import { createShopTime, noRoute, sendJson, WpFailure } from './sandbox-wire.ts'

export type WooCommerceSandboxOptions = {
  clock: Clock
  random?: () => number
  currency?: string
  /** The shop's own time zone, as an IANA name. */
  timeZone?: string
  /** Multiplies the connector's declared limits; Infinity, as a real shop, has none. */
  rateScale?: number
  /** The shop's name. */
  name?: string
  /** Slugs of order statuses that plugins registered. */
  customStatuses?: readonly string[]
  /** Whether deleted coupons go into the trash; without, they are gone at once. True unless given. */
  hasTrash?: boolean
}

/** The stand-in, with what only WooCommerce has. */
export type WooCommerceSandbox = MarketplaceSandbox & {
  /** Fills the shop's shelves without a request. */
  addProduct(product: { sku: string; name: string; price: string; quantity: number }): string
  /** Puts an order into one of WooCommerce's statuses, as the shop's staff does. */
  setOrderStatus(externalId: string, status: string): void
  trashOrder(externalId: string): void
  /** The coupons as the shop holds them, those in the trash too. */
  coupons(): readonly Readonly<ShopCoupon>[]
  /** Makes a coupon, as the shop's staff does; fields as in the REST API. */
  addCoupon(fields: Record<string, unknown>): string
  /** Takes a coupon away for good. */
  removeCoupon(externalId: string): void
  /** Adds a key with fewer permissions, or takes all keys away. */
  addKey(key: ApiKey): void
  revokeKeys(): void
  disableWebhook(id: number): void
  /** Makes a shared attribute with its values; returns how the connector names it. */
  addAttribute(name: string, values: readonly string[]): string
  addCategory(name: string, parentId: string | null): string
  /** The notes that an order carries. */
  notesOf(externalId: string): string[]
  /** What a product has been given; null or nothing where there is no such product. */
  taxClassOf(externalId: string): string | null
  categoriesOf(externalId: string): string[]
  attributesOf(externalId: string): readonly Readonly<ShopAttribute>[]
}

const credentials = {
  consumerKey: `ck_${'5a4d6f12'.repeat(5)}`,
  consumerSecret: `cs_${'9e1b77c0'.repeat(5)}`,
  webhookSecret: 'wh-5c0f7e21',
}

const statusOf: Readonly<Record<string, ListingStatus>> = {
  publish: 'live',
  pending: 'pending',
  future: 'pending',
}

/** The title as text, which the shop keeps with `&` escaped. */
const titleOf = (product: ShopProduct, parent: ShopProduct | undefined): string =>
  (parent ? `${parent.name} - ${variationName(product)}` : product.name).replaceAll('&amp;', '&')

function toListing(ledger: Ledger, product: ShopProduct): SandboxListing {
  const parent = ledger.products.get(product.parentId)
  const owner = stockOwner(ledger, product)
  const price = currentPrice(ledger, product)
  return {
    externalId: String(product.id),
    externalParentId: parent ? String(parent.id) : null,
    sku: product.sku,
    title: titleOf(product, parent),
    status: statusOf[product.status] ?? 'ended',
    price: price === '' ? null : parseMoney(price, ledger.currency),
    quantity: owner.manageStock ? owner.stockQuantity : null,
  }
}

const toOrder = (order: ShopOrder): SandboxOrder => ({
  externalId: String(order.id),
  totalMinor: orderTotal(order),
  currency: order.currency,
  isCancelled: order.isTrashed || order.status === 'cancelled',
  isShipped: order.status === 'completed' || order.meta.some(({ key }) => key.includes('shipment')),
  lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
})

/** What a buyer does in the shop: unlike the REST API, the checkout refuses what is not there. */
function placeOrder(
  ledger: Ledger,
  input: Parameters<MarketplaceSandbox['placeOrder']>[0],
  custom: readonly string[],
): ShopOrder {
  const wanted = new Map<ShopProduct, number>()
  const lines = input.lines.map(({ sku, quantity, unitPrice }) => {
    const id = ledger.bySku.get(sku.trim().toLowerCase())
    const product = id === undefined ? undefined : ledger.products.get(id)
    if (product?.status !== 'publish') throw new Error(`The shop sells no ${sku}.`)
    const owner = stockOwner(ledger, product)
    wanted.set(owner, (wanted.get(owner) ?? 0) + quantity)
    const units = wanted.get(owner)!
    if (owner.manageStock && owner.backorders === 'no' && (owner.stockQuantity ?? 0) < units)
      throw new Error(`The shop has ${owner.stockQuantity} of ${sku}, not ${units}.`)
    const total = unitPrice && formatDecimal({ ...unitPrice, minor: unitPrice.minor * quantity })
    return { product_id: product.id, quantity, ...(total ? { subtotal: total, total } : {}) }
  })
  const [first = 'Ada', ...rest] = (input.buyerName ?? 'Ada Buyer').split(' ')
  const place = {
    first_name: first,
    last_name: rest.join(' '),
    address_1: '1 Market Street',
    city: 'Dublin',
    postcode: 'D01 F5P2',
    country: 'IE',
    phone: '+353 1 000 0000',
  }
  const shipping = formatDecimal({ minor: input.shippingMinor ?? 0, currency: ledger.currency })
  const body = {
    status: input.isUnpaid ? 'pending' : 'processing',
    billing: { ...place, email: 'buyer@example.test' },
    shipping: place,
    payment_method: 'stripe',
    payment_method_title: 'Card',
    transaction_id: `ch_${Math.floor(ledger.random() * 1e12)}`,
    line_items: lines,
    shipping_lines: [{ method_id: 'flat_rate', method_title: 'Flat rate', total: shipping }],
  }
  const order = createOrder(ledger, body, custom, 'checkout')
  if (input.placedAt) order.createdAt = input.placedAt
  return order
}

/** A stand-in for one WooCommerce 11.0.1 shop: its REST API v3, its ledger and its oddities. */
export function createWooCommerceSandbox(options: WooCommerceSandboxOptions): WooCommerceSandbox {
  const { clock, random = Math.random, currency = 'EUR', timeZone = 'UTC', rateScale = 1 } = options
  const custom = options.customStatuses ?? []
  const ledger = createLedger({ clock, random, currency, time: createShopTime(timeZone) })
  const calls: SandboxCall[] = []
  const faults = createFaultBox(random)
  const webhooks = createWebhooks(ledger, credentials.webhookSecret)
  let keys: ApiKey[] = [{ ...credentials, permissions: 'read_write' }]

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  app.get('/wp-json/', (c) =>
    sendJson(c, { name: options.name ?? 'Sandbox shop', url: shopOrigin(c), namespaces: ['wc/v3'] }, 200),
  )
  const rest = new Hono()
  rest.use(enforceLimits(clock, rateScale))
  rest.use(authenticate(() => keys, clock))
  rest.get('/data/currencies/current', (c) =>
    sendJson(c, { code: currency, name: currency, symbol: currency }, 200),
  )
  for (const routes of [
    variationRoutes(ledger),
    productRoutes(ledger),
    refundRoutes(ledger),
    noteRoutes(ledger),
    couponRoutes(ledger, options.hasTrash ?? true),
    termRoutes(ledger, custom),
  ])
    rest.route('/', routes)
  rest.route('/', orderRoutes(ledger, custom))
  rest.route('/', webhooks.routes)
  app.route('/wp-json/wc/v3', rest)
  // With plain permalinks the key is never looked at.
  app.all('/', () => {
    throw new WpFailure(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.')
  })
  app.notFound((c) => sendJson(c, noRoute().body(), 404))
  app.onError((error, c) => {
    if (!(error instanceof WpFailure)) throw error
    return sendJson(c, error.body(), error.status)
  })

  const orderOf = (externalId: string): ShopOrder => {
    const order = ledger.orders.get(Number(externalId))
    if (!order) throw new Error(`The shop has no order ${externalId}.`)
    return order
  }
  return {
    app,
    calls,
    faults,
    connection: (url) => ({ settings: { url, currency, locale: 'en' }, credentials: { ...credentials } }),
    listings: () =>
      [...ledger.products.values()]
        .filter(({ type }) => type === 'simple' || type === 'variation')
        .map((product) => toListing(ledger, product)),
    orders: () => [...ledger.orders.values()].map(toOrder),
    placeOrder: (input) => toOrder(placeOrder(ledger, input, custom)),
    cancelOrder: (externalId) => cancelShopOrder(ledger, orderOf(externalId)),
    // A key has no term: nothing that it bought can expire.
    expireTokens: () => undefined,
    takeWebhooks: webhooks.take,
    addProduct: ({ sku, name, price, quantity }) => {
      const body = { sku, name, regular_price: price, manage_stock: true, stock_quantity: quantity }
      return String(createProduct(ledger, body).id)
    },
    setOrderStatus(externalId, status) {
      const order = orderOf(externalId)
      setStatus(ledger, order, status)
      ledger.touchOrder(order)
    },
    trashOrder: (externalId) => trashOrder(ledger, orderOf(externalId)),
    coupons: () => [...ledger.coupons.values()],
    addCoupon: (fields) => String(addCoupon(ledger, fields).id),
    removeCoupon: (externalId) => {
      ledger.coupons.delete(Number(externalId))
    },
    addKey: (key) => {
      keys.push(key)
    },
    revokeKeys: () => {
      keys = []
    },
    disableWebhook: webhooks.disable,
    notesOf: (externalId) => orderOf(externalId).notes.map(({ note }) => note),
    terms: () => shopTerms(ledger, custom),
    addCategory: (name, parentId) => String(addCategory(ledger, name, Number(parentId ?? 0))),
    addAttribute: (name, values) => `id:${addAttribute(ledger, name, values)}`,
    taxClassOf: (externalId) => ledger.products.get(Number(externalId))?.taxClass ?? null,
    categoriesOf: (externalId) => (ledger.products.get(Number(externalId))?.categories ?? []).map(String),
    attributesOf: (externalId) => ledger.products.get(Number(externalId))?.attributes ?? [],
  }
}

/**
 * Answers 429 beyond the limits that the connector declares. Half a token is granted for what the network
 * adds or takes between two calls.
 */
function enforceLimits(clock: Clock, rateScale: number): ReturnType<typeof misbehaving> {
  const limiterOf = ({ perSecond, burst }: { perSecond: number; burst: number }) =>
    createLimiter(perSecond * rateScale, burst * Math.max(rateScale, 1) + 0.5, clock)
  const limiters =
    rateScale === Infinity
      ? null
      : { orders: limiterOf(woocommerce.buckets.orders!), products: limiterOf(woocommerce.buckets.products!) }
  return async (c, next) => {
    const isOrders = /\/wc\/v3\/(?:orders|refunds)\b/.test(c.req.path)
    const taken = limiters?.[isOrders ? 'orders' : 'products'].take()
    if (taken && !taken.ok) {
      c.header('retry-after', String(Math.ceil(taken.waitMs / 1000)))
      const body = { code: 'too_many_requests', message: 'Too many requests.', data: { status: 429 } }
      return sendJson(c, body, 429)
    }
    await next()
    return undefined
  }
}
