import {
  type Clock,
  createFaultBox,
  type FaultBox,
  formatDecimal,
  type MarketplaceSandbox,
  type Money,
  misbehaving,
  type SandboxCall,
  type SandboxOrder,
  type SandboxOrderInput,
} from 'entrepot/sdk'
import { Hono } from 'hono'
import { serveFeeds } from './sandbox-feeds.ts'
import { createGate, refuse, sandboxCredentials } from './sandbox-gate.ts'
import { createLedger } from './sandbox-ledger.ts'
import { serveListings } from './sandbox-listings.ts'
import { serveOrders } from './sandbox-orders.ts'
import { sandboxTerms, serveProductTypes } from './sandbox-terms.ts'

export type AmazonSandboxOptions = {
  clock: Clock
  /** Draws for faults with a probability; from a seed, so that a run can be repeated. */
  random?: () => number
  currency?: string
  marketplaceId?: string
  /** Multiplies rate and burst of every usage plan; `Infinity` switches the limits off. */
  rateScale?: number
  /** How long a feed takes. */
  feedDelayMs?: number
  /** How long a changed order stays out of searches; about two minutes at Amazon itself. */
  orderDelayMs?: number
  /** How long a new listing stays out of reads. */
  readDelayMs?: number
}

export type AmazonSandbox = MarketplaceSandbox & {
  /** Puts a listing on the shelf that nobody created through the API. */
  addListing(listing: { sku: string; title: string; price: Money; quantity: number }): void
  placeOrder(order: SandboxOrderInput & { isFulfilledByAmazon?: boolean }): SandboxOrder
  /** Sets an order's fulfilment status, in Amazon's words (`UNSHIPPED` once it is paid). */
  updateOrder(externalId: string, change: { status: string }): void
}

const sellerId = 'A2SANDBOXSELLER'

/** Amazon's stand-in: it speaks the Selling Partner API's wire format and keeps its own ledger. */
export function createAmazonSandbox(options: AmazonSandboxOptions): AmazonSandbox {
  const { clock, random, currency = 'EUR', marketplaceId = 'A1PA6795UKMFR9' } = options
  const { rateScale = 1, feedDelayMs = 50, orderDelayMs = 0, readDelayMs = 0 } = options
  const calls: SandboxCall[] = []
  const faults = cuttingEmptyAnswers(createFaultBox(random))
  const gate = createGate(clock, rateScale)
  const ledger = createLedger({ clock, currency, readDelayMs })

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock, isWrite))
  app.post('/auth/o2/token', gate.sellToken)
  const feeds = serveFeeds(app, gate, ledger, clock, feedDelayMs)
  // Feeds are due by the clock: what they say holds from then on for everyone who looks.
  app.use('/listings/*', async (_c, next) => {
    feeds.processDue()
    await next()
  })
  serveListings(app, gate, ledger, marketplaceId)
  serveProductTypes(app, gate, marketplaceId)
  const orders = serveOrders(app, gate, ledger, { clock, currency, marketplaceId, orderDelayMs })
  app.get('/sellers/v1/marketplaceParticipations', gate.operation('getMarketplaceParticipations'), (c) =>
    c.json({ payload: [participation(marketplaceId, currency)] }),
  )
  app.notFound((c) => refuse(c, 404, 'NotFound', 'The resource does not exist.'))

  return {
    app,
    calls,
    faults,
    connection: (url) => ({
      settings: {
        region: 'eu',
        endpoint: url,
        tokenEndpoint: `${url}/auth/o2/token`,
        marketplaceId,
        sellerId,
        currency,
        locale: 'en',
        languageTag: 'en_GB',
      },
      credentials: { ...sandboxCredentials },
    }),
    listings: () => {
      feeds.processDue()
      return ledger.listings()
    },
    orders: orders.orders,
    placeOrder(order) {
      feeds.processDue()
      return orders.placeOrder(order)
    },
    cancelOrder: orders.cancelOrder,
    updateOrder: orders.updateOrder,
    expireTokens: gate.expireTokens,
    takeWebhooks: () => [],
    terms: sandboxTerms,
    addListing: ({ sku, title, price, quantity }) => {
      const attributes = {
        item_name: [{ value: title }],
        condition_type: [{ value: 'new_new' }],
        purchasable_offer: [
          {
            currency: price.currency,
            our_price: [{ schedule: [{ value_with_tax: Number(formatDecimal(price)) }] }],
          },
        ],
        fulfillment_availability: [{ fulfillment_channel_code: 'DEFAULT', quantity }],
      }
      const [issue] = ledger.put(sku, 'PRODUCT', attributes, true)
      if (issue) throw new Error(issue.message)
    },
  }
}

/** A confirmed shipment is answered without a body: half of that is a connection that was cut. */
const cuttingEmptyAnswers = (faults: FaultBox): FaultBox => ({
  ...faults,
  take(request) {
    const fault = faults.take(request)
    const isEmpty = request.path.endsWith('/shipmentConfirmation')
    return fault?.kind === 'half_answer' && isEmpty ? { ...fault, kind: 'lost_answer' } : fault
  },
})

/** A feed document, its upload and a sign-in change nothing yet. */
const isWrite = (method: string, path: string): boolean =>
  method !== 'GET' &&
  !['/auth/', '/store/', '/feeds/2021-06-30/documents'].some((start) => path.startsWith(start))

const participation = (id: string, defaultCurrencyCode: string) => ({
  marketplace: {
    id,
    name: 'Amazon sandbox',
    countryCode: 'DE',
    defaultCurrencyCode,
    defaultLanguageCode: 'de_DE',
    domainName: 'www.amazon.example',
  },
  storeName: 'Entrepot sandbox store',
  participation: { isParticipating: true, hasSuspendedListings: false },
})
