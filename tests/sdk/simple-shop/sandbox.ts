import { createHmac } from 'node:crypto'
import {
  type Clock,
  createFaultBox,
  createLimiter,
  formatDecimal,
  type MarketplaceSandbox,
  misbehaving,
  parseMoney,
  type SandboxCall,
  type SandboxOrder,
} from 'entrepot/sdk'
import { Hono, type MiddlewareHandler } from 'hono'
import type { SimpleChange, SimpleListing, SimpleOrder, SimpleProduct } from './schemas.ts'

type State = {
  listings: SimpleListing[]
  products: Map<string, SimpleProduct>
  orders: SimpleOrder[]
  /** One entry a change of an order; the cursor is a place in it. */
  log: string[]
  tickets: { changes: SimpleChange[]; asked: number }[]
  nextId: number
}
type Draft = {
  reference: string
  variants: { sku: string; title: string; price: string; quantity: number }[]
}

const pageSize = 50
const apiKey = 'simple-key-4f9a/77+c'
const webhookSecret = 'simple-hook-secret-81d0'

/** Simple Shop's stand-in: its wire format, its own ledger, its published limits, and faults on request. */
export function createSimpleSandbox({ clock }: { clock: Clock }): MarketplaceSandbox {
  const state: State = { listings: [], products: new Map(), orders: [], log: [], tickets: [], nextId: 1 }
  const calls: SandboxCall[] = []
  const faults = createFaultBox()
  const webhooks: { headers: Record<string, string>; body: string }[] = []
  let isKeyValid = true

  const changed = (order: SimpleOrder) => {
    order.changedAt = clock.now().toISOString()
    state.log.push(order.id)
    const body = JSON.stringify({ event: 'order.changed', orderId: order.id })
    const signature = createHmac('sha256', webhookSecret).update(body).digest('base64')
    webhooks.push({ headers: { 'content-type': 'application/json', 'x-simple-signature': signature }, body })
  }

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  app.use(async (c, next) =>
    isKeyValid && c.req.header('authorization') === `Bearer ${apiKey}`
      ? next()
      : c.json({ code: 'key', message: 'This key is not accepted.' }, 401),
  )
  app.use('/orders/*', limited(5, 10, clock))
  app.use('/listings', limited(10, 20, clock))
  app.route('/', listingRoutes(state))
  app.route('/', orderRoutes(state, changed))

  return {
    app,
    calls,
    faults,
    connection: (url) => ({
      settings: { shopUrl: url, currency: 'EUR' },
      credentials: { apiKey, webhookSecret },
    }),
    listings: () =>
      state.listings.map((listing) => ({
        externalId: listing.id,
        externalParentId: listing.productId,
        sku: listing.sku,
        title: listing.title,
        status: listing.state,
        price: parseMoney(listing.price, 'EUR'),
        quantity: listing.quantity,
      })),
    orders: () => state.orders.map(toLedger),
    placeOrder(input) {
      const lines = input.lines.map((line) => {
        const listing = state.listings.find(({ sku, state }) => sku === line.sku && state === 'live')
        if (!listing || listing.quantity < line.quantity) throw new Error(`Too few units of ${line.sku}.`)
        listing.quantity -= line.quantity
        const price = line.unitPrice ? formatDecimal(line.unitPrice) : listing.price
        const { sku, title } = listing
        return {
          id: `line-${state.nextId++}`,
          listingId: listing.id,
          sku,
          title,
          quantity: line.quantity,
          price,
        }
      })
      const goods = lines.reduce((sum, line) => sum + minorOf(line.price) * line.quantity, 0)
      const id = `order-${state.nextId++}`
      const placedAt = (input.placedAt ?? clock.now()).toISOString()
      const order: SimpleOrder = {
        id,
        number: id.toUpperCase(),
        state: input.isUnpaid ? 'unpaid' : 'paid',
        placedAt,
        changedAt: placedAt,
        sellerNumber: null,
        buyerName: input.buyerName ?? 'Ada Buyer',
        shipping: amountOf(input.shippingMinor ?? 0),
        total: amountOf(goods + (input.shippingMinor ?? 0)),
        lines,
        refunds: [],
      }
      state.orders.push(order)
      changed(order)
      return toLedger(order)
    },
    cancelOrder(externalId) {
      const order = state.orders.find(({ id }) => id === externalId)
      if (!order) throw new Error(`There is no order ${externalId}.`)
      order.state = 'cancelled'
      changed(order)
    },
    expireTokens: () => {
      isKeyValid = false
    },
    takeWebhooks: () => webhooks.splice(0),
  }
}

const minorOf = (amount: string) => parseMoney(amount, 'EUR').minor
const amountOf = (minor: number) => formatDecimal({ minor, currency: 'EUR' })

