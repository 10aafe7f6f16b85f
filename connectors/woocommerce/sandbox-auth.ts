import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from 'entrepot/sdk'
import type { Context, MiddlewareHandler } from 'hono'
import { signatureBase } from './oauth.ts'
import { WpFailure } from './sandbox-wire.ts'

export type ApiKey = {
  consumerKey: string
  consumerSecret: string
  permissions: 'read' | 'write' | 'read_write'
}

const timestampWindowSeconds = 15 * 60

const refused = (message: string) => new WpFailure(401, 'woocommerce_rest_authentication_error', message)
/** An unknown key is the same as no key: a question of permission. */
const cannotView = () =>
  new WpFailure(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.')

/** Whether the shop takes the request for https: itself or a proxy in front of it says so. */
export const isSecure = (c: Context): boolean =>
  c.req.header('x-forwarded-proto') === 'https' || new URL(c.req.url).protocol === 'https:'

/** The address the shop signs with: its own, with the scheme it believes to be called by. */
export function shopOrigin(c: Context): string {
  const { host } = new URL(c.req.url)
  return `${isSecure(c) ? 'https' : 'http'}://${c.req.header('host') ?? host}`
}

/** Checks keys as WooCommerce does: OAuth 1.0a over http; Basic or keys in the query over https. */
export function authenticate(keys: () => readonly ApiKey[], clock: Clock): MiddlewareHandler {
  const nonces = new Map<string, number>()
  const byKey = (consumerKey: string | null) => keys().find((key) => key.consumerKey === consumerKey) ?? null

  const bySecret = (consumerKey: string, consumerSecret: string): ApiKey => {
    const key = byKey(consumerKey)
    if (!key) throw cannotView()
    if (key.consumerSecret !== consumerSecret) throw refused('Consumer secret is invalid.')
    return key
  }

  const bySignature = (c: Context, parameters: Map<string, string>): ApiKey => {
    const key = byKey(parameters.get('oauth_consumer_key') ?? null)
    if (!key) throw cannotView()
    const url = new URL(c.req.url)
    const signed: [string, string][] = [
      ...[...url.searchParams].filter(([name]) => !name.startsWith('oauth_')),
      ...[...parameters].filter(([name]) => name !== 'oauth_signature'),
    ]
    const base = signatureBase(c.req.method, new URL(shopOrigin(c) + url.pathname), signed)
    const expected = createHmac('sha256', `${key.consumerSecret}&`).update(base).digest()
    const given = Buffer.from(parameters.get('oauth_signature') ?? '', 'base64')
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw refused('Invalid signature - provided signature does not match.')
    const now = Math.floor(clock.now().getTime() / 1000)
    const timestamp = Number(parameters.get('oauth_timestamp'))
    if (!(Math.abs(now - timestamp) <= timestampWindowSeconds)) throw refused('Invalid timestamp.')
    const nonce = parameters.get('oauth_nonce') ?? ''
    if (nonces.has(nonce)) throw refused('Invalid nonce - nonce has already been used.')
    if (nonces.size > 10_000)
      for (const [old, at] of nonces) if (at < now - timestampWindowSeconds) nonces.delete(old)
    nonces.set(nonce, timestamp)
    return key
  }

  return async (c, next) => {
    const key = identify(c, bySecret, bySignature)
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (isRead && key.permissions === 'write')
      throw refused('The API key provided does not have read permissions.')
    if (!isRead && key.permissions === 'read')
      throw refused('The API key provided does not have write permissions.')
    await next()
  }
}

function identify(
  c: Context,
  bySecret: (key: string, secret: string) => ApiKey,
  bySignature: (c: Context, parameters: Map<string, string>) => ApiKey,
): ApiKey {
  const query = new URL(c.req.url).searchParams
  const authorization = c.req.header('authorization') ?? ''
  if (isSecure(c)) {
    const [key, secret] = [query.get('consumer_key'), query.get('consumer_secret')]
    if (key && secret) return bySecret(key, secret)
    const basic = /^Basic (.+)$/i.exec(authorization)?.[1]
    if (basic) {
      const [user = '', ...rest] = Buffer.from(basic, 'base64').toString().split(':')
      return bySecret(user, rest.join(':'))
    }
  }
  const inQuery = [...query].filter(([name]) => name.startsWith('oauth_'))
  const inHeader = /^OAuth /i.test(authorization)
    ? [...authorization.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(
        ([, name, value]) => [name!, decodeURIComponent(value!)] as const,
      )
    : []
  const parameters = new Map([...inQuery, ...inHeader] as [string, string][])
  if (parameters.size > 0) return bySignature(c, parameters)
  throw cannotView()
}
