import { beforeAll, describe, expect, test } from 'vitest'
import { hasSpecs, type PropertyTable, readPropertyTables, specName } from './recordings.ts'
import { type Replay, startReplay } from './replay.ts'

type Row = Record<string, unknown>

/** Where the documentation of 2024 errs, as the recordings of a real shop show. */
const differs: Readonly<Record<string, readonly string[]>> = {
  'product-variations': ['shipping_class_id'],
  orders: ['price'],
  'order-refunds': ['price', 'tax_class', 'refund_total'],
}
/** Write-only. */
const neverSent = new Set(['set_paid', 'api_refund', 'api_restock', 'secret', 'added_by_user'])

/** Whether a value is of the documented type. Null stands for "none" everywhere. */
function isOfType(value: unknown, type: string): boolean {
  if (value === null) return true
  if (type === 'integer') return Number.isInteger(value) || value === 'parent'
  if (type === 'number') return typeof value === 'number'
  if (type === 'boolean') return typeof value === 'boolean' || value === 'parent'
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object'
  if (type === 'date-time') return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value)
  return typeof value === 'string'
}

function complaints(row: Row, table: PropertyTable): string[] {
  return table.flatMap(({ name, type }) => {
    if (neverSent.has(name)) return []
    if (!(name in row)) return [`${name} is missing`]
    return isOfType(row[name], type) ? [] : [`${name} is ${JSON.stringify(row[name])}, not ${type}`]
  })
}

describe.skipIf(!hasSpecs)(specName('bodies have the properties that the vendor documents'), () => {
  const tables = hasSpecs ? readPropertyTables() : {}
  let shop: Replay
  const bodies: Record<string, Row> = {}
  const ask = async (method: string, target: string, body?: object) =>
    (await shop.call(method, target, body)).body as Row

  beforeAll(async () => {
    shop = startReplay()
    const images = [{ src: 'https://images.test/a.jpg', name: 'a' }]
    const attributes = [{ name: 'Size', variation: true, visible: true, options: ['S'] }]
    const parent = await ask('POST', '/products', { name: 'Tee', type: 'variable', images, attributes })
    const variation = await ask('POST', `/products/${parent.id}/variations`, {
      sku: 'T-S',
      regular_price: '10.00',
      manage_stock: true,
      stock_quantity: 5,
      attributes: [{ name: 'Size', option: 'S' }],
      image: images[0]!,
      meta_data: [{ key: 'k', value: 'v' }],
    })
    const order = await ask('POST', '/orders', {
      status: 'processing',
      line_items: [{ variation_id: variation.id, quantity: 2 }],
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Flat', total: '5.00' }],
      fee_lines: [{ name: 'Gift', total: '1.00' }],
      meta_data: [{ key: 'k', value: 'v' }],
    })
    const [line] = order.line_items as Row[]
    bodies.refund = await ask('POST', `/orders/${order.id}/refunds`, {
      api_refund: false,
      line_items: [{ id: line!.id, quantity: 1, refund_total: '10.00' }],
    })
    bodies.note = await ask('POST', `/orders/${order.id}/notes`, { note: 'Sent' })
    bodies.webhook = await ask('POST', '/webhooks', {
      topic: 'order.updated',
      delivery_url: 'https://hub.test',
    })
    bodies.order = await ask('GET', `/orders/${order.id}`)
    bodies.product = await ask('GET', `/products/${parent.id}`)
    bodies.variation = await ask('GET', `/products/${parent.id}/variations/${variation.id}`)
  })

  const first = (body: string, list: string) => (bodies[body]![list] as Row[])[0]!
  const cases: readonly [string, string, () => Row][] = [
    ['products', 'Product properties ##', () => bodies.product!],
    ['products', 'Product - Dimensions properties ###', () => bodies.product!.dimensions as Row],
    ['products', 'Product - Categories properties ###', () => first('product', 'categories')],
    ['products', 'Product - Images properties ###', () => first('product', 'images')],
    ['products', 'Product - Attributes properties ###', () => first('product', 'attributes')],
    ['product-variations', 'Product variation properties ##', () => bodies.variation!],
    [
      'product-variations',
      'Product variation - Attributes properties ###',
      () => first('variation', 'attributes'),
    ],
    ['product-variations', 'Product variation - Image properties ###', () => bodies.variation!.image as Row],
    ['orders', 'Order properties ##', () => bodies.order!],
    ['orders', 'Order - Billing properties ###', () => bodies.order!.billing as Row],
    ['orders', 'Order - Shipping properties ###', () => bodies.order!.shipping as Row],
    ['orders', 'Order - Meta data properties ###', () => first('order', 'meta_data')],
    ['orders', 'Order - Line items properties ###', () => first('order', 'line_items')],
    ['orders', 'Order - Shipping lines properties ###', () => first('order', 'shipping_lines')],
    ['orders', 'Order - Fee lines properties ###', () => first('order', 'fee_lines')],
    ['orders', 'Order - Refunds properties ###', () => first('order', 'refunds')],
    ['order-refunds', 'Order refund properties ##', () => bodies.refund!],
    ['order-refunds', 'Order refund - Line items properties ###', () => first('refund', 'line_items')],
    ['order-notes', 'Order note properties ##', () => bodies.note!],
    ['webhooks', 'Webhook properties ##', () => bodies.webhook!],
  ]
  test.each(cases)('%s: %s', (resource, heading, row) => {
    expect(tables[resource]?.[heading], 'the table is there').toBeDefined()
    const known = differs[resource] ?? []
    const table = tables[resource]![heading]!.filter(({ name }) => !known.includes(name))
    expect(complaints(row(), table)).toEqual([])
  })
})
