import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { interpretWebhook, verifyWebhook } from '../../../connectors/woocommerce/webhook.ts'
import { openShop } from './support.ts'

const keys = { consumerKey: 'ck', consumerSecret: 'cs', webhookSecret: 'wh' }
const body = '{"id":174,"status":"processing"}'
const signatureOf = (text: string, secret = 'wh') =>
  createHmac('sha256', secret).update(text).digest('base64')
const request = (text: string, headers: Record<string, string> = {}) => ({
  headers: new Headers(headers),
  rawBody: Buffer.from(text),
})
const signed = (text: string, topic: string) =>
  request(text, { 'X-WC-Webhook-Signature': signatureOf(text), 'X-WC-Webhook-Topic': topic })

describe('verify', () => {
  test('accepts the signature over the raw body', () => {
    expect(verifyWebhook(signed(body, 'order.updated'), keys)).toBe(true)
  })

  test.each([
    ['no signature', request(body, { 'x-wc-webhook-topic': 'order.updated' })],
    ['an empty one', request(body, { 'x-wc-webhook-signature': '' })],
    ['one that is no base64', request(body, { 'x-wc-webhook-signature': '???' })],
    ['one over another body', request(`${body} `, { 'x-wc-webhook-signature': signatureOf(body) })],
    ['one with another secret', request(body, { 'x-wc-webhook-signature': signatureOf(body, 'x') })],
    ['half of one', request(body, { 'x-wc-webhook-signature': signatureOf(body).slice(0, 20) })],
  ])('refuses %s', (_, sent) => {
    expect(verifyWebhook(sent, keys)).toBe(false)
  })

  test('without a secret nothing is accepted, not even what is signed with an empty one', () => {
    const sent = request(body, { 'x-wc-webhook-signature': signatureOf(body, '') })
    expect(verifyWebhook(sent, { ...keys, webhookSecret: undefined })).toBe(false)
    expect(verifyWebhook(sent, { ...keys, webhookSecret: '' })).toBe(false)
  })

  test('the ping of a new webhook is let through, and nothing that looks like it', () => {
    expect(verifyWebhook(request('webhook_id=5'), keys)).toBe(true)
    for (const text of [
      'webhook_id=5&id=1',
      'webhook_id=',
      'webhook_id=5\n',
      ' webhook_id=5',
      '{"webhook_id":5}',
    ])
      expect(verifyWebhook(request(text), keys), text).toBe(false)
    expect(verifyWebhook(request('webhook_id=5', { 'x-wc-webhook-topic': 'order.updated' }), keys)).toBe(
      false,
    )
    expect(verifyWebhook(request('webhook_id=5', { 'x-wc-webhook-signature': 'x' }), keys)).toBe(false)
  })
})

describe('interpret', () => {
  test.each([
    ['order.created', { pull: 'orders' }],
    ['order.deleted', { pull: 'orders', externalIds: ['174'] }],
    ['product.updated', { ignore: expect.any(String) }],
    ['customer.updated', { ignore: expect.any(String) }],
    ['', { ignore: expect.any(String) }],
  ])('%s', (topic, action) => {
    expect(interpretWebhook(signed(body, topic))).toEqual(action)
  })

  test('a body that cannot be read still says that there is news', () => {
    expect(interpretWebhook(signed('not json', 'order.updated'))).toEqual({ pull: 'orders' })
    expect(interpretWebhook(signed('{"id":"x"}', 'order.updated'))).toEqual({ pull: 'orders' })
  })

  test('the ping is ignored', () => {
    expect(interpretWebhook(request('webhook_id=5'))).toHaveProperty('ignore')
  })
})

test('deliveries of the sandbox are signed, merged, and show the last state', async () => {
  const { sandbox } = await openShop()
  try {
    sandbox.addProduct({ sku: 'A', name: 'A', price: '1.00', quantity: 9 })
    const { externalId } = sandbox.placeOrder({ lines: [{ sku: 'A', quantity: 1 }] })
    sandbox.setOrderStatus(externalId, 'completed')
    const deliveries = sandbox.takeWebhooks()
    expect(deliveries.map(({ headers }) => headers['X-WC-Webhook-Topic'])).toEqual([
      'order.updated',
      'order.created',
    ])
    const { webhookSecret } = sandbox.connection('').credentials as { webhookSecret: string }
    for (const { headers, body: text } of deliveries) {
      expect(verifyWebhook(request(text, headers), { ...keys, webhookSecret })).toBe(true)
      expect(JSON.parse(text)).toMatchObject({ status: 'completed' })
    }
    expect(sandbox.takeWebhooks()).toEqual([])
  } finally {
    await sandbox.close()
  }
})
