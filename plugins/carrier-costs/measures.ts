import type { Parcel } from 'entrepot/sdk'

/** The parcels of the request that is being priced, as columns. They are reused from request to request. */
export type Measures = {
  count: number
  partsPerGram: number
  /** Parts of a gram. */
  weight: Float64Array
  billable: Float64Array
  longest: Float64Array
  second: Float64Array
  third: Float64Array
  /** Cubic millimetres. */
  volume: Float64Array
  isSizeKnown: Uint8Array
}

/** Beyond these nothing is a parcel, and arithmetic would no longer be exact. */
export const maxWeightGrams = 100_000_000
export const maxSideMm = 100_000

export function createMeasures(capacity: number): Measures {
  const column = () => new Float64Array(capacity)
  return {
    count: 0,
    partsPerGram: 1,
    weight: column(),
    billable: column(),
    longest: column(),
    second: column(),
    third: column(),
    volume: column(),
    isSizeKnown: new Uint8Array(capacity),
  }
}

const isSound = (value: number, most: number): boolean =>
  Number.isSafeInteger(value) && value > 0 && value <= most

/** Takes the parcels in. Gives the index of the first whose weight or size is no sound figure, or -1. */
export function measure(into: Measures, parcels: readonly Parcel[], partsPerGram: number): number {
  into.count = parcels.length
  into.partsPerGram = partsPerGram
  for (let index = 0; index < parcels.length; index += 1) {
    const { weightGrams, lengthMm, widthMm, heightMm } = parcels[index]!
    if (!isSound(weightGrams, maxWeightGrams)) return index
    into.weight[index] = weightGrams * partsPerGram
    if (lengthMm === null || widthMm === null || heightMm === null) {
      into.isSizeKnown[index] = 0
      continue
    }
    if (!isSound(lengthMm, maxSideMm) || !isSound(widthMm, maxSideMm) || !isSound(heightMm, maxSideMm))
      return index
    const longest = Math.max(lengthMm, widthMm, heightMm)
    const third = Math.min(lengthMm, widthMm, heightMm)
    into.isSizeKnown[index] = 1
    into.longest[index] = longest
    into.third[index] = third
    into.second[index] = lengthMm + widthMm + heightMm - longest - third
    into.volume[index] = lengthMm * widthMm * heightMm
  }
  return -1
}
