import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestClient } from 'entrepot/sdk/testing'
import nock from 'nock'
import { afterEach, describe, expect, test } from 'vitest'
import { restUrl, type WooClient } from '../../../connectors/woocommerce/client.ts'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { sign, signatureBase } from '../../../connectors/woocommerce/oauth.ts'

const credentials = { consumerKey: 'ck_0123456789', consumerSecret: 'cs_9876543210', webhookSecret: 'wh' }
const connect = (url: string, onToken?: (bucket: string) => void) =>
  createTestClient<WooClient>(
    woocommerce,
    { settings: { url, currency: 'EUR' }, credentials },
    onToken ? { onToken } : {},
  )
const product = { id: 7, status: 'publish' }

afterEach(() => {
  nock.cleanAll()
})

describe('authentication', () => {
  test('over https the keys go as Basic, and never in the address', async () => {
    const basic = `Basic ${Buffer.from('ck_0123456789:cs_9876543210').toString('base64')}`
    nock('https://shop.test', { reqheaders: { authorization: basic } })
      .get('/store/wp-json/wc/v3/products/7')
      .reply(200, product)
    await expect(connect('https://shop.test/store/').readProduct(7)).resolves.toMatchObject({ id: 7 })
  })

  test('over http every request is signed anew, and the secret is not sent', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(request.url ?? '')
      response.setHeader('content-type', 'application/json').end('[]')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    nock.enableNetConnect('127.0.0.1')
    try {
      const client = connect(`${origin}/store`)
      await client.listProducts({ sku: "A B!'()*" })
      await client.listProducts({ sku: "A B!'()*" })
    } finally {
      server.close()
    }
    const queries = seen.map((path) => new URL(path, origin).searchParams)
    expect(new Set(queries.map((query) => query.get('oauth_nonce'))).size).toBe(2)
    for (const query of queries) {
      const parameters = [...query].filter(([name]) => name !== 'oauth_signature') as [string, string][]
      const base = signatureBase('GET', new URL(`${origin}/store/wp-json/wc/v3/products`), parameters)
      expect(query.get('sku')).toBe("A B!'()*")
      expect(query.get('oauth_signature')).toBe(sign(base, credentials.consumerSecret))
    }
    expect(seen.join()).not.toContain(credentials.consumerSecret)
  })

  test('a body is sent as JSON, since the shop ignores any other kind', async () => {
    nock('http://shop.test', { reqheaders: { 'content-type': 'application/json' } })
      .post('/wp-json/wc/v3/products', { name: 'A' })
      .query(true)
      .reply(201, product)
    await expect(connect('http://shop.test').createProduct({ name: 'A' })).resolves.toMatchObject({ id: 7 })
  })
})

test('orders and products take from buckets of their own', async () => {
  nock('https://shop.test').get(/.*/).query(true).times(2).reply(200, [])
  const buckets: string[] = []
  const client = connect('https://shop.test', (bucket) => buckets.push(bucket))
  await client.listOrders({})
  await client.listProducts({})
  expect(buckets).toEqual(['orders', 'products'])
  expect(woocommerce.buckets.products).toMatchObject({ perSecond: 2, burst: 2 })
})

test('addresses keep the path of the shop and leave out what is not asked for', () => {
  expect(restUrl('https://shop.test/store', '/orders', { page: 2, offset: undefined }).href).toBe(
    'https://shop.test/store/wp-json/wc/v3/orders?page=2',
  )
})

test('a slash at the end of the shop address does not matter', () => {
  const settings = woocommerce.settings.parse({ url: 'https://shop.test/store//', currency: 'EUR' })
  expect(settings.url).toBe('https://shop.test/store')
  expect(woocommerce.hosts(settings)).toEqual(['shop.test'])
  expect(woocommerce.settings.safeParse({ url: 'ftp://shop.test', currency: 'EUR' }).success).toBe(false)
})

