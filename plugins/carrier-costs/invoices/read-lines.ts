import { fingerprint, isCurrency } from 'entrepot/sdk'
import type { ChargeKind, InvoiceProfile } from './profile.ts'
import { CellFault, readAmount, readDay, readWeight, shorten } from './read-cells.ts'

/** A charge as the carrier billed it. `lineKey` is unique within the invoice, and the same at every import. */
export type BilledCharge = {
  invoiceNumber: string
  invoiceDate: string
  lineKey: string
  reference: string
  kind: ChargeKind
  code: string
  label: string
  amountMinor: number
  currency: string
  billedWeightGrams: number | null
  dimensionalWeightGrams: number | null
  /** Where it stood in the file, counted from 1. */
  line: number
}

type Cell = (column: string | undefined) => string
export type Columns = ReadonlyMap<string, number>

/** Columns that the profile names and the file lacks. */
export const missingColumns = ({ columns, charges }: InvoiceProfile, present: Columns): string[] =>
  [...Object.values(columns).flat(), ...charges.map(({ column }) => column)].filter(
    (name) => !present.has(name) && !isOptional(columns, name),
  )

const optional = ['lineKey', 'kind', 'code', 'label', 'billedWeight', 'dimensionalWeight'] as const
const isOptional = (columns: InvoiceProfile['columns'], name: string) =>
  optional.some((key) => columns[key] === name)

/** Reads rows into charges. It counts equal ones, so it is made once a file. */
export function createLineReader(profile: InvoiceProfile, present: Columns) {
  const seen = new Map<string, number>()
  const keyOf = (charge: Omit<BilledCharge, 'lineKey' | 'line'>): string => {
    const { invoiceNumber, reference, kind, code, label, amountMinor, currency } = charge
    const print = fingerprint([invoiceNumber, reference, kind, code, label, amountMinor, currency])
    const count = (seen.get(print) ?? 0) + 1
    seen.set(print, count)
    return `${print}:${count}`
  }
  /** @throws CellFault naming the column. */
  return (cells: readonly string[], line: number): BilledCharge[] => {
    const cell: Cell = (column) =>
      column === undefined ? '' : (cells[present.get(column) ?? -1] ?? '').trim()
    const shared = readShared(profile, cell)
    const own = cell(profile.columns.lineKey)
    return readCharges(profile, cell, shared.currency).map((charge) => {
      const whole = { ...shared, ...charge }
      const suffix = profile.charges.length > 0 ? `:${charge.label}` : ''
      return { ...whole, line, lineKey: own === '' ? keyOf(whole) : `${own}${suffix}` }
    })
  }
}

function readShared(profile: InvoiceProfile, cell: Cell) {
  const { columns } = profile
  const invoiceNumber = needed(cell, columns.invoiceNumber)
  const invoiceDate = readDay(needed(cell, columns.invoiceDate), columns.invoiceDate, profile)
  const currency = cell(columns.currency) || profile.currency
  const currencyColumn = columns.currency ?? 'currency'
  if (currency === null) throw new CellFault(currencyColumn, 'is empty, and the profile has no currency')
  if (!isCurrency(currency))
    throw new CellFault(currencyColumn, `"${shorten(currency)}" is no ISO 4217 currency code`)
  const reference = columns.reference.map(cell).find((text) => text !== '') ?? ''
  const weight = (column: string | undefined) => readWeight(cell(column), column ?? '', profile)
  return {
    invoiceNumber,
    invoiceDate,
    currency,
    reference: limit(reference, columns.reference[0]!),
    billedWeightGrams: weight(columns.billedWeight),
    dimensionalWeightGrams: weight(columns.dimensionalWeight),
  }
}

type Charge = Pick<BilledCharge, 'kind' | 'code' | 'label' | 'amountMinor'>

function readCharges(profile: InvoiceProfile, cell: Cell, currency: string): Charge[] {
  const { columns, charges } = profile
  if (columns.amount === undefined)
    return charges.flatMap(({ column, kind, code }) => {
      const text = cell(column)
      const amountMinor = text === '' ? 0 : readAmount(text, column, currency, profile)
      return amountMinor === 0 ? [] : [{ kind, code: code ?? column, label: column, amountMinor }]
    })
  const amountMinor = readAmount(needed(cell, columns.amount), columns.amount, currency, profile)
  const kind = readKind(profile, cell)
  const label = limit(cell(columns.label), columns.label ?? '')
  return [{ kind, code: limit(cell(columns.code), columns.code ?? '') || label, label, amountMinor }]
}

/** A charge of no named kind is the price itself; a word that the profile does not know is never guessed. */
function readKind({ columns, kinds }: InvoiceProfile, cell: Cell): ChargeKind {
  const word = cell(columns.kind)
  if (word === '') return 'base'
  const kind = kinds[word]
  if (kind) return kind
  const known = Object.keys(kinds).join(', ')
  throw new CellFault(
    columns.kind!,
    `"${shorten(word)}" is no kind that the profile knows: ${known || 'it has none'}`,
  )
}

function needed(cell: Cell, column: string): string {
  const text = cell(column)
  if (text === '') throw new CellFault(column, 'is empty')
  return limit(text, column)
}

function limit(text: string, column: string): string {
  if (text.length > 200) throw new CellFault(column, `is longer than 200 characters: "${shorten(text)}"`)
  if (text.includes('\0')) throw new CellFault(column, 'holds a zero byte')
  return text
}
