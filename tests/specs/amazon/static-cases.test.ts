import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AmazonClient } from '../../../connectors/amazon/client.ts'
import { amazon } from '../../../connectors/amazon/index.ts'
import { usagePlans } from '../../../connectors/amazon/limits.ts'
import { toItemResult, toRemoteListing } from '../../../connectors/amazon/mapping-listings.ts'
import { toOrders } from '../../../connectors/amazon/mapping-orders.ts'
import { createAmazonSandbox } from '../../../connectors/amazon/sandbox.ts'
import {
  documentSchema,
  feedSchema,
  listingSchema,
  listingsPageSchema,
  newDocumentSchema,
  newFeedSchema,
  participationsSchema,
  submissionSchema,
} from '../../../connectors/amazon/schemas.ts'
import { orderAnswerSchema, ordersPageSchema } from '../../../connectors/amazon/schemas-orders.ts'
import { settingsSchema } from '../../../connectors/amazon/settings.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { start } from '../../connectors/amazon/support.ts'
import {
  answerProblems,
  hasVendorModels,
  loadModels,
  modelsTitle,
  requestProblems,
  type StaticCase,
} from './vendor-models.ts'

const models = hasVendorModels ? await loadModels() : null
const used = Object.keys(usagePlans)
const cases = (models?.operations ?? [])
  .filter(({ id, model }) => used.includes(id) && (model !== 'ordersV0' || id === 'confirmShipment'))
  .flatMap((operation) =>
    operation.cases.flatMap(({ status, cases: listed }) =>
      listed.map((example, n) => ({
        name: `${operation.id} ${status} #${n + 1}`,
        operation,
        status,
        example,
      })),
    ),
  )
const settings = (marketplaceId: string, currency: string) =>
  settingsSchema.parse({
    region: 'na',
    marketplaceId,
    sellerId: 'S',
    currency,
    locale: 'en',
    languageTag: 'en_US',
  })

describe.skipIf(!hasVendorModels)(modelsTitle("the examples in Amazon's models"), () => {
  it('are all here: each operation in use has some', () => {
    expect(new Set(cases.map(({ operation }) => operation.id))).toEqual(new Set(used))
  })

  // None of the examples contradicts its description, so there is no list of exceptions.
  it.each(cases.filter(({ status }) => status < 300))(
    '$name: the request keeps to the description',
    ({ operation, example }) => {
      expect(requestProblems(operation, requestOf(operation, example))).toEqual([])
    },
  )

  it.each(cases)('$name: the answer keeps to the description', ({ operation, status, example }) => {
    const body = status === 204 ? undefined : example.response
    const headers = { 'content-type': 'application/json' }
    expect(answerProblems(operation, { status, body, headers })).toEqual([])
  })

  it.each(cases.filter(({ status }) => status >= 400))(
    "$name: a refusal keeps Amazon's code and words",
    async ({ status, example }) => {
      type Refusal = { code: string; message: string; details?: string }
      const { code, message, details } = (example.response as { errors: Refusal[] }).errors[0]!
      const failure = await refusedWith(status, example.response)
      const vendorMessage = [message, details].filter(Boolean).join(' ')
      expect(failure).toMatchObject({ kind: 'rejected', status, vendorCode: code, vendorMessage })
    },
  )

  it.each(cases.filter(({ status, operation }) => status === 200 && /Listings/.test(operation.id)))(
    '$name: the answer is read',
    ({ operation, example }) => readListingAnswer(operation.id, example.response),
  )

  it.each(cases.filter(({ status, operation }) => status === 200 && /Order/.test(operation.id)))(
    '$name: its orders are read, to the cent',
    ({ operation, example }) => readOrderAnswer(operation.id, example.response),
  )

  it('of feeds and sellers are read', () => {
    const answerTo = (id: string) => cases.find((entry) => entry.operation.id === id)!.example.response
    expect(newFeedSchema.parse(answerTo('createFeed')).feedId).toBe('3485934')
    expect(feedSchema.parse(answerTo('getFeed')).processingStatus).toBe('CANCELLED')
    expect(newDocumentSchema.parse(answerTo('createFeedDocument')).url).toMatch(/^https:/)
    expect(documentSchema.parse(answerTo('getFeedDocument')).compressionAlgorithm).toBeUndefined()
    const { payload } = participationsSchema.parse(answerTo('getMarketplaceParticipations'))
    expect(payload[0]!.marketplace.id).toBe('ATVPDKIKX0DER')
  })

  it('and every status that Amazon defines has a meaning here', () => {
    const { enum: statuses } = models!.definition('orders_2026-01-01', 'FulfillmentStatus') as {
      enum: string[]
    }
    const unread = statuses.filter((status) => {
      const order = { ...oneOrder(), fulfillment: { fulfillmentStatus: status, fulfilledBy: 'MERCHANT' } }
      return toOrders([order], settings('M', 'EUR')).items.length === 0
    })
    // UNFULFILLABLE exists for orders that Amazon fulfils, and those never come in.
    expect(unread).toEqual(['UNFULFILLABLE'])
  })
})

