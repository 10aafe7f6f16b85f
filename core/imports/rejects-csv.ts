import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse/sync'
import { csvLine, toCell } from '../lib/csv.ts'
import { openCsv } from './csv.ts'

/** Behind the columns of the file itself: why its row was refused, and where it stood. */
const reasonColumns = ['import reason', 'import line'] as const

/** Whether a file is the rejects of an import, as they were given out to be corrected. */
export const isRejects = (columns: readonly string[]): boolean =>
  reasonColumns.every((name) => columns.includes(name))

/** The refused rows of an import in the columns of its file, with the reason behind them: to correct and import again. */
export async function* writeRejects(
  rejectsFile: string,
  file: { columns: readonly string[]; delimiter: string },
): AsyncGenerator<string> {
  // The mark tells a spreadsheet that the file is UTF-8.
  yield `\uFEFF${csvLine([...file.columns, ...reasonColumns])}`
  const { columns, rows } = await openCsv(
    { path: rejectsFile, name: 'rejects', bytes: 0 },
    { encoding: 'utf-8', delimiter: ',' },
    () => {},
  )
  const cellOf = (cells: readonly string[], name: string) => cells[columns.get(name)!] ?? ''
  for await (const { cells } of rows) {
    if (cellOf(cells, 'outcome') !== 'rejected') continue
    const column = cellOf(cells, 'column')
    const reason = `${column ? `${column}: ` : ''}${cellOf(cells, 'reason')}`
    for (const own of cellsOf(unguard(cellOf(cells, 'row')), file))
      yield `${[...own.map(writeCell), toCell(reason), cellOf(cells, 'line')].join(',')}\r\n`
  }
}

/** Long texts stay whole: the row is to be imported again. */
const writeCell = (text: string): string => {
  const guarded = /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** The rows of a raw text as cells, as many as there are columns. */
function cellsOf(
  raw: string,
  { columns, delimiter }: { columns: readonly string[]; delimiter: string },
): string[][] {
  const options = { delimiter, relax_quotes: true, relax_column_count: true, skip_records_with_error: true }
  const records = parse(raw, options) as string[][]
  const found = records.length > 0 ? records : [[raw]]
  return found.map((cells) => columns.map((_, index) => cells[index] ?? ''))
}

/** A cell as it was before it was made safe for spreadsheets. */
const unguard = (cell: string): string => cell.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, '')

/** Replaces a file of rejects by the rows it is about, without the reasons, as they stand in it by now. */
export async function restoreRejects(
  file: { path: string; name: string },
  format: { encoding: string; delimiter: string },
): Promise<void> {
  const { columns, rows } = await openCsv({ ...file, bytes: 0 }, format, () => {})
  const kept = [...columns].filter(([name]) => !(reasonColumns as readonly string[]).includes(name))
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  async function* lines() {
    yield `${kept.map(([name]) => quote(name)).join(',')}\r\n`
    for await (const { cells } of rows)
      yield `${kept.map(([, index]) => quote(unguard(cells[index] ?? ''))).join(',')}\r\n`
  }
  const partial = `${file.path}.csv`
  await pipeline(Readable.from(lines()), createWriteStream(partial, { mode: 0o600 }))
  await rename(partial, file.path)
}
