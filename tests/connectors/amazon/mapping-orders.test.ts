import type { RemoteOrder } from 'entrepot/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packageReference, toOrders, toPackageDetail } from '../../../connectors/amazon/mapping-orders.ts'
import { settingsSchema } from '../../../connectors/amazon/settings.ts'
import { start } from './support.ts'

const settings = settingsSchema.parse({
  region: 'eu',
  marketplaceId: 'M',
  sellerId: 'S',
  currency: 'EUR',
  locale: 'de',
  languageTag: 'de_DE',
})
const money = (amount: string) => ({ amount, currencyCode: 'EUR' })
const part = (type: string, amount: string, details: [string, string][] = []) => ({
  type,
  subtotal: money(amount),
  ...(details.length === 0
    ? {}
    : { detailedBreakdowns: details.map(([subtype, value]) => ({ subtype, value: money(value) })) }),
})
type Changes = { status?: string; grandTotal?: string; tip?: string; item?: object; items?: object[] }

const item = (changes: object = {}) => ({
  orderItemId: '1',
  quantityOrdered: 2,
  product: { asin: 'B01', title: 'Mug', sellerSku: 'MUG-1', price: { unitPrice: money('10.00') } },
  fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 2 },
  ...changes,
})
function orderOf({ status = 'UNSHIPPED', grandTotal, tip, items, item: changes }: Changes = {}): RemoteOrder {
  const raw = {
    orderId: '302-1000001-7000001',
    createdTime: start,
    lastUpdatedTime: start,
    salesChannel: { channelName: 'AMAZON' },
    fulfillment: { fulfillmentStatus: status, fulfilledBy: 'MERCHANT' },
    proceeds: {
      ...(grandTotal ? { grandTotal: money(grandTotal) } : {}),
      ...(tip ? { breakdowns: [part('DELIVERY_TIP', tip)] } : {}),
    },
    orderItems: items ?? [item(changes)],
  }
  const { items: orders, unreadable } = toOrders([raw], settings)
  expect(unreadable).toEqual([])
  const [order] = orders
  const parts = [
    ...order!.lines.map((line) => line.totalMinor),
    ...order!.charges.map((charge) => charge.amountMinor),
  ]
  expect(parts.reduce((sum, n) => sum + n, 0)).toBe(order!.totalMinor)
  return order!
}
const proceeds = (total: string, ...breakdowns: object[]) => ({
  proceeds: { proceedsTotal: money(total), breakdowns },
})

describe('amounts of an Amazon order', () => {
  it('take tax on top into the line, where the item’s total has it', () => {
    const order = orderOf({ item: proceeds('24.00', part('ITEM', '20.00'), part('TAX', '4.00')) })
    expect(order.lines[0]).toMatchObject({ unitPriceMinor: 1000, taxMinor: 400, totalMinor: 2400 })
    expect(order).toMatchObject({ totalMinor: 2400, charges: [] })
  })

  it('leave tax that is within the price there, where the item’s total says so', () => {
    const order = orderOf({ item: proceeds('20.00', part('ITEM', '20.00'), part('TAX', '3.19')) })
    expect(order.lines[0]).toMatchObject({ taxMinor: 319, totalMinor: 2000 })
    expect(order).toMatchObject({ totalMinor: 2000, charges: [] })
  })

  it.each(['3.00', '-3.00'])(
    'take a discount of %s off the line and off the shipping, as its details say',
    (amount) => {
      const sign = amount.startsWith('-') ? '-' : ''
      const details: [string, string][] = [
        ['ITEM', `${sign}2.00`],
        ['SHIPPING', `${sign}1.00`],
      ]
      const order = orderOf({
        item: proceeds(
          '21.90',
          part('ITEM', '20.00'),
          part('SHIPPING', '4.90'),
          part('DISCOUNT', amount, details),
        ),
        grandTotal: '21.90',
      })
      expect(order.lines[0]).toMatchObject({ discountMinor: 200, totalMinor: 1800 })
      expect(order.charges).toEqual([{ kind: 'shipping', label: 'Shipping', amountMinor: 390 }])
    },
  )

  it('add up shipping, gift wrap and fees over the items, and the tip of the order', () => {
    const one = proceeds('14.00', part('ITEM', '10.00'), part('SHIPPING', '3.00'), part('GIFT_WRAP', '1.00'))
    const two = proceeds('12.00', part('ITEM', '10.00'), part('SHIPPING', '2.00'))
    const order = orderOf({
      items: [item(one), item({ orderItemId: '2', ...two })],
      grandTotal: '27.50',
      tip: '1.50',
    })
    expect(order.charges).toEqual([
      { kind: 'shipping', label: 'Shipping', amountMinor: 500 },
      { kind: 'fee', label: 'Gift wrap', amountMinor: 100 },
      { kind: 'fee', label: 'Delivery tip', amountMinor: 150 },
    ])
  })

  it('show what Amazon counts and does not itemise, so that the sum is Amazon’s to the cent', () => {
    const order = orderOf({ item: proceeds('20.00', part('ITEM', '20.00')), grandTotal: '20.03' })
    expect(order.totalMinor).toBe(2003)
    expect(order.charges).toEqual([{ kind: 'other', label: 'Not itemised by Amazon', amountMinor: 3 }])
  })

  it('follow from unit price and quantity where an item has no proceeds', () => {
    expect(orderOf().lines[0]).toMatchObject({ totalMinor: 2000, unitPriceMinor: 1000 })
  })

  it('always add up, whatever the parts and the total are', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 }).map((minor) => (minor / 100).toFixed(2))
    const type = fc.constantFrom(
      'ITEM',
      'SHIPPING',
      'GIFT_WRAP',
      'COD_FEE',
      'OTHER',
      'TAX',
      'DISCOUNT',
      'NEW_TYPE',
    )
    const breakdown = fc.tuple(type, amount, fc.array(fc.tuple(type, amount), { maxLength: 2 }))
    fc.assert(
      fc.property(amount, amount, fc.array(breakdown, { maxLength: 5 }), (total, grandTotal, parts) => {
        const breakdowns = parts.map(([name, value, details]) => part(name, value, details))
        // orderOf asserts that lines and charges make the total.
        const order = orderOf({ item: proceeds(total, ...breakdowns), grandTotal })
        expect(order.totalMinor).toBe(Math.round(Number(grandTotal) * 100))
        expect(order.lines.every((line) => line.discountMinor >= 0)).toBe(true)
      }),
    )
  })
})

