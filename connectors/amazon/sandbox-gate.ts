import { type Clock, createLimiter } from 'entrepot/sdk'
import type { Context, MiddlewareHandler } from 'hono'
import { type Operation, usagePlans } from './limits.ts'

export const sandboxCredentials = {
  clientId: 'amzn1.application-oa2-client.sandbox',
  clientSecret: 'amzn1.oa2-cs.v1.sandbox-client-secret',
  refreshToken: 'Atzr|sandbox-refresh-token',
}
const tokenLifeSeconds = 3600

/** An answer in Amazon's error form. */
export const refuse = (
  c: Context,
  status: 400 | 403 | 404 | 429,
  code: string,
  message: string,
  details = '',
) => c.json({ errors: [{ code, message, details }] }, status)

/** The door of the stand-in: sells access tokens, checks them, and enforces each operation's usage plan. */
export function createGate(clock: Clock, rateScale: number) {
  const expiries = new Map<string, number>()
  let issued = 0
  const limiters = new Map<Operation, ReturnType<typeof createLimiter>>()

  const limiterOf = (operation: Operation) => {
    const { perSecond, burst } = usagePlans[operation]
    const limiter = limiters.get(operation) ?? createLimiter(perSecond * rateScale, burst * rateScale, clock)
    limiters.set(operation, limiter)
    return limiter
  }

  return {
    expireTokens(): void {
      for (const token of expiries.keys()) expiries.set(token, 0)
    },

    /** Login with Amazon. */
    async sellToken(c: Context) {
      const form = await c.req.parseBody()
      const told = (error: string, error_description: string, status: 400 | 401) =>
        c.json({ error, error_description }, status)
      if (form.grant_type !== 'refresh_token')
        return told('unsupported_grant_type', 'The authorization grant type is not supported.', 400)
      if (
        form.client_id !== sandboxCredentials.clientId ||
        form.client_secret !== sandboxCredentials.clientSecret
      )
        return told('invalid_client', 'Client authentication failed', 401)
      if (form.refresh_token !== sandboxCredentials.refreshToken)
        return told('invalid_grant', 'The request has an invalid grant parameter : refresh_token', 400)
      const access_token = `Atza|sandbox-access-token-${++issued}`
      expiries.set(access_token, clock.now().getTime() + tokenLifeSeconds * 1000)
      const { refreshToken: refresh_token } = sandboxCredentials
      return c.json({ access_token, refresh_token, token_type: 'bearer', expires_in: tokenLifeSeconds })
    },

    /** Lets a request of this operation in, if its token lives and its usage plan has a call left. */
    operation(operation: Operation): MiddlewareHandler {
      return async (c, next) => {
        const expiry = expiries.get(c.req.header('x-amz-access-token') ?? '')
        if (expiry === undefined || expiry <= clock.now().getTime()) {
          const details =
            expiry === undefined
              ? 'The access token you provided is revoked, malformed or invalid.'
              : 'The access token you provided has expired.'
          return refuse(c, 403, 'Unauthorized', 'Access to requested resource is denied.', details)
        }
        if (Number.isFinite(rateScale)) {
          c.header('x-amzn-RateLimit-Limit', String(usagePlans[operation].perSecond * rateScale))
          if (!limiterOf(operation).take().ok)
            return refuse(c, 429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.')
        }
        await next()
        return undefined
      }
    },
  }
}
export type Gate = ReturnType<typeof createGate>
