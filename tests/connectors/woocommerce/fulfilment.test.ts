import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelOrder,
  confirmShipment,
  findCancellation,
  findRefund,
  findShipment,
  refund,
  refundLine,
} from '../../../connectors/woocommerce/fulfilment.ts'
import { readOrders } from '../../../connectors/woocommerce/orders.ts'
import { openShop, type Shop } from './support.ts'

let shop: Shop
let orderId: string
let lineId: string
beforeEach(async () => {
  shop = await openShop()
  shop.sandbox.addProduct({ sku: 'A', name: 'A', price: '10.00', quantity: 10 })
  orderId = shop.sandbox.placeOrder({ lines: [{ sku: 'A', quantity: 3 }] }).externalId
  lineId = (await read()).lines[0]!.externalId
  shop.sandbox.calls.length = 0
})
afterEach(() => shop.sandbox.close())

const read = async () => (await readOrders(shop.client, [orderId])).items[0]!
const stock = () => shop.sandbox.listings()[0]?.quantity
const notes = () => shop.client.listNotes(orderId)
const shipment = (quantity = 3, trackingNumber = 'SF123') => ({
  externalOrderId: orderId,
  carrier: 'SF',
  trackingNumber,
  service: 'Express',
  shippedAt: new Date('2026-03-02T10:00:00Z'),
  lines: [{ externalLineId: lineId, quantity }],
})

describe('confirmShipment', () => {
  test('tells the buyer, keeps the shipment, completes the order, and is found', async () => {
    await expect(findShipment(shop.client, shipment(), 'onc_1')).resolves.toBeNull()
    await expect(confirmShipment(shop.client, shipment(), 'onc_1')).resolves.toBe(true)
    expect((await notes()).map(({ note }) => note)).toEqual([
      'Shipped with SF Express, tracking number SF123.',
    ])
    expect(await read()).toMatchObject({ status: 'completed' })
    await expect(findShipment(shop.client, shipment(), 'onc_1')).resolves.toBe(true)
    await expect(findShipment(shop.client, shipment(), 'onc_2')).resolves.toBeNull()
  })

  test('an order is completed with the parcel that leaves nothing to ship', async () => {
    await confirmShipment(shop.client, shipment(1, 'SF1'), 'onc_1')
    expect(await read()).toMatchObject({ status: 'paid' })
    await confirmShipment(shop.client, shipment(2, 'SF2'), 'onc_2')
    expect(await read()).toMatchObject({ status: 'completed' })
    expect(await notes()).toHaveLength(2)
  })

  test('a parcel confirmed twice does not count twice', async () => {
    await confirmShipment(shop.client, shipment(2), 'onc_1')
    await confirmShipment(shop.client, shipment(2), 'onc_1')
    expect(await read()).toMatchObject({ status: 'paid' })
  })

  test('after a lost answer the buyer is not told a second time', async () => {
    const isNote = ({ method, path }: { method: string; path: string }) =>
      method === 'POST' && path.endsWith('/notes')
    shop.sandbox.faults.add({ kind: 'lost_answer', when: isNote })
    await expect(confirmShipment(shop.client, shipment(), 'onc_1')).rejects.toMatchObject({
      kind: 'uncertain',
    })
    await expect(findShipment(shop.client, shipment(), 'onc_1')).resolves.toBeNull()
    await confirmShipment(shop.client, shipment(), 'onc_1')
    expect(await notes()).toHaveLength(1)
  })

  test('units that were refunded and restocked need no parcel', async () => {
    await refund(shop.client, refundOf(1000, 1), 'onc_1')
    await confirmShipment(shop.client, shipment(2), 'onc_2')
    expect(await read()).toMatchObject({ status: 'completed' })
  })

  test('a cancelled order is not shipped, although the shop would allow it', async () => {
    shop.sandbox.cancelOrder(orderId)
    await expect(confirmShipment(shop.client, shipment(), 'onc_1')).rejects.toMatchObject({
      kind: 'rejected',
    })
  })
})

