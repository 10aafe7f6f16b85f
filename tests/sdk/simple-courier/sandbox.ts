import { createHmac } from 'node:crypto'
import {
  type Clock,
  type CourierSandbox,
  createFaultBox,
  createLimiter,
  formatDecimal,
  misbehaving,
  parseMoney,
  type SandboxShipment,
  type TrackingState,
} from 'entrepot/sdk'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { SimpleOffers, SimpleParcel, SimpleShipment, SimpleTracked } from './schemas.ts'

const credentials = { apiKey: 'simple-key-9c41/aa+z', webhookSecret: 'simple-hook-secret-5e20' }
const currency = 'USD'
const gramsPerOunce = 28.349523125
const mostOunces = 70 * 16
/** What the first ounce and each further one costs, in cents, and how many days it takes. */
const rates: Record<string, { first: number; further: number; days: number }> = {
  economy: { first: 490, further: 11, days: 4 },
  express: { first: 990, further: 23, days: 1 },
}
const codes: Record<TrackingState, string> = {
  announced: 'AN',
  collected: 'PU',
  in_transit: 'DP',
  out_for_delivery: 'OD',
  awaiting_pickup: 'SH',
  returning: 'RS',
  lost: 'LO',
  delivered: 'DL',
  returned: 'RD',
}

type Request = { reference: string; service: string; parcels: SimpleParcel[] }
type Held = SimpleShipment & { reference: string; service: string; ounces: readonly number[] }

/** Simple Parcel's way of saying no. */
const refuse = (c: Context, status: 401 | 404 | 422 | 429, code: string, message: string) =>
  c.json({ code, message }, status)
const isTooHeavy = ({ ounces }: SimpleParcel) => ounces > mostOunces

function priceOf(parcels: readonly SimpleParcel[], { first, further }: { first: number; further: number }) {
  const base = parcels.reduce((sum, { ounces }) => sum + first + further * (ounces - 1), 0)
  const fuel = Math.round(base * 0.12)
  const text = (minor: number) => formatDecimal({ minor, currency })
  return {
    total: text(base + fuel),
    charges: [
      { code: 'BASE', text: 'Carriage', amount: text(base) },
      { code: 'FUEL', text: 'Fuel', amount: text(fuel) },
    ],
  }
}

/** Simple Parcel's stand-in: its wire format, its own ledger, its published limits, and faults on request. */
export function createSimpleCourierSandbox({ clock }: { clock: Clock }): CourierSandbox {
  const calls: CourierSandbox['calls'] = []
  const faults = createFaultBox()
  const shipments: Held[] = []
  const parcels = new Map<string, SimpleTracked>()
  const webhooks: { headers: Record<string, string>; body: string }[] = []
  let isKeyValid = true

  const announce = (number: string) => parcels.set(number, { number, expectedAt: null, events: [] })
  const authorised: MiddlewareHandler = async (c, next) =>
    isKeyValid && c.req.header('authorization') === `Bearer ${credentials.apiKey}`
      ? next()
      : refuse(c, 401, 'key', 'This key is not accepted.')

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  app.use(authorised)
  const shipping = limited(5, 10, clock)
  app.use('/prices', shipping)
  app.use('/shipments/*', shipping)
  app.use('/parcels', limited(10, 20, clock))

  app.post('/prices', async (c) => {
    const { parcels: wanted } = await c.req.json<Request>()
    const offers = Object.entries(rates).map(([service, rate]): SimpleOffers['offers'][number] =>
      wanted.some(isTooHeavy)
        ? { isOffered: false, service, reason: 'A parcel weighs more than 70 lb.' }
        : { isOffered: true, service, days: rate.days, ...priceOf(wanted, rate) },
    )
    return c.json({ currency, offers })
  })
  app.post('/shipments', async (c) => {
    const request = await c.req.json<Request>()
    const rate = rates[request.service]
    if (!rate) return refuse(c, 422, 'service', `There is no service "${request.service}".`)
    if (request.parcels.some(isTooHeavy)) return refuse(c, 422, 'weight', 'A parcel weighs more than 70 lb.')
    const id = `SP${1001 + shipments.length}`
    const booked = request.parcels.map((_, index) => {
      const number = `${id}-${index + 1}`
      announce(number)
      return { number, zpl: `^XA^FO50,50^BCN,100^FD${number}^FS^FO50,200^FD${request.reference}^FS^XZ` }
    })
    const price = priceOf(request.parcels, rate)
    const shipment: SimpleShipment = { id, state: 'booked', currency, ...price, parcels: booked }
    const { reference, service } = request
    const ounces = request.parcels.map((parcel) => parcel.ounces)
    shipments.push({ ...shipment, reference, service, ounces })
    return c.json(shipment, 201)
  })
  app.get('/shipments', (c) =>
    c.json({ shipments: shipments.filter(({ reference }) => reference === c.req.query('reference')) }),
  )
  const held = (c: Context) => shipments.find(({ id }) => id === c.req.param('id'))
  app.get('/shipments/:id', (c) => {
    const shipment = held(c)
    return shipment ? c.json(shipment) : refuse(c, 404, 'unknown', 'No such shipment.')
  })
  app.post('/shipments/:id/cancellation', (c) => {
    const shipment = held(c)
    if (!shipment) return refuse(c, 404, 'unknown', 'No such shipment.')
    shipment.state = 'cancelled'
    return c.json(shipment)
  })
  app.get('/parcels', (c) => {
    const numbers = (c.req.query('numbers') ?? '').split(',')
    if (numbers.length > 20) return refuse(c, 422, 'many', 'At most 20 numbers.')
    return c.json({ parcels: numbers.flatMap((number) => parcels.get(number) ?? []) })
  })

  return {
    app,
    calls,
    faults,
    connection: (url) => ({ settings: { apiUrl: url }, credentials }),
    shipments: () => shipments.map(toLedger),
    announce,
    scan(number, state, { incident, at = clock.now() } = {}) {
      const parcel = parcels.get(number)
      if (!parcel) throw new Error(`Simple Parcel never gave out ${number}.`)
      if (incident && incident !== 'recipient_absent') throw new Error(`No scan says ${incident}.`)
      const code = incident ? 'NH' : codes[state]
      const text = incident ? 'Nobody was at home' : `The parcel is ${state}`
      parcel.events.unshift({ code, text, place: 'Springfield', at: at.toISOString() })
      const body = JSON.stringify({ event: 'parcel.scanned', number })
      const signature = createHmac('sha256', credentials.webhookSecret).update(body).digest('base64')
      webhooks.push({ headers: { 'x-parcel-signature': signature }, body })
    },
    expireTokens: () => {
      isKeyValid = false
    },
    takeWebhooks: () => webhooks.splice(0),
  }
}

const toLedger = ({ id, reference, service, state, total, parcels, ounces }: Held): SandboxShipment => ({
  externalId: id,
  reference,
  service,
  trackingNumbers: parcels.map(({ number }) => number),
  weightsGrams: ounces.map((weight) => Math.ceil(weight * gramsPerOunce)),
  isCancelled: state === 'cancelled',
  price: { totalMinor: parseMoney(total, currency).minor, currency },
})

function limited(perSecond: number, burst: number, clock: Clock): MiddlewareHandler {
  const limiter = createLimiter(perSecond, burst, clock)
  return async (c, next) => {
    const turn = limiter.take()
    if (turn.ok) return next()
    c.header('retry-after', String(Math.ceil(turn.waitMs / 1000)))
    return refuse(c, 429, 'limit', 'Too many calls.')
  }
}
