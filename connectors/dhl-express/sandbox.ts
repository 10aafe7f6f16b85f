import {
  type Clock,
  type CourierSandbox,
  createFaultBox,
  createLimiter,
  misbehaving,
  type SandboxCall,
} from 'entrepot/sdk'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { buckets, type DhlBucket } from './limits.ts'
import { answerRates } from './sandbox-rates.ts'
import { answerShipment, createLedger } from './sandbox-shipments.ts'
import { answerTracking, scanParcel } from './sandbox-tracking.ts'
import { Refused, refuse } from './sandbox-wire.ts'

export type DhlExpressSandboxOptions = {
  clock: Clock
  /** Draws for faults with a probability; from a seed, so that a run can be repeated. */
  random?: () => number
  /** What the account is billed in. */
  currency?: string
  /** Multiplies rate and burst of every bucket; `Infinity` switches the limits off. */
  rateScale?: number
}

const account = '123456789'
const credentials = { apiKey: 'sandbox-key-9c1f', apiSecret: 'sandbox-secret/7e+40b' }
const basic = `Basic ${Buffer.from(`${credentials.apiKey}:${credentials.apiSecret}`).toString('base64')}`

/** DHL Express's stand-in: MyDHL API's wire format for rates, shipments and tracking, and a ledger of its own. */
export function createDhlExpressSandbox(options: DhlExpressSandboxOptions): CourierSandbox {
  const { clock, random, currency = 'EUR', rateScale = 1 } = options
  const calls: SandboxCall[] = []
  const faults = createFaultBox(random)
  const ledger = createLedger(clock)
  let isKeyValid = true

  const authorised: MiddlewareHandler = async (c, next) => {
    if (!isKeyValid || c.req.header('authorization') !== basic) return refuse(c, 401, 'Invalid Credentials')
    if (!c.req.header('x-version')) return refuse(c, 400, 'Missing mandatory header: x-version')
    return next()
  }
  const app = new Hono().basePath('/mydhlapi')
  app.use(
    misbehaving(calls, faults, clock, (method, path) => method === 'POST' && path.endsWith('/shipments')),
  )
  app.use(authorised)
  const limited = (bucket: DhlBucket) => createLimit(bucket, clock, rateScale)
  app.post('/rates', limited('rating'), async (c) =>
    c.json(answerRates(await bodyOf(c), { clock, currency, account })),
  )
  app.post('/shipments', limited('booking'), async (c) =>
    c.json(answerShipment(await bodyOf(c), ledger, { clock, currency, account }), 201),
  )
  app.get('/tracking', limited('tracking'), (c) =>
    c.json(answerTracking(new URL(c.req.url).searchParams, ledger, clock, account)),
  )
  app.onError((error, c) => {
    if (error instanceof Refused) return refuse(c, error.status, error.message, error.details)
    throw error
  })
  app.notFound((c) => refuse(c, 404, 'The resource does not exist.'))

  return {
    app,
    calls,
    faults,
    connection: (url) => ({
      settings: {
        environment: 'test',
        endpoint: `${url}/mydhlapi`,
        accountNumber: account,
        currency,
        phone: '+49 30 1234567',
      },
      credentials: { ...credentials },
    }),
    shipments: () =>
      ledger.shipments.map(({ waybill, reference, product, pieces, totalMinor }) => ({
        externalId: waybill,
        reference,
        service: product,
        trackingNumbers: pieces.map(({ trackingNumber }) => trackingNumber),
        weightsGrams: pieces.map(({ weightKilograms }) => Math.round(weightKilograms * 1000)),
        isCancelled: false,
        price: totalMinor === null ? null : { totalMinor, currency },
      })),
    announce: ledger.announce,
    scan: (trackingNumber, state, { at = clock.now(), incident } = {}) =>
      scanParcel(ledger, trackingNumber, state, { at, ...(incident ? { incident } : {}) }),
    expireTokens: () => {
      isKeyValid = false
    },
    takeWebhooks: () => [],
  }
}

/** A body that is no JSON is refused as MyDHL refuses it. */
async function bodyOf(c: Context): Promise<unknown> {
  try {
    return await c.req.json()
  } catch {
    throw new Refused(400, 'The request body is no JSON.')
  }
}

function createLimit(bucket: DhlBucket, clock: Clock, rateScale: number): MiddlewareHandler {
  if (!Number.isFinite(rateScale)) return async (_c, next) => next()
  const { perSecond, burst } = buckets[bucket]
  const limiter = createLimiter(perSecond * rateScale, burst * rateScale, clock)
  return async (c, next) => {
    const turn = limiter.take()
    if (turn.ok) return next()
    c.header('retry-after', String(Math.ceil(turn.waitMs / 1000)))
    return refuse(c, 429, 'Too many requests. Please try again later.')
  }
}
