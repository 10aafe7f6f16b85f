import type { ListingRef } from 'entrepot/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createListing } from '../../../connectors/woocommerce/create.ts'
import { imageName } from '../../../connectors/woocommerce/mapping-content.ts'
import {
  priceDifference,
  priceFields,
  stockDifference,
} from '../../../connectors/woocommerce/mapping-listings.ts'
import {
  batchesFor,
  contentCallsFor,
  endListing,
  pushContent,
  pushPrices,
  pushStock,
} from '../../../connectors/woocommerce/push.ts'
import { product } from '../../../connectors/woocommerce/schemas.ts'
import { content, openShop, type Shop, simpleDraft, variableDraft } from './support.ts'

const eur = (minor: number) => ({ minor, currency: 'EUR' })
let shop: Shop
beforeEach(async () => {
  shop = await openShop()
})
afterEach(() => shop.sandbox.close())

const refOf = (sku: string): ListingRef => {
  const { externalId, externalParentId } = shop.sandbox.listings().find((listing) => listing.sku === sku)!
  return { externalId, externalParentId, sku }
}
const held = (sku: string) => shop.sandbox.listings().find((listing) => listing.sku === sku)
const add = (sku: string) => shop.sandbox.addProduct({ sku, name: sku, price: '10.00', quantity: 1 })
const paths = () =>
  shop.sandbox.calls.map(({ method, path }) => `${method} ${path.replace('/wp-json/wc/v3', '')}`)
const missing: ListingRef = { externalId: '999999', externalParentId: null, sku: 'GONE' }

describe('stock', () => {
  test('results come one per item in order, and a missing product harms no other', async () => {
    for (const sku of ['A', 'B']) add(sku)
    const items = [refOf('A'), missing, refOf('B')].map((ref) => ({
      ref,
      quantity: 9,
      acknowledgedQuantity: null,
    }))
    const results = await pushStock(shop.client, items)
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true])
    expect(results[1]).toMatchObject({ error: { kind: 'not_found', vendorMessage: 'Invalid ID.' } })
    expect([held('A')?.quantity, held('B')?.quantity]).toEqual([9, 9])
    expect(paths()).toEqual(['POST /products/batch'])
  })

  test.each([7.9, -1, Number.NaN])(
    '%s units are refused here, since a batch would store another number',
    async (quantity) => {
      add('A')
      const [result] = await pushStock(shop.client, [
        { ref: refOf('A'), quantity, acknowledgedQuantity: null },
      ])
      expect(result).toMatchObject({ ok: false, error: { kind: 'rejected' } })
      expect(shop.sandbox.calls).toEqual([])
    },
  )

  test('an answer that cannot be read is that of one item only', async () => {
    for (const sku of ['A', 'B']) add(sku)
    const items = [refOf('A'), refOf('B')].map((ref) => ({ ref, quantity: 9, acknowledgedQuantity: null }))
    const [a, b] = items.map(({ ref }) => Number(ref.externalId))
    const update = [
      { id: a, status: 'publish', manage_stock: 'sometimes', stock_quantity: 9 },
      { id: b, status: 'publish', manage_stock: true, stock_quantity: 9 },
    ]
    shop.sandbox.faults.add({ kind: 'status', status: 200, body: JSON.stringify({ update }) })
    const results = await pushStock(shop.client, items)
    expect(results).toMatchObject([{ ok: false, error: { kind: 'unexpected' } }, { ok: true }])
  })

  test('answers in another order than sent are not taken for ours', async () => {
    for (const sku of ['A', 'B']) add(sku)
    const items = [refOf('A'), refOf('B')].map((ref) => ({ ref, quantity: 9, acknowledgedQuantity: null }))
    const update = items.map(({ ref }) => ({
      id: Number(ref.externalId),
      status: 'publish',
      manage_stock: true,
      stock_quantity: 9,
    }))
    shop.sandbox.faults.add({
      kind: 'status',
      status: 200,
      body: JSON.stringify({ update: update.reverse() }),
    })
    const results = await pushStock(shop.client, items)
    expect(results).toMatchObject([{ error: { kind: 'unexpected' } }, { error: { kind: 'unexpected' } }])
  })

  test('a number that is not the one sent is a refusal, not a success', () => {
    const stored = product.parse({ id: 1, status: 'publish', manage_stock: true, stock_quantity: 0 })
    const change = { ref: missing, quantity: 5, acknowledgedQuantity: null }
    expect(stockDifference(change, stored)?.message).toContain('stored 0 for GONE instead of 5')
    const shared = product.parse({ id: 1, status: 'publish', manage_stock: 'parent', stock_quantity: 5 })
    expect(stockDifference(change, shared)?.kind).toBe('rejected')
  })

  test('150 products take two batches, and variations one for each parent', async () => {
    for (let n = 0; n < 150; n += 1) add(`P${n}`)
    for (const parent of ['T', 'U'])
      await createListing(shop.client, variableDraft(parent, ['S', 'M']), parent)
    shop.sandbox.calls.length = 0
    const items = shop.sandbox
      .listings()
      .map(({ sku }, n) => ({ ref: refOf(sku), quantity: n, acknowledgedQuantity: 0 }))
    const results = await pushStock(shop.client, items)
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(shop.sandbox.calls).toHaveLength(4)
    expect(batchesFor(items)).toBe(4)
    expect(shop.sandbox.listings().map(({ quantity }) => quantity)).toEqual(
      items.map(({ quantity }) => quantity),
    )
  })

  test('a variation bound as a product is refused, not reported as gone', async () => {
    await createListing(shop.client, variableDraft('T', ['S']), 'onc_1')
    const ref = { ...refOf('T-S'), externalParentId: null }
    const [result] = await pushStock(shop.client, [{ ref, quantity: 1, acknowledgedQuantity: null }])
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'rejected', vendorMessage: expect.stringContaining('<product_id>') },
    })
  })

  test("an id that is not the shop's kind is refused without a call", async () => {
    const [result] = await pushStock(shop.client, [
      { ref: { ...missing, externalId: 'gid://1' }, quantity: 1, acknowledgedQuantity: null },
    ])
    expect(result).toMatchObject({ ok: false, error: { kind: 'rejected' } })
  })
})

