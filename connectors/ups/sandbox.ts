import { type Clock, type CourierSandbox, createFaultBox, misbehaving, type SandboxCall } from 'entrepot/sdk'
import { Hono } from 'hono'
import { createGate, sandboxAccount, sandboxCredentials, UpsRefusal } from './sandbox-gate.ts'
import { createLedger, type LedgerPickup } from './sandbox-ledger.ts'
import { serveRating } from './sandbox-rating.ts'
import { serveLabels, servePickups, serveShipping } from './sandbox-shipping.ts'
import { createAlerts, serveTracking } from './sandbox-tracking.ts'

export type UpsSandboxOptions = {
  clock: Clock
  /** Draws for faults with a probability; from a seed, so that a run can be repeated. */
  random?: () => number
  /** What the account is billed in. */
  currency?: string
  originCountry?: string
  /** Multiplies the connector's declared limits; Infinity has none. */
  rateScale?: number
  /** Whether all parcels of the account are alerted about, or only those that were subscribed to. */
  isAccountSubscribed?: boolean
}

/** The stand-in, with what only UPS has. */
export type UpsSandbox = CourierSandbox & { pickups(): readonly LedgerPickup[] }

/** UPS's stand-in: it speaks the wire format of the REST APIs for one account and keeps its own ledger. */
export function createUpsSandbox(options: UpsSandboxOptions): UpsSandbox {
  const { clock, random, currency = 'EUR', originCountry = 'DE', rateScale = 1 } = options
  const calls: SandboxCall[] = []
  const faults = createFaultBox(random)
  const gate = createGate(clock, rateScale)
  const ledger = createLedger(clock)

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock, isWrite))
  app.use(gate.limit)
  app.post('/security/v1/oauth/token', gate.sellToken)
  const api = new Hono()
  api.use(gate.authorise)
  serveRating(api, clock, currency)
  serveShipping(api, ledger, clock, currency)
  serveLabels(api, ledger)
  servePickups(api, ledger)
  serveTracking(api, ledger)
  const alerts = createAlerts(api, options.isAccountSubscribed ?? true)
  app.route('/api', api)
  app.notFound((c) => c.json(new UpsRefusal(404, '404', 'The requested resource was not found.').body(), 404))
  app.onError((error, c) => {
    if (!(error instanceof UpsRefusal)) throw error
    return c.json(error.body(), error.status)
  })

  return {
    app,
    calls,
    faults,
    connection: (url) => ({
      settings: { accountNumber: sandboxAccount, originCountry, currency, locale: 'en', endpoint: url },
      credentials: { ...sandboxCredentials },
    }),
    shipments: () =>
      ledger.shipments.map(({ externalId, reference, service, parcels, isVoided, price }) => ({
        externalId,
        reference,
        service,
        trackingNumbers: parcels.map(({ trackingNumber }) => trackingNumber),
        weightsGrams: parcels.map(({ weightGrams }) => weightGrams),
        isCancelled: isVoided,
        price,
      })),
    pickups: () => ledger.pickups,
    announce: (trackingNumber) => {
      ledger.announce(trackingNumber)
    },
    scan(trackingNumber, state, how = {}) {
      for (const scan of ledger.scan(trackingNumber, state, how)) alerts.tell(trackingNumber, scan)
    },
    expireTokens: gate.expireTokens,
    takeWebhooks: alerts.take,
  }
}

/** A price, a search for labels and a sign-in are posted, but change nothing. */
export const isWrite = (method: string, path: string): boolean =>
  method === 'DELETE' ||
  (method === 'POST' && /\/(ship|pickup|package)$/.test(path) && !path.startsWith('/security/'))
