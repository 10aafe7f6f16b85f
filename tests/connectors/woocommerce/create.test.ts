import { afterEach, beforeEach, expect, test } from 'vitest'
import { createListing, findListing } from '../../../connectors/woocommerce/create.ts'
import { endListing } from '../../../connectors/woocommerce/push.ts'
import { content, openShop, type Shop, simpleDraft, variableDraft } from './support.ts'

let shop: Shop
beforeEach(async () => {
  shop = await openShop()
})
afterEach(() => shop.sandbox.close())

const skus = () => shop.sandbox.listings().map(({ sku }) => sku)
const isBatch = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path.endsWith('/variations/batch')

test('a product whose answer was lost is found by its key, and by no other', async () => {
  const draft = simpleDraft('A')
  shop.sandbox.faults.add({ kind: 'lost_answer' })
  await expect(createListing(shop.client, draft, 'onc_1')).rejects.toMatchObject({ kind: 'uncertain' })
  await expect(findListing(shop.client, draft, 'onc_1')).resolves.toMatchObject({
    variants: [{ ok: true, sku: 'A' }],
  })
  await expect(findListing(shop.client, draft, 'onc_2')).resolves.toBeNull()
  expect(skus()).toEqual(['A'])
})

test('a request that was lost is not found, and running again creates once', async () => {
  const draft = simpleDraft('A')
  shop.sandbox.faults.add({ kind: 'lost_request' })
  await expect(createListing(shop.client, draft, 'onc_1')).rejects.toMatchObject({ kind: 'uncertain' })
  await expect(findListing(shop.client, draft, 'onc_1')).resolves.toBeNull()
  await createListing(shop.client, draft, 'onc_1')
  expect(skus()).toEqual(['A'])
})

test('a parent that lost its variations half-way is completed, not doubled', async () => {
  const draft = variableDraft('T', ['S', 'M', 'L'])
  shop.sandbox.faults.add({ kind: 'lost_request', when: isBatch })
  await expect(createListing(shop.client, draft, 'onc_1')).rejects.toMatchObject({ kind: 'uncertain' })
  expect(skus()).toEqual([])
  await expect(findListing(shop.client, draft, 'onc_1')).resolves.toBeNull()
  const created = await createListing(shop.client, draft, 'onc_1')
  expect(created.variants.every(({ ok }) => ok)).toBe(true)
  expect(skus()).toEqual(['T-S', 'T-M', 'T-L'])
  expect(new Set(shop.sandbox.listings().map(({ externalParentId }) => externalParentId)).size).toBe(1)
  await expect(findListing(shop.client, draft, 'onc_1')).resolves.toEqual(created)
})

test('variations that an attempt left out are added to those it made', async () => {
  await createListing(shop.client, variableDraft('T', ['S', 'M']), 'onc_1')
  const draft = variableDraft('T', ['S', 'M', 'L'])
  await expect(findListing(shop.client, draft, 'onc_1')).resolves.toBeNull()
  await createListing(shop.client, draft, 'onc_1')
  expect(skus()).toEqual(['T-S', 'T-M', 'T-L'])
})

test('250 variations go in batches of a hundred', async () => {
  const sizes = Array.from({ length: 250 }, (_, n) => String(n))
  const created = await createListing(shop.client, variableDraft('T', sizes), 'onc_1')
  expect(created.variants).toHaveLength(250)
  expect(created.variants.every(({ ok }) => ok)).toBe(true)
  expect(shop.sandbox.calls.filter(isBatch)).toHaveLength(3)
})

test('variants join a parent that exists, and its options grow', async () => {
  const first = await createListing(shop.client, variableDraft('T', ['S']), 'onc_1')
  const joining = { ...variableDraft('T', ['XL']), externalParentId: first.externalParentId }
  const created = await createListing(shop.client, joining, 'onc_2')
  expect(created.externalParentId).toBe(first.externalParentId)
  const parent = await shop.client.readProduct(Number(first.externalParentId))
  expect(parent.attributes).toMatchObject([{ name: 'Size', options: ['S', 'XL'], variation: true }])
})