describe('an Amazon order', () => {
  it.each([
    ['PENDING_AVAILABILITY', 'pending_payment', true],
    ['PENDING', 'pending_payment', true],
    ['UNSHIPPED', 'paid', true],
    ['PARTIALLY_SHIPPED', 'paid', true],
    ['SHIPPED', 'shipped', true],
    ['CANCELLED', 'cancelled', false],
  ])('that is %s is %s', (external, status, isStockHeld) => {
    expect(orderOf({ status: external })).toMatchObject({ status, externalStatus: external, isStockHeld })
  })

  it('without a fulfilment status is unreadable, never paid', () => {
    const raw = { orderId: '1', createdTime: start, lastUpdatedTime: start, orderItems: [] }
    const { items, unreadable } = toOrders([raw, { orderId: 2 }, null], settings)
    expect(items).toEqual([])
    expect(unreadable!.map(({ externalId }) => externalId)).toEqual(['1', null, null])
  })

  it.each([
    ['nothing cancelled', {}, 'UNSHIPPED', 0],
    [
      'one unit neither sent nor open',
      { fulfillment: { quantityFulfilled: 1, quantityUnfulfilled: 0 } },
      'SHIPPED',
      1,
    ],
    ['one sent, one cancelled with the order', { fulfillment: { quantityFulfilled: 1 } }, 'CANCELLED', 1],
    ['all cancelled with the order', {}, 'CANCELLED', 2],
    [
      'the item cancelled, without numbers',
      { fulfillment: undefined, cancellation: { cancellationExecution: {} } },
      'UNSHIPPED',
      2,
    ],
    ['no numbers', { fulfillment: undefined }, 'UNSHIPPED', 0],
  ])('with %s counts %#', (_what, changes, status, cancelled) => {
    expect(orderOf({ status, item: changes }).lines[0]).toMatchObject({
      quantity: 2,
      cancelledQuantity: cancelled,
    })
  })

  it('keeps a line whose SKU Amazon does not tell', () => {
    const order = orderOf({ item: { product: { asin: 'B01' } } })
    expect(order.lines[0]).toMatchObject({ sku: null, externalListingId: null, title: 'B01', totalMinor: 0 })
  })
})

describe('the number of a package', () => {
  it('is positive, follows from the key alone, and differs between keys', () => {
    const keys = Array.from({ length: 2000 }, (_, n) => `onc_01h455vb4pex5vsknk084sn${n.toString(36)}`)
    const numbers = keys.map(packageReference)
    expect(numbers.every((number) => /^[1-9]\d{0,11}$/.test(number))).toBe(true)
    expect(new Set(numbers).size).toBe(keys.length)
    expect(packageReference(keys[0]!)).toBe(numbers[0])
  })
})

it('a shipment from a mapped warehouse names the supply source; from another it names none', () => {
  const shipment = {
    externalOrderId: '1',
    carrier: 'DHL',
    trackingNumber: '00340',
    service: null,
    shippedAt: new Date('2026-05-04T10:00:00Z'),
    lines: [],
  }
  expect(toPackageDetail({ ...shipment, externalLocationId: 'src-1' }, 'onc_1')).toMatchObject({
    shipFromSupplySourceId: 'src-1',
  })
  expect(toPackageDetail(shipment, 'onc_1')).not.toHaveProperty('shipFromSupplySourceId')
})
