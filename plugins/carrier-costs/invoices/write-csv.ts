import { formatDecimal } from 'entrepot/sdk'

type Value = string | number | null | undefined

/** Rows as CSV with CR LF, in the order of `columns`. */
export const writeCsv = <Row extends Record<string, unknown>>(
  found: readonly Row[],
  columns: readonly (keyof Row & string)[],
): string =>
  [columns, ...found.map((row) => columns.map((name) => row[name] as Value))]
    .map((cells) => `${cells.map(toCell).join(',')}\r\n`)
    .join('')

/** Texts that a spreadsheet would take for a formula get an apostrophe: carriers' words are not ours. */
function toCell(value: Value): string {
  const text = value === null || value === undefined ? '' : String(value)
  const safe = typeof value === 'string' && /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Minor units as people and spreadsheets read them. */
export const toDecimal = (minor: number, currency: string): string => formatDecimal({ minor, currency })
