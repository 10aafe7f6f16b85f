import { formatDecimal } from 'entrepot/sdk'
import type { Against, HistoryRow } from './history-totals.ts'

const columns = [
  'kind',
  'card',
  'carrier',
  'service',
  'lane',
  'shipments',
  'priced',
  'total',
  'quoted_shipments',
  'quoted_total',
  'quoted_difference',
  'booked_shipments',
  'booked_total',
  'booked_difference',
  'currency',
  'unpriced',
]

/** The rows as CSV; amounts are decimals of the currency. Text that a spreadsheet would run is shown as text. */
export const historyCsv = (rows: readonly HistoryRow[], currency: string): string =>
  [columns.join(','), ...rows.map((row) => cellsOf(row, currency).map(toCell).join(','))]
    .join('\r\n')
    .concat('\r\n')

function cellsOf(row: HistoryRow, currency: string): (string | number)[] {
  const money = (minor: number) => formatDecimal({ minor, currency })
  const against = ({ shipments, actualMinor, differenceMinor }: Against) => [
    shipments,
    money(actualMinor),
    money(differenceMinor),
  ]
  const { kind, card, carrier, service, lane, shipments, priced, totalMinor, unpriced } = row
  return [
    kind,
    text(card ?? ''),
    text(carrier),
    text(service ?? ''),
    lane,
    shipments,
    priced,
    money(totalMinor),
    ...against(row.againstQuoted),
    ...against(row.againstBooked),
    currency,
    unpriced.map((entry) => `${entry.code}: ${entry.shipments}`).join('; '),
  ]
}

/** A leading sign would make a formula of a name. */
const text = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value)
const toCell = (value: string | number): string => {
  const cell = String(value)
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
