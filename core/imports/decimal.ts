/** A decimal as digits: `units` divided by ten to the `digits`. Exact, unlike a float. */
type Decimal = { units: bigint; digits: number }

/** The decimal as "12.90", given the separator the file uses; null for what is no plain decimal. */
export function toPlainDecimal(text: string, separator: '.' | ','): string | null {
  const pattern = separator === '.' ? /^[+-]?\d{1,30}(?:\.\d{1,30})?$/ : /^[+-]?\d{1,30}(?:,\d{1,30})?$/
  return pattern.test(text) ? text.replace(',', '.') : null
}

/** The exact sum of plain decimals. */
export function addDecimals(texts: readonly string[]): string {
  const parts = texts.map(parse)
  const digits = Math.max(0, ...parts.map((part) => part.digits))
  const units = parts.reduce((sum, part) => sum + part.units * 10n ** BigInt(digits - part.digits), 0n)
  return format({ units, digits })
}

/** Whether two plain decimals are the same number: "1.5" and "1.50" are. */
export const equalDecimals = (one: string, other: string): boolean =>
  parse(addDecimals([one, negate(other)])).units === 0n

const negate = (text: string) => (text.startsWith('-') ? text.slice(1) : `-${text.replace('+', '')}`)

function parse(text: string): Decimal {
  const [whole = '0', fraction = ''] = text.split('.')
  return { units: BigInt((whole + fraction).replace('+', '')), digits: fraction.length }
}

function format({ units, digits }: Decimal): string {
  const sign = units < 0n ? '-' : ''
  const text = String(units < 0n ? -units : units).padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
