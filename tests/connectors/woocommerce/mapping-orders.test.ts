import { describe, expect, test } from 'vitest'
import { toRemoteOrder } from '../../../connectors/woocommerce/mapping-orders.ts'
import { readRows } from '../../../connectors/woocommerce/orders.ts'
import { order as orderSchema } from '../../../connectors/woocommerce/schemas.ts'

const line = (more: object = {}) => ({
  id: 1,
  name: 'Scarf',
  product_id: 7,
  variation_id: 0,
  quantity: 1,
  subtotal: '10.00',
  subtotal_tax: '0.00',
  total: '10.00',
  total_tax: '0.00',
  taxes: [],
  meta_data: [],
  sku: 'SF-1',
  price: 10,
  ...more,
})
const raw = (more: object = {}) => ({
  id: 5,
  number: '5',
  status: 'processing',
  currency: 'EUR',
  date_created: '2026-11-24T05:19:24',
  date_created_gmt: '2026-11-23T21:19:24',
  date_modified: '2026-11-24T05:19:25',
  date_modified_gmt: '2026-11-23T21:19:25',
  date_paid_gmt: '2026-11-23T21:19:24',
  total: '10.00',
  billing: { first_name: 'Ada', last_name: 'Buyer', address_1: '1 St', country: 'IE', email: 'a@b.test' },
  shipping: {},
  line_items: [line()],
  shipping_lines: [],
  fee_lines: [],
  refunds: [],
  ...more,
})
const map = (more: object = {}, orderStatuses = {}) =>
  toRemoteOrder(orderSchema.parse(raw(more)), { orderStatuses })

/** The parts of an order, which have to give its total. */
const sumOf = (order: ReturnType<typeof map>) =>
  [...order.lines.map((row) => row.totalMinor), ...order.charges.map((row) => row.amountMinor)].reduce(
    (sum, part) => sum + part,
    0,
  )

describe('amounts are exact', () => {
  test("a line's float price is not used, and what rounding leaves is a charge of its own", () => {
    const order = map({
      total: '10.00',
      line_items: [line({ quantity: 3, price: 3.3333333333333335, subtotal: '10', total: '9.99' })],
    })
    expect(order.lines[0]).toMatchObject({ unitPriceMinor: 333, discountMinor: 1, totalMinor: 999 })
    expect(order.charges).toEqual([{ kind: 'other', label: 'rounding', amountMinor: 1 }])
    expect(sumOf(order)).toBe(order.totalMinor)
  })

  test('tax, coupon, shipping and fees add up to the total', () => {
    const order = map({
      total: '30.94',
      line_items: [line({ quantity: 2, subtotal: '20.00', total: '18.00', total_tax: '3.42' })],
      shipping_lines: [{ id: 2, method_title: 'Flat', total: '8.00', total_tax: '1.52' }],
      fee_lines: [
        { id: 3, name: 'Gift wrap', total: '1.00', total_tax: '0.00' },
        { id: 4, name: 'Voucher', total: '-1.00', total_tax: '0.00' },
      ],
    })
    expect(order.lines[0]).toMatchObject({
      unitPriceMinor: 1000,
      discountMinor: 200,
      taxMinor: 342,
      totalMinor: 2142,
    })
    expect(order.charges).toEqual([
      { kind: 'shipping', label: 'Flat', amountMinor: 952 },
      { kind: 'fee', label: 'Gift wrap', amountMinor: 100 },
      { kind: 'discount', label: 'Voucher', amountMinor: -100 },
    ])
    expect(sumOf(order)).toBe(3094)
    expect(order.shippingService).toBe('Flat')
  })

  test('what a plugin took off the total without a line is not called rounding', () => {
    expect(map({ total: '4.00' }).charges).toEqual([
      { kind: 'other', label: 'adjustment', amountMinor: -600 },
    ])
  })

  test('refunds are added up from negative totals, "-0.00" included', () => {
    const order = map({
      refunds: [
        { id: 1, reason: '', total: '-0.00' },
        { id: 2, reason: 'scratch', total: '-3.50' },
      ],
    })
    expect(order).toMatchObject({ refundedMinor: 350, totalMinor: 1000 })
  })

  test('a currency without decimals has whole units', () => {
    expect(
      map({ currency: 'JPY', total: '10', line_items: [line({ subtotal: '10', total: '10' })] }),
    ).toMatchObject({
      totalMinor: 10,
      lines: [{ unitPriceMinor: 10 }],
    })
  })
})

