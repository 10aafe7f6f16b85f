import type { Parcel, Place, QuoteCharge } from 'entrepot/sdk'
import type { StepPrice, ZoneRule } from './rate-card.ts'

/** What a card is asked. The declared value must be in the card's currency: exchange happens elsewhere. */
export type PriceRequest = {
  from: Place
  to: Place
  parcels: readonly Parcel[]
  shipAt: Date
  declaredValueMinor: number | null
}

/** Why a service is not offered, as data; `describeRefusal` says it in words. `parcel` counts from 0. */
export type Refusal =
  | { code: 'not_in_force' | 'no_parcels' | 'no_zone' | 'postcode_missing' | 'area_missing' }
  | { code: 'bad_measure'; parcel: number }
  | { code: 'no_price'; zone: string }
  /** `limit` in parts of a gram. */
  | { code: 'too_heavy'; parcel: number; limit: number }
  /** The billable weight, of a parcel or (null) of the shipment, is above the last step. */
  | { code: 'beyond_steps'; parcel: number | null; billable: number; limit: number }
  | { code: 'too_long' | 'girth_too_large' | 'too_large'; parcel: number }
  | { code: 'no_fuel_rate'; table: string }

/**
 * What a price rests on that nobody knows. `size`: an unknown size has no volume, passes size limits and meets no
 * size condition. `residential`: a place that may be a home is taken for one.
 */
export type Assumption = 'size' | 'residential'

/** What one service costs. Charges add up to the total. */
export type Price = {
  isOffered: true
  service: string
  totalMinor: number
  charges: readonly QuoteCharge[]
  /** All parcels together, rounded up to whole grams. */
  billedWeightGrams: number
  assumes: readonly Assumption[]
}
export type Priced = Price | { isOffered: false; service: string; refusal: Refusal }

/** A term of a price, as data; `renderExplanation` says it in words. Weights are parts of a gram. */
export type Term =
  | { kind: 'version'; validFrom: string; validUntil: string | null }
  | { kind: 'zone'; zone: string; name: string; rule: ZoneRule }
  | { kind: 'assumed'; what: Assumption }
  | {
      kind: 'weight'
      parcel: number
      actual: number
      /** Null where the service has none, or the size is not known. */
      dimensional: number | null
      billable: number
      unit: number
      minimum: number
    }
  | { kind: 'shipmentWeight'; billable: number; unit: number; minimum: number }
  | {
      kind: 'step'
      parcel: number | null
      over: number
      notOver: number
      price: StepPrice
      amountMinor: number
    }
  | { kind: 'override'; parcel: number; label: string; amountMinor: number; because: readonly string[] }
  | {
      kind: 'surcharge'
      code: string
      label: string
      amountMinor: number
      /** What was met. */
      because: readonly string[]
      /** How the amount came about. */
      how: string
    }
  /** It would have applied, were it not for a higher one of its group. */
  | { kind: 'outdone'; code: string; label: string; amountMinor: number; group: string; by: string }
  | { kind: 'total'; totalMinor: number }

/** Every term of one price. */
export type Explanation = {
  service: string
  currency: string
  partsPerGram: number
  priced: Priced
  terms: readonly Term[]
}
