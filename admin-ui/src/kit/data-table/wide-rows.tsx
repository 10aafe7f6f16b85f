import { Checkbox, Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { VirtualItem } from '@tanstack/react-virtual'
import { useTranslation } from 'react-i18next'
import type { RowsProps } from './rows.ts'
import type { Column } from './types.ts'

/** The least that a column without a width of its own is given. */
const sharedPx = 160

/** The rows as a table. Only those in sight are drawn; empty rows above and below keep the height of the others. */
export function WideRows<Row>(props: RowsProps<Row>) {
  const { label, columns, rows, virtual, total, rowId, selection, address, active, onActive, onOpen } = props
  const { t } = useTranslation('kit')
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const width = columns.length + (selection ? 1 : 0)
  const areAllSelected =
    selection !== null && rows.length > 0 && rows.every((row) => selection.has(rowId(row)))
  return (
    <Table
      stickyHeader
      highlightOnHover
      aria-label={label}
      aria-rowcount={total}
      // Columns without a width share what is left; below this the table is moved sideways instead.
      miw={columns.reduce((sum, column) => sum + (column.width ?? sharedPx), selection ? 40 : 0)}
      style={{ tableLayout: 'fixed' }}
    >
      <Table.Thead>
        <Table.Tr>
          {selection && (
            <Table.Th w={40}>
              <Checkbox
                size="xs"
                aria-label={t('table.selectShown')}
                checked={areAllSelected}
                indeterminate={!areAllSelected && selection.count > 0}
                onChange={() => (areAllSelected ? selection.clear() : selection.select(rows.map(rowId)))}
              />
            </Table.Th>
          )}
          {columns.map((column) => (
            <HeadCell key={column.id} column={column} address={address} />
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        <Spacer height={before} width={width} />
        {items.map((item: VirtualItem) => {
          const row = rows[item.index]!
          const id = rowId(row)
          return (
            <Table.Tr
              key={id}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-rowindex={item.index + 2}
              aria-selected={selection ? selection.has(id) : undefined}
              bg={active === item.index ? 'var(--mantine-primary-color-light)' : undefined}
              style={onOpen ? { cursor: 'pointer' } : undefined}
              onClick={(event) => {
                onActive(item.index)
                if ((event.target as HTMLElement).closest('a, button, input, label')) return
                if (!window.getSelection()?.toString()) onOpen?.(row)
              }}
            >
              {selection && (
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={t('table.selectRow', { id })}
                    checked={selection.has(id)}
                    onChange={() => selection.toggle(id)}
                  />
                </Table.Td>
              )}
              {columns.map(({ id: columnId, cell, align = 'start' }) => (
                <Table.Td key={columnId} ta={align} style={{ overflow: 'hidden' }}>
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          )
        })}
        <Spacer height={after} width={width} />
      </Table.Tbody>
    </Table>
  )
}

const Spacer = ({ height, width }: { height: number; width: number }) =>
  height > 0 ? (
    <Table.Tr aria-hidden>
      <Table.Td colSpan={width} h={height} p={0} />
    </Table.Tr>
  ) : null

function HeadCell<Row>({ column, address }: { column: Column<Row>; address: RowsProps<Row>['address'] }) {
  const { label, sort, align = 'start', width } = column
  const isDescending = address.sort === `-${sort}`
  const isSorted = sort !== undefined && (isDescending || address.sort === sort)
  const common = { ta: align, ...(width === undefined ? {} : { w: width }) }
  if (!sort) return <Table.Th {...common}>{label}</Table.Th>
  return (
    <Table.Th {...common} aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton
        fz="inherit"
        fw={700}
        onClick={() => address.set({ sort: isSorted && !isDescending ? `-${sort}` : sort })}
      >
        {label}{' '}
        {isSorted &&
          (isDescending ? <IconArrowDown size={12} aria-hidden /> : <IconArrowUp size={12} aria-hidden />)}
      </UnstyledButton>
    </Table.Th>
  )
}