describe('cancelOrder', () => {
  const cancellation = () => ({ externalOrderId: orderId, reason: 'out of stock' })

  test('cancels, puts the units back, and is found', async () => {
    await expect(findCancellation(shop.client, cancellation())).resolves.toBeNull()
    await expect(cancelOrder(shop.client, cancellation())).resolves.toBe(true)
    await expect(findCancellation(shop.client, cancellation())).resolves.toBe(true)
    expect(stock()).toBe(10)
  })

  test('twice puts them back once', async () => {
    await cancelOrder(shop.client, cancellation())
    await cancelOrder(shop.client, cancellation())
    expect(stock()).toBe(10)
  })

  test('a completed order stays completed, although the shop would cancel it', async () => {
    shop.sandbox.setOrderStatus(orderId, 'completed')
    await expect(cancelOrder(shop.client, cancellation())).rejects.toMatchObject({ kind: 'rejected' })
    expect(await read()).toMatchObject({ status: 'completed' })
  })

  test('an order that is not there is not found', async () => {
    await expect(cancelOrder(shop.client, { externalOrderId: '999999', reason: '' })).rejects.toMatchObject({
      kind: 'not_found',
    })
  })
})

const refundOf = (amountMinor: number, quantity: number, isRestocked = true) => ({
  externalOrderId: orderId,
  amountMinor,
  currency: 'EUR',
  reason: 'scratched',
  lines: quantity === 0 ? [] : [{ externalLineId: lineId, quantity, amountMinor }],
  isRestocked,
})

describe('refund', () => {
  test('books the amount, restocks the units, and is found by its key', async () => {
    await expect(findRefund(shop.client, refundOf(1000, 1), 'onc_1')).resolves.toBeNull()
    const booked = await refund(shop.client, refundOf(1000, 1), 'onc_1')
    await expect(findRefund(shop.client, refundOf(1000, 1), 'onc_1')).resolves.toEqual(booked)
    await expect(findRefund(shop.client, refundOf(1000, 1), 'onc_11')).resolves.toBeNull()
    expect(await read()).toMatchObject({ refundedMinor: 1000, lines: [{ cancelledQuantity: 1 }] })
    expect(stock()).toBe(8)
  })

  test('units that did not come back are not restocked', async () => {
    await refund(shop.client, refundOf(1000, 1, false), 'onc_1')
    expect(stock()).toBe(7)
    expect(await read()).toMatchObject({ refundedMinor: 1000, lines: [{ cancelledQuantity: 0 }] })
  })

  test('after a lost answer it is found, so that nothing is given back twice', async () => {
    shop.sandbox.faults.add({ kind: 'lost_answer', when: ({ method }) => method === 'POST' })
    await expect(refund(shop.client, refundOf(500, 0), 'onc_1')).rejects.toMatchObject({ kind: 'uncertain' })
    await expect(findRefund(shop.client, refundOf(500, 0), 'onc_1')).resolves.not.toBeNull()
    expect(await read()).toMatchObject({ refundedMinor: 500 })
  })

  test('too much is refused, although the shop says 500', async () => {
    await expect(refund(shop.client, refundOf(99_900, 0), 'onc_1')).rejects.toMatchObject({
      kind: 'rejected',
      vendorMessage: 'Invalid refund amount.',
    })
  })

  test.each([
    ['nothing', { amountMinor: 0 }],
    ['another currency', { currency: 'USD' }],
    ['a line that is not there', { lines: [{ externalLineId: '4711', quantity: 1, amountMinor: 1 }] }],
  ])('%s is refused before it is sent', async (_, wrong) => {
    await expect(refund(shop.client, { ...refundOf(1000, 1), ...wrong }, 'onc_1')).rejects.toMatchObject({
      kind: 'rejected',
    })
    expect(shop.sandbox.calls.filter(({ isWrite }) => isWrite)).toEqual([])
  })

  test('an order that is not there is not found', async () => {
    await expect(
      refund(shop.client, { ...refundOf(1, 0), externalOrderId: '999999' }, 'onc_1'),
    ).rejects.toMatchObject({
      kind: 'not_found',
    })
  })

  test('a line is split into net and tax as it was charged, and not a cent is lost', () => {
    const line = {
      id: 1,
      name: 'A',
      product_id: 1,
      variation_id: 0,
      quantity: 3,
      subtotal: '30.00',
      subtotal_tax: '5.70',
      total: '30.00',
      total_tax: '5.70',
      taxes: [
        { id: 4, total: '5.70' },
        { id: 5, total: '0' },
      ],
      meta_data: [],
      sku: 'A',
    }
    expect(refundLine(line, 1, 1190, 'EUR')).toEqual({
      id: 1,
      quantity: 1,
      refund_total: '10.00',
      refund_tax: [{ id: 4, refund_total: '1.90' }],
    })
    expect(refundLine(line, 1, 1, 'EUR')).toMatchObject({
      refund_total: '0.01',
      refund_tax: [{ id: 4, refund_total: '0.00' }],
    })
  })
})