const oneOrder = () => ({
  orderId: '302-1000001-7000001',
  createdTime: start,
  lastUpdatedTime: start,
  orderItems: [],
})

/** Parameters that a case leaves open match anything; what is required is filled in. */
function requestOf(operation: (typeof cases)[number]['operation'], example: StaticCase) {
  const given = example.request.parameters
  const fill: Record<string, unknown> = { sellerId: 'S', sku: 'SKU', marketplaceIds: ['ATVPDKIKX0DER'] }
  const argument = (name: string, isRequired = false) =>
    given[name]?.value ?? (isRequired ? fill[name] : undefined)
  const url = new URL('https://sellingpartnerapi-na.amazon.com')
  url.pathname = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(argument(name, true)))
  for (const parameter of operation.parameters.filter((entry) => entry.in === 'query')) {
    const value = argument(parameter.name, parameter.required)
    if (value !== undefined) url.searchParams.set(parameter.name, String(value))
  }
  const body = given.body?.value ?? bodies[operation.id]
  const headers = { 'content-type': 'application/json' }
  return { method: operation.method, url, headers, body }
}

const bodies: Record<string, unknown> = {
  putListingsItem: { productType: 'LUGGAGE', attributes: {} },
  patchListingsItem: { productType: 'LUGGAGE', patches: [{ op: 'delete', path: '/attributes/x' }] },
}

/** What a client makes of this answer, whatever it asked. */
async function refusedWith(status: number, body: unknown): Promise<unknown> {
  const app = new Hono()
  app.post('/auth/o2/token', (c) =>
    c.json({ access_token: 'Atza|1', token_type: 'bearer', expires_in: 3600 }),
  )
  app.all('*', (c) => c.json(body as object, status as 400))
  const { url, close } = await startSandbox({ app })
  try {
    const connection = createAmazonSandbox({ clock: manualClock(start) }).connection(url)
    const client = createTestClient<AmazonClient>(amazon, connection)
    return await client.getOrder('1').then(
      () => null,
      (error) => error,
    )
  } finally {
    await close()
  }
}

function readListingAnswer(id: string, response: unknown): void {
  if (id === 'putListingsItem' || id === 'patchListingsItem') {
    const submission = submissionSchema.parse(response)
    const result = toItemResult(submission.sku, submission)
    if (submission.status === 'ACCEPTED') expect(result).toEqual({ ok: true, externalId: 'GM-ZDPI-9B4E' })
    // VALID answers a preview, which is never asked for: it is no acceptance.
    else
      expect(result).toMatchObject({
        ok: false,
        error: { kind: submission.status === 'VALID' ? 'unexpected' : 'rejected' },
      })
    return
  }
  const item = id === 'getListingsItem' ? response : listingsPageSchema.parse(response).items[0]
  const listing = toRemoteListing(listingSchema.parse(item), settings('A2EUQ1WTGCTBG2', 'CAD'))
  expect(listing).toMatchObject({
    sku: 'GM-ZDPI-9B4E',
    title: 'Hardside Carry-On Spinner Suitcase Luggage',
    status: 'rejected',
    price: { minor: 13000, currency: 'CAD' },
    quantity: 100,
  })
  expect(listing!.issues[0]).toEqual({
    field: 'size',
    code: '90220',
    message: "'size' is required but not supplied.",
    severity: 'error',
  })
}

function readOrderAnswer(id: string, response: unknown): void {
  const raw =
    id === 'getOrder' ? [orderAnswerSchema.parse(response).order] : ordersPageSchema.parse(response).orders
  const { items, unreadable = [] } = toOrders(raw, settings('M', 'EUR'))
  expect(items.length + unreadable.length).toBe(raw.length)
  for (const entry of unreadable) {
    expect(entry.raw).toMatchObject({ fulfillment: { fulfilledBy: 'AMAZON' } })
    expect(entry.reason).toContain('FBA')
  }
  for (const order of items) {
    const parts = [
      ...order.lines.map((line) => line.totalMinor),
      ...order.charges.map((charge) => charge.amountMinor),
    ]
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(order.totalMinor)
    expect(order.charges).toEqual([])
    const told = (
      raw.find((entry) => (entry as { orderId: string }).orderId === order.externalId) as ToldOrder
    ).proceeds.grandTotal
    expect(order.currency).toBe(told.currencyCode)
    expect(order.totalMinor).toBe(Math.round(Number(told.amount) * 100))
    expect(order.externalStatus).toBe(order.status === 'paid' ? 'UNSHIPPED' : 'SHIPPED')
    expect(order.shipTo).toMatchObject({ kind: 'clear' })
  }
}
type ToldOrder = { proceeds: { grandTotal: { amount: string; currencyCode: string } } }
