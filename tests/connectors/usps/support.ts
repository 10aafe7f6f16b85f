import { type Booking, type QuoteRequest, startSandbox } from 'entrepot/sdk'
import { createTestClient, type TestClientOptions } from 'entrepot/sdk/testing'
import type { UspsClient } from '../../../connectors/usps/client.ts'
import { usps } from '../../../connectors/usps/index.ts'
import { createUspsSandbox } from '../../../connectors/usps/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from './recording.ts'

export const start = '2026-03-02T15:00:00.000Z'
export const usd = (minor: number) => ({ minor, currency: 'USD' })
export const operations = usps.operations as Required<typeof usps.operations>
export const find = operations.bookShipment.find as Exclude<typeof operations.bookShipment.find, string>

const person = { email: 'ship@northwind.example', isResidential: null, company: null }
export const sender = {
  ...person,
  name: 'Sam Wilson',
  company: 'Northwind',
  phone: '+1 (202) 555-0143',
  addressLines: ['45 L St SW'],
  city: 'Washington',
  region: 'DC',
  postcode: '20024',
  country: 'US',
}
export const recipient = {
  ...person,
  name: 'Ada Lovelace Byron',
  phone: '404 555 0199',
  addressLines: ['2700 S Jefferson Ave', 'STE 150', 'Door 3'],
  city: 'St. Louis',
  region: 'MO',
  postcode: '63104-2351',
  country: 'US',
}
export const abroad = {
  ...person,
  name: 'Jean Martin',
  phone: '+33 1 70 18 99 00',
  addressLines: ['12 rue de la Paix'],
  city: 'Paris',
  region: null,
  postcode: '75002',
  country: 'FR',
}
const item = {
  sku: 'MUG-1',
  title: 'Enamel mug, blue, half a litre, dishwasher safe',
  quantity: 2,
  unitValue: usd(1290),
  weightGrams: 350,
  hsCode: '7323.94',
  originCountry: 'US',
}
export const parcel = { weightGrams: 900, lengthMm: 200, widthMm: 300, heightMm: 150, items: [item] }

export const booking = (change: Partial<Booking> = {}): Booking => ({
  reference: 'shp_01956f2b7c3a7d4e8f90a1b2c3d4e5f',
  orderNumber: 'R-1001',
  service: 'USPS_GROUND_ADVANTAGE',
  from: sender,
  to: recipient,
  parcels: [parcel],
  shipAt: new Date(start),
  labelFormat: 'pdf',
  declaredValue: null,
  isSignatureRequired: false,
  customs: null,
  ...change,
})

export const exported = (change: Partial<Booking> = {}): Booking =>
  booking({
    service: 'PRIORITY_MAIL_INTERNATIONAL',
    to: abroad,
    customs: {
      contents: 'merchandise',
      incoterm: 'DAP',
      invoiceNumber: 'INV-2026-77',
      invoiceDate: new Date(start),
    },
    ...change,
  })

export const quoteRequest = (change: Partial<QuoteRequest> = {}): QuoteRequest => ({
  from: sender,
  to: recipient,
  parcels: [parcel],
  shipAt: new Date(start),
  declaredValue: null,
  ...change,
})

/** A running stand-in and a client on it, on one clock that only moves when told; every call is recorded. */
export async function openPost(rateScale = Number.POSITIVE_INFINITY) {
  const clock = manualClock(start)
  const sandbox = createUspsSandbox({ clock, rateScale })
  const { app, exchanges } = recording(sandbox.app)
  const { url, close } = await startSandbox({ app })
  const connection = sandbox.connection(url)
  const connect = (settings: Record<string, unknown> = {}, options: TestClientOptions = {}) =>
    createTestClient<UspsClient>(
      usps,
      { ...connection, settings: { ...connection.settings, ...settings } },
      { clock, ...options },
    )
  /** The recorded calls whose path holds `part`. */
  const heard = (part: string, method?: string): Exchange[] =>
    exchanges.filter((entry) => entry.url.pathname.includes(part) && (!method || entry.method === method))
  /** Answers the next call to a path that holds `part` with this instead. */
  const answerNext = (part: string, body: unknown, status = 400) =>
    sandbox.faults.add({
      kind: 'status',
      status,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      when: ({ path }) => path.includes(part),
    })
  return { clock, sandbox, client: connect(), connect, heard, answerNext, exchanges, close }
}
export type Post = Awaited<ReturnType<typeof openPost>>

/** An error in USPS's shape. */
export const complaint = (detail: string, parameter = 'trackingNumber') => ({
  apiVersion: '/labels/v3',
  error: {
    code: '400',
    message: 'Bad Request',
    errors: [{ status: '400', code: '00000XX', title: 'Bad Request', detail, source: { parameter } }],
  },
})
