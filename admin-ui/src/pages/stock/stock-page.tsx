import { Anchor, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter, ListPage, Query } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useInLocale } from '../../kit/texts.ts'
import { useFormat } from '../../kit/use-format.ts'
import { useWarehouses } from './use-warehouses.ts'

type Level = Success<Awaited<ReturnType<(typeof api.api)['stock-levels']['$get']>>>['items'][number]

const readPage = (query: Query): Promise<ListPage<Level>> =>
  read(api.api['stock-levels'].$get({ query: query as never }))

/** What lies where: on hand, promised to orders, free to sell, on its way. */
export default function StockPage() {
  const { t } = useTranslation('stock')
  const navigate = useNavigate()
  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      <DataTable<Level>
        list="stock-levels"
        topic="stock"
        label={t('title')}
        searchLabel={t('search')}
        initialSort="sku"
        rowId={({ sku, warehouse }) => `${sku} ${warehouse}`}
        readPage={readPage}
        onOpen={({ sku }) => void navigate({ to: '/stock/$sku', params: { sku } } as never)}
        csvPath="/api/stock-levels.csv"
        filters={useFilters()}
        columns={useColumns()}
        empty={{
          title: t('none'),
          hint: t('noneHint'),
          action: (
            <Anchor component={Link} to="/imports">
              {t('toImports')}
            </Anchor>
          ),
        }}
      />
    </PageFrame>
  )
}

const fewUnits = 5

function useFilters(): readonly Filter[] {
  const { t } = useTranslation('stock')
  const warehouses = useWarehouses().data?.items ?? []
  return [
    {
      id: 'warehouse',
      label: t('warehouse'),
      kind: 'choice',
      options: warehouses.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` })),
    },
    {
      id: 'availableUpTo',
      label: t('availability'),
      kind: 'choice',
      options: [
        { value: '0', label: t('soldOut') },
        { value: String(fewUnits), label: t('few', { count: fewUnits }) },
      ],
    },
    { id: 'isShort', label: t('isShort'), kind: 'flag' },
    { id: 'isIncoming', label: t('isIncoming'), kind: 'flag' },
  ]
}

function useColumns(): readonly Column<Level>[] {
  const { t } = useTranslation('stock')
  const format = useFormat()
  const inLocale = useInLocale()
  const figure = (
    id: 'onHand' | 'reserved' | 'available' | 'incoming' | 'short',
    sort?: string,
  ): Column<Level> => ({
    id,
    label: t(id),
    width: 120,
    align: 'end',
    ...(sort ? { sort } : {}),
    cell: (row) =>
      id === 'short' && row.short > 0 ? (
        <Text size="sm" c="red" fw={600}>
          {format.count(row.short)}
        </Text>
      ) : (
        format.count(row[id])
      ),
  })
  return [
    {
      id: 'sku',
      label: t('skuLabel'),
      sort: 'sku',
      width: 180,
      cell: ({ sku }) => (
        <Anchor
          component={Link}
          to={`/stock/${encodeURIComponent(sku)}`}
          size="sm"
          fw={600}
          truncate
          display="block"
          dir="auto"
        >
          {sku}
        </Anchor>
      ),
    },
    {
      id: 'title',
      label: t('product'),
      cell: ({ title }) => (
        <Text size="sm" lineClamp={1} dir="auto">
          {inLocale(title)}
        </Text>
      ),
    },
    { id: 'warehouse', label: t('warehouse'), width: 120, cell: ({ warehouse }) => warehouse },
    figure('onHand', 'onHand'),
    figure('reserved', 'reserved'),
    figure('available', 'available'),
    figure('incoming', 'incoming'),
    figure('short'),
  ]
}
