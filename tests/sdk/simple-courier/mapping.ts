import {
  type BookedShipment,
  type Booking,
  ConnectorError,
  type Parcel,
  type ParcelTracking,
  parseMoney,
  type QuoteAnswer,
  type QuoteCharge,
  type QuoteRequest,
  type TrackingIncident,
  type TrackingState,
} from 'entrepot/sdk'
import type { SimpleOffers, SimpleParcel, SimpleShipment, SimpleTracked } from './schemas.ts'

export const services = [
  { code: 'economy', name: 'Simple Economy' },
  { code: 'express', name: 'Simple Express' },
]

/** Our words -> their event codes. */
const stateCodes: Partial<Record<TrackingState, readonly string[]>> = {
  announced: ['AN'],
  collected: ['PU'],
  in_transit: ['DP', 'AR'],
  out_for_delivery: ['OD'],
  awaiting_pickup: ['SH'],
  returning: ['RS'],
  lost: ['LO'],
  delivered: ['DL'],
  returned: ['RD'],
}
const incidentCodes: Partial<Record<TrackingIncident, readonly string[]>> = {
  recipient_absent: ['NH'],
  address_problem: ['BA'],
  damaged: ['DM'],
  lost: ['LO'],
}
const chargeKinds: Readonly<Record<string, QuoteCharge['kind']>> = { BASE: 'base', FUEL: 'fuel' }

const wordOf = <Word extends string>(codes: Partial<Record<Word, readonly string[]>>, code: string) =>
  (Object.keys(codes) as Word[]).find((word) => codes[word]?.includes(code)) ?? null

const gramsPerOunce = 28.349523125
const mmPerInch = 25.4

/** Rounded up to their units; an unknown size is left out. */
export function fromParcel({ weightGrams, lengthMm, widthMm, heightMm }: Parcel): SimpleParcel {
  const ounces = Math.ceil(weightGrams / gramsPerOunce)
  if (lengthMm === null || widthMm === null || heightMm === null) return { ounces }
  const inches = (mm: number) => Math.ceil((mm / mmPerInch) * 10) / 10
  return { ounces, inches: [inches(lengthMm), inches(widthMm), inches(heightMm)] }
}

export const fromRequest = ({ from, to, parcels }: QuoteRequest) => ({
  fromZip: from.postcode,
  toZip: to.postcode,
  parcels: parcels.map(fromParcel),
})

export const fromBooking = ({ reference, service, from, to, parcels }: Booking) => ({
  reference,
  service,
  from,
  to,
  parcels: parcels.map(fromParcel),
})

const toCharges = (theirs: SimpleShipment['charges'], currency: string): QuoteCharge[] =>
  theirs.map(({ code, text, amount }) => ({
    kind: chargeKinds[code] ?? 'other',
    code,
    label: text,
    amountMinor: parseMoney(amount, currency).minor,
  }))

/** The prices of the services asked for, and why there is none for the others. */
export function toAnswer({ currency, offers }: SimpleOffers, { services: asked }: QuoteRequest): QuoteAnswer {
  const wanted = offers.filter(({ service }) => asked?.includes(service) ?? true)
  const answered = wanted.map(({ service }) => service)
  const strange = (asked ?? []).filter((service) => !answered.includes(service))
  return {
    quotes: wanted.flatMap((offer) =>
      offer.isOffered
        ? [
            {
              service: offer.service,
              serviceName: services.find(({ code }) => code === offer.service)?.name ?? offer.service,
              currency,
              totalMinor: parseMoney(offer.total, currency).minor,
              charges: toCharges(offer.charges, currency),
              transitDays: offer.days,
              deliverBy: null,
              expiresAt: null,
              billedWeightGrams: null,
            },
          ]
        : [],
    ),
    notOffered: [
      ...wanted.flatMap((offer) =>
        offer.isOffered ? [] : [{ service: offer.service, reason: offer.reason }],
      ),
      ...strange.map((service) => ({ service, reason: `Simple Parcel has no service "${service}".` })),
    ],
  }
}

export const toBooked = ({ id, parcels, currency, total, charges }: SimpleShipment): BookedShipment => ({
  externalId: id,
  parcels: parcels.map(({ number, zpl }) => ({
    trackingNumber: number,
    documents: [{ kind: 'label', format: 'zpl', base64: Buffer.from(zpl).toString('base64') }],
  })),
  documents: [],
  price: {
    currency,
    totalMinor: parseMoney(total, currency).minor,
    charges: toCharges(charges, currency),
  },
})

export const toTracking = ({ number, expectedAt, events }: SimpleTracked): ParcelTracking => ({
  trackingNumber: number,
  estimatedAt: expectedAt === null ? null : new Date(expectedAt),
  events: events.map(({ code, text, place, at }) => ({
    at: new Date(at),
    state: wordOf(stateCodes, code),
    incident: wordOf(incidentCodes, code),
    code,
    description: text,
    location: place,
  })),
})

export const unknownParcel = (number: string) =>
  new ConnectorError('not_found', `Simple Parcel does not know ${number} yet. It is asked again later.`)
