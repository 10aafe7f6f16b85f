import type { Money } from './money.ts'
import type { Party } from './order.ts'

/** A person or firm at a place, in clear: couriers print it. */
export type Address = Omit<Extract<Party, { kind: 'clear' }>, 'kind'> & {
  /** ISO 3166-1 alpha-2. */
  country: string
  /** Whether it is a home; null where nobody knows. Several couriers charge more for one. */
  isResidential: boolean | null
}

/** Where a parcel comes from or goes to, as far as a price depends on it. */
export type Place = Pick<Address, 'country' | 'postcode' | 'city' | 'region' | 'isResidential'>

/** One packed parcel: outer measures. A size that nobody knows is null, never zero. */
export type Parcel = {
  weightGrams: number
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
}

/** What lies in a parcel, as customs ask for it. */
export type ParcelItem = {
  sku: string
  title: string
  quantity: number
  /** Value of one unit. */
  unitValue: Money
  /** Weight of one unit; null where nobody knows. */
  weightGrams: number | null
  hsCode: string | null
  /** Country of origin, ISO 3166-1 alpha-2. */
  originCountry: string | null
}

/** What is asked of a courier's price. */
export type QuoteRequest = {
  from: Place
  to: Place
  parcels: readonly Parcel[]
  /** When the parcels are handed over. */
  shipAt: Date
  declaredValue: Money | null
  /** Only these services; all if left out. */
  services?: readonly string[] | undefined
}

/** A part of a price; parts add up to the total. Negative where it lowers it. */
export type QuoteCharge = {
  kind: 'base' | 'fuel' | 'surcharge' | 'tax' | 'discount' | 'other'
  /** The courier's own code, where it has one. */
  code: string | null
  label: string
  amountMinor: number
}

/** What one service costs for the whole request. Amounts are minor units of `currency`. */
export type Quote = {
  /** The courier's code for the service; what `bookShipment` takes. */
  service: string
  serviceName: string
  currency: string
  totalMinor: number
  charges: readonly QuoteCharge[]
  /** Working days on the way; null where the courier does not say. */
  transitDays: number | null
  deliverBy: Date | null
  /** Until when the courier keeps the price; null where it does not say. */
  expiresAt: Date | null
  /** The weight the price is for, all parcels together; null where the courier does not say. */
  billedWeightGrams: number | null
}

/** What a courier answers to a request for prices. What it does not offer has its reason and is never a price of zero. */
export type QuoteAnswer = {
  quotes: readonly Quote[]
  notOffered: readonly { service: string | null; reason: string }[]
}

export const labelFormats = ['pdf', 'zpl', 'png'] as const
export type LabelFormat = (typeof labelFormats)[number]

/** Something to print. */
export type ShippingDocument = {
  kind: 'label' | 'customs' | 'receipt' | 'manifest' | 'other'
  format: LabelFormat
  /** The document's bytes in base64. */
  base64: string
}

export type Customs = {
  contents: 'merchandise' | 'gift' | 'sample' | 'documents' | 'return'
  /** Who pays duties: the recipient (DAP) or the sender (DDP). */
  incoterm: 'DAP' | 'DDP'
  invoiceNumber: string
  invoiceDate: Date
}

/** A shipment to book: one or more parcels from one sender to one recipient with one service. */
export type Booking = {
  /** Our id of the shipment, at most 35 characters. It is printed as the reference, and the courier is asked by it. */
  reference: string
  orderNumber: string | null
  service: string
  from: Address
  to: Address
  parcels: readonly (Parcel & { items: readonly ParcelItem[] })[]
  shipAt: Date
  labelFormat: LabelFormat
  declaredValue: Money | null
  isSignatureRequired: boolean
  /** Present where the shipment leaves a customs area. */
  customs: Customs | null
}

/** A booked shipment. Parcels come in the order of the booking. */
export type BookedShipment = {
  /** The courier's id of the whole shipment: what `cancelShipment` takes. */
  externalId: string
  parcels: readonly { trackingNumber: string; documents: readonly ShippingDocument[] }[]
  /** What belongs to the whole shipment, such as customs papers. */
  documents: readonly ShippingDocument[]
  /** What the courier says it will charge; null where it does not say. */
  price: { currency: string; totalMinor: number; charges: readonly QuoteCharge[] } | null
}

/** A booked shipment to take back before it travels. */
export type ShipmentCancellation = {
  externalId: string
  trackingNumbers: readonly string[]
  /** Our id of the shipment, as it was booked. */
  reference: string
}

/** A parcel to ask about. */
export type TrackingRef = {
  trackingNumber: string
  /** The carrier in the words of an aggregator, for couriers that track others' parcels. */
  carrier: string | null
  /** Some couriers tell more to who knows one of these. */
  recipientPostcode: string | null
  recipientPhone: string | null
}

/** A request that the courier comes to fetch parcels. */
export type PickupRequest = {
  reference: string
  from: Address
  readyAt: Date
  closesAt: Date
  parcels: readonly Parcel[]
  trackingNumbers: readonly string[]
  instructions: string | null
}
