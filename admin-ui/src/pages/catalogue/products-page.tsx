import { Anchor, Badge, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter, ListPage, Query, Selection } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useInLocale } from '../../kit/texts.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { useMay } from '../../shell/use-me.ts'
import { PublishMany } from './publish-many.tsx'

type Product = Success<Awaited<ReturnType<typeof api.api.products.$get>>>['items'][number]

const readPage = (query: Query): Promise<ListPage<Product>> =>
  read(api.api.products.$get({ query: query as never }))

/** Every product, by what it is, where it is listed, and whether something about it is stopped. */
export default function ProductsPage() {
  const { t } = useTranslation('catalogue')
  const navigate = useNavigate()
  const may = useMay()
  return (
    <PageFrame title={t('products.title')} hint={t('products.hint')}>
      <DataTable<Product>
        list="products"
        topic="products"
        label={t('products.title')}
        searchLabel={t('products.search')}
        initialSort="key"
        rowId={({ id }) => id}
        readPage={readPage}
        onOpen={({ id }) => void navigate({ to: '/products/$id', params: { id } } as never)}
        csvPath="/api/products.csv"
        filters={useFilters()}
        columns={useColumns()}
        {...(may('publishManyProducts')
          ? {
              bulk: (selection: Selection, clear: () => void) => (
                <PublishMany selection={selection} onDone={clear} />
              ),
            }
          : {})}
        empty={{ title: t('products.none'), hint: t('products.noneHint') }}
      />
    </PageFrame>
  )
}

function useFilters(): readonly Filter[] {
  const { t } = useTranslation('catalogue')
  const connections = useConnections()
  const brands = useQuery({
    queryKey: ['products', 'brands'],
    queryFn: () => read(api.api.brands.$get({ query: { limit: '500' } })),
    staleTime: 60_000,
  })
  const brandOptions = (brands.data?.items ?? []).map((brand) => ({ value: brand, label: brand }))
  return [
    { id: 'brand', label: t('brand'), kind: 'choice', options: brandOptions },
    { id: 'listedOn', label: t('products.listedOn'), kind: 'choice', options: connections.options },
    { id: 'notListedOn', label: t('products.notListedOn'), kind: 'choice', options: connections.options },
    { id: 'hasProblem', label: t('products.hasProblem'), kind: 'flag' },
  ]
}

function useColumns(): readonly Column<Product>[] {
  const { t } = useTranslation('catalogue')
  const format = useFormat()
  const inLocale = useInLocale()
  const connections = useConnections()
  return [
    {
      id: 'title',
      label: t('product'),
      cell: ({ id, title, key }) => (
        <Anchor
          component={Link}
          to={`/products/${id}`}
          size="sm"
          fw={600}
          lineClamp={2}
          style={{ overflowWrap: 'anywhere' }}
          dir="auto"
        >
          {inLocale(title) || key}
        </Anchor>
      ),
    },
    { id: 'key', label: t('key'), sort: 'key', width: 110, cell: ({ key }) => <Plain text={key} /> },
    { id: 'brand', label: t('brand'), width: 95, cell: ({ brand }) => <Plain text={brand} /> },
    {
      id: 'category',
      label: t('category'),
      width: 140,
      isOptional: true,
      cell: ({ categoryKey }) => <Plain text={categoryKey} />,
    },
    {
      id: 'variants',
      label: t('variants'),
      width: 95,
      align: 'end',
      cell: ({ variantCount }) => format.count(variantCount),
    },
    {
      id: 'available',
      label: t('available'),
      width: 100,
      align: 'end',
      cell: ({ available }) => format.count(available),
    },
    {
      id: 'connections',
      label: t('products.connections'),
      width: 140,
      cell: ({ connectionIds }) =>
        connectionIds.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('products.nowhere')}
          </Text>
        ) : (
          <Group gap={4} wrap="nowrap" style={{ overflow: 'hidden' }}>
            {connectionIds.slice(0, 2).map((id) => (
              <Badge key={id} variant="light" size="sm">
                {connections.nameOf(id)}
              </Badge>
            ))}
            {connectionIds.length > 2 && (
              <Text size="xs">{t('products.more', { count: connectionIds.length - 2 })}</Text>
            )}
          </Group>
        ),
    },
    {
      id: 'problems',
      label: t('problems'),
      width: 95,
      align: 'end',
      cell: ({ problemCount }) =>
        problemCount > 0 ? (
          <Badge color="red" variant="light">
            {format.count(problemCount)}
          </Badge>
        ) : (
          <span aria-hidden>—</span>
        ),
    },
    {
      id: 'updatedAt',
      label: t('updated'),
      sort: 'updated',
      width: 120,
      cell: ({ updatedAt }) => <When at={updatedAt} size="sm" />,
    },
  ]
}

const Plain = ({ text }: { text: string | null }) => (
  <Text size="sm" truncate dir="auto" {...(text ? { title: text } : {})}>
    {text ?? '—'}
  </Text>
)
