import { describe, expect, it } from 'vitest'
import { amazon } from '../../../connectors/amazon/index.ts'
import { eur, fillShelf, openShop, readAll, ref } from './support.ts'

const { pullOrders, pullListings, pushStock } = amazon.operations as Required<typeof amazon.operations>

describe("Amazon's stand-in", () => {
  it('keeps each operation to its own usage plan and says so', async () => {
    const shop = await openShop({ rateScale: 1 })
    fillShelf(shop.sandbox, 1)
    const push = () =>
      pushStock.run(shop.client, [{ ref: ref('SKU-0001'), quantity: 1, acknowledgedQuantity: null }])
    for (let n = 0; n < 5; n += 1) await push()
    await expect(push()).rejects.toMatchObject({ kind: 'rate_limited', vendorCode: 'QuotaExceeded' })
    await expect(pullListings.run(shop.client, null)).resolves.toBeDefined()
    shop.clock.advance(200)
    await expect(push()).resolves.toBeDefined()
    const limits = shop
      .heard('/listings/')
      .map(({ answerHeaders }) => answerHeaders['x-amzn-ratelimit-limit'])
    expect(new Set(limits)).toEqual(new Set(['5']))
    await shop.close()
  })

  it('sells no more than there is, all of an order or nothing, and takes back what is cancelled', async () => {
    const shop = await openShop()
    const [first, second] = fillShelf(shop.sandbox, 2)
    const quantities = () => shop.sandbox.listings().map((listing) => listing.quantity)
    const lines = (quantity: number) => [
      { sku: first!, quantity: 4 },
      { sku: second!, quantity },
    ]
    expect(() => shop.sandbox.placeOrder({ lines: lines(11) })).toThrow('has 10 of SKU-0002, not 11')
    expect(quantities()).toEqual([10, 10])
    const order = shop.sandbox.placeOrder({ lines: lines(10), shippingMinor: 490 })
    expect(order.totalMinor).toBe(14 * 1290 + 490)
    expect(quantities()).toEqual([6, 0])
    shop.sandbox.cancelOrder(order.externalId)
    shop.sandbox.cancelOrder(order.externalId)
    expect(quantities()).toEqual([10, 10])
    expect(shop.sandbox.orders()).toMatchObject([{ isCancelled: true, isShipped: false }])
    await shop.close()
  })

  it('refuses an upload that carries our token', async () => {
    const shop = await openShop()
    await shop.client.submitFeed({})
    const { url } = shop.heard('/store/', 'PUT')[0]!
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { 'x-amz-access-token': 'Atza|1' },
      body: '{}',
    })
    expect(answer.status).toBe(400)
    await shop.close()
  })

  it('is quick with ten thousand listings and orders', async () => {
    const shop = await openShop()
    const skus = fillShelf(shop.sandbox, 10_000)
    for (const sku of skus) shop.sandbox.placeOrder({ lines: [{ sku, quantity: 1, unitPrice: eur(100) }] })
    shop.clock.advance(1000)
    const began = performance.now()
    expect((await readAll(pullOrders, shop.client)).items).toHaveLength(10_000)
    expect(new Set((await readAll(pullListings, shop.client)).items.map((item) => item.sku)).size).toBe(
      10_000,
    )
    expect(performance.now() - began).toBeLessThan(30_000)
    await shop.close()
  })
})
