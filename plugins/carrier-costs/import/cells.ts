import { currencyDigits } from 'entrepot/sdk'

/** A cell that cannot be read: what is wrong and what to do. */
export class CellError extends Error {
  override name = 'CellError'
}

/** Units as exact ratios to what is counted in the card: 1/100 000 g and 1/10 000 mm. */
const weightRatios = { g: 100_000n, kg: 100_000_000n } as const
/** An ounce is a sixteenth of a pound of 453.59237 g, hence the factor 16. */
const poundRatios = { lb: 45_359_237n * 16n, oz: 45_359_237n } as const
const lengthRatios = { mm: 10_000n, cm: 100_000n, in: 254_000n } as const

export const weightUnits = ['g', 'kg', 'lb', 'oz'] as const
export const lengthUnits = ['mm', 'cm', 'in'] as const
export type WeightUnit = (typeof weightUnits)[number]
export type LengthUnit = (typeof lengthUnits)[number]

/** Grams are enough for metric tariffs; pounds need their hundred-thousandths. */
export const partsPerGramOf = (unit: WeightUnit): 1 | 100_000 => (unit === 'g' || unit === 'kg' ? 1 : 100_000)

type Decimal = { units: bigint; scale: bigint }

/** A decimal such as 12.90, exactly. Negative ones are read too, so that they can be refused in clear words. */
export function readDecimal(text: string): Decimal & { isNegative: boolean } {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,15}))?$/.exec(text.trim())
  if (!match)
    throw new CellError(
      `"${text}" is no number like 12.90. Write digits and a point, without thousands marks.`,
    )
  const fraction = match[3] ?? ''
  return {
    units: BigInt(match[2]! + fraction),
    scale: 10n ** BigInt(fraction.length),
    isNegative: match[1] === '-',
  }
}

function readPositive(text: string, what: string): Decimal {
  const decimal = readDecimal(text)
  if (decimal.isNegative) throw new CellError(`The ${what} ${text} is negative. Write it without a sign.`)
  return decimal
}

/** An amount in minor units. More decimals than the currency has are refused, never rounded. */
export function readAmount(text: string, currency: string): number {
  const { units, scale } = readPositive(text, 'amount')
  const digits = currencyDigits(currency)
  const minor = units * 10n ** BigInt(digits)
  if (minor % scale !== 0n)
    throw new CellError(
      `${text} has more decimals than ${currency}, which has ${digits}. Round it as the carrier does.`,
    )
  return Number(minor / scale)
}

/**
 * A bound of weight in parts of a gram. A bound in pounds or ounces is cut to whole parts: parcels weigh whole
 * grams, so nothing lies between the cut and the true bound.
 */
export function readWeight(text: string, unit: WeightUnit): number {
  const { units, scale } = readPositive(text, 'weight')
  if (unit === 'lb' || unit === 'oz') return Number((units * poundRatios[unit]) / (16n * scale))
  const parts = units * weightRatios[unit]
  if (parts % (100_000n * scale) !== 0n)
    throw new CellError(`${text} ${unit} is no whole number of grams. Round it to grams.`)
  return Number(parts / (100_000n * scale))
}

/** A weight that is counted up in steps, so that it must be exact. */
export function readWeightUnit(text: string, unit: WeightUnit): number {
  const { units, scale } = readPositive(text, 'weight')
  if ((unit === 'lb' || unit === 'oz') && (units * poundRatios[unit]) % (16n * scale) !== 0n)
    throw new CellError(
      `${text} ${unit} is no whole number of 1/100 000 g. Give it in pounds or in whole steps.`,
    )
  return readWeight(text, unit)
}

/** A bound of length in millimetres, cut to whole ones: sides are whole millimetres. */
export function readLength(text: string, unit: LengthUnit): number {
  const { units, scale } = readPositive(text, 'length')
  return Number((units * lengthRatios[unit]) / (10_000n * scale))
}

/** A bound of volume, given in the cube of the unit, in cubic millimetres. */
export function readVolume(text: string, unit: LengthUnit): number {
  const { units, scale } = readPositive(text, 'volume')
  return Number((units * lengthRatios[unit] ** 3n) / (10_000n ** 3n * scale))
}

/** A percentage in basis points: 12.5 is 1250. */
export function readBasisPoints(text: string): number {
  const { units, scale } = readPositive(text.replace(/\s*%$/, ''), 'percentage')
  if ((units * 100n) % scale !== 0n)
    throw new CellError(`${text} has more than two decimals. Percentages go by the hundredth.`)
  return Number((units * 100n) / scale)
}

/** A divisor such as 5000, 166.5 or 333/2, as a ratio. */
export function readRatio(text: string): { numerator: number; denominator: number } {
  const [over = '', under = '1', ...rest] = text.split('/')
  const [a, b] = [readPositive(over, 'divisor'), readPositive(under, 'divisor')]
  const [numerator, denominator] = [a.units * b.scale, b.units * a.scale]
  if (rest.length > 0 || numerator === 0n || denominator === 0n)
    throw new CellError(`"${text}" is no divisor. Write 5000, 166.5 or 333/2.`)
  return { numerator: Number(numerator), denominator: Number(denominator) }
}

export function readDay(text: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
  if (!isDay || new Date(text).toISOString().slice(0, 10) !== text)
    throw new CellError(`"${text}" is no day like 2026-01-31. Write year, month and day.`)
  return text
}

/** What the card's own lines say, and the units that its numbers are in. */
export type Units = { currency: string; weight: WeightUnit; length: LengthUnit }

/** Reads one of several words. */
export const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word => {
    const found = words.find((word) => word === text.toLowerCase())
    if (found === undefined) throw new CellError(`"${text}" is not known. Use ${words.join(', ')}.`)
    return found
  }

export function readCountry(text: string): string {
  if (text !== '*' && !/^[A-Z]{2}$/.test(text))
    throw new CellError(`"${text}" is no ISO 3166-1 country code. Write one such as DE, or * for any other.`)
  return text
}

export function readPostcode(text: string): string {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '')
  if (!/^[0-9A-Z]{1,12}$/.test(plain))
    throw new CellError(`"${text}" is no postcode or beginning of one. Write letters and digits.`)
  return plain
}
