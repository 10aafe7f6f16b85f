import { ConnectorError, formatDecimal, type Money, type Parcel } from 'entrepot/sdk'
import type { BillingWeight } from './schemas.ts'

/** Origins that UPS measures in pounds and inches. Everyone else takes kilograms and centimetres. */
const imperial = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP'])

/** One pound is exactly 453.59237 grams, one inch exactly 25.4 millimetres. */
const gramsPerPound = 453.59237
const unitsFor = (origin: string) =>
  imperial.has(origin)
    ? { weight: 'LBS', grams: gramsPerPound, length: 'IN', mm: 25.4 }
    : { weight: 'KGS', grams: 1000, length: 'CM', mm: 10 }

/** Rounds up to `step`; what floating point adds behind the ninth digit is no part of the number. */
const roundUp = (value: number, step: number): number => Math.ceil(Number((value / step).toFixed(9))) * step

/** UPS weighs to a tenth of the unit. @throws ConnectorError for a parcel without a weight. */
export function weightOf(grams: number, origin: string) {
  if (!(grams > 0))
    throw new ConnectorError('rejected', 'UPS takes no parcel without a weight. Weigh it.', {
      issues: [
        {
          field: 'PackageWeight',
          code: null,
          message: 'The weight has to be above zero.',
          severity: 'error',
        },
      ],
    })
  const { weight, grams: perUnit } = unitsFor(origin)
  return {
    UnitOfMeasurement: { Code: weight, Description: weight === 'LBS' ? 'Pounds' : 'Kilograms' },
    Weight: roundUp(grams / perUnit, 0.1).toFixed(1),
  }
}

/** Whole units, the longest first, as UPS wants them; nothing where a measure is unknown. */
function dimensionsOf({ lengthMm, widthMm, heightMm }: Parcel, origin: string) {
  if (lengthMm === null || widthMm === null || heightMm === null) return {}
  const { length, mm } = unitsFor(origin)
  const [long, middle, short] = [lengthMm, widthMm, heightMm]
    .map((side) => String(roundUp(side / mm, 1)))
    .sort((a, b) => Number(b) - Number(a))
  const UnitOfMeasurement = { Code: length, Description: length === 'IN' ? 'Inches' : 'Centimeters' }
  return { Dimensions: { UnitOfMeasurement, Length: long, Width: middle, Height: short } }
}

/** What price and booking say alike of a parcel. */
export const packageOf = (parcel: Parcel, origin: string) => ({
  ...dimensionsOf(parcel, origin),
  PackageWeight: weightOf(parcel.weightGrams, origin),
})

/** Each parcel's part of the declared value; what does not divide goes to the first. */
export function declaredValues(value: Money | null, count: number): readonly object[] {
  if (!value) return Array.from({ length: count }, () => ({}))
  const share = Math.floor(value.minor / count)
  return Array.from({ length: count }, (_, n) => {
    const minor = n === 0 ? value.minor - share * (count - 1) : share
    return {
      DeclaredValue: { CurrencyCode: value.currency, MonetaryValue: formatDecimal({ ...value, minor }) },
    }
  })
}

/** @returns grams; null where UPS names a unit that we do not know. */
export function gramsOf(billed: BillingWeight | undefined): number | null {
  const perUnit = { KGS: 1000, LBS: gramsPerPound }[billed?.UnitOfMeasurement.Code ?? '']
  const grams = perUnit === undefined ? Number.NaN : Number(billed!.Weight) * perUnit
  return Number.isFinite(grams) ? Math.round(grams) : null
}

/** The day in a time zone, as YYYYMMDD. */
export const dayOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    .format(at)
    .replaceAll('-', '')