describe('prices', () => {
  test('a sale is set with its dates, and cleared again', async () => {
    add('A')
    const sale = {
      price: eur(1500),
      startsAt: new Date('2020-01-01T00:00:00Z'),
      endsAt: new Date('2099-01-01T00:00:00Z'),
    }
    await expect(
      pushPrices(shop.client, [{ ref: refOf('A'), price: eur(1990), sale }]),
    ).resolves.toMatchObject([{ ok: true }])
    expect(held('A')?.price).toEqual(eur(1500))
    const read = () => shop.client.readProduct(Number(refOf('A').externalId))
    expect(await read()).toMatchObject({ regular_price: '19.90', sale_price: '15.00' })
    await pushPrices(shop.client, [{ ref: refOf('A'), price: eur(1990), sale: null }])
    expect(await read()).toMatchObject({ regular_price: '19.90', sale_price: '' })
    expect(held('A')?.price).toEqual(eur(1990))
  })

  test('fields are text, dates are UTC without a zone, and no sale is sent as empty text', () => {
    expect(priceFields(eur(1990), null, 'EUR', 'A')).toEqual({
      regular_price: '19.90',
      sale_price: '',
      date_on_sale_from_gmt: '',
      date_on_sale_to_gmt: '',
    })
    const sale = { price: eur(5), startsAt: new Date('2026-01-02T03:04:05.678Z'), endsAt: null }
    expect(priceFields(eur(1990), sale, 'EUR', 'A')).toMatchObject({
      sale_price: '0.05',
      date_on_sale_from_gmt: '2026-01-02T03:04:05',
      date_on_sale_to_gmt: '',
    })
  })

  test.each([
    ['zero', eur(0), null],
    ['below zero', eur(-100), null],
    ['another currency', { minor: 100, currency: 'USD' }, null],
    ['a sale at the regular price, which the shop would drop', eur(100), eur(100)],
  ])('%s is refused here', async (_, price, salePrice) => {
    add('A')
    const sale = salePrice && { price: salePrice, startsAt: new Date(), endsAt: null }
    const [result] = await pushPrices(shop.client, [{ ref: refOf('A'), price, sale }])
    expect(result).toMatchObject({ ok: false, error: { kind: 'rejected' } })
    expect(held('A')?.price).toEqual(eur(1000))
  })

  test('stored decimals may look different, a stored amount may not be', () => {
    const change = { ref: missing, price: eur(14950), sale: null }
    const stored = (regular_price: string, sale_price = '') =>
      product.parse({ id: 1, status: 'publish', regular_price, sale_price })
    expect(priceDifference(change, stored('149.5'))).toBeNull()
    expect(priceDifference(change, stored('14950'))?.kind).toBe('rejected')
    expect(priceDifference(change, stored(''))?.kind).toBe('rejected')
    expect(priceDifference(change, stored('149.50', '1'))?.kind).toBe('rejected')
  })
})

