import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import type { default as Read } from 'read-excel-file/universal'
import { findArchiveFault } from './archive.ts'
import type { ImportFault } from './report.ts'

/** A part of a card as rows of texts by column. `file` is the CSV file or the sheet, as faults name it. */
export type Table = { part: string; file: string; columns: readonly string[]; rows: readonly TableRow[] }
export type TableRow = { row: number; cells: Readonly<Record<string, string>> }
export type TablesResult = { ok: true; tables: Table[] } | { ok: false; faults: ImportFault[] }

export const parts = ['card', 'zones', 'prices', 'surcharges', 'fuel'] as const
const needed = ['card', 'zones', 'prices']

/** Reads `card.csv`, `zones.csv`, `prices.csv` and, where they are, `surcharges.csv` and `fuel.csv` of a folder. */
export async function readCsvFolder(folder: string): Promise<TablesResult> {
  const names = (await readdir(folder)).filter((name) => parts.some((part) => name === `${part}.csv`))
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  )
  return readCsvFiles(files)
}

/** Reads tables that were loaded; names are those of the files. */
export function readCsvFiles(files: readonly { name: string; text: string }[]): TablesResult {
  const faults: ImportFault[] = []
  const tables = files.flatMap(({ name, text }) => readCsvTable(name, text, faults) ?? [])
  return finish(tables, faults, '.csv')
}

/** One CSV file as a table; null where it is none, which is a fault then. */
export function readCsvTable(name: string, text: string, faults: ImportFault[]): Table | null {
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[]
    const rows = records.map(({ record, info }) => ({ row: info.lines, cells: record }))
    return toTable(name.replace(/\.csv$/, ''), name, rows, faults)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const message = `This is no sound CSV: ${error.message}. Save the table as CSV again.`
    faults.push({ file: name, row: Number(error.lines ?? 1), column: null, message })
    return null
  }
}

/** Reads an Excel workbook with the sheets `card`, `zones`, `prices` and, where they are, `surcharges` and `fuel`. */
export async function readXlsx(name: string, bytes: Uint8Array): Promise<TablesResult> {
  const broken = findArchiveFault(bytes)
  if (broken) return { ok: false, faults: [{ file: name, row: null, column: null, message: broken }] }
  const faults: ImportFault[] = []
  let sheets: Awaited<ReturnType<typeof Read>>
  const { default: readWorkbook } = await import('read-excel-file/universal')
  try {
    sheets = await readWorkbook(Uint8Array.from(bytes).buffer)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const message = `The workbook cannot be read (${said}). Save it as .xlsx again.`
    return { ok: false, faults: [{ file: name, row: null, column: null, message }] }
  }
  const tables = sheets
    .filter(({ sheet }) => parts.some((part) => part === sheet.trim().toLowerCase()))
    .flatMap(({ sheet, data }) => {
      const rows = data.map((cells, index) => ({ row: index + 1, cells: cells.map(toText) }))
      const filled = rows.filter(({ cells }) => cells.some(Boolean))
      return toTable(sheet.trim().toLowerCase(), `sheet ${sheet}`, filled, faults) ?? []
    })
  return finish(tables, faults, ` sheet of ${name}`)
}

/** A number's shortest text is what was typed: spreadsheets store 12.9 as the nearest binary fraction. */
function toText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)
}

function toTable(
  part: string,
  file: string,
  [header, ...rows]: readonly { row: number; cells: readonly string[] }[],
  faults: ImportFault[],
): Table | null {
  if (!header) {
    faults.push({ file, row: null, column: null, message: 'It is empty. Give it a header and rows.' })
    return null
  }
  const columns = header.cells.map((cell) => cell.trim().toLowerCase())
  for (const [index, column] of columns.entries())
    if (column !== '' && columns.indexOf(column) !== index)
      faults.push({
        file,
        row: header.row,
        column,
        message: 'The column stands here twice. Remove or rename one.',
      })
  const read = rows.map(({ row, cells }) => {
    const isTooLong =
      cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== '')
    if (isTooLong || cells.some((cell, index) => columns[index] === '' && cell.trim() !== ''))
      faults.push({
        file,
        row,
        column: null,
        message: 'A cell stands under no column name. Check for a stray comma, or name the column.',
      })
    return {
      row,
      cells: Object.fromEntries(columns.map((column, index) => [column, (cells[index] ?? '').trim()])),
    }
  })
  return { part, file, columns, rows: read }
}

function finish(tables: Table[], faults: ImportFault[], suffix: string): TablesResult {
  for (const part of needed)
    if (!tables.some((table) => table.part === part) && !faults.some((fault) => fault.file.startsWith(part)))
      faults.push({ file: `${part}${suffix}`, row: null, column: null, message: 'It is missing. Add it.' })
  return faults.length > 0 ? { ok: false, faults } : { ok: true, tables }
}
