import { findFaults, findVersionFaults } from '../find-faults.ts'
import { rateCard } from '../rate-card.ts'
import { CellError } from './cells.ts'
import type { ImportFault, ImportPlace, ImportResult } from './report.ts'
import type { Table, TableRow } from './table.ts'

/** What an import gathers: everything that is wrong, and where each part of the card came from. */
export type Collector = {
  faults: ImportFault[]
  notes: string[]
  /** By path within the version, joined with a slash. */
  places: Map<string, ImportPlace>
}

export const createCollector = (): Collector => ({ faults: [], notes: [], places: new Map() })

/** Reads a cell; undefined where it is empty, or cannot be read, which is then a fault. */
export function readCell<Value>(
  { faults }: Collector,
  table: Table,
  { row, cells }: TableRow,
  column: string,
  read: (text: string) => Value,
): Value | undefined {
  const text = cells[column] ?? ''
  if (text === '') return undefined
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof CellError)) throw error
    faults.push({ file: table.file, row, column, message: error.message })
    return undefined
  }
}

/** Reads a cell that must not be empty. */
export function needCell<Value>(
  collector: Collector,
  table: Table,
  row: TableRow,
  column: string,
  read: (text: string) => Value,
): Value | undefined {
  if ((row.cells[column] ?? '') === '')
    collector.faults.push({ file: table.file, row: row.row, column, message: 'It is empty. Fill it in.' })
  return readCell(collector, table, row, column, read)
}

/** Says of rows that are equal in every cell that they count once. */
export function dropTwins(collector: Collector, table: Table): TableRow[] {
  const seen = new Map<string, number>()
  return table.rows.filter(({ row, cells }) => {
    const key = JSON.stringify(Object.values(cells))
    const first = seen.get(key)
    if (first === undefined) seen.set(key, row)
    else collector.notes.push(`${table.file}, row ${row} says the same as row ${first} and counts once.`)
    return first === undefined
  })
}

/** Where the last word of a fault's path stands, among the columns. */
const columnOf: Readonly<Record<string, string>> = {
  areas: 'area',
  code: 'code',
  country: 'country',
  group: 'group',
  maxSidesMm: 'value',
  origin: 'from_postcode_from',
  plus: 'of',
  postcodes: 'postcode_from',
  rate: 'table',
  services: 'services',
  validUntil: 'valid_until',
  zone: 'zone',
  zoneSet: 'value',
}

/** The card if nothing is wrong with it; every fault otherwise, put where its cell stands. */
export function finishCard(collector: Collector, draft: unknown, wholeFile: string): ImportResult {
  const { faults, notes } = collector
  if (faults.length > 0) return { ok: false, faults }
  const parsed = rateCard.safeParse(draft)
  if (!parsed.success) {
    const found = parsed.error.issues.map(({ path, message }) => {
      const within = path.slice(path[0] === 'versions' ? 2 : 0) as (string | number)[]
      return place(collector, within, `${message}. Correct it.`, wholeFile)
    })
    return { ok: false, faults: found }
  }
  const found = [
    ...findVersionFaults(parsed.data.versions).map(({ message }) =>
      place(collector, ['validFrom'], message, wholeFile),
    ),
    ...parsed.data.versions
      .flatMap(findFaults)
      .map(({ path, message }) => place(collector, path, message, wholeFile)),
  ]
  return found.length > 0 ? { ok: false, faults: found } : { ok: true, card: parsed.data, notes }
}

/** The nearest known place: that of the path, or of what it lies in. */
function place(
  { places }: Collector,
  path: readonly (string | number)[],
  message: string,
  wholeFile: string,
): ImportFault {
  for (let length = path.length; length > 0; length -= 1) {
    const found = places.get(path.slice(0, length).join('/'))
    if (!found) continue
    const named = path.slice(length).findLast((part) => typeof part === 'string')
    return { ...found, column: (named === undefined ? null : columnOf[named]) ?? found.column, message }
  }
  return { file: wholeFile, row: null, column: null, message: `${path.join('.')}: ${message}` }
}