describe('status', () => {
  test.each([
    ['pending', 'pending_payment', false],
    ['failed', 'pending_payment', false],
    ['on-hold', 'pending_payment', true],
    ['processing', 'paid', true],
    ['completed', 'completed', true],
    ['cancelled', 'cancelled', false],
    ['refunded', 'refunded', false],
    ['trash', 'cancelled', false],
  ])('%s is %s, and its stock is held: %s', (theirs, ours, isStockHeld) => {
    expect(map({ status: theirs })).toMatchObject({ status: ours, isStockHeld, externalStatus: theirs })
  })

  test('one that nobody explained is never guessed: it is told without a status, for a person to map', () => {
    const strange = raw({ status: 'shipped-by-drone' })
    const { items, unreadable } = readRows([strange, raw({ id: 6 })], { orderStatuses: {} })
    expect(items).toMatchObject([
      { externalId: '5', status: null, externalStatus: 'shipped-by-drone' },
      { externalId: '6', status: 'paid' },
    ])
    expect(unreadable).toEqual([])
  })

  test('one that the settings explain is read so, its stock being held when the lines say so', () => {
    const line_items = [line({ meta_data: [{ id: 1, key: '_reduced_stock', value: '1' }] })]
    expect(map({ status: 'picking', line_items }, { picking: 'paid' })).toMatchObject({
      status: 'paid',
      isStockHeld: true,
    })
    expect(map({ status: 'quote' }, { quote: 'pending_payment' }).isStockHeld).toBe(false)
  })

  test('unfinished carts are ignored', () => {
    const rows = [raw({ status: 'checkout-draft' }), raw({ status: 'auto-draft' })]
    expect(readRows(rows, { orderStatuses: {} })).toEqual({ items: [], unreadable: [] })
  })
})

describe('lines', () => {
  test('a variation is named by its own id', () => {
    const order = map({ line_items: [line({ variation_id: 9 })] })
    expect(order.lines[0]?.externalListingId).toBe('9')
  })

  test('a line whose product was deleted is kept without SKU and listing', () => {
    const order = map({ line_items: [line({ product_id: 0, sku: null, name: 'Gone' })] })
    expect(order.lines[0]).toMatchObject({ sku: null, externalListingId: null, title: 'Gone' })
  })

  test('units that a refund put back on the shelf count as cancelled', () => {
    const meta_data = [{ id: 1, key: '_restock_refunded_items', value: '2' }]
    const order = map({ line_items: [line({ quantity: 3, meta_data })] })
    expect(order.lines[0]).toMatchObject({ quantity: 3, cancelledQuantity: 2 })
  })

  test.each([0, -2, 1.5])('a quantity of %s makes the order unreadable', (quantity) => {
    const { unreadable } = readRows([raw({ line_items: [line({ quantity })] })], { orderStatuses: {} })
    expect(unreadable[0]?.reason).toContain(`quantity ${quantity}`)
  })
})

test('only the UTC dates are read, whatever the zone of the shop', () => {
  expect(map()).toMatchObject({
    placedAt: new Date('2026-11-23T21:19:24Z'),
    updatedAt: new Date('2026-11-23T21:19:25Z'),
    paidAt: new Date('2026-11-23T21:19:24Z'),
  })
})

test('an empty shipping address means the billing address', () => {
  expect(map().shipTo).toMatchObject({ name: 'Ada Buyer', email: 'a@b.test', region: null })
  const shipping = { first_name: 'Bo', address_1: '2 St', address_2: 'Rear', city: 'Cork' }
  expect(map({ shipping }).shipTo).toMatchObject({ name: 'Bo', addressLines: ['2 St', 'Rear'], email: null })
})

test('an order that was not paid has no payment', () => {
  expect(map({ status: 'pending', date_paid_gmt: null })).toMatchObject({ paidAt: null, payments: [] })
  expect(map({ payment_method_title: 'Card', transaction_id: 'ch_1' }).payments).toEqual([
    { method: 'Card', amountMinor: 1000, paidAt: new Date('2026-11-23T21:19:24Z'), reference: 'ch_1' },
  ])
})
