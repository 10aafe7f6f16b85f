import {
  type Address,
  type BookedShipment,
  type Booking,
  type Customs,
  type ShipmentCancellation,
  startSandbox,
} from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import type { DhlClient } from '../../../connectors/dhl-parcel-de/client.ts'
import { dhlParcelDe } from '../../../connectors/dhl-parcel-de/index.ts'
import { createDhlParcelDeSandbox } from '../../../connectors/dhl-parcel-de/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { recording } from '../amazon/recording.ts'

export const start = '2026-03-02T09:00:00.000Z'
export const eur = (minor: number) => ({ minor, currency: 'EUR' })
export const operations = dhlParcelDe.operations as Required<typeof dhlParcelDe.operations>

export const shop: Address = {
  name: 'Ada Sender',
  company: 'Nordwind Becher GmbH',
  email: 'post@northwind.example',
  phone: '+49 228 5550132',
  addressLines: ['Sträßchensweg 10'],
  city: 'Bonn',
  region: null,
  postcode: '53113',
  country: 'DE',
  isResidential: false,
}
export const buyer: Address = {
  ...shop,
  name: 'Jürgen Käufer',
  company: null,
  email: 'jk@buyer.example',
  phone: '+49 30 5550171',
  addressLines: ['Kurt-Schumacher-Str. 20', 'Hinterhaus'],
  isResidential: true,
}
export const buyerAbroad: Address = {
  ...buyer,
  name: 'Grace Buyer',
  addressLines: ['10 Downing Street', '2nd floor'],
  city: 'London',
  postcode: 'SW1A 1AA',
  country: 'GB',
}
export const customs: Customs = {
  contents: 'merchandise',
  incoterm: 'DAP',
  invoiceNumber: 'INV-1',
  invoiceDate: new Date(start),
}
export const item = {
  sku: 'MUG',
  title: 'Enamel mug',
  quantity: 2,
  unitValue: eur(1990),
  weightGrams: 350,
  hsCode: '732394',
  originCountry: 'FR',
}
export const parcel = { weightGrams: 1001, lengthMm: 301, widthMm: 205, heightMm: 152, items: [item] }

export const booking = (changes: Partial<Booking> = {}): Booking => ({
  reference: 'shp_01kjpq5m9te3vbqa8wz4hn0001',
  orderNumber: 'SO-1001',
  service: 'V01PAK',
  from: shop,
  to: buyer,
  parcels: [parcel],
  shipAt: new Date('2026-03-03T12:00:00.000Z'),
  labelFormat: 'pdf',
  declaredValue: null,
  isSignatureRequired: false,
  customs: null,
  ...changes,
})
export const bookingAbroad = (changes: Partial<Booking> = {}): Booking =>
  booking({ service: 'V53WPAK', to: buyerAbroad, customs, ...changes })

/** A running stand-in and a client on it, on one clock that only moves when told; every call is recorded. */
export async function openDepot(settings: Record<string, unknown> = {}) {
  const clock = manualClock(start)
  const sandbox = createDhlParcelDeSandbox({ clock, random: () => 0.5, rateScale: Number.POSITIVE_INFINITY })
  const { app, exchanges } = recording(sandbox.app)
  const { url, close } = await startSandbox({ app })
  const connection = sandbox.connection(url)
  const connect = (changes: Record<string, unknown> = {}, credentials: Record<string, unknown> = {}) =>
    createTestClient<DhlClient>(
      dhlParcelDe,
      {
        settings: { ...connection.settings, ...changes },
        credentials: { ...connection.credentials, ...credentials },
      },
      { clock },
    )
  const client = connect(settings)
  const book = (wanted: Booking = booking()): Promise<BookedShipment> =>
    operations.bookShipment.run(client, wanted, wanted.reference)
  const heard = (method: string, part: string) =>
    exchanges.filter((entry) => entry.method === method && entry.url.pathname.includes(part))
  return { clock, sandbox, client, connect, book, exchanges, heard, url, close }
}
export type Depot = Awaited<ReturnType<typeof openDepot>>

export const cancellationOf = (
  booked: BookedShipment,
  reference = booking().reference,
): ShipmentCancellation => ({
  externalId: booked.externalId,
  trackingNumbers: booked.parcels.map(({ trackingNumber }) => trackingNumber),
  reference,
})

/** Whose request, whatever the method. */
export const ordersCall =
  (method: string) =>
  (request: { method: string; path: string }): boolean =>
    request.method === method && request.path.endsWith('/shipping/v2/orders')
