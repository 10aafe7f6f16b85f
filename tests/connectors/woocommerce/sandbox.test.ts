import { describe, expect, test } from 'vitest'
import {
  createWooCommerceSandbox,
  type WooCommerceSandboxOptions,
} from '../../../connectors/woocommerce/sandbox.ts'
import { stillClock } from './support.ts'

type Body = Record<string, unknown>

/** A shop that is asked in its own words. */
function openRaw(options: Partial<WooCommerceSandboxOptions> = {}) {
  const clock = stillClock()
  const sandbox = createWooCommerceSandbox({ clock, rateScale: Infinity, ...options })
  const { consumerKey, consumerSecret } = sandbox.connection('').credentials as Record<string, string>
  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`
  const ask = async (
    method: string,
    path: string,
    body?: object | string,
    more: Record<string, string> = {},
  ) => {
    const headers = {
      authorization,
      'x-forwarded-proto': 'https',
      'content-type': 'application/json',
      ...more,
    }
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await sandbox.app.request(`http://shop.test/wp-json/wc/v3${path}`, {
      method,
      headers,
      body: text,
    })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body & Body[] }
  }
  return { sandbox, clock, ask }
}
const product = (more: object = {}) => ({
  name: 'A',
  sku: 'A',
  regular_price: '10.00',
  manage_stock: true,
  stock_quantity: 50,
  ...more,
})

describe('what is not in the recordings but was seen on a real shop', () => {
  test('a batch stores what a single call refuses', async () => {
    const { ask } = openRaw()
    const { id } = (await ask('POST', '/products', product())).body
    const store = async (fields: object) =>
      ((await ask('POST', '/products/batch', { update: [{ id, ...fields }] })).body.update as Body[])[0]!
    for (const [sent, stored] of [
      ['many', 0],
      [7.9, 7],
      ['1,000', 1],
      [null, 0],
      [-4, -4],
    ])
      expect((await store({ stock_quantity: sent })).stock_quantity).toBe(stored)
    for (const [sent, stored] of [
      ['19,90', '1990'],
      ['1.299,50', '1.29950'],
      ['abc', ''],
      [12.5, '12.5'],
    ])
      expect((await store({ regular_price: sent })).regular_price).toBe(stored)
    expect((await ask('PUT', `/products/${id}`, { stock_quantity: 7.9 })).status).toBe(400)
  })

  test('a sale price that is not below the regular one is dropped', async () => {
    const { ask } = openRaw()
    expect((await ask('POST', '/products', product({ sale_price: '10.00' }))).body.sale_price).toBe('')
  })

  test('stock sent for a product that does not manage it is ignored', async () => {
    const { ask } = openRaw()
    const { body, status } = await ask('POST', '/products', product({ manage_stock: false }))
    expect([status, body.stock_quantity]).toEqual([201, null])
  })

  test('text loses backslashes and forbidden tags, and "&" is escaped', async () => {
    const { ask } = openRaw()
    const name = 'A \\ & <script>x</script> b < c > d 真丝'
    expect((await ask('POST', '/products', product({ name }))).body.name).toBe('A  &amp; x b  d 真丝')
  })

  test('SKUs clash without regard to case and spaces, and with the trash in another way', async () => {
    const { ask } = openRaw()
    const { id } = (await ask('POST', '/products', product({ sku: 'AbC' }))).body
    const clash = await ask('POST', '/products', product({ sku: ' aBc ' }))
    expect(clash.body).toMatchObject({ code: 'product_invalid_sku', data: { resource_id: id } })
    await ask('DELETE', `/products/${id}`)
    const trash = await ask('POST', '/products', product({ sku: 'AbC' }))
    expect(trash.body.code).toBe('woocommerce_rest_product_not_created')
    expect(trash.body.data).toEqual({ status: 400 })
  })

  test('a JSON body of another content type is ignored', async () => {
    const { ask } = openRaw()
    const { status, body } = await ask('POST', '/products', product(), { 'content-type': 'text/plain' })
    expect([status, body.name]).toEqual([201, 'Product'])
  })

  test('an unknown status in an order batch makes the order pending and puts its stock back', async () => {
    const { ask, sandbox } = openRaw()
    await ask('POST', '/products', product())
    const { id } = (await ask('POST', '/orders', { set_paid: true, line_items: [{ sku: 'A', quantity: 4 }] }))
      .body
    expect(sandbox.listings()[0]?.quantity).toBe(46)
    await ask('POST', '/orders/batch', { update: [{ id, status: 'shipped' }] })
    expect(sandbox.listings()[0]?.quantity).toBe(50)
  })

  test('the REST API sells what is not there; the checkout does not', async () => {
    const { ask, sandbox } = openRaw()
    await ask('POST', '/products', product({ stock_quantity: 1 }))
    expect(() => sandbox.placeOrder({ lines: [{ sku: 'A', quantity: 2 }] })).toThrow('has 1 of A')
    await ask('POST', '/orders', { set_paid: true, line_items: [{ sku: 'A', quantity: 9 }] })
    expect(sandbox.listings()[0]?.quantity).toBe(-8)
  })

  test('a note does not change the order, an empty PUT does', async () => {
    const { ask, clock } = openRaw()
    const { id, date_modified_gmt: before } = (await ask('POST', '/orders', {})).body
    clock.advance(5000)
    await ask('POST', `/orders/${id}/notes`, { note: 'x' })
    expect((await ask('GET', `/orders/${id}`)).body.date_modified_gmt).toBe(before)
    await ask('PUT', `/orders/${id}`, {})
    expect((await ask('GET', `/orders/${id}`)).body.date_modified_gmt).not.toBe(before)
  })

  test('past the end orders forget their totals and products do not', async () => {
    const { ask } = openRaw()
    await ask('POST', '/products', product())
    await ask('POST', '/orders', {})
    expect((await ask('GET', '/orders?page=9')).headers.get('x-wp-total')).toBe('0')
    expect((await ask('GET', '/products?page=9')).headers.get('x-wp-total')).toBe('1')
  })

  test('a trashed order leaves every list but that of the trash', async () => {
    const { ask } = openRaw()
    const { id } = (await ask('POST', '/orders', {})).body
    await ask('DELETE', `/orders/${id}`)
    expect((await ask('GET', '/orders?status=any')).body).toEqual([])
    expect((await ask('GET', `/orders?status=trash&include=${id}`)).body).toHaveLength(1)
    expect((await ask('GET', `/orders/${id}`)).body.status).toBe('trash')
  })

  test('a variation without a SKU and a stock of its own shows those of its parent', async () => {
    const { ask } = openRaw()
    const { id } = (await ask('POST', '/products', product({ type: 'variable', stock_quantity: 3 }))).body
    await ask('POST', `/products/${id}/variations`, { attributes: [{ name: 'Size', option: 'S' }] })
    expect((await ask('GET', '/variations')).body).toMatchObject([
      { sku: 'A', manage_stock: 'parent', stock_quantity: 3, parent_id: id },
    ])
  })

  test('without its path the API does not look at the key', async () => {
    const { sandbox } = openRaw()
    const answer = await sandbox.app.request('http://shop.test/?rest_route=/wc/v3/orders')
    expect(answer.status).toBe(401)
  })
})

