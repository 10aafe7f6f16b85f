import { describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { hasSpecs, readRecorded, specName } from './recordings.ts'
import { shapeOf, startReplay } from './replay.ts'

type Delivery = { headers: Record<string, string>; body: string }
const recorded = (topic: string) => readRecorded(`webhook-delivery-${topic}`) as Delivery
const { verify, interpret } = woocommerce.webhook!
const credentials = { consumerKey: 'ck', consumerSecret: 'cs', webhookSecret: 'whsec' }
const settings = woocommerce.settings.parse({ url: 'https://shop.test', currency: 'EUR' })
const asRequest = ({ headers, body }: Delivery) => ({
  headers: new Headers(headers),
  rawBody: Buffer.from(body),
})

describe.skipIf(!hasSpecs)(specName('recorded webhook deliveries'), () => {
  test.each([
    ['order.created', { pull: 'orders' }],
    ['order.updated', { pull: 'orders' }],
    ['order.deleted', { pull: 'orders', externalIds: ['174'] }],
    ['product.updated', { ignore: expect.any(String) }],
  ])('%s is verified by its signature and means what it should', (topic, action) => {
    const request = asRequest(recorded(topic))
    expect(verify(request, credentials, settings)).toBe(true)
    expect(interpret(request)).toEqual(action)
  })

  test('the ping of a new webhook is let through and ignored', () => {
    const request = asRequest(recorded('ping'))
    expect(verify(request, credentials, settings)).toBe(true)
    expect(interpret(request)).toHaveProperty('ignore')
  })

  test('the sandbox delivers with the same headers and fields', async () => {
    const { sandbox, call } = startReplay()
    sandbox.addProduct({ sku: 'A', name: 'A', price: '50.00', quantity: 9 })
    await call('POST', '/orders', { set_paid: true, line_items: [{ sku: 'A', quantity: 1 }] })
    const deliveries = sandbox.takeWebhooks()
    for (const topic of ['order.created', 'order.updated']) {
      const ours = deliveries.find(({ headers }) => headers['X-WC-Webhook-Topic'] === topic)!
      const theirs = recorded(topic)
      const transport = ['Host', 'Accept', 'Accept-Encoding', 'Connection', 'Content-Length']
      const names = Object.keys(theirs.headers).filter((name) => !transport.includes(name))
      expect(Object.keys(ours.headers).sort()).toEqual(names.sort())
      expect(Object.keys(shapeOf([JSON.parse(ours.body)])).sort()).toEqual(
        Object.keys(shapeOf([JSON.parse(theirs.body)])).sort(),
      )
    }
  })
})
