import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export type Cell<Row> = { id: string; label: string; cell: (row: Row) => ReactNode }

/** A row as it stands on a card: what it is, and below it each value beside its name. */
export function RowFacts<Row>({ columns, row }: { columns: readonly Cell<Row>[]; row: Row }) {
  const [first, ...rest] = columns
  return (
    <div style={{ minWidth: 0, flex: 1 }}>
      <Text component="div" fw={600} size="sm">
        {first?.cell(row)}
      </Text>
      {rest.map((column) => (
        <Group key={column.id} justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
          <Text size="xs" c="dimmed" maw="50%" style={{ flexShrink: 0 }}>
            {column.label}
          </Text>
          <Text size="sm" component="div" ta="end" style={{ minWidth: 0 }}>
            {column.cell(row)}
          </Text>
        </Group>
      ))}
    </div>
  )
}
