/** An amount of money: integer minor units (cents, or whole yen) of an ISO 4217 currency. Never a float. */
export type Money = { minor: number; currency: string }

/** The currencies whose minor unit has other than two digits. Locale data is no source: it says how cash is rounded. */
const codesByDigits = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
}
const digitsByCurrency = new Map(
  Object.entries(codesByDigits).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
)

/** Whether `code` is an ISO 4217 currency that this runtime's locale data knows. */
export function isCurrency(code: string): boolean {
  return knownCurrencies.has(code)
}
const knownCurrencies = new Set(Intl.supportedValuesOf('currency'))

/**
 * How many decimals the currency's minor unit has: 2 for EUR, 0 for JPY, 3 for KWD.
 * @see https://www.six-group.com/en/products-services/financial-information/data-standards.html ISO 4217, list one
 * @throws RangeError
 */
export function currencyDigits(currency: string): number {
  if (!isCurrency(currency)) throw new RangeError(`"${currency}" is not an ISO 4217 currency code.`)
  return digitsByCurrency.get(currency) ?? 2
}

/**
 * Reads a decimal such as "12.90" exactly. Decimals beyond the minor unit are rounded half away from zero
 * ("3.333333" is 333), because platforms send unit prices that were divided.
 * @throws RangeError when the text is no plain decimal or the currency is unknown.
 */
export function parseMoney(text: string, currency: string): Money {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text.trim())
  if (!match) throw new RangeError(`"${text}" is not a decimal amount like 12.90.`)
  const digits = currencyDigits(currency)
  const fraction = (match[3] ?? '').padEnd(digits + 1, '0')
  let minor = BigInt(match[2]! + fraction.slice(0, digits))
  if (fraction.charCodeAt(digits) >= 53) minor += 1n
  const value = Number(minor)
  if (!Number.isSafeInteger(value)) throw new RangeError(`"${text}" is too large an amount.`)
  return { minor: match[1] === '-' && value !== 0 ? -value : value, currency }
}

/**
 * The amount as a plain decimal with the currency's digits: `{minor: 1290, currency: 'EUR'}` is "12.90".
 * @throws RangeError when the amount is no exact integer or the currency is unknown.
 */
export function formatDecimal(money: Money): string {
  if (!Number.isSafeInteger(money.minor))
    throw new RangeError(`${money.minor} is no exact amount in minor units.`)
  const digits = currencyDigits(money.currency)
  const text = String(Math.abs(money.minor)).padStart(digits + 1, '0')
  const sign = money.minor < 0 ? '-' : ''
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** The amount as people read it in messages: "12.90 EUR". */
export const formatMoney = (money: Money): string => `${formatDecimal(money)} ${money.currency}`

/** `minor` times a rate given in basis points (10 000 is 1), rounded half away from zero. */
export function multiplyByBasisPoints(minor: number, basisPoints: number): number {
  const product = BigInt(minor) * BigInt(basisPoints)
  const half = product < 0n ? -5000n : 5000n
  return Number((product + half) / 10000n)
}