describe('content', () => {
  const images = ['https://cdn.test/a/scarf.jpg?v=2', 'https://cdn.test/b/scarf.jpg']

  test('pictures are downloaded once: when they are there they go by id', async () => {
    add('A')
    const change = { ref: refOf('A'), content: content({ images }) }
    await pushContent(shop.client, [change])
    const before = (await shop.client.readProduct(Number(refOf('A').externalId))).images
    await pushContent(shop.client, [change])
    const after = (await shop.client.readProduct(Number(refOf('A').externalId))).images
    expect(before.map(({ name }) => name)).toEqual(images.map(imageName))
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  })

  test("no pictures of ours leave the shop's own alone", async () => {
    add('A')
    await pushContent(shop.client, [{ ref: refOf('A'), content: content({ images }) }])
    await pushContent(shop.client, [{ ref: refOf('A'), content: content() }])
    expect((await shop.client.readProduct(Number(refOf('A').externalId))).images).toHaveLength(2)
  })

  test('a picture that cannot be fetched fails its own product only', async () => {
    for (const sku of ['A', 'B']) add(sku)
    const results = await pushContent(shop.client, [
      { ref: refOf('A'), content: content({ title: 'New A', images: ['https://gone.invalid/a.jpg'] }) },
      { ref: refOf('B'), content: content({ title: 'New B' }) },
    ])
    expect(results[0]).toMatchObject({
      ok: false,
      error: { kind: 'rejected', vendorCode: 'woocommerce_product_image_upload_error' },
    })
    expect([held('A')?.title, held('B')?.title]).toEqual(['A', 'New B'])
  })

  test('a parent keeps the options of variations that are not in the push, and gets facts and title', async () => {
    await createListing(shop.client, variableDraft('T', ['S', 'M', 'L']), 'onc_1')
    const ref = refOf('T-M')
    const change = {
      ref,
      content: content({
        title: 'Tee 2',
        brand: 'Northwind',
        attributes: { Material: 'Silk' },
        options: { Size: 'M' },
      }),
    }
    shop.sandbox.calls.length = 0
    await expect(pushContent(shop.client, [change])).resolves.toMatchObject([{ ok: true }])
    expect(shop.sandbox.calls).toHaveLength(contentCallsFor([change]))
    const parent = await shop.client.readProduct(Number(ref.externalParentId))
    expect(parent.name).toBe('Tee 2')
    expect(parent.attributes.map(({ name, options, variation }) => [name, options, variation])).toEqual([
      ['Size', ['S', 'M', 'L'], true],
      ['Brand', ['Northwind'], false],
      ['Material', ['Silk'], false],
    ])
  })

  test('weight and size go in the units of the shop', async () => {
    await shop.sandbox.close()
    shop = await openShop({ settings: { weightUnit: 'lbs', dimensionsUnit: 'in' } })
    add('A')
    const size = { lengthMm: 254, widthMm: 127, heightMm: 25 }
    await pushContent(shop.client, [
      { ref: refOf('A'), content: content({ weightGrams: 1000, size, gtin: '4006381333931' }) },
    ])
    const answer = await shop.client.listProducts({ sku: 'A' })
    expect(answer).toHaveLength(1)
    const raw = await rawProduct(refOf('A').externalId)
    expect(raw).toMatchObject({
      weight: '2.2046',
      dimensions: { length: '10', width: '5', height: '0.9843' },
      global_unique_id: '4006381333931',
    })
  })

  test('a missing parent is not found, for all its variations', async () => {
    const results = await pushContent(shop.client, [
      { ref: { ...missing, externalParentId: '888888' }, content: content() },
    ])
    expect(results).toMatchObject([{ ok: false, error: { kind: 'not_found' } }])
  })
})

/** A product as the shop sends it, with the fields that the connector does not read. */
async function rawProduct(id: string): Promise<unknown> {
  const { consumerKey, consumerSecret } = shop.sandbox.connection('').credentials as Record<string, string>
  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`
  const headers = { authorization, 'x-forwarded-proto': 'https' }
  return (await shop.sandbox.app.request(`http://x/wp-json/wc/v3/products/${id}`, { headers })).json()
}

test('ending takes a product off sale without deleting it', async () => {
  add('A')
  await createListing(shop.client, variableDraft('T', ['S', 'M']), 'onc_1')
  const refs = [refOf('A'), refOf('T-S')]
  await expect(endListing(shop.client, refs)).resolves.toMatchObject([{ ok: true }, { ok: true }])
  const statuses = Object.fromEntries(shop.sandbox.listings().map(({ sku, status }) => [sku, status]))
  expect(statuses).toEqual({ A: 'ended', 'T-S': 'ended', 'T-M': 'live' })
  await expect(createListing(shop.client, simpleDraft('A'), 'onc_2')).resolves.toMatchObject({
    variants: [{ ok: false, error: { kind: 'rejected' } }],
  })
})
