import { type Clock, type CourierSandbox, createFaultBox, misbehaving, type SandboxCall } from 'entrepot/sdk'
import { Hono } from 'hono'
import { createGate, enforceQuotas, type Gate, isAuthorised, tokenRoutes } from './sandbox-gate.ts'
import { labelRoutes } from './sandbox-labels.ts'
import { createLedger, type Ledger, type Scan } from './sandbox-ledger.ts'
import { priceRoutes } from './sandbox-prices.ts'
import { missing, refuse } from './sandbox-wire.ts'

export type UspsSandboxOptions = {
  clock: Clock
  random?: () => number
  /** Taken for the sake of its siblings: USPS's prices are in USD. */
  currency?: string
  /** Multiplies the quotas; Infinity has none. */
  rateScale?: number
}

/** Whether a request is meant to change something: prices, tokens and reprints are asked for by POST too. */
export const isUspsWrite = (method: string, path: string): boolean =>
  method !== 'GET' && /\/(label|international-label)(\/|$)|\/carrier-pickup/.test(path)

/** USPS's stand-in: the paths that the connector calls, in USPS's wire format. */
export function createUspsSandbox({ clock, random, rateScale = 1 }: UspsSandboxOptions): CourierSandbox {
  const calls: SandboxCall[] = []
  const faults = createFaultBox(random)
  const gate = createGate(clock)
  const ledger = createLedger(clock)
  const app = new Hono()
  app.use(misbehaving(calls, faults, clock, isUspsWrite))
  app.use(enforceQuotas(clock, rateScale))
  app.route('/', tokenRoutes(gate))
  app.route('/', priceRoutes(gate))
  app.route('/', labelRoutes(gate, ledger))
  app.route('/', trackingRoutes(gate, ledger))
  app.route('/', pickupRoutes(gate))
  return {
    app,
    calls,
    faults,
    connection: (url) => ({
      settings: { endpoint: url, crid: '12345678', mid: '900123456', manifestMid: '900123457' },
      credentials: { ...gate.credentials },
    }),
    shipments: ledger.shipments,
    announce: ledger.announce,
    scan: ledger.scan,
    expireTokens() {
      gate.access.clear()
      gate.payments.clear()
    },
    // USPS's subscriptions are an API of their own, which this connector does not use.
    takeWebhooks: () => [],
  }
}

function trackingRoutes(gate: Gate, ledger: Ledger) {
  const root = '/tracking/v3'
  const routes = new Hono()
  routes.get(`${root}/tracking/:trackingNumber`, (c) => {
    if (!isAuthorised(c, gate)) return refuse(c, 401, root, [{ detail: 'The token is invalid.' }])
    const trackingNumber = c.req.param('trackingNumber')
    const scans = ledger.scans.get(trackingNumber)
    if (!scans) {
      const detail = 'There is no record of that item.'
      return refuse(c, 404, root, [{ parameter: 'trackingNumber', code: '-2147219283', detail }])
    }
    const newestFirst = scans.toSorted((a, b) => b.at.getTime() - a.at.getTime())
    return c.json({
      trackingNumber,
      status: newestFirst[0]!.text,
      statusCategory: newestFirst[0]!.code === '01' ? 'Delivered' : 'In Transit',
      mailType: 'DOMESTIC_MAIL',
      trackingEvents: newestFirst.map(eventOf),
    })
  })
  return routes
}

const easternOffsetMs = -5 * 3_600_000
const withoutFraction = (date: Date) => date.toISOString().slice(0, 19)

const eventOf = ({ code, text, at }: Scan) => ({
  eventType: text,
  eventCode: code,
  eventTimestamp: withoutFraction(new Date(at.getTime() + easternOffsetMs)),
  GMTTimestamp: `${withoutFraction(at)}Z`,
  GMTOffset: '-05:00',
  eventCity: 'JAMAICA',
  eventState: 'NY',
  eventZIP: '11430',
})

function pickupRoutes(gate: Gate) {
  const root = '/pickup/v3'
  const routes = new Hono()
  let scheduled = 0
  routes.post(`${root}/carrier-pickup`, async (c) => {
    if (!isAuthorised(c, gate)) return refuse(c, 401, root, [{ detail: 'The token is invalid.' }])
    const body = await c.req.json<{ pickupDate: string }>()
    const complaints = missing(body, {
      pickupDate: /^\d{4}-\d\d-\d\d$/,
      estimatedWeight: /^\d/,
      'pickupAddress.firstName': null,
      'pickupAddress.lastName': null,
      'pickupAddress.address.streetAddress': null,
      'pickupAddress.contact': null,
      packages: null,
      'pickupLocation.packageLocation': null,
    })
    if (complaints.length > 0) return refuse(c, 400, root, complaints)
    scheduled += 1
    const confirmationNumber = `WTC${String(scheduled).padStart(9, '0')}`
    return c.json({ confirmationNumber, pickupDate: body.pickupDate, carrierPickupRequest: body }, 200, {
      etag: `"${scheduled}"`,
    })
  })
  return routes
}