describe('what the shop refuses', () => {
  const answer = (status: number, body: object) =>
    nock('https://shop.test').post(/.*/).query(true).reply(status, body)

  test('a list answered with an error object is that error', async () => {
    nock('https://shop.test')
      .get(/.*/)
      .query(true)
      .reply(401, {
        code: 'woocommerce_rest_cannot_view',
        message: 'Sorry, you cannot list resources.',
        data: { status: 401 },
      })
    await expect(connect('https://shop.test').listOrders({})).rejects.toMatchObject({
      kind: 'auth',
      vendorCode: 'woocommerce_rest_cannot_view',
      vendorMessage: 'Sorry, you cannot list resources.',
    })
  })

  test('a client mistake that comes as 500 is not sent again', async () => {
    answer(500, {
      code: 'woocommerce_rest_cannot_create_order_refund',
      message: 'Invalid refund amount.',
      data: 500,
    })
    await expect(connect('https://shop.test').createRefund('7', {})).rejects.toMatchObject({
      kind: 'rejected',
      status: 500,
    })
  })

  test('a crash while creating is uncertain, while setting a value unavailable', async () => {
    const fatal = { code: 'internal_server_error', message: '<p>Critical error</p>', data: { status: 500 } }
    answer(500, fatal)
    await expect(connect('https://shop.test').createProduct({})).rejects.toMatchObject({ kind: 'uncertain' })
    answer(500, fatal)
    await expect(connect('https://shop.test').batch('', { update: [{ id: 1 }] })).rejects.toMatchObject({
      kind: 'unavailable',
      vendorMessage: 'Critical error',
    })
    answer(500, fatal)
    await expect(connect('https://shop.test').batch('7', { create: [{}] })).rejects.toMatchObject({
      kind: 'uncertain',
    })
  })

  test('secrets that a broken shop repeats are kept out of the message', async () => {
    answer(400, {
      code: 'x',
      message: `key ${credentials.consumerKey} secret ${credentials.consumerSecret}`,
      data: null,
    })
    await expect(connect('https://shop.test').createProduct({})).rejects.toMatchObject({
      message: 'WooCommerce refused POST /products: key [redacted] secret [redacted]',
    })
  })
})

describe('check', () => {
  const answers = (currency: object, status = 200) => {
    nock('https://shop.test')
      .get(/products/)
      .query(true)
      .reply(200, [{}], { 'x-wp-total': '12' })
    nock('https://shop.test')
      .get(/orders/)
      .query(true)
      .reply(200, [], { 'x-wp-total': '3' })
    nock('https://shop.test')
      .post(/products\/batch/, {})
      .reply(200, [])
    nock('https://shop.test')
      .get(/currencies/)
      .query(true)
      .reply(status, currency)
  }
  const check = () => woocommerce.check(connect('https://shop.test'))

  test('tells whom it reached', async () => {
    answers({ code: 'EUR' })
    await expect(check()).resolves.toBe(
      'Reached the shop at https://shop.test with 12 products and 3 orders; the key may read and write.',
    )
  })

  test('fails when the shop sells in another currency, since prices carry none', async () => {
    answers({ code: 'USD' })
    await expect(check()).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('USD') })
  })

  test('goes on when the key may not ask for the currency', async () => {
    answers({ code: 'woocommerce_rest_cannot_view', message: 'Sorry', data: { status: 401 } }, 401)
    await expect(check()).resolves.toContain('Reached')
  })

  test('fails for a key that may only read', async () => {
    nock('https://shop.test').get(/.*/).query(true).times(2).reply(200, [])
    nock('https://shop.test')
      .post(/batch/)
      .reply(401, {
        code: 'woocommerce_rest_authentication_error',
        message: 'The API key provided does not have write permissions.',
        data: { status: 401 },
      })
    await expect(check()).rejects.toMatchObject({
      kind: 'auth',
      vendorMessage: expect.stringContaining('write'),
    })
  })
})
