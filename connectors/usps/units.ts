import { ConnectorError, type Parcel } from 'entrepot/sdk'

/** USPS carries up to 70 pounds. */
const maxGrams = 31_751

/** Pounds, rounded up to the fourth decimal: a gram is 0.0022 lb. */
export const poundsOf = (grams: number): number => Math.ceil((grams * 1e9) / 45_359_237) / 1e4

/** Inches, rounded up to the second decimal. */
const inchesOf = (mm: number): number => Math.ceil((mm * 1000) / 254) / 100

export const gramsOf = (pounds: number): number => Math.round(pounds * 453.59237)

export type Measures = { weight: number; length: number; width: number; height: number }

/** The parcel in pounds and inches, the longest side as its length; or why USPS does not carry it. */
export function measuresOf(parcel: Parcel): Measures | { refusal: string } {
  const sides = [parcel.lengthMm, parcel.widthMm, parcel.heightMm].filter((side) => side !== null)
  if (parcel.weightGrams <= 0) return { refusal: 'USPS demands a weight above zero for every parcel.' }
  if (parcel.weightGrams > maxGrams) return { refusal: 'USPS carries no parcel above 70 lb (31.75 kg).' }
  if (sides.length < 3 || sides.some((side) => side <= 0))
    return { refusal: 'USPS demands length, width and height of every parcel. Measure it.' }
  const [length, width, height] = sides.sort((a, b) => b - a).map(inchesOf)
  return { weight: poundsOf(parcel.weightGrams), length: length!, width: width!, height: height! }
}

/** As `measuresOf`. @throws ConnectorError `rejected` */
export function measuresOrThrow(parcel: Parcel): Measures {
  const measures = measuresOf(parcel)
  if ('refusal' in measures) throw new ConnectorError('rejected', measures.refusal)
  return measures
}

/**
 * Whether machines can sort it, as far as size and weight tell.
 * @see https://pe.usps.com/text/dmm300/201.htm 201.7.5
 */
export const categoryOf = ({ weight, length, width, height }: Measures): 'MACHINABLE' | 'NONSTANDARD' =>
  weight <= 25 && length <= 22 && width <= 18 && height <= 15 && length >= 6 && width >= 3 && height >= 0.25
    ? 'MACHINABLE'
    : 'NONSTANDARD'

/** The date at the sender's place, as USPS wants mailing dates. */
export function localDate(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at)
  const part = (type: string) => parts.find((entry) => entry.type === type)!.value
  return `${part('year')}-${part('month')}-${part('day')}`
}
