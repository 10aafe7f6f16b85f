import { type Clock, createLimiter } from 'entrepot/sdk'
import type { Context, MiddlewareHandler } from 'hono'
import { ups } from './index.ts'

export const sandboxAccount = 'A1B2C3'
export const sandboxCredentials = {
  clientId: 'sandbox-client-id-4f1c',
  clientSecret: 'sandbox-client-secret-9d27',
  webhookCredential: 'sandbox-track-alert-credential-61',
}
const tokenLifeSeconds = 14_399

/** A refusal in the form of every UPS API. */
export class UpsRefusal extends Error {
  readonly status: 400 | 401 | 404 | 405 | 429
  readonly code: string
  readonly extra: object
  constructor(status: UpsRefusal['status'], code: string, message: string, extra: object = {}) {
    super(message)
    this.status = status
    this.code = code
    this.extra = extra
  }
  body() {
    return { ...this.extra, response: { errors: [{ code: this.code, message: this.message }] } }
  }
}

const bucketOf = (path: string): keyof typeof ups.buckets => {
  if (path.startsWith('/security/')) return 'oauth'
  if (path.startsWith('/api/rating/')) return 'rating'
  return path.startsWith('/api/track/') ? 'tracking' : 'shipping'
}

/** The door of the stand-in: sells access tokens, checks them, and counts calls. */
export function createGate(clock: Clock, rateScale: number) {
  const expiries = new Map<string, number>()
  const limiters = new Map<string, ReturnType<typeof createLimiter>>()
  let issued = 0

  const take = (name: string) => {
    const { perSecond, burst } = ups.buckets[name]!
    // Half a call is granted for what the network adds or takes between two.
    const limiter =
      limiters.get(name) ?? createLimiter(perSecond * rateScale, burst * Math.max(rateScale, 1) + 0.5, clock)
    limiters.set(name, limiter)
    return limiter.take()
  }

  return {
    expireTokens: () => expiries.clear(),

    limit: (async (c, next) => {
      const taken = Number.isFinite(rateScale) ? take(bucketOf(c.req.path)) : { ok: true, waitMs: 0 }
      if (!taken.ok) {
        c.header('retry-after', String(Math.ceil(taken.waitMs / 1000)))
        throw new UpsRefusal(429, '10429', 'Too Many Requests')
      }
      await next()
    }) satisfies MiddlewareHandler,

    async sellToken(c: Context) {
      const { clientId, clientSecret } = sandboxCredentials
      const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
      if (c.req.header('authorization') !== `Basic ${basic}`)
        throw new UpsRefusal(401, '10401', 'ClientId is Invalid')
      const form = await c.req.parseBody()
      if (form.grant_type !== 'client_credentials')
        throw new UpsRefusal(400, '10400', 'Invalid/Missing Grant Type')
      const access_token = `sandbox-access-token-${++issued}`
      expiries.set(access_token, clock.now().getTime() + tokenLifeSeconds * 1000)
      return c.json({
        token_type: 'Bearer',
        issued_at: String(clock.now().getTime()),
        client_id: clientId,
        access_token,
        scope: '',
        expires_in: String(tokenLifeSeconds),
        refresh_count: '0',
        status: 'approved',
      })
    },

    authorise: (async (c, next) => {
      const token = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
      const expiry = expiries.get(token)
      if (expiry === undefined || expiry <= clock.now().getTime())
        throw new UpsRefusal(401, '250002', 'Invalid Authentication Information.')
      await next()
    }) satisfies MiddlewareHandler,
  }
}
