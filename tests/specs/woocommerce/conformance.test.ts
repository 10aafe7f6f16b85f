import { describe, expect, test } from 'vitest'
import { signedUrl } from '../../../connectors/woocommerce/oauth.ts'
import { hasSpecs, type Recording, readRecordings, specName } from './recordings.ts'
import { type Answer, comparable, fullKey, type Replay, shapeOf, startReplay } from './replay.ts'

/** Recorded on a second, empty shop. */
const onSecondShop = new Set([
  'orders-batch-bad-status-not-validated',
  'products-batch-bad-values-not-validated',
  'webhook-unlisted-port',
])
/** Lists of all that the shop held, of which not everything was recorded: the shape of their rows is compared. */
const wholeShopLists = new Set([
  'orders-list-default',
  'orders-list-page-2',
  'product-23-list-page-2',
  'refund-11-all-refunds',
])

const all = readRecordings()
// Within the same second, "again" came later.
const inOrder = [...all].sort(
  (a, b) =>
    a.at.getTime() - b.at.getTime() || Number(a.name.includes('again')) - Number(b.name.includes('again')),
)
const at = (replay: Replay, id: number): number => replay.ids.posts.get(id)!

/** What happened between two recordings and was not recorded. */
const before: Readonly<Record<string, (shop: Replay) => Promise<unknown>>> = {
  'product-22-variation-delete-no-force': (shop) =>
    shop.call('PUT', `/products/${at(shop, 22)}/variations/${at(shop, 23)}`, { stock_quantity: 3 }),
  async 'product-23-list-page-2'(shop) {
    for (let count = 0; count < 6; count += 1) await shop.call('POST', '/products', {})
  },
  'order-put-cancelled': (shop) => shop.call('PUT', `/orders/${at(shop, 135)}`, { status: 'processing' }),
  'order-not-found': (shop) => shop.call('DELETE', `/orders/${at(shop, 139)}?force=true`),
  'orders-modified-after-exact-instant': (shop) =>
    shop.call('PUT', `/orders/${at(shop, 136)}`, { customer_note: 'hi' }),
  'refund-06-excess-error': (shop) =>
    shop.call('POST', `/orders/${at(shop, 145)}/refunds`, {
      api_refund: false,
      api_restock: false,
      line_items: [{ id: shop.ids.lines.get(19), quantity: 1, refund_total: 1 }],
    }),
  'webhook-after-failures': async (shop) => shop.sandbox.disableWebhook(shop.ids.hooks.get(6)!),
  async 'order-put-line-quantity-keeps-total'(shop) {
    const line_items = [
      { product_id: at(shop, 104), quantity: 2 },
      { product_id: at(shop, 105), quantity: 1 },
    ]
    const { body } = await shop.call('POST', '/orders', { status: 'processing', line_items })
    const order = body as { id: number; line_items: { id: number }[] }
    shop.ids.posts.set(187, order.id)
    shop.ids.lines.set(60, order.line_items[0]!.id)
  },
  async 'orders-batch-bad-status-not-validated'(shop) {
    const product = { name: 'b', sku: 'B1', regular_price: '10', manage_stock: true, stock_quantity: 1 }
    const made = (await shop.call('POST', '/products', product)).body as { id: number }
    shop.ids.posts.set(11, made.id)
    const order = {
      status: 'processing',
      line_items: [{ product_id: made.id, quantity: 4 }],
      payment_method: '',
    }
    shop.ids.posts.set(12, ((await shop.call('POST', '/orders', order)).body as { id: number }).id)
  },
}

/** Signatures do not outlive their second: these are made anew, wrong in the way that was recorded. */
const resign: Readonly<Record<string, (url: URL, at: Date) => URL>> = {
  'auth-04-oauth-query-over-http': (url, now) => signedUrl('GET', url, fullKey, now),
  'auth-05-oauth-nonce-reused': (url, now) => signedUrl('GET', url, fullKey, now, 'used before'),
  'auth-06-oauth-timestamp-old': (url, now) =>
    signedUrl('GET', url, fullKey, new Date(now.getTime() - 960_000)),
}

async function replayOne(shop: Replay, recording: Recording): Promise<Answer> {
  shop.moveTo(recording.at)
  await before[recording.name]?.(shop)
  const sign = resign[recording.name]
  if (!sign) return shop.send(recording)
  const url = new URL(`http://127.0.0.1:8081/wp-json/wc/v3${recording.target}`)
  for (const name of [...url.searchParams.keys()])
    if (name.startsWith('oauth_')) url.searchParams.delete(name)
  const signed = sign(url, recording.at)
  const again = { ...recording, target: signed.pathname.replace('/wp-json/wc/v3', '') + signed.search }
  if (recording.name.includes('nonce')) await shop.send(again)
  return shop.send(again)
}

/** Same fields in both; the same type where both have a value. */
function expectSameShape(ours: unknown, theirs: unknown): void {
  const [mine, recorded] = [shapeOf(ours), shapeOf(theirs)]
  expect(Object.keys(mine).sort()).toEqual(Object.keys(recorded).sort())
  for (const [field, types] of Object.entries(mine))
    if (types.length > 0 && recorded[field]!.length > 0) expect(types, field).toEqual(recorded[field])
}

function compare(recording: Recording, answer: Answer): void {
  expect(answer.status).toBe(recording.status)
  if (wholeShopLists.has(recording.name)) expectSameShape(answer.body, recording.answer)
  else expect(comparable(answer.body)).toEqual(comparable(recording.answer))
  for (const header of ['x-wp-total', 'x-wp-totalpages'])
    expect(answer.headers.has(header), header).toBe(header in recording.answerHeaders)
}

describe.skipIf(!hasSpecs)(specName('the sandbox answers as the recorded shop did'), () => {
  const shops = { main: startReplay(), second: startReplay() }
  for (const recording of inOrder)
    test(`${recording.name}: ${recording.method} ${recording.target.split('?')[0]}`, async () => {
      const shop = onSecondShop.has(recording.name) ? shops.second : shops.main
      compare(recording, await replayOne(shop, recording))
    })
})

test.skipIf(!hasSpecs)(specName('every recorded call is replayed'), () => {
  expect(all.length).toBeGreaterThan(100)
})
