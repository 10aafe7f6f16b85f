import { type Clock, createLimiter } from 'entrepot/sdk'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { at, missing, refuse } from './sandbox-wire.ts'
import { buckets } from './settings.ts'

/** What the stand-in lets in: its own client, and the tokens it gave out. */
export type Gate = {
  credentials: { clientId: string; clientSecret: string; accountNumber: string }
  access: Map<string, number>
  payments: Map<string, number>
  clock: Clock
}

export const createGate = (clock: Clock): Gate => ({
  clock,
  access: new Map(),
  payments: new Map(),
  credentials: {
    clientId: 'usps-sandbox-consumer-key',
    clientSecret: 'usps-sandbox-consumer-secret',
    accountNumber: '1000405525',
  },
})

const isLive = (tokens: Map<string, number>, token: string | undefined, clock: Clock): boolean =>
  (tokens.get(token ?? '') ?? 0) > clock.now().getTime()

export const isAuthorised = (c: Context, { access, clock }: Gate): boolean =>
  isLive(access, c.req.header('authorization')?.replace(/^Bearer /, ''), clock)

export const mayPay = (c: Context, gate: Gate): boolean =>
  isAuthorised(c, gate) && isLive(gate.payments, c.req.header('x-payment-authorization-token'), gate.clock)

const accessLifeSeconds = 14_399
const paymentLifeMs = 8 * 3_600_000

/** Both kinds of token, and the account behind the second. */
export function tokenRoutes(gate: Gate) {
  const { credentials, clock } = gate
  const routes = new Hono()
  let given = 0
  routes.post('/oauth2/v3/token', async (c) => {
    const body: unknown = await c.req.json()
    const isKnown =
      at(body, 'client_id') === credentials.clientId && at(body, 'client_secret') === credentials.clientSecret
    if (!isKnown || at(body, 'grant_type') !== 'client_credentials') {
      const error = { error: 'invalid_client', error_description: 'Client authentication failed.' }
      return c.json(error, 401)
    }
    given += 1
    const token = `usps-sandbox-access-${given}`
    gate.access.set(token, clock.now().getTime() + accessLifeSeconds * 1000)
    return c.json({
      token_type: 'Bearer',
      access_token: token,
      expires_in: String(accessLifeSeconds),
      issued_at: String(clock.now().getTime()),
      status: 'approved',
      scope: 'labels international-labels payments pickup shipments tracking',
    })
  })
  const payments = '/payments/v3'
  routes.use(`${payments}/*`, async (c, next) => {
    if (!isAuthorised(c, gate)) return refuse(c, 401, payments, [{ detail: 'The token is invalid.' }])
    await next()
    return undefined
  })
  routes.post(`${payments}/payment-authorization`, async (c) => {
    const { roles = [] } = await c.req.json<{ roles?: { roleName: string }[] }>()
    const roleOf = (name: string) => roles.find(({ roleName }) => roleName === name)
    const complaints = [
      ...missing(roleOf('PAYER'), { CRID: /^\d+$/, accountType: /^(EPS|PERMIT)$/ }),
      ...missing(roleOf('LABEL_OWNER'), { CRID: /^\d+$/, MID: /^\d+$/, manifestMID: /^\d+$/ }),
    ]
    const account = at(roleOf('PAYER'), 'accountNumber') ?? at(roleOf('PAYER'), 'permitNumber')
    if (account !== credentials.accountNumber)
      complaints.push({ parameter: 'accountNumber', detail: 'The account is not known.' })
    if (complaints.length > 0) return refuse(c, 400, payments, complaints)
    given += 1
    const token = `usps-sandbox-payment-${given}`
    gate.payments.set(token, clock.now().getTime() + paymentLifeMs)
    return c.json({ paymentAuthorizationToken: token, roles })
  })
  routes.get(`${payments}/payment-account/:account`, (c) => {
    if (c.req.param('account') !== credentials.accountNumber)
      return refuse(c, 404, payments, [{ parameter: 'accountNumber', detail: 'The account is not known.' }])
    return c.json({
      accountType: c.req.query('accountType'),
      accountNumber: credentials.accountNumber,
      nonProfitStatus: false,
    })
  })
  return routes
}

/** Paths of each bucket. */
const bucketPaths: Readonly<Record<keyof typeof buckets, string>> = {
  oauth: '/oauth2/',
  payments: '/payments/',
  prices: '/shipments/',
  labels: '/labels/',
  internationalLabels: '/international-labels/',
  tracking: '/tracking/',
  pickup: '/pickup/',
}

/** Answers 429 beyond the quota of each API. Half a token is granted for what the network adds or takes. */
export function enforceQuotas(clock: Clock, rateScale: number): MiddlewareHandler {
  const limiters = Object.entries(bucketPaths).map(([name, path]) => {
    const { perSecond, burst } = buckets[name as keyof typeof buckets]
    return {
      path,
      limiter: createLimiter(perSecond * rateScale, burst * Math.max(rateScale, 1) + 0.5, clock),
    }
  })
  return async (c, next) => {
    const bucket = limiters.find(({ path }) => c.req.path.startsWith(path))
    const taken = rateScale === Number.POSITIVE_INFINITY ? undefined : bucket?.limiter.take()
    if (taken && !taken.ok) {
      const after = { 'retry-after': String(Math.ceil(taken.waitMs / 1000)) }
      return refuse(c, 429, bucket!.path, [{ detail: 'Quota limit exceeded.' }], after)
    }
    await next()
    return undefined
  }
}
