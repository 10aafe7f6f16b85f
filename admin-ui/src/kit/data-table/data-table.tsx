import { Box, Group, Loader, Stack, Text } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../empty-state.tsx'
import { ErrorNote } from '../error-note.tsx'
import { Loading } from '../loading.tsx'
import { useFormat } from '../use-format.ts'
import { useIsNarrow } from '../use-is-narrow.ts'
import { NarrowRows, SortChoice } from './narrow-rows.tsx'
import { SavedViews } from './saved-views.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { Toolbar } from './toolbar.tsx'
import type { DataTableProps } from './types.ts'
import { useColumns } from './use-columns.ts'
import { useAddress, useList } from './use-list.ts'
import { useSelection } from './use-selection.ts'
import { WideRows } from './wide-rows.tsx'

const rowPx = { wide: 44, narrow: 140 }
/** So many rows before the end the next page is read. */
const aheadRows = 20

/**
 * A list of any length: the hub filters, sorts and pages; rows are drawn as they are scrolled to. The arrow keys
 * walk through them, Enter opens one, the space bar selects it.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    list,
    label,
    rowId,
    onOpen,
    filters = [],
    csvPath,
    bulk,
    canSelectAll = false,
    empty,
    height,
  } = props
  const { t } = useTranslation('kit')
  const address = useAddress(props.initialSort)
  const { found, rows, filter, count, isFiltered } = useList(props, address)
  const columns = useColumns(list, props.columns)
  const selected = useSelection(filter)
  const isNarrow = useIsNarrow()
  const [active, setActive] = useState<number | null>(null)
  const view = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => view.current,
    estimateSize: () => (isNarrow ? rowPx.narrow : rowPx.wide),
    getItemKey: (index) => rowId(rows[index]!),
    overscan: 8,
  })
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - aheadRows) void fetchNextPage()
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  const walk = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).closest('input, button, a')) return
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
    const row = active === null ? undefined : rows[active]
    if (step) {
      const next = Math.min(Math.max((active ?? -1) + step, 0), rows.length - 1)
      setActive(next)
      virtual.scrollToIndex(next)
    } else if (event.key === 'Enter' && row) onOpen?.(row)
    else if (event.key === ' ' && row && bulk) selected.toggle(rowId(row))
    else return
    event.preventDefault()
  }

  const csv = new URLSearchParams({ ...filter, sort: address.sort })
  const shared = {
    label,
    columns: columns.shown,
    rows,
    virtual,
    total: count && !count.isMore ? count.rows : -1,
    rowId,
    selection: bulk ? selected : null,
    address,
    active,
    onActive: setActive,
    onOpen,
  }
  return (
    <Stack gap="xs">
      <Toolbar
        address={address}
        searchLabel={props.searchLabel}
        filters={filters}
        isFiltered={isFiltered}
        columns={columns.choices}
        onColumn={columns.toggle}
        csvHref={csvPath ? `${csvPath}?${csv}` : null}
        views={
          <SavedViews
            list={list}
            names={['q', ...filters.map(({ id }) => id)]}
            address={address}
            shownColumns={columns.shown.map(({ id }) => id)}
            onColumns={columns.choose}
          />
        }
      />
      {isNarrow && <SortChoice {...shared} />}
      <ListState count={count} isBusy={found.isFetching} />
      {bulk && <SelectionBar selected={selected} bulk={bulk} canSelectAll={canSelectAll} count={count} />}
      {found.error && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading lines={8} />}
      {found.data && rows.length === 0 && (
        <EmptyState {...(isFiltered ? { title: t('table.noMatch'), hint: t('table.noMatchHint') } : empty)} />
      )}
      {rows.length > 0 && (
        <Box
          component="section"
          ref={view}
          aria-label={label}
          tabIndex={0}
          onKeyDown={walk}
          style={{ overflow: 'auto', height: height ?? 'max(320px, calc(100dvh - 250px))' }}
        >
          {isNarrow ? <NarrowRows {...shared} /> : <WideRows {...shared} />}
        </Box>
      )}
    </Stack>
  )
}

/** How many rows there are, and whether more are on their way. */
function ListState({
  count,
  isBusy,
}: {
  count: { rows: number; isMore: boolean } | undefined
  isBusy: boolean
}) {
  const { t } = useTranslation('kit')
  const format = useFormat()
  return (
    <Group gap="xs" h={20}>
      {count && (
        <Text size="sm" c="dimmed" role="status">
          {t(count.isMore ? 'table.countMore' : 'table.count', {
            count: count.rows,
            shown: format.count(count.rows),
          })}
        </Text>
      )}
      {isBusy && <Loader size={14} aria-label={t('loading')} />}
    </Group>
  )
}