test('a SKU that somebody else uses is refused, whatever its case', async () => {
  shop.sandbox.addProduct({ sku: 'sf-1', name: 'Theirs', price: '1.00', quantity: 1 })
  const created = await createListing(shop.client, simpleDraft('SF-1'), 'onc_1')
  expect(created.variants).toMatchObject([
    { ok: false, error: { kind: 'rejected', message: expect.stringMatching(/Product \d+ has it already/) } },
  ])
  expect(shop.sandbox.listings()).toMatchObject([{ title: 'Theirs' }])
})

test("a parent SKU that somebody else uses is refused, and nothing is put under somebody's product", async () => {
  shop.sandbox.addProduct({ sku: 'T', name: 'Theirs', price: '1.00', quantity: 1 })
  const created = await createListing(shop.client, variableDraft('T', ['S']), 'onc_1')
  expect(created).toMatchObject({ variants: [{ ok: false, error: { kind: 'rejected' } }] })
  expect(skus()).toEqual(['T'])
})

test('one variant that is refused takes no other with it', async () => {
  shop.sandbox.addProduct({ sku: 'T-M', name: 'Theirs', price: '1.00', quantity: 1 })
  const draft = variableDraft('T', ['S', 'M', 'L'])
  const bad = { ...draft.variants[2]!, price: { minor: 0, currency: 'EUR' } }
  const created = await createListing(
    shop.client,
    { ...draft, variants: [...draft.variants.slice(0, 2), bad] },
    'onc_1',
  )
  expect(created.variants.map(({ ok }) => ok)).toEqual([true, false, false])
})

test('a SKU in the trash is refused with what to do about it', async () => {
  await createListing(shop.client, simpleDraft('A'), 'onc_1')
  const id = shop.sandbox.listings()[0]!.externalId
  await deleteProduct(id)
  const created = await createListing(shop.client, simpleDraft('A'), 'onc_2')
  expect(created.variants).toMatchObject([
    { ok: false, error: { kind: 'rejected', message: expect.stringContaining('empty the trash') } },
  ])
})

test('a listing that was ended is revived under its old id', async () => {
  const first = await createListing(shop.client, simpleDraft('A'), 'onc_1')
  const [{ externalId } = { externalId: '' }] = shop.sandbox.listings()
  await endListing(shop.client, [{ externalId, externalParentId: null, sku: 'A' }])
  const again = await createListing(shop.client, simpleDraft('A', { quantity: 9 }), 'onc_2')
  expect(again).toEqual(first)
  expect(shop.sandbox.listings()).toMatchObject([{ sku: 'A', status: 'live', quantity: 9 }])
})

test('a SKU with a comma is found, although the shop separates SKUs by commas', async () => {
  const draft = simpleDraft('A,B')
  const created = await createListing(shop.client, draft, 'onc_1')
  await expect(findListing(shop.client, draft, 'onc_1')).resolves.toEqual(created)
})

test('a parent that would have the SKU of its variation gets one of its own', async () => {
  const draft = { ...variableDraft('T', ['S']), parentSku: 'T-S' }
  const created = await createListing(shop.client, draft, 'onc_1')
  expect(created.variants).toMatchObject([{ ok: true }])
})

test('a price in another currency than the shop sells in is never sent', async () => {
  const draft = simpleDraft('A', { price: { minor: 100, currency: 'USD' }, content: content() })
  await expect(createListing(shop.client, draft, 'onc_1')).resolves.toMatchObject({
    variants: [{ ok: false }],
  })
  expect(shop.sandbox.calls).toEqual([])
})

async function deleteProduct(id: string): Promise<void> {
  const { consumerKey, consumerSecret } = shop.sandbox.connection('').credentials as Record<string, string>
  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`
  const headers = { authorization, 'x-forwarded-proto': 'https' }
  await shop.sandbox.app.request(`http://x/wp-json/wc/v3/products/${id}`, { method: 'DELETE', headers })
}
