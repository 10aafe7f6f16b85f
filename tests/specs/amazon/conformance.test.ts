import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AmazonClient } from '../../../connectors/amazon/client.ts'
import { amazon } from '../../../connectors/amazon/index.ts'
import { buckets, usagePlans } from '../../../connectors/amazon/limits.ts'
import { createAmazonSandbox } from '../../../connectors/amazon/sandbox.ts'
import {
  documentSchema,
  feedSchema,
  listingSchema,
  listingsPageSchema,
  newDocumentSchema,
  newFeedSchema,
  participationsSchema,
  productTypesSchema,
  submissionSchema,
} from '../../../connectors/amazon/schemas.ts'
import {
  orderAnswerSchema,
  orderSchema,
  ordersPageSchema,
} from '../../../connectors/amazon/schemas-orders.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from '../../connectors/amazon/recording.ts'
import { content, draft, eur, ref, start } from '../../connectors/amazon/support.ts'
import { corrupt, hasLeaves } from '../corrupt.ts'
import {
  answerProblems,
  hasVendorModels,
  inventedFields,
  loadModels,
  type ModelName,
  type Models,
  modelsTitle,
  requestProblems,
  strangeProperties,
} from './vendor-models.ts'

const ops = amazon.operations as Required<typeof amazon.operations>

