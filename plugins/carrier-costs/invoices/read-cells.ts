import { currencyDigits, parseMoney } from 'entrepot/sdk'
import type { InvoiceProfile } from './profile.ts'

/** A cell that cannot be read. */
export class CellFault extends Error {
  override name = 'CellFault'
  readonly column: string
  constructor(column: string, message: string) {
    super(message)
    this.column = column
  }
}

const escapeMark = (mark: string) => mark.replace('.', '\\.')

/** The figure as "-1234.56", by the marks of the profile; null for what is none. */
export function toPlainFigure(
  text: string,
  { decimal, thousands }: Pick<InvoiceProfile, 'decimal' | 'thousands'>,
): string | null {
  const grouped = thousands === null ? '' : `|\\d{1,3}(?:${escapeMark(thousands)}\\d{3})+`
  const match = new RegExp(`^([+-]?)(\\d{1,12}${grouped})(?:${escapeMark(decimal)}(\\d{1,12}))?$`).exec(text)
  if (!match) return null
  const whole = thousands === null ? match[2]! : match[2]!.replaceAll(thousands, '')
  return `${match[1] === '-' ? '-' : ''}${whole}${match[3] === undefined ? '' : `.${match[3]}`}`
}

/** An amount in minor units. More decimals than the currency has are refused, never rounded. @throws CellFault */
export function readAmount(text: string, column: string, currency: string, profile: InvoiceProfile): number {
  const plain = toPlainFigure(text, profile)
  if (plain === null || plain.replace(/\D/g, '').length > 15)
    throw new CellFault(column, `"${shorten(text)}" is no amount like ${sample(profile)}`)
  const digits = currencyDigits(currency)
  if (/[1-9]/.test((plain.split('.')[1] ?? '').slice(digits)))
    throw new CellFault(column, `${text} has more decimals than ${currency}, which has ${digits}`)
  return parseMoney(plain, currency).minor
}

/** Hundred-thousandths of a gram: a pound is exactly 45 359 237 of them, an ounce a sixteenth. */
const partsPerUnit = { g: 1_600_000n, kg: 1_600_000_000n, lb: 725_747_792n, oz: 45_359_237n } as const

/** A weight in whole grams, rounded half up; null where the cell is empty. @throws CellFault */
export function readWeight(text: string, column: string, profile: InvoiceProfile): number | null {
  if (text === '') return null
  const plain = toPlainFigure(text, profile)
  if (plain === null || plain.startsWith('-') || plain.replace(/\D/g, '').length > 15)
    throw new CellFault(column, `"${shorten(text)}" is no weight like ${sample(profile)}`)
  const [whole = '', fraction = ''] = plain.split('.')
  const top = BigInt(whole + fraction) * partsPerUnit[profile.weightUnit]
  const bottom = 10n ** BigInt(fraction.length) * 1_600_000n
  return Number((top * 2n + bottom) / (bottom * 2n))
}

/** A day as YYYY-MM-DD. @throws CellFault */
export function readDay(text: string, column: string, { dateFormat }: InvoiceProfile): string {
  const names: string[] = []
  const pattern = escapeAll(dateFormat).replace(/YYYY|MM|DD/g, (part) => {
    names.push(part)
    return part === 'YYYY' ? '(\\d{4})' : '(\\d{1,2})'
  })
  const match = new RegExp(`^${dateFormat === 'YYYYMMDD' ? '(\\d{4})(\\d{2})(\\d{2})' : pattern}$`).exec(text)
  const part = (name: string) => (match?.[names.indexOf(name) + 1] ?? '').padStart(2, '0')
  const day = `${part('YYYY')}-${part('MM')}-${part('DD')}`
  const at = new Date(`${day}T00:00:00Z`)
  if (!match || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day)
    throw new CellFault(column, `"${shorten(text)}" is no day written as ${dateFormat}`)
  return day
}

const escapeAll = (format: string) => format.replaceAll('.', '\\.')
const sample = ({ decimal, thousands }: InvoiceProfile) => `1${thousands ?? ''}234${decimal}56`
export const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text)
