import { readBasisPoints, readDay } from './cells.ts'
import { type Collector, dropTwins, needCell, readCell } from './collect.ts'
import type { Table } from './table.ts'

/** Reads fuel percentages; a row without an end is for the seven days from its beginning. */
export function readFuel(collector: Collector, table: Table): unknown[] {
  const tables = new Map<string, unknown[]>()
  for (const row of dropTwins(collector, table)) {
    const id = needCell(collector, table, row, 'table', (text) => text)
    const from = needCell(collector, table, row, 'from', readDay)
    const until = readCell(collector, table, row, 'until', readDay)
    const basisPoints = needCell(collector, table, row, 'percent', readBasisPoints)
    if (id === undefined || from === undefined) continue
    const rows = tables.get(id) ?? []
    tables.set(id, rows)
    const index = [...tables.keys()].indexOf(id)
    collector.places.set(`fuelTables/${index}/rows/${rows.length}`, {
      file: table.file,
      row: row.row,
      column: 'from',
    })
    rows.push({ from, until: until ?? weekAfter(from), basisPoints })
  }
  return [...tables].map(([id, rows]) => ({ id, rows }))
}

/** The seventh day of the week that begins there. */
const weekAfter = (from: string): string =>
  new Date(Date.parse(from) + 6 * 86_400_000).toISOString().slice(0, 10)
