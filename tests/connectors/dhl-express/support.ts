import { type Address, type Booking, type RunningSandbox, startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { onTestFinished } from 'vitest'
import type { DhlClient } from '../../../connectors/dhl-express/client.ts'
import { dhlExpress } from '../../../connectors/dhl-express/index.ts'
import { createDhlExpressSandbox } from '../../../connectors/dhl-express/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'

export const start = '2026-03-02T09:00:00Z'
export const ops = dhlExpress.operations as Required<
  Pick<typeof dhlExpress.operations, 'quote' | 'bookShipment' | 'pullTracking'>
>

/** A fresh stand-in, listening, with a client that is not paced. */
export async function openDepot(options: { currency?: string } = {}) {
  const clock = manualClock(start)
  const depot = await startSandbox(createDhlExpressSandbox({ clock, rateScale: Infinity, ...options }))
  onTestFinished(() => depot.close())
  return { depot, clock, client: connect(depot, clock) }
}

/** A client of the stand-in; `settings` are laid over the connection's own. */
export function connect(
  depot: RunningSandbox<ReturnType<typeof createDhlExpressSandbox>>,
  clock = manualClock(start),
  settings: object = {},
): DhlClient {
  const connection = depot.connection(depot.url)
  return createTestClient<DhlClient>(
    dhlExpress,
    { ...connection, settings: { ...connection.settings, ...settings } },
    { clock },
  )
}

export const berlin: Address = {
  name: 'Ada Sender',
  company: 'Northwind Mugs GmbH',
  email: 'post@northwind.example',
  phone: '+49 30 5550132',
  addressLines: ['Platz der Republik 1'],
  city: 'Berlin',
  region: null,
  postcode: '11011',
  country: 'DE',
  isResidential: false,
}
export const newYork: Address = {
  name: 'Grace Buyer',
  company: null,
  email: null,
  phone: '+1 212 555 0171',
  addressLines: ['350 5th Avenue', 'Floor 3'],
  city: 'New York',
  region: 'NY',
  postcode: '10118',
  country: 'US',
  isResidential: true,
}
export const paris: Address = {
  ...newYork,
  addressLines: ['9 Rue Simart'],
  city: 'Paris',
  region: null,
  postcode: '75018',
  country: 'FR',
}

const item = {
  sku: 'MUG-1',
  title: 'Enamel mug',
  quantity: 2,
  unitValue: { minor: 1990, currency: 'EUR' },
  weightGrams: 351,
  hsCode: '732394',
  originCountry: 'CZ',
}

/** Two parcels of goods from Berlin to New York, with all that customs ask for. */
export const abroad = (changes: Partial<Booking> = {}): Booking => ({
  reference: 'shp_01kjpq5m9te3vbqa8wz4hn0001',
  orderNumber: 'SO-1001',
  service: 'P',
  from: berlin,
  to: newYork,
  parcels: [
    { weightGrams: 1501, lengthMm: 301, widthMm: 205, heightMm: 152, items: [item] },
    { weightGrams: 2350, lengthMm: null, widthMm: null, heightMm: null, items: [{ ...item, sku: 'MUG-2' }] },
  ],
  shipAt: new Date('2026-03-03T15:30:00Z'),
  labelFormat: 'pdf',
  declaredValue: null,
  isSignatureRequired: false,
  customs: {
    contents: 'merchandise',
    incoterm: 'DAP',
    invoiceNumber: 'INV-77',
    invoiceDate: new Date('2026-03-01T00:00:00Z'),
  },
  ...changes,
})

/** One parcel within the EU, where nothing is declared. */
export const within = (changes: Partial<Booking> = {}): Booking =>
  abroad({ service: 'U', to: paris, customs: null, parcels: abroad().parcels.slice(0, 1), ...changes })
