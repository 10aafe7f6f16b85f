import { createHmac, randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { shopOrigin } from './sandbox-auth.ts'
import type { Ledger, ShopEvent } from './sandbox-ledger.ts'
import { orderJson } from './sandbox-order-json.ts'
import { linksTo, productJson, variationJson } from './sandbox-product-json.ts'
import { readBody, sendJson, WpFailure } from './sandbox-wire.ts'

export type Delivery = { headers: Record<string, string>; body: string }
type Webhook = {
  id: number
  name: string
  status: string
  topic: string
  deliveryUrl: string
  secret: string
  createdAt: Date
  modifiedAt: Date | null
}

/** Which of WordPress's hooks a topic listens to, as the shop tells it. */
const hooksOf: Readonly<Record<string, readonly string[]>> = {
  'order.created': ['woocommerce_new_order'],
  'order.updated': ['woocommerce_update_order', 'woocommerce_order_refunded'],
  'order.deleted': ['wp_trash_post', 'woocommerce_trash_order'],
  'product.created': [
    'woocommerce_process_product_meta',
    'woocommerce_new_product',
    'woocommerce_new_product_variation',
  ],
  'product.updated': [
    'woocommerce_process_product_meta',
    'woocommerce_update_product',
    'woocommerce_update_product_variation',
  ],
}

const time = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  month: 'short',
  day: '2-digit',
  year: 'numeric',
})
const unnamed = (at: Date): string =>
  `Webhook created on ${day.format(at)} @ ${time.format(at)}`.replace(/\u202f/g, ' ')

const agent = 'WooCommerce/11.0.1 Hookshot (WordPress/7.1)'
const show = { origin: 'http://shop.test', context: 'view' as const }

/** The body is built when it is delivered: it shows the last state, whatever happened in between. */
function bodyOf(ledger: Ledger, { topic, resourceId }: ShopEvent): object {
  const order = ledger.orders.get(resourceId)
  const product = ledger.products.get(resourceId)
  if (topic !== 'order.deleted' && order) return orderJson(ledger, order, show)
  if (product?.type === 'variation') return variationJson(ledger, product, show)
  return product ? productJson(ledger, product, show) : { id: resourceId }
}

/** The webhooks of a shop: three for orders are there from the start, signed with the connection's secret. */
export function createWebhooks(ledger: Ledger, secret: string) {
  const hooks = new Map<number, Webhook>()
  const pings: Delivery[] = []
  const add = (topic: string, name: string, deliveryUrl: string, hookSecret: string): Webhook => {
    const hook = {
      id: hooks.size + 1,
      name,
      status: 'active',
      topic,
      deliveryUrl,
      secret: hookSecret,
      createdAt: ledger.now(),
      modifiedAt: null,
    }
    hooks.set(hook.id, hook)
    return hook
  }
  for (const event of ['created', 'updated', 'deleted'])
    add(`order.${event}`, `Order ${event}`, 'http://hub.test/webhooks', secret)

  const deliver = (hook: Webhook, event: ShopEvent): Delivery => {
    const body = JSON.stringify(bodyOf(ledger, event))
    const [resource = '', verb = ''] = hook.topic.split('.')
    const signature = createHmac('sha256', hook.secret).update(body).digest('base64')
    return {
      body,
      headers: {
        'User-Agent': agent,
        'Content-Type': 'application/json',
        'X-WC-Webhook-Source': `${show.origin}/`,
        'X-WC-Webhook-Topic': hook.topic,
        'X-WC-Webhook-Resource': resource,
        'X-WC-Webhook-Event': verb,
        'X-WC-Webhook-Signature': signature,
        'X-WC-Webhook-ID': String(hook.id),
        'X-WC-Webhook-Delivery-ID': randomBytes(16).toString('hex'),
      },
    }
  }
  const take = (): Delivery[] => {
    const events = [...ledger.events.values()]
    ledger.events.clear()
    // The newest webhook is served first.
    const active = [...hooks.values()].reverse().filter(({ status }) => status === 'active')
    const signed = active.flatMap((hook) =>
      events.filter(({ topic }) => topic === hook.topic).map((event) => deliver(hook, event)),
    )
    return [...pings.splice(0), ...signed]
  }

  const json = (c: Context, hook: Webhook) => {
    const { time } = ledger
    const [resource, event] = hook.topic.split('.')
    const url = `${shopOrigin(c)}/wp-json/wc/v3/webhooks`
    return {
      id: hook.id,
      name: hook.name,
      status: hook.status,
      topic: hook.topic,
      resource,
      event,
      hooks: hooksOf[hook.topic] ?? [],
      delivery_url: hook.deliveryUrl,
      date_created: time.local(hook.createdAt),
      date_created_gmt: time.gmt(hook.createdAt),
      date_modified: hook.modifiedAt && time.local(hook.modifiedAt),
      date_modified_gmt: hook.modifiedAt && time.gmt(hook.modifiedAt),
      ...linksTo(`${url}/${hook.id}`, url, null),
    }
  }
  const routes = new Hono()
  routes.post('/webhooks', async (c) => {
    const body = await readBody(c)
    const topic = String(body.topic ?? '')
    const url = String(body.delivery_url ?? '')
    if (!(topic in hooksOf))
      throw new WpFailure(
        400,
        'woocommerce_rest_shop_webhook_invalid_topic',
        'Webhook topic is required and must be valid.',
      )
    if (!/^https?:\/\//.test(url))
      throw new WpFailure(
        400,
        'woocommerce_rest_shop_webhook_invalid_delivery_url',
        'Webhook delivery URL must be a valid URL starting with http:// or https://.',
      )
    const hook = add(topic, String(body.name ?? unnamed(ledger.now())), url, String(body.secret ?? ''))
    const headers = { 'User-Agent': agent, 'Content-Type': 'application/x-www-form-urlencoded' }
    pings.push({ headers, body: `webhook_id=${hook.id}` })
    return sendJson(c, json(c, hook), 201)
  })
  routes.get('/webhooks/:id{\\d+}', (c) => {
    const hook = hooks.get(Number(c.req.param('id')))
    if (!hook) throw new WpFailure(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.')
    return sendJson(c, json(c, hook), 200)
  })
  /** What the seventh failure in a row does to a webhook, without a word to anybody. */
  const disable = (id: number) => {
    const hook = hooks.get(id)
    if (hook) Object.assign(hook, { status: 'disabled', modifiedAt: ledger.now() })
  }
  return { routes, take, disable }
}
