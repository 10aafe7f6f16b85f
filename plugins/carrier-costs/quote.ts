import type { Parcel, Place, QuoteCharge } from 'entrepot/sdk'

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
  | { code: 'not_in_force' }
  | { code: 'no_parcels' }
  | { code: 'bad_weight'; parcel: number }
  | { code: 'no_zone' }
  | { code: 'postcode_missing' | 'area_missing' }
  | { code: 'no_price'; zone: string }
  | { code: 'too_heavy'; parcel: number; limit: number }
  | { code: 'too_long' | 'girth_too_large' | 'too_large'; parcel: number }
  | { code: 'no_fuel_rate'; table: string }
  | { code: 'residential_unknown' | 'destination_postcode_missing' | 'value_missing'; surcharge: string }

/** What one service costs. Charges add up to the total. */
export type Price = {
  isOffered: true
  service: string
  totalMinor: number
  charges: readonly QuoteCharge[]
  /** All parcels together, rounded up to whole grams. */
  billedWeightGrams: number
  /** A parcel's size is not known though size limits, volume or a surcharge depend on it: taken as small. */
  isSizeAssumed: boolean
}
export type Priced = Price | { isOffered: false; service: string; refusal: Refusal }

/** A term of a price, as data; `renderExplanation` says it in words. Weights are parts of a gram. */
export type Term =
  | { kind: 'version'; validFrom: string; validUntil: string | null }
  | {
      kind: 'zone'
      zone: string
      name: string
      country: string
      postcodes: { from: string; to: string } | null
      area: string | null
      origin: string | null
    }
  | {
      kind: 'weight'
      parcel: number | null
      actual: number
      dimensional: number | null
      minimum: number
      unit: number
      billable: number
    }
  | { kind: 'size_assumed'; parcel: number }
  | {
      kind: 'step'
      parcel: number | null
      over: number
      notOver: number
      amountMinor: number
      how: string
      units: number
    }
  | { kind: 'override'; parcel: number; id: string; label: string; amountMinor: number; because: string[] }
  | {
      kind: 'surcharge'
      code: string
      label: string
      amountMinor: number
      because: string[]
      how: string
    }
  | { kind: 'group'; code: string; label: string; group: string; amountMinor: number; lostTo: string }
  | { kind: 'total'; totalMinor: number }

/** Every term of one price. */
export type Explanation = {
  service: string
  currency: string
  partsPerGram: number
  priced: Priced
  terms: readonly Term[]
}
