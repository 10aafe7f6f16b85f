import { currencyDigits, isCurrency, type Money, parseMoney } from '../lib/money.ts'
import { decimalField, type Field, maxLength, nameOf, shorten, textField } from './field.ts'
import { FieldError } from './item.ts'
import type { Value } from './profile.ts'
import type { Scope } from './value.ts'

/** Whole units of a currency; sums of many stay exact far beyond. */
const maxAmount = 10_000_000_000

/** An ISO 4217 code: of the row where the profile names a column, else the profile's own. */
export function currencyField(
  value: Value | undefined,
  scope: Scope,
  fallback: string | undefined,
): Field<string> {
  const text = textField(value, scope, maxLength.id)
  const column = nameOf(value, 'currency')
  return (cells) => {
    const code = text(cells) ?? fallback
    if (code === undefined)
      throw new FieldError(column, 'there is no currency, neither here nor in the profile')
    if (!isCurrency(code)) throw new FieldError(column, `"${shorten(code)}" is no ISO 4217 currency code`)
    return code
  }
}

/** An exact amount in minor units of the currency given with the row. */
export function amountField(value: Value | undefined, scope: Scope, what: string) {
  const decimal = decimalField(value, scope, what)
  const column = nameOf(value, what)
  return (cells: readonly string[], currency: string): number | null => {
    const plain = decimal(cells)
    return plain === null ? null : toMinor(plain, currency, column)
  }
}

/** Decimals that the currency does not have are refused, never rounded. */
function toMinor(plain: string, currency: string, column: string): number {
  const digits = currencyDigits(currency)
  const [whole = '', fraction = ''] = plain.split('.')
  if (/[1-9]/.test(fraction.slice(digits))) {
    throw new FieldError(column, `${plain} has more decimals than ${currency}, which has ${digits}`)
  }
  if (Math.abs(Number(whole)) > maxAmount) {
    throw new FieldError(column, `${shorten(plain)} is too large an amount`)
  }
  return parseMoney(plain, currency).minor
}

/** A price or cost: an amount above zero (`min` 1), or from zero. */
export function moneyField(
  value: Value | undefined,
  currency: Field<string>,
  scope: Scope,
  what: string,
  min: 0 | 1,
): Field<Money | null> {
  const decimal = decimalField(value, scope, what)
  const column = nameOf(value, what)
  return (cells) => {
    const plain = decimal(cells)
    if (plain === null) return null
    const code = currency(cells)
    const minor = toMinor(plain, code, column)
    if (minor < min) {
      const must = min === 1 ? 'it must be more than zero' : 'it cannot be negative'
      throw new FieldError(column, `${minor === 0 ? 'zero' : 'a negative figure'} is no ${what}: ${must}`)
    }
    return { minor, currency: code }
  }
}
