import { Badge, Button, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../kit/empty-state.tsx'
import type { Cell } from '../../kit/row-facts.tsx'
import { ShortTable } from '../../kit/short-table.tsx'

type Coded = { id: string; code: string; name: string; isActive: boolean }

type Props<Row> = {
  label: string
  /** The heading of the rows' own names. */
  what: string
  rows: readonly Row[]
  columns: readonly (Cell<Row> & { align?: 'start' | 'end' })[]
  may: boolean
  /** Who may change them, said to those who may not. */
  mayNot: string
  add: string
  empty: { title: string; hint: string }
  /** The window that changes a row, or adds one. */
  form: (row: Row | null, close: () => void) => ReactNode
}

/** Rows with a code, which are changed and added to in a window by those who may. */
export function EditableRows<Row extends Coded>(props: Props<Row>) {
  const { label, what, rows, columns, may, mayNot, add, empty, form } = props
  const { t } = useTranslation('stock')
  const [opened, setOpened] = useState<Row | 'new' | null>(null)
  const all = [
    { id: 'name', label: what, cell: (row: Row) => <CodeAndName {...row} /> },
    ...columns,
    { id: 'active', label: t('state'), cell: ({ isActive }: Row) => <InUse isActive={isActive} /> },
  ]
  const edit = (row: Row) => (
    <Button
      size="xs"
      variant="default"
      aria-label={t('editOf', { code: row.code })}
      onClick={() => setOpened(row)}
    >
      {t('edit')}
    </Button>
  )
  return (
    <>
      {rows.length === 0 ? (
        <EmptyState {...empty} />
      ) : (
        <ShortTable
          label={label}
          rows={rows}
          rowId={({ id }) => id}
          columns={all}
          {...(may ? { actions: edit } : {})}
        />
      )}
      {may ? (
        <Button variant="light" onClick={() => setOpened('new')} style={{ alignSelf: 'flex-start' }}>
          {add}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {mayNot}
        </Text>
      )}
      {opened && form(opened === 'new' ? null : opened, () => setOpened(null))}
    </>
  )
}

const CodeAndName = ({ code, name }: Coded) => (
  <>
    <Text size="sm" fw={500}>
      {code}
    </Text>
    <Text size="xs" c="dimmed" dir="auto">
      {name}
    </Text>
  </>
)

function InUse({ isActive }: { isActive: boolean }) {
  const { t } = useTranslation('stock')
  return (
    <Badge variant="light" color={isActive ? 'green' : 'gray'}>
      {t(isActive ? 'inUse' : 'notInUse')}
    </Badge>
  )
}
