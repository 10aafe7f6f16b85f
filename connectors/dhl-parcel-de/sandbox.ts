import {
  type Clock,
  type CourierSandbox,
  createFaultBox,
  createLimiter,
  misbehaving,
  type SandboxCall,
} from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { toBerlin } from './berlin-time.ts'
import { paths } from './client.ts'
import { dhlParcelDe } from './index.ts'
import { bookingsOf, closeDay, createLedger, type LedgerPickup } from './sandbox-ledger.ts'
import { pickupRoutes } from './sandbox-pickup.ts'
import { problem, shippingRoutes } from './sandbox-shipping.ts'
import { eventsFor, trackingRoutes } from './sandbox-tracking.ts'

export type DhlParcelDeSandboxOptions = {
  clock: Clock
  random?: () => number
  /** Multiplies the connector's declared limits; Infinity for none. */
  rateScale?: number
  /** DHL's answers carry no price, so it changes nothing; every courier's stand-in takes it. */
  currency?: string
}

/** The stand-in, with what only DHL Parcel DE has. */
export type DhlParcelDeSandbox = CourierSandbox & {
  /** DHL's end of the day: closes what is due, which cannot be deleted any more. */
  closeDay(): void
  /** Lets the next real booking fail for the parcel at this index, though its trial went well. */
  refuseNextBookingOf(index: number): void
  pickups(): readonly LedgerPickup[]
}

const credentials = {
  apiKey: 'app-key-5a4d6f12',
  apiSecret: 'app-secret-9e1b77c0',
  user: 'portal-user-31',
  password: 'p&ss<w"ord>31',
}
const settings = {
  billingPaket: '33333333330101',
  billingKleinpaket: '33333333336201',
  billingInternational: '33333333335301',
  billingEuropaket: '33333333335401',
  billingWarenpost: '33333333336601',
  billingPickup: '22222222220801',
  postalCharges: '4.90',
}
const tokenLifeSeconds = 1799

/** A stand-in for DHL Parcel DE: shipping, tracking, pickup and their sign-in, with a ledger of its own. */
export function createDhlParcelDeSandbox(options: DhlParcelDeSandboxOptions): DhlParcelDeSandbox {
  const { clock, random = Math.random, rateScale = 1 } = options
  const ledger = createLedger(clock, random)
  const calls: SandboxCall[] = []
  const faults = createFaultBox(random)
  const tokens = new Map<string, number>()
  let refused: number | null = null
  const takeRefused = () => {
    const index = refused
    refused = null
    return index
  }

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  if (Number.isFinite(rateScale)) app.use(enforceLimits(clock, rateScale))
  app.post(paths.token, async (c) => {
    const form = await c.req.parseBody()
    const isKnown =
      form.client_id === credentials.apiKey &&
      form.client_secret === credentials.apiSecret &&
      form.username === credentials.user &&
      form.password === credentials.password
    if (form.grant_type !== 'password' || !isKnown)
      return c.json(
        { error: 'invalid_grant', error_description: 'The resource owner could not be authenticated.' },
        400,
      )
    const token = `token-${tokens.size + 1}-${Math.floor(random() * 1e9)}`
    tokens.set(token, clock.now().getTime() + tokenLifeSeconds * 1000)
    return c.json({ access_token: token, token_type: 'Bearer', expires_in: tokenLifeSeconds })
  })
  app.use('/parcel/de/tracking/*', async (c, next) => {
    const basic = Buffer.from(`${credentials.apiKey}:${credentials.apiSecret}`).toString('base64')
    return c.req.header('authorization') === `Basic ${basic}` ? next() : unauthorised(c)
  })
  for (const part of ['shipping', 'transportation']) {
    app.use(`/parcel/de/${part}/*`, async (c, next) => {
      const expiresAt = tokens.get(c.req.header('authorization')?.replace(/^Bearer /, '') ?? '')
      return expiresAt !== undefined && expiresAt > clock.now().getTime() ? next() : unauthorised(c)
    })
  }
  app.route('/', shippingRoutes(ledger, takeRefused))
  app.route('/', trackingRoutes(ledger, credentials))
  app.route('/', pickupRoutes(ledger))

  return {
    app,
    calls,
    faults,
    connection: (url) => ({ settings: { ...settings, url }, credentials: { ...credentials } }),
    shipments: () => bookingsOf(ledger),
    announce(trackingNumber) {
      ledger.calls += 1
      ledger.parcels.set(trackingNumber, {
        number: trackingNumber,
        call: ledger.calls,
        reference: '',
        service: 'V01PAK',
        weightGrams: 0,
        shipDate: toBerlin(clock.now()).date,
        hasCustoms: false,
        state: 'closed',
        closedOn: toBerlin(clock.now()).date,
        events: eventsFor('announced', undefined, clock.now()),
      })
    },
    scan(trackingNumber, state, { incident, at = clock.now() } = {}) {
      const parcel = ledger.parcels.get(trackingNumber)
      if (!parcel) throw new Error(`DHL never gave out ${trackingNumber}.`)
      parcel.events.push(...eventsFor(state, incident, at))
      if (parcel.state !== 'open' || state === 'announced') return
      parcel.state = 'closed'
      parcel.closedOn = toBerlin(at).date
    },
    expireTokens: () => tokens.clear(),
    takeWebhooks: () => [],
    closeDay: () => closeDay(ledger, toBerlin(clock.now()).date),
    refuseNextBookingOf(index) {
      refused = index
    },
    pickups: () => ledger.pickups,
  }
}

const unauthorised = (c: Context) => problem(c, 401, 'Unauthorized', 'Unauthorized for given resource.')

const bucketOf = (path: string): keyof typeof dhlParcelDe.buckets =>
  path === paths.token
    ? 'token'
    : path === paths.tracking
      ? 'tracking'
      : path === paths.pickups
        ? 'pickup'
        : 'shipping'

function enforceLimits(clock: Clock, rateScale: number) {
  const limiters = new Map(
    Object.entries(dhlParcelDe.buckets).map(([name, { perSecond, burst }]) => [
      name,
      createLimiter(perSecond * rateScale, Math.max(1, burst * rateScale), clock),
    ]),
  )
  return async (c: Context, next: () => Promise<void>) => {
    const turn = limiters.get(bucketOf(c.req.path))!.take()
    if (turn.ok) return next()
    return problem(
      c,
      429,
      'Too Many Requests',
      'Too many requests within defined time period, please try again later.',
      {
        'retry-after': String(Math.ceil(turn.waitMs / 1000)),
      },
    )
  }
}
