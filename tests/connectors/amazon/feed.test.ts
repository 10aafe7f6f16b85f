import type { ItemResult, StockChange } from 'entrepot/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AmazonClient } from '../../../connectors/amazon/client.ts'
import { amazon } from '../../../connectors/amazon/index.ts'
import { toFeedResults } from '../../../connectors/amazon/mapping-listings.ts'
import { eur, fillShelf, openShop, ref, type Shop } from './support.ts'

const { pushStock, pushPrices } = amazon.operations as Required<typeof amazon.operations>
const bulk = pushStock.bulk!
const stockOf = (skus: readonly string[], quantityOf = (n: number) => n): StockChange[] =>
  skus.map((sku, n) => ({ ref: ref(sku), quantity: quantityOf(n), acknowledgedQuantity: null }))

/** Submits the items and settles when the feed is done. */
async function submit(shop: Shop, items: readonly StockChange[]): Promise<ItemResult[]> {
  const sent = await bulk.run(shop.client, items)
  if (!('ticket' in sent)) throw new Error('There is no ticket.')
  shop.clock.advance(60_000)
  const results = await bulk.settle!(shop.client, sent.ticket, items)
  if (results === 'pending') throw new Error('The feed is still pending.')
  return results
}
const words = (results: readonly ItemResult[]) =>
  results.map((result) => (result.ok ? 'ok' : result.error.kind))

