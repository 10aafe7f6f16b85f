import {
  type Address,
  type Booking,
  type Once,
  type Parcel,
  type ParcelItem,
  type QuoteRequest,
  startSandbox,
  type TrackingRef,
} from 'entrepot/sdk'
import { createTestClient, type TestClientOptions } from 'entrepot/sdk/testing'
import type { UpsClient } from '../../../connectors/ups/client.ts'
import { ups } from '../../../connectors/ups/index.ts'
import { createUpsSandbox, type UpsSandboxOptions } from '../../../connectors/ups/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from './recording.ts'

export const start = '2026-03-02T09:00:00.000Z'
export const operations = ups.operations as Required<typeof ups.operations>

export const berlin: Address = {
  name: 'Erika Versand',
  company: 'Northwind GmbH',
  email: 'dispatch@northwind.example',
  phone: '+49 30 1234567',
  addressLines: ['Lagerstrasse 12'],
  city: 'Berlin',
  region: null,
  postcode: '10115',
  country: 'DE',
  isResidential: false,
}
export const munich: Address = {
  ...berlin,
  name: 'Anna Kundin',
  company: null,
  email: 'anna@example.test',
  addressLines: ['Isarweg 3', 'Hinterhaus'],
  city: 'München',
  postcode: '80331',
  isResidential: true,
}
export const newYork: Address = {
  name: 'Pat Buyer',
  company: 'Buyer Inc',
  email: null,
  phone: '1 212 555 0100',
  addressLines: ['350 5th Avenue'],
  city: 'New York',
  region: 'US-NY',
  postcode: '10118-0110',
  country: 'US',
  isResidential: null,
}
export const chicago: Address = {
  ...newYork,
  name: 'Sam Sender',
  company: null,
  addressLines: ['233 S Wacker Drive'],
  city: 'Chicago',
  region: 'IL',
  postcode: '60606',
}

export const item: ParcelItem = {
  sku: 'MUG-1',
  title: 'Enamel mug',
  quantity: 2,
  unitValue: { minor: 1290, currency: 'EUR' },
  weightGrams: 350,
  hsCode: '7323.94',
  originCountry: 'DE',
}
export const parcel = { weightGrams: 1250, lengthMm: 300, widthMm: 205, heightMm: 101, items: [item] }
export const bare: Parcel = { weightGrams: 1250, lengthMm: null, widthMm: null, heightMm: null }

export const booking = (changes: Partial<Booking> = {}): Booking => ({
  reference: 'shp_018f6c2e9b7d7cc2a1f0e4d3b2a1908',
  orderNumber: 'SO-1001',
  service: '11',
  from: berlin,
  to: munich,
  parcels: [parcel],
  shipAt: new Date(start),
  labelFormat: 'zpl',
  declaredValue: null,
  isSignatureRequired: false,
  customs: null,
  ...changes,
})

export const quoteRequest = (changes: Partial<QuoteRequest> = {}): QuoteRequest => ({
  from: berlin,
  to: munich,
  parcels: [parcel],
  shipAt: new Date(start),
  declaredValue: null,
  ...changes,
})

export const trackingRef = (trackingNumber: string): TrackingRef => ({
  trackingNumber,
  carrier: null,
  recipientPostcode: null,
  recipientPhone: null,
})

/** A running stand-in and a client on it, on one clock that only moves when told; every call is recorded. */
export async function openUps(options: Partial<UpsSandboxOptions> = {}) {
  const clock = manualClock(start)
  const sandbox = createUpsSandbox({ clock, rateScale: Number.POSITIVE_INFINITY, ...options })
  const { app, exchanges } = recording(sandbox.app)
  const { url, close } = await startSandbox({ app })
  const connection = sandbox.connection(url)
  const connect = (settings: Record<string, unknown> = {}, clientOptions: TestClientOptions = {}) =>
    createTestClient<UpsClient>(
      ups,
      { ...connection, settings: { ...connection.settings, ...settings } },
      { clock, ...clientOptions },
    )
  /** The recorded calls whose path holds `part`. */
  const heard = (part: string): Exchange[] => exchanges.filter((entry) => entry.url.pathname.includes(part))
  /** Answers the next call to a path that holds `part` with this instead. */
  const answerNext = (part: string, body: unknown, status = 200, times = 1) =>
    sandbox.faults.add({
      kind: 'status',
      status,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      when: ({ path }) => path.includes(part),
      times,
    })
  return { clock, sandbox, client: connect(), connect, heard, answerNext, exchanges, url, close }
}
export type Ups = Awaited<ReturnType<typeof openUps>>

/** The look-up of an operation that has one. */
export function findOf<Client, Input, Output>({ find }: Once<Client, Input, Output>) {
  if (typeof find !== 'function') throw new Error('UPS can be asked.')
  return find
}

/** How UPS refuses. */
export const refusal = (code: string, message: string) => ({ response: { errors: [{ code, message }] } })
