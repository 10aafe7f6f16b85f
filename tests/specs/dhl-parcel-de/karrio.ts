import { type Address, type Booking, type Customs, startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { Hono } from 'hono'
import type { DhlClient } from '../../../connectors/dhl-parcel-de/client.ts'
import { dhlParcelDe } from '../../../connectors/dhl-parcel-de/index.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from '../../connectors/amazon/recording.ts'
import { karrioFile } from './vendor.ts'

// biome-ignore lint/suspicious/noExplicitAny: recorded cases, read by name.
type Recorded = any
export type Cases = { tests: Record<string, { uses: string[] }>; fixtures: Record<string, Recorded> }
export const casesOf = (operation: string): Cases => karrioFile(operation) as Cases

/** The settings that karrio's tests ran with, and consent to give DHL the recipient's mail and phone. */
const settings = {
  billingPaket: '33333333330102',
  billingInternational: '33333333335301',
  billingEuropaket: '33333333335401',
  billingPickup: '22222222220801',
  postalCharges: '1.00',
  isContactShared: true,
}
const credentials = { apiKey: 'key-0123', apiSecret: 'secret-0123', user: 'zt12345', password: 'geheim' }

export type Replay = { status?: number; body: unknown; type?: string }

/** A server that answers as it was recorded, and a client on it. Keys are like `POST /orders`. */
export async function replay(
  answers: Record<string, Replay>,
  changes: Record<string, unknown> = {},
): Promise<{
  client: DhlClient
  exchanges: Exchange[]
  heard(key: string): Exchange[]
  close(): Promise<void>
}> {
  const inner = new Hono()
  const matches = (key: string, method: string, path: string) => {
    const [wanted, end] = key.split(' ')
    return wanted === method && path.endsWith(end!)
  }
  inner.all('*', (c) => {
    const { method, path } = c.req
    const found = Object.entries(answers).find(([key]) => matches(key, method, path))?.[1]
    if (!found && path.endsWith('/token')) return c.json({ access_token: 'replayed', expires_in: 1799 })
    if (!found) return c.text('not recorded', 501)
    const body = typeof found.body === 'string' ? found.body : JSON.stringify(found.body)
    return c.body(body, (found.status ?? 200) as 200, { 'content-type': found.type ?? 'application/json' })
  })
  const { app, exchanges } = recording(inner)
  const { url, close } = await startSandbox({ app })
  const client = createTestClient<DhlClient>(
    dhlParcelDe,
    { settings: { ...settings, ...changes, url }, credentials },
    { clock: manualClock('2026-03-02T09:00:00.000Z') },
  )
  const heard = (key: string) =>
    exchanges.filter(({ method, url: { pathname } }) => matches(key, method, pathname))
  return { client, exchanges, heard, close }
}

const toAddress = (theirs: Recorded): Address => ({
  name: theirs.person_name ?? theirs.company_name,
  company: theirs.company_name ?? null,
  email: theirs.email ?? null,
  phone: theirs.phone_number ?? null,
  addressLines: [
    [theirs.address_line1, theirs.street_number].filter(Boolean).join(' '),
    ...(theirs.address_line2 ? [theirs.address_line2] : []),
  ],
  city: theirs.city,
  region: null,
  postcode: theirs.postal_code,
  country: theirs.country_code,
  isResidential: null,
})

const services: Record<string, string> = { dhl_parcel_de_paket: 'V01PAK', dhl_parcel_de_europaket: 'V54EPAK' }
const kg = (weight: number): number => Math.round(weight * 1000)
const mm = (cm: number | undefined): number | null => (cm === undefined ? null : cm * 10)

/** karrio's unified payload as a booking of ours. It says nothing of who pays duties, which karrio makes DDP. */
export function toBooking(payload: Recorded): Booking {
  const items = (payload.customs?.commodities ?? []).map((theirs: Recorded) => ({
    sku: theirs.description,
    title: theirs.description,
    quantity: theirs.quantity,
    unitValue: { minor: theirs.value_amount * 100, currency: payload.customs.duty.currency },
    weightGrams: kg(theirs.weight),
    hsCode: theirs.hs_code,
    originCountry: theirs.origin_country,
  }))
  const customs: Customs = {
    contents: 'merchandise',
    incoterm: 'DDP',
    invoiceNumber: 'INV-1',
    invoiceDate: new Date(0),
  }
  return {
    reference: payload.reference,
    orderNumber: payload.options?.dhl_parcel_de_cost_center ?? null,
    service: services[payload.service]!,
    from: toAddress(payload.shipper),
    to: toAddress(payload.recipient),
    parcels: payload.parcels.map((theirs: Recorded) => ({
      weightGrams: kg(theirs.weight),
      lengthMm: mm(theirs.length),
      widthMm: mm(theirs.width),
      heightMm: mm(theirs.height),
      items,
    })),
    shipAt: new Date('2026-03-03T12:00:00.000Z'),
    labelFormat: 'pdf',
    declaredValue: null,
    isSignatureRequired: false,
    customs: payload.customs ? customs : null,
  }
}

export const pickupOf = (payload: Recorded) => ({
  reference: 'shp_01kjpq5m9te3vbqa8wz4hn0001',
  from: toAddress(payload.address),
  readyAt: new Date(`${payload.pickup_date}T${payload.ready_time}:00+02:00`),
  closesAt: new Date(`${payload.pickup_date}T${payload.closing_time}:00+02:00`),
  parcels: payload.parcels.map((theirs: Recorded) => ({
    weightGrams: kg(theirs.weight),
    lengthMm: null,
    widthMm: null,
    heightMm: null,
  })),
  trackingNumbers: [],
  instructions: payload.instruction,
})