const toLedger = (order: SimpleOrder): SandboxOrder => ({
  externalId: order.id,
  totalMinor: minorOf(order.total),
  currency: 'EUR',
  isCancelled: order.state === 'cancelled',
  isShipped: order.state === 'shipped',
  lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
})

function limited(perSecond: number, burst: number, clock: Clock): MiddlewareHandler {
  const limiter = createLimiter(perSecond, burst, clock)
  return async (c, next) => {
    const turn = limiter.take()
    if (turn.ok) return next()
    const headers = { 'retry-after': String(Math.ceil(turn.waitMs / 1000)) }
    return c.json({ code: 'limit', message: 'Too many calls.' }, 429, headers)
  }
}

/** Items from `after` on, and the cursor behind them. */
function pageOf<Item>(items: readonly Item[], after: string | undefined) {
  const start = Number(after || 0)
  const page = items.slice(start, start + pageSize)
  const next = start + page.length
  return { page, next: String(next), more: next < items.length }
}

function listingRoutes(state: State): Hono {
  const app = new Hono()
  const apply = (change: SimpleChange) => {
    const listing = state.listings.find(({ id }) => id === change.id)
    if (listing) Object.assign(listing, change)
    return { id: change.id, error: listing ? null : 'unknown' }
  }
  app.get('/listings', (c) => {
    const { page, next, more } = pageOf(state.listings, c.req.query('after'))
    return c.json({ listings: page, next, more })
  })
  app.patch('/listings', async (c) => {
    const { changes } = await c.req.json<{ changes: SimpleChange[] }>()
    if (changes.length > 50) return c.json({ code: 'many', message: 'At most 50 changes.' }, 422)
    return c.json({ results: changes.map(apply) })
  })
  app.post('/bulk', async (c) => {
    const { changes } = await c.req.json<{ changes: SimpleChange[] }>()
    state.tickets.push({ changes, asked: 0 })
    return c.json({ ticket: String(state.tickets.length) })
  })
  app.get('/bulk/:ticket', (c) => {
    const bulk = state.tickets[Number(c.req.param('ticket')) - 1]
    if (!bulk) return c.json({ code: 'unknown', message: 'No such ticket.' }, 404)
    bulk.asked += 1
    if (bulk.asked < 2) return c.json({ state: 'working' })
    return c.json({ state: 'done', results: bulk.changes.map(apply) })
  })
  app.get('/products', (c) => c.json({ product: state.products.get(c.req.query('reference') ?? '') ?? null }))
  app.post('/products', async (c) => {
    const draft = await c.req.json<Draft>()
    const productId = draft.variants.length > 1 ? `product-${state.nextId++}` : null
    const listings = draft.variants.map(
      ({ sku, title, price, quantity }): SimpleListing => ({
        id: `listing-${state.nextId++}`,
        productId,
        sku,
        title,
        state: 'live',
        price,
        quantity,
      }),
    )
    state.listings.push(...listings)
    const product = { productId, listings: listings.map(({ id, sku }) => ({ id, sku })) }
    state.products.set(draft.reference, product)
    return c.json(product, 201)
  })
  return app
}

type Action = {
  sellerNumber?: string
  reference?: string
  amount?: string
}

function orderRoutes(state: State, changed: (order: SimpleOrder) => void): Hono {
  const app = new Hono()
  const act: Record<string, (order: SimpleOrder, body: Action) => void> = {
    acknowledgement: (order, { sellerNumber }) => {
      order.sellerNumber = sellerNumber ?? null
    },
    shipment: (order) => {
      order.state = 'shipped'
    },
    cancellation: (order) => {
      order.state = 'cancelled'
    },
    refund: (order, { reference = '', amount = '0.00' }) => {
      order.refunds.push({ id: `refund-${state.nextId++}`, reference, amount })
    },
  }
  app.get('/orders', (c) => {
    const { page, next, more } = pageOf(state.log, c.req.query('after'))
    const orders = [...new Set(page)].map((id) => state.orders.find((order) => order.id === id))
    return c.json({ orders, next, more })
  })
  app.get('/orders/:id', (c) => {
    const order = state.orders.find(({ id }) => id === c.req.param('id'))
    return order ? c.json(order) : c.json({ code: 'unknown', message: 'No such order.' }, 404)
  })
  app.post('/orders/:id/:action', async (c) => {
    const order = state.orders.find(({ id }) => id === c.req.param('id'))
    const action = act[c.req.param('action')]
    if (!order || !action) return c.json({ code: 'unknown', message: 'No such order or action.' }, 404)
    if (order.state === 'cancelled') return c.json({ code: 'state', message: 'The order is cancelled.' }, 409)
    action(order, await c.req.json<Action>())
    changed(order)
    return c.json(order)
  })
  return app
}