describe('limits', () => {
  test('are those that the connector declares, products apart from orders', async () => {
    const { ask, clock } = openRaw({ rateScale: 1 })
    const statuses = async (path: string, count: number) => {
      const all: number[] = []
      for (let n = 0; n < count; n += 1) all.push((await ask('GET', path)).status)
      return all
    }
    expect(await statuses('/products', 3)).toEqual([200, 200, 429])
    expect(await statuses('/orders', 11)).toEqual([...Array(10).fill(200), 429])
    const refused = await ask('GET', '/products')
    expect(refused.headers.get('retry-after')).toBe('1')
    clock.advance(1000)
    expect(await statuses('/products', 3)).toEqual([200, 200, 429])
  })

  test('scale, for tests that have no time', async () => {
    const { ask } = openRaw({ rateScale: 10 })
    for (let n = 0; n < 20; n += 1) expect((await ask('GET', '/products')).status).toBe(200)
    expect((await ask('GET', '/products')).status).toBe(429)
  })
})

test('ten thousand products and orders are listed without delay', async () => {
  const { ask, sandbox, clock } = openRaw()
  for (let n = 0; n < 10_000; n += 1)
    sandbox.addProduct({ sku: `S${n}`, name: `S${n}`, price: '1.00', quantity: 10 })
  for (let n = 0; n < 10_000; n += 1) {
    if (n % 10 === 0) clock.advance(1000)
    sandbox.placeOrder({ lines: [{ sku: `S${n}`, quantity: 1 }] })
  }
  const started = performance.now()
  for (let n = 0; n < 20; n += 1) {
    await ask('GET', '/orders?orderby=modified&order=asc&per_page=100&modified_after=2026-03-02T09:05:00Z')
    await ask('GET', `/products?orderby=id&order=asc&per_page=100&offset=${n * 100}`)
  }
  // 40 calls: about 15 ms each on an idle machine, with room for a busy one.
  expect(performance.now() - started).toBeLessThan(8000)
  expect(sandbox.orders()).toHaveLength(10_000)
})
