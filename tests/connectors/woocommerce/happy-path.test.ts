import { afterAll, beforeAll, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { openShop, type Shop, simpleDraft, variableDraft } from './support.ts'

const { operations } = woocommerce
let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.sandbox.close())

test('a shop is reached, and the check says whom', async () => {
  await expect(woocommerce.check(shop.client)).resolves.toMatch(/Reached the shop at http.*read and write/)
})

test('a product is listed, stocked, priced, sold, shipped and ended', async () => {
  const { client, sandbox } = shop
  const draft = simpleDraft('SF-1')
  const created = await operations.createListing!.run(client, draft, 'onc_1')
  expect(created).toEqual({
    externalParentId: null,
    variants: [{ sku: 'SF-1', ok: true, externalId: expect.stringMatching(/^\d+$/) }],
  })
  await expect(operations.createListing!.find).not.toBe('unsupported')
  const externalId = (created.variants[0] as { externalId: string }).externalId
  const ref = { externalId, externalParentId: null, sku: 'SF-1' }

  await expect(
    operations.pushStock!.run(client, [{ ref, quantity: 7, acknowledgedQuantity: 5 }]),
  ).resolves.toEqual([{ ok: true, externalId }])
  await expect(
    operations.pushPrices!.run(client, [{ ref, price: { minor: 2190, currency: 'EUR' }, sale: null }]),
  ).resolves.toEqual([{ ok: true, externalId }])
  expect(sandbox.listings()).toMatchObject([
    { sku: 'SF-1', quantity: 7, price: { minor: 2190, currency: 'EUR' }, status: 'live' },
  ])

  const placed = sandbox.placeOrder({ lines: [{ sku: 'SF-1', quantity: 2 }], shippingMinor: 490 })
  const page = await operations.pullOrders!.run(client, null)
  expect(page.more).toBe(false)
  expect(page.items).toMatchObject([
    { externalId: placed.externalId, status: 'paid', isStockHeld: true, totalMinor: 4870, refundedMinor: 0 },
  ])
  expect(sandbox.listings()[0]?.quantity).toBe(5)

  const [line] = page.items[0]!.lines
  const shipment = {
    externalOrderId: placed.externalId,
    carrier: 'DHL',
    trackingNumber: 'JJD01',
    service: null,
    shippedAt: new Date(),
    lines: [{ externalLineId: line!.externalId, quantity: 2 }],
  }
  await expect(operations.confirmShipment!.run(client, shipment, 'onc_2')).resolves.toBe(true)
  expect(sandbox.orders()[0]?.isShipped).toBe(true)

  await expect(operations.endListing!.run(client, [ref])).resolves.toEqual([{ ok: true, externalId }])
  expect(sandbox.listings()[0]?.status).toBe('ended')
})

test('a product with variations is listed under one parent and pulled back', async () => {
  const { client } = shop
  const draft = variableDraft('TEE', ['S', 'M', 'L'])
  const created = await operations.createListing!.run(client, draft, 'onc_3')
  expect(created.variants.every(({ ok }) => ok)).toBe(true)
  const found = await (operations.createListing!.find as CallableFunction)(client, draft, 'onc_3')
  expect(found).toEqual(created)
  const listings = []
  for (let cursor: string | null = null; ; ) {
    const page = await operations.pullListings!.run(client, cursor)
    listings.push(...page.items)
    cursor = page.next
    if (!page.more) break
  }
  expect(listings.map(({ sku }) => sku)).toEqual(['SF-1', 'TEE-S', 'TEE-M', 'TEE-L'])
})
