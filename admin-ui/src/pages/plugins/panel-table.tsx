import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PanelBlock } from '../../../../core/sdk/panel.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useFormat } from '../../kit/use-format.ts'

/** The least that a column is given before the table is moved sideways. */
const columnPx = 110

type Block = Extract<PanelBlock, { kind: 'table' }>
type Column = Block['columns'][number]
type Row = Block['rows'][number]

/** A table of a panel. */
export function PanelTable({ block: { title, columns, rows, empty } }: { block: Block }) {
  const cell = useCell()
  return (
    <section aria-label={title}>
      <Text fw={600} mb="xs" component="h2" dir="auto">
        {title}
      </Text>
      {rows.length === 0 ? (
        <EmptyState title={empty} />
      ) : (
        <ScrollRegion label={title}>
          <Table striped highlightOnHover stickyHeader withTableBorder miw={columns.length * columnPx}>
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ key, label, type }) => (
                  <Table.Th key={key} ta={isNumber(type) ? 'end' : 'start'}>
                    {label}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row, index) => (
                <Table.Tr key={index}>
                  {columns.map((column) => (
                    <Table.Td key={column.key} ta={isNumber(column.type) ? 'end' : 'start'} dir="auto">
                      {cell(column, row)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </section>
  )
}

const isNumber = (type: Column['type']) => type === 'count' || type === 'money' || type === 'percent'

function useCell() {
  const format = useFormat()
  const { t } = useTranslation('plugins')
  return ({ key, type, currencyKey }: Column, row: Row): string => {
    const value = row[key]
    if (value === null || value === undefined) return t('kit:noData')
    if (typeof value === 'boolean') return t(value ? 'panel.yes' : 'panel.no')
    if (type === 'instant') return format.instant(String(value))
    if (type === 'day') return format.day(String(value))
    if (typeof value !== 'number') return value
    const currency = currencyKey ? row[currencyKey] : null
    if (type === 'money' && typeof currency === 'string') return format.money(value, currency)
    return type === 'percent' ? format.share(value / 100) : format.count(value)
  }
}
