import { toPlainDecimal } from './decimal.ts'
import { FieldError } from './item.ts'
import { type Localised, lengthUnits, type Value, weightUnits } from './profile.ts'
import { columnOf, compileValue, type Scope } from './value.ts'

type Cells = readonly string[]
export type Field<Result> = (cells: Cells) => Result

/** The longest text of each kind that the hub stores, in characters. */
export const maxLength = { id: 200, title: 1000, text: 10_000, description: 100_000 } as const

/** PostgreSQL's integer; no weight, size or quantity in real goods comes near. */
const maxWhole = 2_000_000_000
/** A text as refusals quote it. */
export const shorten = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}...` : text)

/** A text, null when there is none. */
export function textField(value: Value | undefined, scope: Scope, max: number): Field<string | null> {
  if (value === undefined) return () => null
  const read = compileValue(value, scope)
  const column = columnOf(value) ?? ''
  return (cells) => {
    const text = read(cells)
    if (text === null) return null
    if (text.length > max) {
      throw new FieldError(column, `the text has ${text.length} characters; at most ${max} are stored`)
    }
    if (text.includes('\0')) throw new FieldError(column, 'the text holds a NUL byte, which cannot be stored')
    if (max === maxLength.id && /\p{Cc}/u.test(text)) {
      throw new FieldError(column, 'the text holds a line break or another control character')
    }
    if (text.includes('\uFFFD')) {
      throw new FieldError(column, `the text is not valid ${scope.encoding}, which the profile expects`)
    }
    return text
  }
}

/** The field, refused where it is empty. */
export function required<Result>(field: Field<Result | null>, name: string): Field<Result> {
  return (cells) => {
    const result = field(cells)
    if (result === null) throw new FieldError(name, `${name} is empty`)
    return result
  }
}

/** A column's name for refusals, or the field's own where it comes from no column. */
export const nameOf = (value: Value | undefined, fallback: string): string =>
  (value === undefined ? null : columnOf(value)) ?? fallback

export function requiredText(value: Value, scope: Scope, max: number, name: string): Field<string> {
  return required(textField(value, scope, max), nameOf(value, name))
}

/** Texts by name or locale; empty ones are left out. */
export function textsField(
  values: Readonly<Record<string, Value>>,
  scope: Scope,
  max: number,
): Field<Record<string, string>> {
  const fields = Object.entries(values).map(([name, value]) => [name, textField(value, scope, max)] as const)
  return (cells) => {
    const found: Record<string, string> = {}
    for (const [name, field] of fields) {
      const text = field(cells)
      if (text !== null) found[name] = text
    }
    return found
  }
}

const valueKeys = [
  'constant',
  'optional',
  'template',
  'firstOf',
  'map',
  'when',
  'sum',
  'count',
  'earliestOf',
  'latestOf',
]

/** The values of a localised field by locale; a single one is in the profile's. */
export function byLocale(value: Localised | undefined, locale: string): Record<string, Value> {
  if (value === undefined) return {}
  const isSingle = typeof value === 'string' || valueKeys.some((key) => key in value)
  return isSingle ? { [locale]: value as Value } : (value as Record<string, Value>)
}

/** An exact decimal as the file writes it, or null. */
export function decimalField(value: Value | undefined, scope: Scope, what: string): Field<string | null> {
  const text = textField(value, scope, maxLength.text)
  const column = nameOf(value, what)
  return (cells) => {
    const written = text(cells)
    if (written === null) return null
    const plain = toPlainDecimal(written, scope.decimal)
    if (plain === null) {
      const hint = scope.decimal === '.' ? '12.90; a profile may set "decimal": ","' : '12,90'
      throw new FieldError(column, `"${shorten(written)}" is no number like ${hint}`)
    }
    return plain
  }
}

/** A whole number from 0 (or `min`) upward. */
export function wholeField(
  value: Value | undefined,
  scope: Scope,
  what: string,
  min = 0,
): Field<number | null> {
  const decimal = decimalField(value, scope, what)
  const column = nameOf(value, what)
  return (cells) => {
    const plain = decimal(cells)
    if (plain === null) return null
    const [whole, fraction = ''] = plain.split('.')
    if (/[1-9]/.test(fraction)) throw new FieldError(column, `${plain} is no whole number`)
    const number = Number(whole)
    if (number < min) throw new FieldError(column, `the ${what} must be ${min} or more, not ${plain}`)
    if (number > maxWhole) throw new FieldError(column, `${plain} is too large: at most ${maxWhole}`)
    return number
  }
}

/** A weight in grams or a length in millimetres: more than zero, rounded, at least 1. */
export function measureField(
  measure: { from: Value; unit: keyof typeof weightUnits | keyof typeof lengthUnits } | undefined,
  scope: Scope,
  what: string,
): Field<number | null> {
  const decimal = decimalField(measure?.from, scope, what)
  const column = nameOf(measure?.from, what)
  const factor = { ...weightUnits, ...lengthUnits }[measure?.unit ?? 'g']
  return (cells) => {
    const plain = decimal(cells)
    if (plain === null) return null
    const amount = Number(plain) * factor
    if (amount <= 0)
      throw new FieldError(column, `${plain} is no ${what}: leave it empty where it is unknown`)
    if (amount > maxWhole) throw new FieldError(column, `${plain} is too large a ${what}`)
    return Math.max(1, Math.round(amount))
  }
}

/** An instant; local times are of the profile's zone. */
export function instantField(value: Value | undefined, scope: Scope, what: string): Field<Date | null> {
  const text = textField(value, scope, maxLength.text)
  const column = nameOf(value, what)
  return (cells) => {
    const written = text(cells)
    if (written === null) return null
    const instant = scope.toInstant(written)
    if (instant === null) throw new FieldError(column, `"${shorten(written)}" is no date or time`)
    return instant
  }
}
