import type { Place } from 'entrepot/sdk'
import type { Measures } from './measures.ts'
import { compilePostcodes, hasPostcode, type PostcodeList } from './postcodes.ts'
import type { CardCondition } from './rate-card.ts'

/** A condition as plain numbers: -1 where it asks nothing. */
export type Conditions = {
  weightOver: number
  longestOver: number
  secondOver: number
  girthOver: number
  lengthPlusGirthOver: number
  volumeOver: number
  /** Whether it asks anything of a parcel, and anything of its size. */
  isOfParcel: boolean
  isOfSize: boolean
  isResidential: boolean | null
  countries: ReadonlySet<string> | null
  postcodes: ReadonlyMap<string, PostcodeList> | null
  valueOverMinor: number
}

export function compileCondition(when: CardCondition): Conditions {
  const size = {
    longestOver: when.longestSideOverMm ?? -1,
    secondOver: when.secondSideOverMm ?? -1,
    girthOver: when.girthOverMm ?? -1,
    lengthPlusGirthOver: when.lengthPlusGirthOverMm ?? -1,
    volumeOver: when.volumeOverMm3 ?? -1,
  }
  const isOfSize = Object.values(size).some((bound) => bound !== -1)
  return {
    ...size,
    weightOver: when.weightOver ?? -1,
    isOfParcel: isOfSize || when.weightOver !== undefined,
    isOfSize,
    isResidential: when.isResidential ?? null,
    countries: when.countries ? new Set(when.countries) : null,
    postcodes: when.postcodes
      ? new Map(
          [...Map.groupBy(when.postcodes, (range) => range.country)].map(([country, ranges]) => [
            country,
            compilePostcodes(ranges),
          ]),
        )
      : null,
    valueOverMinor: when.declaredValueOverMinor ?? -1,
  }
}

/** Whether the parcel meets what is asked of parcels. A size that nobody knows meets nothing asked of sizes. */
export function meetsOfParcel(when: Conditions, measures: Measures, parcel: number): boolean {
  if (!when.isOfParcel) return true
  if (when.weightOver !== -1 && measures.weight[parcel]! <= when.weightOver) return false
  if (!when.isOfSize) return true
  if (measures.isSizeKnown[parcel] === 0) return false
  const longest = measures.longest[parcel]!
  const girth = 2 * (measures.second[parcel]! + measures.third[parcel]!)
  return (
    longest > when.longestOver &&
    measures.second[parcel]! > when.secondOver &&
    girth > when.girthOver &&
    longest + girth > when.lengthPlusGirthOver &&
    (when.volumeOver === -1 || measures.volume[parcel]! > when.volumeOver)
  )
}

export const yes = 1
export const no = 0
/** The postcode decides, and nobody knows it. */
export const unknown = -1

/** Whether the shipment meets what is asked of it. A place that may be a home counts as one: it is the dearer. */
export function meetsOfShipment(
  when: Conditions,
  to: Place,
  toPostcode: string,
  declaredValueMinor: number | null,
): number {
  if (when.isResidential !== null && when.isResidential !== (to.isResidential ?? true)) return no
  if (when.countries !== null && !when.countries.has(to.country)) return no
  if (when.valueOverMinor !== -1 && (declaredValueMinor ?? 0) <= when.valueOverMinor) return no
  if (when.postcodes === null) return yes
  const list = when.postcodes.get(to.country)
  if (list === undefined) return no
  if (toPostcode === '') return unknown
  return hasPostcode(list, toPostcode) ? yes : no
}