describe.skipIf(!hasVendorModels)(modelsTitle("Amazon's own models"), () => {
  let models: Models
  let exchanges: Exchange[]

  beforeAll(async () => {
    models = await loadModels()
    exchanges = await everyOperation()
  })

  const apiCalls = () => exchanges.filter(({ url }) => !/^\/(auth|store)\//.test(url.pathname))
  const nameOf = ({ method, url, status }: Exchange) => `${method} ${url.pathname} -> ${status}`

  it('describe every call the connector makes', () => {
    const unknown = apiCalls().filter(({ method, url }) => !models.find(method, url.pathname))
    expect(unknown.map(nameOf)).toEqual([])
  })

  it('find nothing wrong with any request the connector makes', () => {
    const problems = apiCalls().flatMap((exchange) =>
      requestProblems(models.find(exchange.method, exchange.url.pathname)!, exchange).map(
        (problem) => `${nameOf(exchange)} ${problem}`,
      ),
    )
    expect(problems).toEqual([])
  })

  it('find nothing wrong with any answer the stand-in gives', () => {
    const problems = apiCalls().flatMap((exchange) =>
      answerProblems(models.find(exchange.method, exchange.url.pathname)!, {
        status: exchange.status,
        body: exchange.answer,
        headers: exchange.answerHeaders,
      }).map((problem) => `${nameOf(exchange)} ${problem}`),
    )
    expect(problems).toEqual([])
  })

  it('object to a wrong type in any body, so that their silence means agreement', () => {
    const silent = apiCalls().flatMap((exchange) => {
      const model = models.find(exchange.method, exchange.url.pathname)!
      const { status, answer, answerHeaders: headers } = exchange
      return [
        ...(hasLeaves(exchange.body) &&
        requestProblems(model, { ...exchange, body: corrupt(exchange.body) }).length === 0
          ? [`${nameOf(exchange)} request`]
          : []),
        ...(hasLeaves(answer) &&
        answerProblems(model, { status, headers, body: corrupt(answer) }).length === 0
          ? [`${nameOf(exchange)} answer`]
          : []),
      ]
    })
    expect([...new Set(silent)]).toEqual([])
  })

  it('know every property that the stand-in sends and the connector writes', () => {
    const strange = apiCalls().flatMap((exchange) => {
      const { model, id } = models.find(exchange.method, exchange.url.pathname)!
      const [request, answer] = bodySchemas[id]!
      return [
        ...(request
          ? strangeProperties(models, model, models.definition(model, request), exchange.body)
          : []),
        ...(answer && exchange.status < 300
          ? strangeProperties(models, model, models.definition(model, answer), exchange.answer)
          : []),
      ].map((name) => `${id}: ${name}`)
    })
    expect([...new Set(strange)]).toEqual([])
  })

  it('were all put to use: no operation with a usage plan went unheard, and refusals were heard too', () => {
    const heard = new Set(apiCalls().map(({ method, url }) => models.find(method, url.pathname)!.id))
    expect([...heard].sort()).toEqual(Object.keys(usagePlans).sort())
    expect(new Set(apiCalls().map(({ status }) => status))).toEqual(
      new Set([200, 201, 202, 204, 400, 403, 404, 429]),
    )
  })

  it.each([
    ['listingsItems_2021-08-01', 'Item', listingSchema],
    ['listingsItems_2021-08-01', 'ItemSearchResults', listingsPageSchema],
    ['listingsItems_2021-08-01', 'ListingsItemSubmissionResponse', submissionSchema],
    ['feeds_2021-06-30', 'Feed', feedSchema],
    ['feeds_2021-06-30', 'FeedDocument', documentSchema],
    ['feeds_2021-06-30', 'CreateFeedDocumentResponse', newDocumentSchema],
    ['feeds_2021-06-30', 'CreateFeedResponse', newFeedSchema],
    ['orders_2026-01-01', 'SearchOrdersResponse', ordersPageSchema],
    ['orders_2026-01-01', 'GetOrderResponse', orderAnswerSchema],
    ['orders_2026-01-01', 'Order', orderSchema],
    ['sellers', 'GetMarketplaceParticipationsResponse', participationsSchema],
    ['definitionsProductTypes_2020-09-01', 'ProductTypeList', productTypesSchema],
  ] as [ModelName, string, z.ZodType][])('%s %s define every field that is read', (model, name, schema) => {
    const ours = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    expect(inventedFields(models, model, models.definition(model, name), ours as object)).toEqual([])
  })

  it('allow at least what the buckets take', () => {
    for (const [name, plan] of Object.entries(usagePlans)) {
      const model = name === 'confirmShipment' ? 'ordersV0' : undefined
      const { description } = models.byId(
        name,
        model ?? (name === 'getOrder' ? 'orders_2026-01-01' : undefined),
      )
      const [, perSecond, burst] = /\|\s*([\d.]+)\s*\|\s*(\d+)\s*\|/.exec(description)!
      expect({ name, perSecond: plan.perSecond, burst: plan.burst }).toEqual({
        name,
        perSecond: Number(perSecond),
        burst: Number(burst),
      })
      const bucket = buckets[name as keyof typeof usagePlans]
      expect(bucket.perSecond).toBeLessThanOrEqual(Number(perSecond))
      expect(bucket.burst).toBeLessThanOrEqual(Number(burst))
    }
  })
})

/** The definitions of request and answer bodies, by operation. */
const bodySchemas: Record<string, [string | null, string | null]> = {
  getListingsItem: [null, 'Item'],
  searchListingsItems: [null, 'ItemSearchResults'],
  putListingsItem: ['ListingsItemPutRequest', 'ListingsItemSubmissionResponse'],
  patchListingsItem: ['ListingsItemPatchRequest', 'ListingsItemSubmissionResponse'],
  createFeedDocument: ['CreateFeedDocumentSpecification', 'CreateFeedDocumentResponse'],
  createFeed: ['CreateFeedSpecification', 'CreateFeedResponse'],
  getFeed: [null, 'Feed'],
  getFeedDocument: [null, 'FeedDocument'],
  searchOrders: [null, 'SearchOrdersResponse'],
  getOrder: [null, 'GetOrderResponse'],
  confirmShipment: ['ConfirmShipmentRequest', null],
  getMarketplaceParticipations: [null, 'GetMarketplaceParticipationsResponse'],
  searchDefinitionsProductTypes: [null, 'ProductTypeList'],
}

/** A day in the shop: each operation in each form, and the refusals that go with them. */
async function everyOperation(): Promise<Exchange[]> {
  const clock = manualClock(start)
  const shop = createAmazonSandbox({ clock, orderDelayMs: 120_000 })
  const { app, exchanges } = recording(shop.app)
  const { url, close } = await startSandbox({ app })
  try {
    const client = createTestClient<AmazonClient>(amazon, shop.connection(url), { clock, isPaced: true })
    await amazon.check(client)
    await ops.pullTerms.run(client, null)
    await listAndPush(client, clock)
    await sell(client, shop, clock)
    shop.expireTokens()
    await amazon.check(client)
    // Without our own pacing the stand-in's limits answer.
    const hasty = createTestClient<AmazonClient>(amazon, shop.connection(url), { clock })
    await Promise.allSettled(Array.from({ length: 30 }, () => amazon.check(hasty)))
    return exchanges
  } finally {
    await close()
  }
}

async function listAndPush(client: AmazonClient, clock: ReturnType<typeof manualClock>) {
  const bare = { ...content, gtin: null, brand: null, images: [], size: null, weightGrams: null }
  const sizes = ['S', 'M'].map((Size, n) => ({
    sku: `TEE-${Size}`,
    content: { ...bare, options: { Size }, attributes: { material: 'Cotton', bullet_point: 'Soft\nWarm' } },
    price: eur(1999),
    sale: n === 0 ? { price: eur(1499), startsAt: new Date(start), endsAt: null } : null,
    quantity: 5,
  }))
  const family = { ...draft('TEE'), optionNames: ['Size'], variants: sizes }
  for (const item of [draft('MUG/1 blue'), draft('MUG-2'), family]) {
    await ops.createListing.run(client, item, 'key')
    if (typeof ops.createListing.find === 'function') await ops.createListing.find(client, item, 'key')
  }
  if (typeof ops.createListing.find === 'function') await ops.createListing.find(client, draft('NONE'), 'key')
  await ops.pushContent.run(client, [{ ref: ref('MUG-2'), content }])
  const prices = [eur(1490), eur(1590)].map((price, n) => ({
    ref: ref(n === 0 ? 'MUG/1 blue' : 'MUG-2'),
    price,
    sale: { price: eur(990), startsAt: new Date(start), endsAt: new Date('2026-04-01T00:00:00Z') },
  }))
  for (const item of prices) await ops.pushPrices.run(client, [item])
  const stock = ['MUG-2', 'MUG/1 blue', 'UNKNOWN'].map((sku, n) => ({
    ref: ref(sku),
    quantity: 7 - n * 4,
    acknowledgedQuantity: null,
  }))
  for (const item of stock) await ops.pushStock.run(client, [item])
  const bulk = ops.pushStock.bulk!
  const sent = await bulk.run(client, stock)
  if (!('ticket' in sent)) throw new Error('A feed gives a ticket.')
  await bulk.settle!(client, sent.ticket, stock)
  clock.advance(40)
  await bulk.settle!(client, sent.ticket, stock)
  clock.advance(60_000)
  await bulk.settle!(client, sent.ticket, stock)
  await ops.pushStock.run(client, [{ ...stock[0]!, quantity: 9 }])
  let after: string | null = null
  do after = (await ops.pullListings.run(client, after)).next
  while (after)
}

async function sell(
  client: AmazonClient,
  shop: ReturnType<typeof createAmazonSandbox>,
  clock: ReturnType<typeof manualClock>,
) {
  const lines = [
    { sku: 'MUG-2', quantity: 2 },
    { sku: 'TEE-S', quantity: 1 },
  ]
  const order = shop.placeOrder({ lines, shippingMinor: 490 })
  shop.placeOrder({ lines: [{ sku: 'TEE-M', quantity: 1 }], isUnpaid: true })
  const gone = shop.placeOrder({ lines: [{ sku: 'TEE-M', quantity: 1 }] })
  shop.cancelOrder(gone.externalId)
  for (let n = 0; n < 120; n += 1) shop.placeOrder({ lines: [{ sku: 'MUG/1 blue', quantity: 0 }] })
  clock.advance(600_000)
  const first = await ops.pullOrders.run(client, null)
  await ops.pullOrders.run(client, first.next)
  const { items } = await ops.readOrders(client, [order.externalId, '302-9999999-9999999'])
  const shipment = (trackingNumber: string, carrier: string, quantity: number) => ({
    externalOrderId: order.externalId,
    carrier,
    trackingNumber,
    service: carrier === 'DHL' ? 'Paket' : null,
    shippedAt: clock.now(),
    lines: [{ externalLineId: items[0]!.lines[0]!.externalId, quantity }],
  })
  await ops.confirmShipment.run(client, shipment('003404', 'DHL', 1), 'onc_1')
  await ops.confirmShipment.run(client, shipment('X-1', 'Bike courier', 1), 'onc_2')
  await ops.confirmShipment.run(client, shipment('X-2', 'DHL', 9), 'onc_3').catch(() => null)
  await ops.readOrders(client, [order.externalId])
  await ops.endListing.run(client, [ref('MUG-2')])
  await ops.pullListings.run(client, null)
}
