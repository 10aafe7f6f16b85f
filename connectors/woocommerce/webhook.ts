import { createHmac, timingSafeEqual } from 'node:crypto'
import type { WebhookAction, WebhookRequest } from 'entrepot/sdk'
import { z } from 'zod'
import type { Credentials } from './schemas.ts'

/**
 * A new webhook is tried at once with an unsigned form that names only itself. Until a ping is answered with
 * 200 the shop repeats it after every delivery, so exactly this harmless body is let through.
 */
const isPing = ({ headers, rawBody }: WebhookRequest): boolean =>
  !headers.has('x-wc-webhook-signature') &&
  !headers.has('x-wc-webhook-topic') &&
  rawBody.length < 40 &&
  /^webhook_id=\d+$/.test(rawBody.toString('latin1'))

/**
 * Whether the shop sent it: the signature is base64(HMAC-SHA256(raw body, secret)), compared in constant time.
 * Without a secret, or with an empty one, nothing but the ping is accepted.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks
 */
export function verifyWebhook(request: WebhookRequest, { webhookSecret }: Credentials): boolean {
  if (isPing(request)) return true
  const given = request.headers.get('x-wc-webhook-signature')
  if (!given || !webhookSecret) return false
  const expected = createHmac('sha256', webhookSecret).update(request.rawBody).digest()
  const actual = Buffer.from(given, 'base64')
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

const bodySchema = z.object({ id: z.number().int().positive() })

/**
 * What to read again. A list shows every order but one in the trash, so only a deleted one is named. Products
 * fire for every sale and for every write of ours: the nightly reconciliation looks at them instead.
 */
export function interpretWebhook(request: WebhookRequest): WebhookAction {
  if (isPing(request)) return { ignore: 'The shop tries out a new webhook.' }
  const topic = request.headers.get('x-wc-webhook-topic') ?? ''
  if (!topic.startsWith('order.')) return { ignore: `The topic "${topic}" is of no interest here.` }
  const id = topic === 'order.deleted' ? readId(request.rawBody) : null
  return id === null ? { pull: 'orders' } : { pull: 'orders', externalIds: [String(id)] }
}

function readId(rawBody: Buffer): number | null {
  try {
    return bodySchema.parse(JSON.parse(rawBody.toString('utf8'))).id
  } catch (error) {
    // A body we cannot read still says that something changed: everything new is pulled then.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}
