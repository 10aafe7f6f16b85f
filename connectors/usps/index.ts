import {
  type ConnectorError,
  defineCourier,
  type PickupRequest,
  type QuoteAnswer,
  type QuoteRequest,
  type TrackingRef,
  type TrackingResult,
  toConnectorError,
} from 'entrepot/sdk'
import { bookShipment, cancelShipment, findShipment } from './booking.ts'
import { createClient, type UspsClient } from './client.ts'
import { pickupBody } from './mapping-pickup.ts'
import { optionsRequests, quoteAnswer } from './mapping-quote.ts'
import { toTracking } from './mapping-tracking.ts'
import type { OptionsAnswer } from './schemas.ts'
import { services } from './services.ts'
import { buckets, credentials, settings } from './settings.ts'
import { textsZh } from './texts-zh.ts'

const hour = 3_600_000

/** The United States Postal Service, through its APIs v3. */
export const usps = defineCourier({
  id: 'usps',
  name: 'USPS',
  texts: { 'zh-CN': textsZh },
  settings,
  credentials,
  buckets,
  hosts: ({ endpoint }) => [new URL(endpoint).host],
  createClient,
  check,
  services: () => services.map(({ code, name }) => ({ code, name })),
  labelFormats: ['pdf', 'zpl', 'png'],
  operations: {
    quote,
    bookShipment: { run: bookShipment, find: findShipment },
    cancelShipment: { run: cancelShipment, find: 'unsupported' },
    pullTracking: { bucket: 'tracking', maxBatch: 20, minIntervalMs: 2 * hour, run: pullTracking },
    pickup: { run: schedulePickup, find: 'unsupported' },
  },
  verification: [
    {
      document: "USPS's own OpenAPI descriptions",
      version: 'APIs v3',
      url: 'https://developers.usps.com/apis',
      by: 'description',
    },
  ],
  schedule: { tracking: '*/20 * * * *' },
  defaults: () => ({ currency: 'USD', locale: 'en-US' }),
})

/** Proves both tokens: reads the payment account with the authority to spend from it. */
async function check(client: UspsClient): Promise<string> {
  const { accountType } = await client.readAccount()
  return `Reached USPS; labels are paid from an account of kind ${accountType}.`
}

async function quote(client: UspsClient, request: QuoteRequest): Promise<QuoteAnswer> {
  const requests = optionsRequests(request, client.settings, client.credentials)
  if ('refusal' in requests) return { quotes: [], notOffered: [{ service: null, reason: requests.refusal }] }
  const answers: OptionsAnswer[] = []
  for (const { body } of requests) answers.push(await client.searchOptions(body))
  return quoteAnswer(request, requests, answers)
}

/** One call a parcel. What would meet every other parcel too is not asked again: calls are dear. */
async function pullTracking(client: UspsClient, parcels: readonly TrackingRef[]): Promise<TrackingResult[]> {
  const results: TrackingResult[] = []
  let stopped: ConnectorError | null = null
  for (const { trackingNumber } of parcels) {
    const result: TrackingResult = stopped
      ? { ok: false, error: stopped }
      : await track(client, trackingNumber)
    if (!result.ok && ['auth', 'rate_limited', 'unavailable'].includes(result.error.kind))
      stopped = result.error
    results.push(result)
  }
  return results
}

async function track(client: UspsClient, trackingNumber: string): Promise<TrackingResult> {
  try {
    return { ok: true, tracking: toTracking(trackingNumber, await client.readTracking(trackingNumber)) }
  } catch (error) {
    return { ok: false, error: toConnectorError(error) }
  }
}

async function schedulePickup(client: UspsClient, request: PickupRequest): Promise<{ externalId: string }> {
  const { confirmationNumber } = await client.schedulePickup(pickupBody(request, client.settings))
  return { externalId: confirmationNumber }
}