describe('a JSON_LISTINGS_FEED', () => {
  let shop: Shop
  let skus: string[]
  beforeEach(async () => {
    shop = await openShop({ feedDelayMs: 30_000 })
    skus = fillShelf(shop.sandbox, 5)
  })
  afterEach(() => shop.close())

  it('is the form from as many items as patches go out while one feed is allowed', () => {
    expect(bulk.fromItems).toBe(603)
    expect(bulk.maxBatch).toBe(25_000)
    expect(bulk.callsFor!([])).toBe(3)
  })

  it('holds one patch a message, numbered from 1', async () => {
    await submit(shop, stockOf(skus.slice(0, 2)))
    const [upload] = shop.heard('/store/', 'PUT')
    expect(upload!.body).toEqual({
      header: { sellerId: 'A2SANDBOXSELLER', version: '2.0', issueLocale: 'en_GB' },
      messages: skus.slice(0, 2).map((sku, n) => ({
        messageId: n + 1,
        sku,
        operationType: 'PATCH',
        productType: 'PRODUCT',
        patches: [
          {
            op: 'merge',
            path: '/attributes/fulfillment_availability',
            value: [{ fulfillment_channel_code: 'DEFAULT', quantity: n }],
          },
        ],
      })),
    })
    expect(shop.heard('/feeds/2021-06-30/feeds', 'POST')[0]!.body).toMatchObject({
      feedType: 'JSON_LISTINGS_FEED',
      marketplaceIds: ['A1PA6795UKMFR9'],
    })
  })

  it('goes to the presigned address without our token, and with the type it was announced with', async () => {
    await submit(shop, stockOf(skus))
    const [announced] = shop.heard('/feeds/2021-06-30/documents', 'POST')
    for (const exchange of shop.heard('/store/')) {
      expect(exchange.headers).not.toHaveProperty('x-amz-access-token')
      expect(exchange.headers).not.toHaveProperty('authorization')
    }
    expect(shop.heard('/store/', 'PUT')[0]!.headers['content-type']).toBe(
      (announced!.body as { contentType: string }).contentType,
    )
  })

  it('is pending until Amazon is done, and then the shelf has the new stock', async () => {
    const items = stockOf(skus, (n) => n + 20)
    const { ticket } = (await bulk.run(shop.client, items)) as { ticket: string }
    expect(await bulk.settle!(shop.client, ticket, items)).toBe('pending')
    shop.clock.advance(20_000)
    expect(await bulk.settle!(shop.client, ticket, items)).toBe('pending')
    expect(shop.sandbox.listings()[0]!.quantity).toBe(10)
    shop.clock.advance(10_000)
    expect(words((await bulk.settle!(shop.client, ticket, items)) as ItemResult[])).toEqual(
      skus.map(() => 'ok'),
    )
    expect(shop.sandbox.listings().map((listing) => listing.quantity)).toEqual([20, 21, 22, 23, 24])
  })

  it('that fails in part tells it of the right items, in the order they were sent', async () => {
    const items = stockOf([skus[4]!, 'UNKNOWN', skus[0]!, skus[2]!], (n) => (n === 3 ? -1 : n + 1))
    const results = await submit(shop, items)
    expect(words(results)).toEqual(['ok', 'rejected', 'ok', 'rejected'])
    expect(results[1]).toMatchObject({ error: { vendorCode: '13013' } })
    expect(results[3]).toMatchObject({
      error: { issues: [{ field: 'fulfillment_availability', severity: 'error' }] },
    })
    const quantities = Object.fromEntries(shop.sandbox.listings().map(({ sku, quantity }) => [sku, quantity]))
    expect(quantities).toMatchObject({ [skus[4]!]: 1, [skus[0]!]: 3, [skus[2]!]: 10 })
  })

  it('never carries a price of zero; the others go out and keep their places', async () => {
    const items = [0, 1490, 0].map((minor, n) => ({ ref: ref(skus[n]!), price: eur(minor), sale: null }))
    const form = pushPrices.bulk!
    const { ticket } = (await form.run(shop.client, items)) as { ticket: string }
    shop.clock.advance(60_000)
    expect(words((await form.settle!(shop.client, ticket, items)) as ItemResult[])).toEqual([
      'rejected',
      'ok',
      'rejected',
    ])
    expect(shop.sandbox.listings().map(({ price }) => price)).toEqual([1290, 1490, 1290, 1290, 1290].map(eur))
    const free = items.map((item) => ({ ...item, price: eur(0) }))
    expect(words((await form.run(shop.client, free)) as ItemResult[])).toEqual([
      'rejected',
      'rejected',
      'rejected',
    ])
    expect(shop.heard('/feeds/2021-06-30/feeds', 'POST')).toHaveLength(1)
  })

  it('whose acceptance was lost is not acknowledged: it is sent again, which does no harm', async () => {
    const items = stockOf(skus)
    shop.sandbox.faults.add({ kind: 'lost_answer', when: ({ path }) => path.endsWith('/feeds') })
    await expect(bulk.run(shop.client, items)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(words(await submit(shop, items))).toEqual(skus.map(() => 'ok'))
    expect(shop.sandbox.listings().map((listing) => listing.quantity)).toEqual([0, 1, 2, 3, 4])
  })

  it('with an address that is out of date is unavailable, and no failed login', async () => {
    shop.answerNext('/store/', 'Request has expired', 403)
    await expect(bulk.run(shop.client, stockOf(skus))).rejects.toMatchObject({
      kind: 'unavailable',
      status: 403,
    })
    expect(shop.heard('/auth/')).toHaveLength(1)
  })

  it.each([
    ['CANCELLED', 'unavailable'],
    ['FATAL', 'unexpected'],
    ['SOMETHING_NEW', 'unexpected'],
    ['DONE', 'unexpected'],
  ])(
    'that ends as %s without a report acknowledges nothing: all items are %s',
    async (processingStatus, kind) => {
      const items = stockOf(skus)
      const { ticket } = (await bulk.run(shop.client, items)) as { ticket: string }
      shop.answerNext(`/feeds/${ticket}`, { feedId: ticket, processingStatus })
      const results = (await bulk.settle!(shop.client, ticket, items)) as ItemResult[]
      expect(words(results)).toEqual(skus.map(() => kind))
    },
  )

  it('that is fatal with a report in no known form still ends, and tells what was found', async () => {
    const items = stockOf(skus)
    const { ticket } = (await bulk.run(shop.client, items)) as { ticket: string }
    shop.clock.advance(60_000)
    await shop.client.getFeed(ticket)
    const { resultFeedDocumentId } = await shop.client.getFeed(ticket)
    shop.answerNext(`/feeds/${ticket}`, { feedId: ticket, processingStatus: 'FATAL', resultFeedDocumentId })
    shop.answerNext('/store/', { errors: ['no report'] })
    const results = (await bulk.settle!(shop.client, ticket, items)) as ItemResult[]
    expect(results[0]).toMatchObject({ ok: false, error: { kind: 'unexpected', vendorCode: 'FATAL' } })
  })

  it('whose report cannot be read fails to settle, and can be settled later', async () => {
    const items = stockOf(skus)
    const { ticket } = (await bulk.run(shop.client, items)) as { ticket: string }
    shop.clock.advance(60_000)
    shop.answerNext('/store/', '<html>', 200)
    const settle = (client: AmazonClient) => bulk.settle!(client, ticket, items)
    await expect(settle(shop.client)).rejects.toMatchObject({ kind: 'unexpected' })
    expect(words((await settle(shop.client)) as ItemResult[])).toEqual(skus.map(() => 'ok'))
  })
})

describe("a feed's report", () => {
  const summary = (accepted: number, invalid: number) => ({
    messagesProcessed: accepted + invalid,
    messagesAccepted: accepted,
    messagesInvalid: invalid,
  })
  const error = { messageId: 2, code: '1', message: 'No.', severity: 'ERROR' }

  it('accepts what no error names; a warning refuses nothing', () => {
    const warning = { messageId: 1, code: '2', message: 'Hm.', severity: 'WARNING' }
    expect(
      words(toFeedResults(['A', 'B', 'C'], { issues: [warning, error], summary: summary(2, 1) })),
    ).toEqual(['ok', 'rejected', 'ok'])
  })

  it('that accepts fewer than it leaves unnamed is not whole, and acknowledges nothing', () => {
    expect(words(toFeedResults(['A', 'B', 'C'], { issues: [error], summary: summary(1, 1) }))).toEqual([
      'unexpected',
      'rejected',
      'unexpected',
    ])
    expect(words(toFeedResults(['A', 'B'], { issues: [], summary: summary(0, 0) }))).toEqual([
      'unexpected',
      'unexpected',
    ])
  })
})
