import { Card, Stack, Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Cell, RowFacts } from './row-facts.tsx'
import { ScrollTable } from './scroll-region.tsx'
import { useIsNarrow } from './use-is-narrow.ts'

type Props<Row> = {
  label: string
  columns: readonly (Cell<Row> & { align?: 'start' | 'end' })[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** Buttons of a row, at its end. */
  actions?: (row: Row) => ReactNode
  /** In pixels; where there is less, it is moved sideways, and cards stand in a narrow window. */
  minWidth?: number
}

/** Rows that are few enough to be read at once: a table, or cards where the window is too narrow for one. */
export function ShortTable<Row>({ label, columns, rows, rowId, actions, minWidth = 640 }: Props<Row>) {
  if (useIsNarrow())
    return (
      <Stack component="ul" aria-label={label} gap="xs" m={0} p={0}>
        {rows.map((row) => (
          <Card key={rowId(row)} component="li" withBorder padding="sm">
            <RowFacts columns={columns} row={row} />
            <div style={{ alignSelf: 'flex-end', marginTop: 6 }}>{actions?.(row)}</div>
          </Card>
        ))}
      </Stack>
    )
  return (
    <ScrollTable label={label} miw={minWidth} verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column.id} ta={column.align ?? 'start'}>
              {column.label}
            </Table.Th>
          ))}
          {actions && <Table.Th />}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={rowId(row)}>
            {columns.map((column) => (
              <Table.Td key={column.id} ta={column.align ?? 'start'}>
                {column.cell(row)}
              </Table.Td>
            ))}
            {actions && <Table.Td ta="end">{actions(row)}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollTable>
  )
}
