import type { Parcel, Place, Quote, QuoteCharge, QuoteRequest } from './model/shipment.ts'
import type { TrackingIncident, TrackingState } from './model/tracking.ts'

/** Where an offer comes from. A card's version is kept, so that a booked price can be traced to what priced it. */
export type OfferSource =
  | { kind: 'courier'; connectionId: string; name: string }
  | { kind: 'plugin'; pluginId: string; id: string; name: string; version: string | null }

/** A price that may be taken. */
export type Offer = Quote & {
  id: string
  source: OfferSource
  /** The courier connection that would book it; null where it is only for comparison. */
  connectionId: string | null
  /** The courier in our word. */
  carrier: string
  /** How the price comes about, a line a term. */
  explanation: readonly string[]
}

/** Who offers nothing, and why: a courier's refusal in its own words, or that it did not answer. */
export type Unavailable = {
  source: OfferSource
  service: string | null
  reason: string
}

/** What a plugin offers beside the couriers' own prices. */
export type PluginQuotes = {
  offers: readonly (Omit<Offer, 'id' | 'source'> & {
    source: Omit<Extract<OfferSource, { kind: 'plugin' }>, 'kind' | 'pluginId'>
  })[]
  unavailable: readonly { id: string; name: string; service: string | null; reason: string }[]
}

/** What is asked of prices. */
export type ShippingRequest = QuoteRequest & {
  /** Only cards with these ids; all if left out. */
  cards?: readonly string[] | undefined
}

/** What a choice of service may depend on. */
export type ShippingQuestion = {
  request: QuoteRequest
  offers: readonly Offer[]
  unavailable: readonly Unavailable[]
  shipBy: Date | null
  deliverBy: Date | null
  order: {
    id: string
    connectionId: string
    currency: string
    totalMinor: number
    shippingService: string | null
    skus: readonly string[]
  } | null
}

/** The chosen offer with the reasons; or no offer, and why none is allowed. */
export type ShippingChoice = { offerId: string | null; explanation: readonly string[] }

/** What is known of a booked shipment, without personal data. */
export type ShipmentFacts = {
  id: string
  orderId: string | null
  /** The marketplace connection that the order came from. */
  channelId: string | null
  connectionId: string | null
  carrier: string | null
  service: string | null
  from: Place
  to: Place
  shipAt: Date
  bookedAt: Date
  handedOverAt: Date | null
  promisedAt: Date | null
  deliveredAt: Date | null
  isCancelled: boolean
  externalId: string | null
  parcels: readonly (Parcel & {
    trackingNumber: string | null
    state: TrackingState | null
    incident: TrackingIncident | null
    deliveredAt: Date | null
  })[]
  quoted: {
    currency: string
    totalMinor: number
    source: OfferSource
    charges: readonly QuoteCharge[]
    /** The weight the price was for; null where the courier did not say. */
    billedWeightGrams: number | null
  } | null
  booked: { currency: string; totalMinor: number } | null
  declaredValue: { currency: string; minor: number } | null
  /** Units in it, with what the buyer paid for each line's units of the shipment. */
  items: readonly { sku: string | null; quantity: number; valueMinor: number; weightGrams: number | null }[]
}

/** How long parcels took on a lane with a service: counted in days from hand-over to delivery. */
export type TransitHistory = {
  carrier: string
  service: string
  fromCountry: string
  toCountry: string
  delivered: number
  /** Share of those with a promise that kept it, in basis points; null where none had a promise. */
  onTimeBasisPoints: number | null
  promised: number
  /** Days that one half, and nine tenths, of the parcels took. */
  medianDays: number
  p90Days: number
  lost: number
  damaged: number
  returned: number
}
