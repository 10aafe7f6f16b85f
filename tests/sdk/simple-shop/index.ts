import { createHmac, timingSafeEqual } from 'node:crypto'
import {
  ConnectorError,
  defineMarketplace,
  formatDecimal,
  type ItemResult,
  isCurrency,
  type ListingRef,
  type Push,
} from 'entrepot/sdk'
import { z } from 'zod'
import { createSimpleClient, type SimpleClient } from './client.ts'
import { fromDraft, toCreated, toListing, toOrder, toResult } from './mapping.ts'
import type { SimpleChange } from './schemas.ts'

const settings = z.object({
  shopUrl: z.url().meta({ title: 'Shop address', description: 'As in https://mugs.simple-shop.example' }),
  currency: z.string().refine(isCurrency).meta({ title: 'Currency' }),
})
const credentials = z.object({
  apiKey: z.string().min(1).meta({ title: 'API key', secret: true }),
  webhookSecret: z.string().min(1).meta({ title: 'Webhook secret', secret: true }),
})
export type Settings = z.infer<typeof settings>
export type Credentials = z.infer<typeof credentials>

const limits = 'https://simple-shop.example/api/limits'
const maxChanges = 50

/** A push through `PATCH /listings`, which takes up to 50 changes and answers one by one, in order. */
const changing = <Item>(toChange: (item: Item) => SimpleChange): Push<SimpleClient, Item> => ({
  maxBatch: maxChanges,
  run: async (client, items): Promise<ItemResult[]> =>
    (await client.changeListings(items.map(toChange))).results.map(toResult),
})

const stockChange = ({ ref, quantity }: { ref: ListingRef; quantity: number }): SimpleChange => ({
  id: ref.externalId,
  quantity,
})

/** The order, or null when the shop does not have it. */
const orderOrNull = (client: SimpleClient, id: string) =>
  client.readOrder(id).catch((error: unknown) => {
    if (error instanceof ConnectorError && error.kind === 'not_found') return null
    throw error
  })

/** The reference connector: a made-up JSON-over-HTTP shop with everything a marketplace can have. */
export const simpleShop = defineMarketplace({
  id: 'simple-shop',
  name: 'Simple Shop',
  settings,
  credentials,
  buckets: {
    listings: { perSecond: 10, burst: 20, source: limits },
    orders: { perSecond: 5, burst: 10, source: limits },
  },
  hosts: ({ shopUrl }) => [new URL(shopUrl).host],
  createClient: createSimpleClient,
  check: async (client) =>
    `Reached Simple Shop; it holds orders up to ${(await client.listOrders('')).next}.`,
  schedule: { orders: '* * * * *', listings: '0 3 * * *', stock: '*/5 * * * *', reconcile: '0 4 * * *' },
  defaults: ({ currency }) => ({ currency, locale: 'en-GB' }),
  webhook: {
    verify({ headers, rawBody }, { webhookSecret }) {
      const expected = createHmac('sha256', webhookSecret).update(rawBody).digest()
      const given = Buffer.from(headers.get('x-simple-signature') ?? '', 'base64')
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    interpret({ rawBody }) {
      const { orderId } = z.object({ orderId: z.string() }).parse(JSON.parse(rawBody.toString()))
      return { pull: 'orders', externalIds: [orderId] }
    },
  },
  operations: {
    pullListings: {
      async run(client, after) {
        const { listings, next, more } = await client.listListings(after ?? '')
        return { items: listings.map((listing) => toListing(listing, client.currency)), next, more }
      },
    },
    createListing: {
      run: async (client, draft, key) => toCreated(await client.createProduct(fromDraft(draft, key))),
      async find(client, _draft, key) {
        const { product } = await client.findProduct(key)
        return product && toCreated(product)
      },
    },
    pushContent: changing(({ ref, content }) => ({ id: ref.externalId, title: content.title })),
    pushPrices: changing(({ ref, price }) => ({ id: ref.externalId, price: formatDecimal(price) })),
    pushStock: {
      ...changing(stockChange),
      bulk: {
        fromItems: 500,
        maxBatch: 5000,
        run: (client, items) => client.startBulk(items.map(stockChange)),
        async settle(client, ticket) {
          const bulk = await client.readBulk(ticket)
          return bulk.state === 'working' ? 'pending' : bulk.results.map(toResult)
        },
      },
    },
    endListing: changing((ref) => ({ id: ref.externalId, state: 'ended' })),
    pullOrders: {
      async run(client, after) {
        const { orders, next, more } = await client.listOrders(after ?? '')
        return { items: orders.map((order) => toOrder(order, client.currency)), next, more }
      },
    },
    async readOrders(client, externalIds) {
      const orders = await Promise.all(externalIds.map((id) => orderOrNull(client, id)))
      const items = orders.flatMap((order) => (order ? [toOrder(order, client.currency)] : []))
      return { items, next: null, more: false }
    },
    acknowledgeOrder: {
      async run(client, { externalOrderId, number }) {
        await client.actOnOrder(externalOrderId, 'acknowledgement', { sellerNumber: number })
        return true
      },
      find: async (client, { externalOrderId, number }) =>
        (await client.readOrder(externalOrderId)).sellerNumber === number || null,
    },
    confirmShipment: {
      async run(client, { externalOrderId, carrier, trackingNumber }) {
        await client.actOnOrder(externalOrderId, 'shipment', { carrier, trackingNumber })
        return true
      },
      find: async (client, { externalOrderId }) =>
        (await client.readOrder(externalOrderId)).state === 'shipped' || null,
    },
    cancelOrder: {
      async run(client, { externalOrderId, reason }) {
        await client.actOnOrder(externalOrderId, 'cancellation', { reason })
        return true
      },
      find: async (client, { externalOrderId }) =>
        (await client.readOrder(externalOrderId)).state === 'cancelled' || null,
    },
    refund: {
      async run(client, { externalOrderId, amountMinor, currency }, key) {
        const amount = formatDecimal({ minor: amountMinor, currency })
        const { refunds } = await client.actOnOrder(externalOrderId, 'refund', { amount, reference: key })
        const refund = refunds.find((entry) => entry.reference === key)
        if (refund) return { externalId: refund.id }
        throw new ConnectorError('uncertain', `Simple Shop does not show the refund of ${externalOrderId}.`)
      },
      async find(client, { externalOrderId }, key) {
        const { refunds } = await client.readOrder(externalOrderId)
        const refund = refunds.find((entry) => entry.reference === key)
        return refund ? { externalId: refund.id } : null
      },
    },
  },
})
