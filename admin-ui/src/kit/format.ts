/** Numbers, money and instants as a person of a locale reads them. Money stays exact: minor units, never a float. */

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** 1990 and two digits as "19.90", exactly, whatever its size. */
function toText(units: number, digits: number): string {
  const sign = units < 0 ? '-' : ''
  const text = String(Math.abs(units)).padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** "19.9" and two digits as 1990; null for what is no such number. */
function toUnits(text: string, digits: number): number | null {
  const match = /^\s*(-?\d+)(?:[.,](\d*))?\s*$/.exec(text)
  const fraction = match?.[2] ?? ''
  if (!match || fraction.length > digits) return null
  const units = Number(`${match[1]}${fraction.padEnd(digits, '0')}`)
  return Number.isSafeInteger(units) ? units : null
}

/** 1990 and EUR as "19.90". */
export const toDecimal = (minor: number, currency: string): string => toText(minor, digitsOf(currency))

/** "19.9" and EUR as 1990; null for what is no amount of that currency. */
export const toMinor = (text: string, currency: string): number | null => toUnits(text, digitsOf(currency))

/** 1250 basis points as "12.50" percent. */
export const toPercent = (basisPoints: number): string => toText(basisPoints, 2)

/** "12.5" percent as 1250 basis points; null for what is no such percentage. */
export const toBasisPoints = (text: string): number | null => toUnits(text, 2)

export const formatMoney = (locale: string, minor: number, currency: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code' }).format(
    toDecimal(minor, currency) as Intl.StringNumericLiteral,
  )

export const formatCount = (locale: string, count: number): string =>
  new Intl.NumberFormat(locale).format(count)

/** 0.125 as "12.5%". */
export const formatShare = (locale: string, share: number): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share)

export const formatInstant = (locale: string, at: string | Date): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))

export const formatDay = (locale: string, day: string | Date): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(day))

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "3 minutes ago", "in 2 days". */
export function formatAge(locale: string, at: string | Date, now: Date): string {
  const seconds = (new Date(at).getTime() - now.getTime()) / 1000
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  return words.format(Math.round(seconds / size), unit)
}
