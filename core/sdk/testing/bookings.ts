import type { Address, Booking, Parcel, QuoteRequest } from '../model/shipment.ts'
import type { CourierSubject } from './subject.ts'

type Country = NonNullable<CourierSubject['country']>

const address = (country: Country, parts: Partial<Address>): Address => ({
  name: 'Ada Sender',
  company: null,
  email: 'post@northwind.example',
  phone: null,
  addressLines: [],
  city: null,
  region: null,
  postcode: null,
  country,
  isResidential: false,
  ...parts,
})

/** A sender and a recipient of each country, at places that exist. */
const addresses: Record<Country, { from: Address; to: Address; currency: string }> = {
  US: {
    currency: 'USD',
    from: address('US', {
      company: 'Northwind Mugs',
      phone: '+1 415 555 0132',
      addressLines: ['1 Market Street'],
      city: 'San Francisco',
      region: 'CA',
      postcode: '94105',
    }),
    to: address('US', {
      name: 'Grace Buyer',
      phone: '+1 212 555 0171',
      addressLines: ['350 5th Avenue', 'Floor 3'],
      city: 'New York',
      region: 'NY',
      postcode: '10118',
      isResidential: true,
    }),
  },
  DE: {
    currency: 'EUR',
    from: address('DE', {
      company: 'Nordwind Becher GmbH',
      phone: '+49 228 5550132',
      addressLines: ['Sträßchensweg 10'],
      city: 'Bonn',
      postcode: '53113',
    }),
    to: address('DE', {
      name: 'Jürgen Käufer',
      phone: '+49 30 5550171',
      addressLines: ['Platz der Republik 1'],
      city: 'Berlin',
      postcode: '11011',
      isResidential: true,
    }),
  },
  CN: {
    currency: 'CNY',
    from: address('CN', {
      name: '王发',
      company: '北风杯业有限公司',
      phone: '+86 755 5550 1320',
      addressLines: ['南山区科技园路1号'],
      city: '深圳市',
      region: '广东省',
      postcode: '518057',
    }),
    to: address('CN', {
      name: '李收',
      phone: '+86 138 0013 8000',
      addressLines: ['海淀区中关村大街27号'],
      city: '北京市',
      region: '北京市',
      postcode: '100080',
      isResidential: true,
    }),
  },
  GB: {
    currency: 'GBP',
    from: address('GB', {
      company: 'Northwind Mugs Ltd',
      phone: '+44 161 555 0132',
      addressLines: ['1 Albert Square'],
      city: 'Manchester',
      postcode: 'M2 5DB',
    }),
    to: address('GB', {
      name: 'Grace Buyer',
      phone: '+44 20 5555 0171',
      addressLines: ['10 Whitehall'],
      city: 'London',
      postcode: 'SW1A 2DD',
      isResidential: true,
    }),
  },
}

/** Parcels that no unit of ounces, pounds or kilograms measures evenly. */
const parcels: readonly Parcel[] = [1001, 2350, 702, 1530, 950].map((weightGrams, n) => ({
  weightGrams,
  lengthMm: 301 + 10 * n,
  widthMm: 205,
  heightMm: 152,
}))

/** Our id of the n-th shipment: as long as the hub's own, and like the others up to its end. */
export const referenceOf = (n: number): string => `shp_01kjpq5m9te3vbqa8wz4hn${String(n).padStart(4, '0')}`

/** The n-th booking of `count` parcels, as the hub would give it to any courier. */
export function plainBooking(country: Country, shipAt: Date, n: number, count: number): Booking {
  const { from, to, currency } = addresses[country]
  const unitValue = { minor: 1990, currency }
  return {
    reference: referenceOf(n),
    orderNumber: `SO-${1000 + n}`,
    service: '',
    from,
    to,
    parcels: Array.from({ length: count }, (_, index) => {
      const parcel = parcels[index % parcels.length]!
      const item = { title: 'Enamel mug', quantity: 1, unitValue, hsCode: '732394', originCountry: country }
      return { ...parcel, items: [{ ...item, sku: `SKU-${index + 1}`, weightGrams: 350 }] }
    }),
    shipAt,
    labelFormat: 'pdf',
    declaredValue: { minor: unitValue.minor * count, currency },
    isSignatureRequired: false,
    customs: null,
  }
}

/** A request for the price of these parcels. */
export function plainRequest(country: Country, shipAt: Date, wanted: readonly Parcel[]): QuoteRequest {
  const { from, to } = addresses[country]
  return { from, to, parcels: wanted, shipAt, declaredValue: null }
}
