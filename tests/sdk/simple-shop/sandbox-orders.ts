import { createHmac } from 'node:crypto'
import {
  type Clock,
  formatDecimal,
  parseMoney,
  type SandboxOrder,
  type SandboxOrderInput,
} from 'entrepot/sdk'
import { Hono } from 'hono'
import type { Listings } from './sandbox-listings.ts'
import { pageOf, refuse } from './sandbox-wire.ts'
import type { SimpleOrder } from './schemas.ts'

type Setting = { clock: Clock; currency: string; secret: string; listings: Listings }
type Body = { sellerNumber?: string; reference?: string; amount?: string }

/** What the seller may do to an order: the last part of the path, and what follows. */
const actions: Record<string, (order: SimpleOrder, body: Body) => void> = {
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
    order.refunds.push({ id: `${order.id}-refund-${order.refunds.length + 1}`, reference, amount })
  },
}

/** The stand-in's orders: what buyers do, what the seller does, and the webhooks that tell of both. */
export function createOrders({ clock, currency, secret, listings }: Setting) {
  const orders: SimpleOrder[] = []
  /** One entry a change of an order; the cursor is a place in it. */
  const changeLog: SimpleOrder[] = []
  const webhooks: { headers: Record<string, string>; body: string }[] = []
  const find = (id: string) => orders.find((order) => order.id === id)

  function changed(order: SimpleOrder, at = clock.now()): void {
    order.changedAt = at.toISOString()
    changeLog.push(order)
    const body = JSON.stringify({ event: 'order.changed', orderId: order.id })
    const signature = createHmac('sha256', secret).update(body).digest('base64')
    webhooks.push({ headers: { 'content-type': 'application/json', 'x-simple-signature': signature }, body })
  }

  const routes = new Hono()
  routes.get('/orders', (c) => {
    const { page, next, more } = pageOf(changeLog, c.req.query('after'))
    return c.json({ orders: [...new Set(page)], next, more })
  })
  routes.get('/orders/:id', (c) => {
    const order = find(c.req.param('id'))
    return order ? c.json(order) : refuse(c, 404, 'unknown', 'No such order.')
  })
  routes.post('/orders/:id/:action', async (c) => {
    const order = find(c.req.param('id'))
    const act = actions[c.req.param('action')]
    if (!order || !act) return refuse(c, 404, 'unknown', 'No such order or action.')
    if (order.state === 'cancelled') return refuse(c, 409, 'state', 'The order is cancelled.')
    act(order, await c.req.json<Body>())
    changed(order)
    return c.json(order)
  })

  return {
    routes,
    ledger: () => orders.map((order) => toLedger(order, currency)),
    takeWebhooks: () => webhooks.splice(0),
    place(input: SandboxOrderInput): SandboxOrder {
      const at = input.placedAt ?? clock.now()
      const order = orderFor(input, `order-${orders.length + 1}`, at, listings, currency)
      orders.push(order)
      changed(order, at)
      return toLedger(order, currency)
    },
    cancel(externalId: string): void {
      const order = find(externalId)
      if (!order) throw new Error(`There is no order ${externalId}.`)
      order.state = 'cancelled'
      changed(order)
    },
  }
}

function orderFor(
  { lines: wanted, shippingMinor = 0, buyerName = 'Ada Buyer', isUnpaid = false }: SandboxOrderInput,
  id: string,
  at: Date,
  listings: Listings,
  currency: string,
): SimpleOrder {
  const lines = wanted.map(({ sku, quantity, unitPrice }, index) => {
    const { id: listingId, title, price } = listings.take(sku, quantity)
    const agreed = unitPrice ? formatDecimal(unitPrice) : price
    return { id: `${id}-line-${index + 1}`, listingId, sku, title, quantity, price: agreed }
  })
  const goods = lines.reduce((sum, line) => sum + parseMoney(line.price, currency).minor * line.quantity, 0)
  return {
    id,
    number: id.toUpperCase(),
    state: isUnpaid ? 'unpaid' : 'paid',
    placedAt: at.toISOString(),
    changedAt: at.toISOString(),
    sellerNumber: null,
    buyerName,
    shipping: formatDecimal({ minor: shippingMinor, currency }),
    total: formatDecimal({ minor: goods + shippingMinor, currency }),
    lines,
    refunds: [],
  }
}

const toLedger = (order: SimpleOrder, currency: string): SandboxOrder => ({
  externalId: order.id,
  totalMinor: parseMoney(order.total, currency).minor,
  currency,
  isCancelled: order.state === 'cancelled',
  isShipped: order.state === 'shipped',
  lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
})
