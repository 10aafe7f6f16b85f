import {
  type BookedShipment,
  type Booking,
  ConnectorError,
  defineCourier,
  type QuoteAnswer,
  type QuoteRequest,
  type TrackingRef,
  type TrackingResult,
} from 'entrepot/sdk'
import { createClient, type DhlClient } from './client.ts'
import { buckets, maxTracked, trackingIntervalMs } from './limits.ts'
import { toBooked, toShipmentRequest } from './mapping-booking.ts'
import { toQuoteAnswer, toRateRequest } from './mapping-quote.ts'
import { isWaybill, toTrackingResults } from './mapping-tracking.ts'
import { services } from './services.ts'
import { credentialsSchema, endpointOf, settingsSchema } from './settings.ts'
import { textsZh } from './texts-zh.ts'

/** DHL Express worldwide, through MyDHL API 3.1. It has no call to cancel a shipment. */
export const dhlExpress = defineCourier({
  id: 'dhl-express',
  name: 'DHL Express',
  texts: { 'zh-CN': textsZh },
  settings: settingsSchema,
  credentials: credentialsSchema,
  buckets,
  hosts: (settings) => [new URL(endpointOf(settings)).host],
  createClient,
  check,
  services: () => services,
  labelFormats: ['pdf', 'zpl'],
  operations: {
    quote,
    // A label can be read only from the booking's answer: the API gives out waybills and invoices later, no labels.
    bookShipment: { run: bookShipment, find: 'unsupported' },
    pullTracking: {
      bucket: 'tracking',
      maxBatch: maxTracked,
      minIntervalMs: trackingIntervalMs,
      run: pullTracking,
    },
  },
  verification: [
    {
      document: "DHL's own description of MyDHL API",
      version: '3.1.1',
      url: 'https://developer.dhl.com/api-reference/dhl-express-mydhl-api',
      by: 'description',
    },
  ],
  schedule: { tracking: '*/15 * * * *' },
  defaults: ({ currency }) => ({ currency, locale: 'en-GB' }),
})

/** Asks for a reference that nobody gave: "not found" in MyDHL's own words proves address and key. */
async function check(client: DhlClient): Promise<string> {
  const { environment, accountNumber } = client.settings
  try {
    await client.trackReference('entrepot-check', client.clock.now().toISOString().slice(0, 10))
  } catch (error) {
    if (!isNothingFound(error)) throw error
  }
  return `Reached DHL Express (${environment}) for account ${accountNumber}; the key may read.`
}

/** DHL's number for "no such product on this way and day". */
const notAvailable = '996'

async function quote(client: DhlClient, request: QuoteRequest): Promise<QuoteAnswer> {
  try {
    const rates = await client.readRates(toRateRequest(request, client.settings, client.clock.now()))
    return toQuoteAnswer(rates, request.services)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.vendorCode !== notAvailable) throw error
    return toQuoteAnswer({ products: [], warnings: [error.vendorMessage ?? error.message] }, request.services)
  }
}

async function bookShipment(client: DhlClient, booking: Booking): Promise<BookedShipment> {
  const request = toShipmentRequest(booking, client.settings, client.clock.now())
  return toBooked(await client.createShipment(request, booking.reference), booking)
}

async function pullTracking(client: DhlClient, parcels: readonly TrackingRef[]): Promise<TrackingResult[]> {
  const numbers = parcels.map(({ trackingNumber }) => trackingNumber)
  const rows = [
    ...(await rowsOf(client, 'shipmentTrackingNumber', numbers.filter(isWaybill))),
    ...(await rowsOf(
      client,
      'pieceTrackingNumber',
      numbers.filter((number) => !isWaybill(number)),
    )),
  ]
  return toTrackingResults(parcels, rows)
}

/** When DHL knows none of the numbers it answers 404. */
async function rowsOf(
  client: DhlClient,
  by: Parameters<DhlClient['trackNumbers']>[0],
  numbers: readonly string[],
): Promise<unknown[]> {
  if (numbers.length === 0) return []
  try {
    return await client.trackNumbers(by, numbers)
  } catch (error) {
    if (isNothingFound(error)) return []
    throw error
  }
}

/** A 404 in MyDHL's own words, and not one of a wrong address. */
const isNothingFound = (error: unknown): boolean =>
  error instanceof ConnectorError &&
  error.kind === 'not_found' &&
  /no (shipments|data) found/i.test(error.vendorMessage ?? '')
