import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { amazon } from '../../../connectors/amazon/index.ts'
import { fillShelf, openShop, readAll, type Shop, start } from './support.ts'

const { pullOrders, readOrders, confirmShipment } = amazon.operations as Required<typeof amazon.operations>
const find = confirmShipment.find as Exclude<typeof confirmShipment.find, string>
const minute = 60_000
const ago = (ms: number) => new Date(Date.parse(start) - ms).toISOString()

describe('orders', () => {
  let shop: Shop
  let skus: string[]
  beforeEach(async () => {
    shop = await openShop({ orderDelayMs: 2 * minute })
    skus = fillShelf(shop.sandbox, 3)
  })
  afterEach(() => shop.close())
  const searches = () => shop.heard('/orders/2026-01-01/orders', 'GET')
  const place = (more: Partial<Parameters<typeof shop.sandbox.placeOrder>[0]> = {}) =>
    shop.sandbox.placeOrder({ lines: [{ sku: skus[0]!, quantity: 1 }], ...more })

  it('are asked for by time of change, ours to fulfil, with all that is read', async () => {
    await pullOrders.run(shop.client, null)
    expect(Object.fromEntries(searches()[0]!.url.searchParams)).toEqual({
      marketplaceIds: 'A1PA6795UKMFR9',
      fulfilledBy: 'MERCHANT',
      maxResultsPerPage: '100',
      includedData: 'PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES,PAYMENT,BUYER,RECIPIENT',
      lastUpdatedAfter: ago(14 * 24 * 60 * minute),
    })
  })

  it('leave personal data out when the connection may not read it, and come without parties', async () => {
    place()
    shop.clock.advance(5 * minute)
    const client = shop.connect({ hasPersonalData: false, orderDays: 1 })
    const { items } = await pullOrders.run(client, null)
    expect(items).toMatchObject([{ buyer: null, shipTo: null }])
    expect(searches()[0]!.url.searchParams.get('includedData')).not.toContain('BUYER')
  })

  it('go on from the window that Amazon named, less the overlap, never from our clock', async () => {
    const { next } = await pullOrders.run(shop.client, null)
    expect(JSON.parse(next!)).toEqual({ since: ago(4 * minute) })
    const [told] = searches()
    expect(told!.answer).toMatchObject({ lastUpdatedBefore: ago(2 * minute) })
  })

  it('never move the cursor back, when Amazon names an older window or none', async () => {
    const since = ago(minute)
    expect((await pullOrders.run(shop.client, JSON.stringify({ since }))).next).toBe(
      JSON.stringify({ since }),
    )
    shop.answerNext('/orders/2026-01-01/orders', { orders: [] })
    expect((await pullOrders.run(shop.client, JSON.stringify({ since }))).next).toBe(
      JSON.stringify({ since }),
    )
  })

  it('that become visible two minutes late are still found', async () => {
    const before = await readAll(pullOrders, shop.client)
    const order = place()
    shop.clock.advance(minute)
    const hidden = await readAll(pullOrders, shop.client, before.next)
    expect(hidden.items).toEqual([])
    shop.clock.advance(5 * minute)
    const { items } = await readAll(pullOrders, shop.client, hidden.next)
    expect(items.map((item) => item.externalId)).toEqual([order.externalId])
  })

  it.each([99, 100, 101, 200])(
    'of one and the same instant are all read when there are %i',
    async (count) => {
      const ids = Array.from(
        { length: count },
        () => place({ lines: [{ sku: skus[0]!, quantity: 0 }] }).externalId,
      )
      shop.clock.advance(5 * minute)
      const { items, pages } = await readAll(pullOrders, shop.client)
      expect(new Set(items.map((item) => item.externalId))).toEqual(new Set(ids))
      expect(pages).toBe(Math.ceil(count / 100))
    },
  )

  it('keep the first page’s window over all pages, though time passes between them', async () => {
    for (let n = 0; n < 150; n += 1) place({ lines: [{ sku: skus[0]!, quantity: 0 }] })
    shop.clock.advance(5 * minute)
    const first = await pullOrders.run(shop.client, null)
    const until = JSON.parse(first.next!).until
    shop.clock.advance(30 * minute)
    // Amazon may name a later end with a later page; what changed in between was on none of the pages.
    shop.answerNext('/orders/', { orders: [], lastUpdatedBefore: shop.clock.now().toISOString() })
    const second = await pullOrders.run(shop.client, first.next)
    expect(second.more).toBe(false)
    expect(Date.parse(JSON.parse(second.next!).since)).toBe(Date.parse(until) - 2 * minute)
  })

  it('begin their window again when the page token has died', async () => {
    for (let n = 0; n < 150; n += 1) place({ lines: [{ sku: skus[0]!, quantity: 0 }] })
    shop.clock.advance(5 * minute)
    const first = await pullOrders.run(shop.client, null)
    shop.clock.advance(25 * 60 * minute)
    const { items } = await readAll(pullOrders, shop.client, first.next)
    expect(new Set(items.map((item) => item.externalId)).size).toBe(150)
  })

  it('do not take a refusal without a page token for a dead one', async () => {
    shop.answerNext('/orders/', { errors: [{ code: 'InvalidInput', message: 'Bad date.' }] }, 400)
    await expect(pullOrders.run(shop.client, null)).rejects.toMatchObject({
      kind: 'rejected',
      vendorMessage: 'Bad date.',
    })
  })

  it('that Amazon fulfils do not come in, and are told as unreadable by id', async () => {
    const { externalId } = place({ isFulfilledByAmazon: true })
    shop.clock.advance(5 * minute)
    expect((await pullOrders.run(shop.client, null)).items).toEqual([])
    const read = await readOrders(shop.client, [externalId])
    expect(read.items).toEqual([])
    expect(read.unreadable).toMatchObject([{ externalId, reason: expect.stringContaining('FBA') }])
  })

  it('that wait for their payment hold stock, have no amounts yet, and get them when paid', async () => {
    const { externalId } = place({ isUnpaid: true })
    const pending = (await readOrders(shop.client, [externalId])).items[0]!
    expect(pending).toMatchObject({
      status: 'pending_payment',
      isStockHeld: true,
      totalMinor: 0,
      shipTo: null,
      currency: 'EUR',
    })
    shop.clock.advance(minute)
    shop.sandbox.updateOrder(externalId, { status: 'UNSHIPPED' })
    const paid = (await readOrders(shop.client, [externalId])).items[0]!
    expect(paid).toMatchObject({ status: 'paid', totalMinor: 1290 })
    expect(paid.updatedAt > pending.updatedAt).toBe(true)
  })

  it('with a status that nobody knows are unreadable, and hold up nothing', async () => {
    const strange = place()
    const fine = place()
    shop.sandbox.updateOrder(strange.externalId, { status: 'TELEPORTED' })
    shop.clock.advance(5 * minute)
    const page = await pullOrders.run(shop.client, null)
    expect(page.items.map((item) => item.externalId)).toEqual([fine.externalId])
    expect(page.unreadable).toMatchObject([
      { externalId: strange.externalId, reason: 'The fulfillment status TELEPORTED is not known.' },
    ])
  })

  describe('confirmShipment', () => {
    const shipment = async (quantity: number, more: object = {}) => {
      const { externalId } = place({ lines: [{ sku: skus[0]!, quantity: 3 }] })
      const [order] = (await readOrders(shop.client, [externalId])).items
      return {
        externalOrderId: externalId,
        carrier: 'dhl',
        trackingNumber: '00340434',
        service: 'Paket',
        shippedAt: new Date(start),
        lines: [{ externalLineId: order!.lines[0]!.externalId, quantity }],
        ...more,
      }
    }

    it('tells Amazon’s code for the carrier, the number and the items', async () => {
      const input = await shipment(3)
      expect(await confirmShipment.run(shop.client, input, 'onc_1')).toBe(true)
      const [told] = shop.heard('/orders/v0/', 'POST')
      expect(told!.url.pathname).toBe(`/orders/v0/orders/${input.externalOrderId}/shipmentConfirmation`)
      expect(told!.body).toEqual({
        marketplaceId: 'A1PA6795UKMFR9',
        packageDetail: {
          packageReferenceId: expect.stringMatching(/^[1-9]\d{0,11}$/),
          carrierCode: 'DHL',
          shippingMethod: 'Paket',
          trackingNumber: '00340434',
          shipDate: '2026-03-02T09:00:00.000Z',
          orderItems: [{ orderItemId: input.lines[0]!.externalLineId, quantity: 3 }],
        },
      })
      expect(shop.sandbox.orders()).toMatchObject([{ isShipped: true }])
    })

    it('names a carrier without a code', async () => {
      await confirmShipment.run(
        shop.client,
        await shipment(1, { carrier: 'Bike & Sons', service: null }),
        'onc_1',
      )
      expect(shop.heard('/orders/v0/', 'POST')[0]!.body).toMatchObject({
        packageDetail: { carrierCode: 'Other', carrierName: 'Bike & Sons' },
      })
    })

    it('in part leaves the order paid, with the rest to ship', async () => {
      const input = await shipment(1)
      await confirmShipment.run(shop.client, input, 'onc_1')
      const [order] = (await readOrders(shop.client, [input.externalOrderId])).items
      expect(order).toMatchObject({ status: 'paid', externalStatus: 'PARTIALLY_SHIPPED' })
      expect(order!.lines[0]).toMatchObject({ quantity: 3, cancelledQuantity: 0 })
    })

    it('with a lost answer is uncertain, is found by its number, and repeated adds no package', async () => {
      const input = await shipment(2)
      expect(await find(shop.client, input, 'onc_1')).toBeNull()
      shop.sandbox.faults.add({ kind: 'lost_answer', when: ({ method }) => method === 'POST' })
      await expect(confirmShipment.run(shop.client, input, 'onc_1')).rejects.toMatchObject({
        kind: 'uncertain',
      })
      expect(await find(shop.client, input, 'onc_1')).toBe(true)
      await confirmShipment.run(shop.client, input, 'onc_1')
      const order = (await shop.client.getOrder(input.externalOrderId)) as { packages: unknown[] }
      expect(order.packages).toHaveLength(1)
      await confirmShipment.run(
        shop.client,
        { ...input, trackingNumber: '2', lines: [{ ...input.lines[0]!, quantity: 1 }] },
        'onc_2',
      )
      expect(shop.sandbox.orders()).toMatchObject([{ isShipped: true }])
    })

    it('of more than was ordered is rejected in Amazon’s words', async () => {
      const input = await shipment(4)
      await expect(confirmShipment.run(shop.client, input, 'onc_1')).rejects.toMatchObject({
        kind: 'rejected',
        vendorCode: 'InvalidInput',
        vendorMessage: expect.stringContaining('fewer units'),
      })
    })
  })
})
