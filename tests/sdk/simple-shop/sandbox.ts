import { type Clock, createFaultBox, createLimiter, type MarketplaceSandbox, misbehaving } from 'entrepot/sdk'
import { Hono, type MiddlewareHandler } from 'hono'
import { createListings } from './sandbox-listings.ts'
import { createOrders } from './sandbox-orders.ts'
import { refuse } from './sandbox-wire.ts'

const credentials = { apiKey: 'simple-key-4f9a/77+c', webhookSecret: 'simple-hook-secret-81d0' }
const currency = 'EUR'

/** Simple Shop's stand-in: its wire format, its own ledger, its published limits, and faults on request. */
export function createSimpleSandbox({ clock }: { clock: Clock }): MarketplaceSandbox {
  const calls: MarketplaceSandbox['calls'] = []
  const faults = createFaultBox()
  const listings = createListings(currency)
  const orders = createOrders({ clock, currency, secret: credentials.webhookSecret, listings })
  let isKeyValid = true

  const authorised: MiddlewareHandler = async (c, next) =>
    isKeyValid && c.req.header('authorization') === `Bearer ${credentials.apiKey}`
      ? next()
      : refuse(c, 401, 'key', 'This key is not accepted.')

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  app.use(authorised)
  app.use('/listings', limited(10, 20, clock))
  app.use('/orders/*', limited(5, 10, clock))
  app.route('/', listings.routes)
  app.route('/', orders.routes)

  return {
    app,
    calls,
    faults,
    connection: (url) => ({ settings: { shopUrl: url, currency }, credentials }),
    listings: listings.ledger,
    orders: orders.ledger,
    placeOrder: orders.place,
    cancelOrder: orders.cancel,
    expireTokens: () => {
      isKeyValid = false
    },
    takeWebhooks: orders.takeWebhooks,
  }
}

function limited(perSecond: number, burst: number, clock: Clock): MiddlewareHandler {
  const limiter = createLimiter(perSecond, burst, clock)
  return async (c, next) => {
    const turn = limiter.take()
    if (turn.ok) return next()
    c.header('retry-after', String(Math.ceil(turn.waitMs / 1000)))
    return refuse(c, 429, 'limit', 'Too many calls.')
  }
}
