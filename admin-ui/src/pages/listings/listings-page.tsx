import { Anchor, Badge, Text } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter, ListPage, Query, Selection } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useInLocale } from '../../kit/texts.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { When } from '../../kit/when.tsx'
import { useMay } from '../../shell/use-me.ts'
import { EndMany } from './end-listings.tsx'
import { ListingStatus, Standing } from './standing.tsx'

type Listing = Success<Awaited<ReturnType<typeof api.api.listings.$get>>>['items'][number]

const readPage = (query: Query): Promise<ListPage<Listing>> =>
  read(api.api.listings.$get({ query: query as never }))

/** Every listing on every connection, with whether the marketplace has what the hub wants. */
export default function ListingsPage() {
  const { t } = useTranslation('listings')
  const navigate = useNavigate()
  const { connectionId } = useSearch({ strict: false }) as { connectionId?: string }
  const may = useMay()
  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      <DataTable<Listing>
        list="listings"
        topic="listings"
        label={t('title')}
        searchLabel={t('search')}
        initialSort="id"
        rowId={({ id }) => id}
        readPage={readPage}
        onOpen={({ id }) => void navigate({ to: '/listings/$id', params: { id } } as never)}
        csvPath="/api/listings.csv"
        filters={useFilters()}
        columns={useColumns()}
        {...(may('endManyListings')
          ? {
              bulk: (selection: Selection, clear: () => void) => (
                <EndMany selection={selection} connectionId={connectionId ?? null} onDone={clear} />
              ),
            }
          : {})}
        empty={{
          title: t('none'),
          hint: t('noneHint'),
          action: (
            <Anchor component={Link} to="/products">
              {t('toProducts')}
            </Anchor>
          ),
        }}
      />
    </PageFrame>
  )
}

const statuses = ['draft', 'pending', 'live', 'rejected', 'ended'] as const
const aspects = ['any', 'content', 'price', 'stock'] as const

function useFilters(): readonly Filter[] {
  const { t } = useTranslation('listings')
  const connections = useConnections()
  return [
    { id: 'connectionId', label: t('connection'), kind: 'choice', options: connections.options },
    {
      id: 'status',
      label: t('statusLabel'),
      kind: 'choice',
      options: statuses.map((value) => ({ value, label: t(`status.${value}`) })),
    },
    {
      id: 'dirty',
      label: t('dirty.label'),
      kind: 'choice',
      options: aspects.map((value) => ({ value, label: t(`dirty.${value}`) })),
    },
    { id: 'hasIssues', label: t('hasIssues'), kind: 'flag' },
    { id: 'isRefused', label: t('isRefused'), kind: 'flag' },
    { id: 'hasProblem', label: t('hasProblem'), kind: 'flag' },
  ]
}

function useColumns(): readonly Column<Listing>[] {
  const { t } = useTranslation('listings')
  const inLocale = useInLocale()
  const connections = useConnections()
  const stateOf = (row: Listing, aspect: string) => row.aspects.find((one) => one.aspect === aspect)
  const standing = (aspect: 'content' | 'price' | 'stock'): Column<Listing> => ({
    id: aspect,
    label: t(`aspect.${aspect}`),
    width: 90,
    cell: (row) => <Standing state={stateOf(row, aspect)} />,
  })
  return [
    {
      id: 'sku',
      label: t('sku'),
      sort: 'sku',
      width: 120,
      cell: ({ id, sku }) => (
        <Anchor
          component={Link}
          to={`/listings/${id}`}
          size="sm"
          fw={600}
          truncate
          dir="auto"
          display="block"
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
    {
      id: 'connectionId',
      label: t('connection'),
      width: 120,
      cell: ({ connectionId }) => (
        <Text size="sm" truncate dir="auto">
          {connections.nameOf(connectionId)}
        </Text>
      ),
    },
    {
      id: 'status',
      label: t('statusLabel'),
      width: 95,
      cell: ({ status }) => <ListingStatus status={status} />,
    },
    standing('content'),
    standing('price'),
    standing('stock'),
    {
      id: 'issues',
      label: t('issues'),
      width: 100,
      cell: ({ issues }) =>
        issues.length > 0 ? (
          <Badge color="red" variant="light" title={issues.map(({ message }) => message).join('\n')}>
            {issues.length}
          </Badge>
        ) : (
          <span aria-hidden>—</span>
        ),
    },
    {
      id: 'externalId',
      label: t('externalId'),
      width: 140,
      isOptional: true,
      cell: ({ externalId }) => (
        <Text size="sm" truncate dir="auto">
          {externalId ?? '—'}
        </Text>
      ),
    },
    {
      id: 'waiting',
      label: t('waitsSince'),
      sort: 'waiting',
      width: 110,
      cell: ({ aspects: states }) => (
        <When
          at={
            states
              .map(({ dirtySince }) => dirtySince)
              .filter((at) => at !== null)
              .sort()[0]
          }
          size="sm"
        />
      ),
    },
    {
      id: 'createdAt',
      label: t('created'),
      sort: 'id',
      width: 130,
      isOptional: true,
      cell: ({ createdAt }) => <When at={createdAt} size="sm" />,
    },
  ]
}
