import { type Columns, findShapeFault, type Row } from './csv.ts'

/** Rows that make one record, and the first fault in their shape. */
export type Group = { rows: readonly Row[]; fault: { line: number; reason: string } | null }

/** One row a group; or, given a column, the rows next to each other that agree in it. */
export async function* groupRows(
  rows: AsyncIterable<Row>,
  columns: Columns,
  delimiter: string,
  groupIndex: number | null,
): AsyncGenerator<Group> {
  let held: Row[] = []
  const toGroup = (members: readonly Row[]): Group => {
    for (const row of members) {
      const reason = findShapeFault(row, columns, delimiter)
      if (reason !== null) return { rows: members, fault: { line: row.line, reason } }
    }
    return { rows: members, fault: null }
  }
  for await (const row of rows) {
    if (groupIndex === null) yield toGroup([row])
    else {
      if (held.length > 0 && keyOf(row, groupIndex) !== keyOf(held[0]!, groupIndex)) {
        yield toGroup(held)
        held = []
      }
      held.push(row)
    }
  }
  if (held.length > 0) yield toGroup(held)
}

const keyOf = (row: Row, index: number) => row.cells[index]?.trim()
