import { InputError } from './errors.ts'
import type { Parcel, Place } from './model/shipment.ts'

/**
 * Reads a place as people write it: `DE`, `DE:10115`, `US:90001:CA` (country, postcode, region).
 * @throws InputError naming `field`
 */
export function parsePlace(text: string, field: string): Place {
  const [country = '', postcode = '', region = '', ...more] = text.split(':').map((part) => part.trim())
  if (!/^[A-Za-z]{2}$/.test(country) || more.length > 0)
    throw new InputError(`"${text}" is no place. Write DE, DE:10115 or US:90001:CA.`, field)
  return {
    country: country.toUpperCase(),
    postcode: postcode || null,
    city: null,
    region: region || null,
    isResidential: null,
  }
}

/** In 1/1 600 000 g: a pound is 453.59237 g, and an ounce is its sixteenth. */
const gramParts = 1_600_000n
const weightUnits: Readonly<Record<string, bigint>> = {
  g: gramParts,
  kg: 1000n * gramParts,
  lb: 725_747_792n,
  oz: 45_359_237n,
}
/** In tenths of a millimetre. */
const lengthUnits: Readonly<Record<string, bigint>> = { mm: 10n, cm: 100n, in: 254n }

/**
 * Reads a weight as people write it, in whole grams, begun ones counted: `1200`, `1.2kg`, `2lb`, `5 oz`.
 * @throws InputError naming `field`
 */
export function parseWeight(text: string, field: string): number {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?\s*(g|kg|lb|oz)?$/i.exec(text.trim())
  const grams = match && upToWhole(match, weightUnits[(match[3] ?? 'g').toLowerCase()]!, gramParts)
  if (!grams) throw new InputError(`"${text}" is no weight. Write 1200 (grams), 1.2kg, 2lb or 5oz.`, field)
  return grams
}

/**
 * Reads length, width and height as people write them, in whole millimetres, begun ones counted: `300x200x100`,
 * `30x20x10cm`, `12x8x4in`.
 * @throws InputError naming `field`
 */
export function parseSize(text: string, field: string): Omit<Parcel, 'weightGrams'> {
  const match = /^(.+?)\s*(mm|cm|in)?$/i.exec(text.trim())
  const unit = lengthUnits[(match?.[2] ?? 'mm').toLowerCase()]!
  const sides = (match?.[1] ?? '').split(/[x×*]/i).map((side) => {
    const digits = /^(\d{1,6})(?:\.(\d{1,4}))?$/.exec(side.trim())
    return digits && upToWhole(digits, unit, 10n)
  })
  const [lengthMm, widthMm, heightMm] = sides
  if (sides.length !== 3 || !lengthMm || !widthMm || !heightMm)
    throw new InputError(
      `"${text}" is no size. Write 300x200x100 (millimetres), 30x20x10cm or 12x8x4in.`,
      field,
    )
  return { lengthMm, widthMm, heightMm }
}

/** A decimal times `unit`, divided by `per`, rounded up. */
function upToWhole(
  [, whole = '', fraction = '']: readonly (string | undefined)[],
  unit: bigint,
  per: bigint,
): number {
  const scale = per * 10n ** BigInt(fraction.length)
  return Number((BigInt(whole + fraction) * unit + scale - 1n) / scale)
}
