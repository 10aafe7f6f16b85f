import { Button, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Loading } from '../../kit/loading.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollTable } from '../../kit/scroll-region.tsx'
import { Section } from '../../kit/section.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { useMay } from '../../shell/use-me.ts'
import { Allocations } from './allocations.tsx'
import { ChangeStockButton } from './change-stock.tsx'
import { Levels } from './levels.tsx'

/** The stock of one SKU: its levels, what each connection may show of it, and every movement that made it so. */
export default function SkuStockPage() {
  const { t } = useTranslation('stock')
  const { sku } = useParams({ strict: false }) as { sku: string }
  const may = useMay()
  const stock = useQuery({
    queryKey: ['stock', 'sku', sku],
    queryFn: () => read(api.api.stock[':sku'].$get({ param: { sku } })),
  })
  return (
    <PageFrame
      title={t('sku.title', { sku })}
      actions={may('changeStock') && <ChangeStockButton sku={sku} />}
    >
      <QueryView query={stock}>
        {({ levels }) =>
          levels.length === 0 ? (
            <EmptyState title={t('sku.none')} hint={t('sku.noneHint')} />
          ) : (
            <Levels levels={levels} />
          )
        }
      </QueryView>
      <Allocations sku={sku} />
      <Section title={t('ledger.title')} hint={t('ledger.hint')}>
        <Movements sku={sku} />
      </Section>
    </PageFrame>
  )
}

function Movements({ sku }: { sku: string }) {
  const { t } = useTranslation('stock')
  const found = useInfiniteQuery({
    queryKey: ['stock', 'movements', sku],
    queryFn: ({ pageParam }) =>
      read(
        api.api.stock[':sku'].movements.$get({
          param: { sku },
          query: { limit: '50', ...(pageParam === null ? {} : { after: pageParam }) },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  if (found.isPending) return <Loading />
  return (
    <Stack gap="xs">
      {found.error && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('ledger.none')}
        </Text>
      )}
      {rows.length > 0 && (
        <ScrollTable label={t('ledger.title')} miw={720} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('ledger.at')}</Table.Th>
              <Table.Th>{t('ledger.kind')}</Table.Th>
              <Table.Th>{t('warehouse')}</Table.Th>
              <Table.Th ta="end">{t('onHand')}</Table.Th>
              <Table.Th ta="end">{t('reserved')}</Table.Th>
              <Table.Th ta="end">{t('incoming')}</Table.Th>
              <Table.Th>{t('ledger.reason')}</Table.Th>
              <Table.Th>{t('ledger.actor')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <When at={row.at} size="sm" />
                </Table.Td>
                <Table.Td>{t(`kind.${row.kind}`)}</Table.Td>
                <Table.Td>{row.warehouse}</Table.Td>
                <Signed units={row.onHand} />
                <Signed units={row.reserved} />
                <Signed units={row.incoming} />
                <Table.Td>
                  <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
                    {row.reason}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
                    {row.actor}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
      )}
      {found.hasNextPage && (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('ledger.more')}
        </Button>
      )}
    </Stack>
  )
}

function Signed({ units }: { units: number }) {
  const format = useFormat()
  return <Table.Td ta="end">{units === 0 ? '' : `${units > 0 ? '+' : ''}${format.count(units)}`}</Table.Td>
}
