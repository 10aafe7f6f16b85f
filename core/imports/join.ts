import { InputError } from '../sdk/errors.ts'
import { type Columns, type CsvFormat, findShapeFault, openCsv } from './csv.ts'
import type { Refused } from './item.ts'
import type { JoinSpec } from './profile.ts'
import type { SourceFile } from './source.ts'

/** A kept row of a joined file: only the columns the profile names. `isUsed` once a main row asked for it. */
export type Kept = { cells: readonly string[]; line: number; isUsed: boolean }

/** A joined file in memory, by key. `counts` says how many rows a key had, whatever was kept of them. */
export type JoinTable = {
  file: string
  /** The column that says to which row of the main file a row belongs. */
  key: string
  /** Whether its rows are parts of the main file's rows, so that one without is told. */
  isOwned: boolean
  columns: Columns
  /** The rows of a key, none where there is no such key. */
  find(key: string): readonly Kept[]
  count(key: string): number
  all(): Iterable<Kept>
}

/** How to tell which of two rows is later; needed for `keep: latest`. */
export type MomentOf = (columns: Columns, missing: string[]) => (cells: readonly string[]) => number | null

const none: readonly Kept[] = []

/**
 * Reads a joined file into memory: the named columns of every row, or of the latest of a key.
 * Rows that cannot be used are told to `refuse`.
 * @throws InputError when columns are missing.
 */
export async function loadJoin(
  file: SourceFile,
  spec: JoinSpec,
  format: CsvFormat,
  options: { momentOf: MomentOf; refuse(row: Refused): void; onBytes(count: number): void },
): Promise<JoinTable> {
  const { columns, rows } = await openCsv(file, format, options.onBytes)
  const missing = [spec.key, ...spec.columns].filter((name) => !columns.has(name))
  const momentOf = spec.keep === 'latest' ? options.momentOf(columns, missing) : () => 0
  if (missing.length > 0) {
    await rows.return(undefined)
    throw missingColumns(file.name, missing, columns)
  }
  const keyIndex = columns.get(spec.key)!
  const kept = spec.columns.map((name) => columns.get(name)!)
  const table = new Map<string, { rows: Kept[]; count: number; moment: number }>()
  for await (const row of rows) {
    const refuse = (column: string | null, reason: string) =>
      options.refuse({ file: file.name, line: row.line, column, reason, raw: row.raw })
    const fault = findShapeFault(row, columns, format.delimiter)
    const key = row.cells[keyIndex]?.trim()
    const moment = fault ? null : momentOf(row.cells)
    if (fault || !key) refuse(fault ? null : spec.key, fault ?? 'the key is empty')
    else if (moment === null) refuse(spec.by ?? null, 'there is no readable date to order by')
    else {
      const entry = table.get(key) ?? { rows: [], count: 0, moment: -Infinity }
      if (entry.count === 0) table.set(key, entry)
      const held = { cells: kept.map((index) => row.cells[index]!), line: row.line, isUsed: false }
      if (spec.keep === 'one' && entry.count > 0) {
        refuse(spec.key, `"${key}" stands in line ${entry.rows[0]!.line} already`)
        continue
      }
      entry.count += 1
      if (spec.keep === 'all') entry.rows.push(held)
      else if (moment >= entry.moment) entry.rows = [held]
      entry.moment = Math.max(entry.moment, moment)
    }
  }
  return {
    file: file.name,
    key: spec.key,
    isOwned: spec.keep === 'all',
    columns: new Map(spec.columns.map((name, index) => [name, index])),
    find: (key) => table.get(key)?.rows ?? none,
    count: (key) => table.get(key)?.count ?? 0,
    all: function* () {
      for (const entry of table.values()) yield* entry.rows
    },
  }
}

/** The error that names every column a file lacks, and those it has. */
export function missingColumns(file: string, missing: readonly string[], columns: Columns): InputError {
  const lacks = [...new Set(missing)].join(', ')
  const has = [...columns.keys()].slice(0, 50).join(', ')
  return new InputError(
    `${file} lacks the column${missing.length > 1 ? 's' : ''} ${lacks}. It has: ${has}.`,
    missing[0],
  )
}
