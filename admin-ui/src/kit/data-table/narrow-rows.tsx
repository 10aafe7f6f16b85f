import { Box, Card, Checkbox, Group, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RowFacts } from '../row-facts.tsx'
import type { RowsProps } from './rows.ts'

/** The rows as cards, for a window too narrow for a table. Only those in sight are drawn. */
export function NarrowRows<Row>(props: RowsProps<Row>) {
  const { label, columns, rows, virtual, rowId, selection, total, onOpen } = props
  const { t } = useTranslation('kit')
  return (
    <Box component="ul" aria-label={label} h={virtual.getTotalSize()} pos="relative" m={0} p={0}>
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index]!
        const id = rowId(row)
        return (
          <li
            key={id}
            ref={virtual.measureElement}
            data-index={item.index}
            aria-setsize={total}
            aria-posinset={item.index + 1}
            style={{
              listStyle: 'none',
              position: 'absolute',
              top: 0,
              left: 0,
              right: 0,
              transform: `translateY(${item.start}px)`,
            }}
          >
            <Card
              withBorder
              padding="sm"
              mb="xs"
              onClick={(event) => {
                if (!(event.target as HTMLElement).closest('a, button, input, label')) onOpen?.(row)
              }}
            >
              <Group wrap="nowrap" align="flex-start" gap="xs">
                {selection && (
                  <Checkbox
                    size="sm"
                    aria-label={t('table.selectRow', { id })}
                    checked={selection.has(id)}
                    onChange={() => selection.toggle(id)}
                  />
                )}
                <RowFacts columns={columns} row={row} />
              </Group>
            </Card>
          </li>
        )
      })}
    </Box>
  )
}

/** The order of cards, which have no headings to press. */
export function SortChoice<Row>({ columns, address }: Pick<RowsProps<Row>, 'columns' | 'address'>) {
  const { t } = useTranslation('kit')
  const options = columns.flatMap(({ sort, label }) =>
    sort
      ? [
          { value: sort, label: t('table.ascending', { label }) },
          { value: `-${sort}`, label: t('table.descending', { label }) },
        ]
      : [],
  )
  if (options.length === 0) return null
  return (
    <Select
      aria-label={t('table.sort')}
      data={options}
      value={address.sort}
      allowDeselect={false}
      onChange={(sort) => sort && address.set({ sort })}
    />
  )
}
