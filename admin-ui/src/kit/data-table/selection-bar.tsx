import { Button, Group, Paper, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../use-format.ts'
import type { DataTableProps } from './types.ts'
import type { ListSelection } from './use-selection.ts'

type Props = {
  selected: ListSelection
  bulk: NonNullable<DataTableProps<never>['bulk']>
  canSelectAll: boolean
  count: { rows: number; isMore: boolean } | undefined
}

/** How much is selected and what can be done with it. */
export function SelectionBar({ selected, bulk, canSelectAll, count }: Props) {
  const { t } = useTranslation('kit')
  const format = useFormat()
  const { selection, isAll } = selected
  if (!selection) return null
  const isPart =
    canSelectAll && !isAll && (count === undefined || count.isMore || count.rows > selected.count)
  return (
    <Paper withBorder p="xs" role="region" aria-label={t('table.selected')}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {isAll
            ? t('table.allSelected')
            : t('table.someSelected', { count: selected.count, shown: format.count(selected.count) })}
        </Text>
        {isPart && (
          <Button variant="subtle" size="compact-sm" onClick={selected.selectAll}>
            {t('table.selectAll')}
          </Button>
        )}
        <Button variant="subtle" size="compact-sm" onClick={selected.clear}>
          {t('table.unselect')}
        </Button>
        {bulk(selection, selected.clear)}
      </Group>
    </Paper>
  )
}
