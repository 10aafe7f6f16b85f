import type { RemoteListing } from 'entrepot/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createListing } from '../../../connectors/woocommerce/create.ts'
import { pullListings } from '../../../connectors/woocommerce/listings.ts'
import { toRemoteListing } from '../../../connectors/woocommerce/mapping-listings.ts'
import { product } from '../../../connectors/woocommerce/schemas.ts'
import { openShop, type Shop, variableDraft } from './support.ts'

let shop: Shop
beforeEach(async () => {
  shop = await openShop()
})
afterEach(() => shop.sandbox.close())

async function pullAll(): Promise<RemoteListing[]> {
  const items: RemoteListing[] = []
  for (let cursor: string | null = null; ; ) {
    const page = await pullListings(shop.client, cursor)
    items.push(...page.items)
    cursor = page.next
    if (!page.more) return items
  }
}
const noRoute = JSON.stringify({ code: 'rest_no_route', message: 'No route', data: { status: 404 } })

async function fill(): Promise<void> {
  for (let n = 0; n < 205; n += 1)
    shop.sandbox.addProduct({ sku: `P${n}`, name: `P${n}`, price: '1.00', quantity: n })
  for (let n = 0; n < 25; n += 1)
    await createListing(shop.client, variableDraft(`T${n}`, ['S', 'M', 'L', 'XL', 'XXL']), `onc_${n}`)
}

test('all products and variations are read, in few calls, and parents are none', async () => {
  await fill()
  shop.sandbox.calls.length = 0
  const items = await pullAll()
  const ids = new Set(items.map(({ externalId }) => externalId))
  expect(ids).toEqual(new Set(shop.sandbox.listings().map(({ externalId }) => externalId)))
  expect(ids.size).toBe(330)
  expect(shop.sandbox.calls.length).toBeLessThanOrEqual(7)
})

test('in a shop without a list of all variations they are read parent by parent', async () => {
  await fill()
  const when = ({ path }: { path: string }) => path.endsWith('/v3/variations')
  shop.sandbox.faults.add({ kind: 'status', status: 404, body: noRoute, when, times: Infinity })
  const ids = new Set((await pullAll()).map(({ externalId }) => externalId))
  expect(ids.size).toBe(330)
})

test('a shop whose WooCommerce is switched off is not an empty shop', async () => {
  const when = ({ path }: { path: string }) => path.endsWith('/v3/products')
  shop.sandbox.faults.add({ kind: 'status', status: 404, body: noRoute, when })
  await expect(pullListings(shop.client, null)).rejects.toMatchObject({ kind: 'unexpected' })
})

test('a product that cannot be read is kept as it came, and spoils no other', async () => {
  const good = { id: 1, name: 'A', type: 'simple', status: 'publish', sku: 'A' }
  const strange = { ...good, id: 2, stock_quantity: { of: 'a plugin' } }
  const when = ({ path }: { path: string }) => path.endsWith('/v3/products')
  shop.sandbox.faults.add({ kind: 'status', status: 200, body: JSON.stringify([good, strange]), when })
  const page = await pullListings(shop.client, null)
  expect(page.items.map(({ externalId }) => externalId)).toEqual(['1'])
  expect(page.unreadable).toEqual([
    { externalId: '2', raw: strange, reason: expect.stringContaining('stock_quantity') },
  ])
})

test('numbers and nulls that plugins put in the place of text are read', () => {
  const row = {
    id: 1,
    name: 'A',
    status: 'publish',
    sku: null,
    regular_price: 12.5,
    meta_data: { '3': { key: 'k', value: 1 } },
  }
  expect(product.parse(row)).toMatchObject({ sku: '', regular_price: '12.5', meta_data: [{ key: 'k' }] })
})

describe('a row in our words', () => {
  const row = (more: object) =>
    product.parse({
      id: 9,
      name: 'S, Red',
      type: 'variation',
      status: 'publish',
      sku: 'T-S',
      parent_id: 7,
      ...more,
    })
  const parent = product.parse({ id: 7, name: 'Tee &amp; Co', status: 'publish', sku: 'T' })
  const map = (more: object, of: typeof parent | null = parent) => toRemoteListing(row(more), of, 'EUR')

  test("a variation that reports its parent's SKU has none", () => {
    expect(map({ sku: 'T' }).sku).toBeNull()
    expect(map({}).sku).toBe('T-S')
    expect(map({ sku: '' }, null).sku).toBeNull()
  })

  test("a variation that sells from its parent's stock has no quantity, and a warning", () => {
    expect(map({ manage_stock: 'parent', stock_quantity: 3 })).toMatchObject({
      quantity: null,
      issues: [{ code: 'shared_stock', severity: 'warning' }],
    })
  })

  test('stock that is not managed is unknown, and a fraction is rounded down', () => {
    expect(map({ manage_stock: false, stock_quantity: null }).quantity).toBeNull()
    expect(map({ manage_stock: true, stock_quantity: 2.5 }).quantity).toBe(2)
    expect(map({ manage_stock: true, stock_quantity: -3 }).quantity).toBe(-3)
  })

  test.each([
    ['publish', 'live'],
    ['future', 'pending'],
    ['pending', 'pending'],
    ['draft', 'ended'],
    ['private', 'ended'],
    ['trash', 'ended'],
    ['of-a-plugin', 'pending'],
  ])('status %s is %s', (theirs, ours) => {
    expect(map({ status: theirs }).status).toBe(ours)
  })

  test('a variation of an ended parent is not live', () => {
    expect(map({}, { ...parent, status: 'draft' }).status).toBe('ended')
  })

  test('the price is the regular one; what is no number is none', () => {
    expect(map({ regular_price: '149.5', price: '1' }).price).toEqual({ minor: 14950, currency: 'EUR' })
    expect(map({ regular_price: '' }).price).toBeNull()
  })

  test('a short name is put behind its parent, as text', () => {
    expect(map({}).title).toBe('Tee & Co - S, Red')
    expect(map({ name: 'Tee &amp; Co - S, Red' }).title).toBe('Tee & Co - S, Red')
  })
})
