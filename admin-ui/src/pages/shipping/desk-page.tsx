import { Anchor, Group, Progress, Select, Table, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Selection } from '../../kit/data-table/types.ts'
import { useAddress } from '../../kit/data-table/use-list.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { type OrderRow, useConnections } from '../orders/order-data.ts'
import { ShipSelected, useOrderColumns } from '../orders/orders-page.tsx'
import { type Service, ServiceChoice } from './service-choice.tsx'

/** What can be shipped now, and the batches that were. */
export default function DeskPage() {
  const { t } = useTranslation('shipping')
  const { get, set } = useAddress('shipBy')
  const role = useRole()
  return (
    <PageFrame
      title={t('desk.title')}
      hint={t('desk.hint')}
      actions={hasRole(role, 'operator') && <ShipAllDue />}
    >
      <Tabs
        value={get('tab') || 'orders'}
        keepMounted={false}
        onChange={(tab) => set({ tab: tab === 'orders' ? '' : (tab ?? '') })}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="orders">{t('desk.toShip')}</Tabs.Tab>
          <Tabs.Tab value="batches">{t('desk.batches')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="orders">
          <OrdersToShip />
        </Tabs.Panel>
        <Tabs.Panel value="batches">
          <Batches />
        </Tabs.Panel>
      </Tabs>
    </PageFrame>
  )
}

function OrdersToShip() {
  const { t } = useTranslation('shipping')
  const navigate = useNavigate()
  const columns = useOrderColumns()
  const { options } = useConnections()
  const role = useRole()
  return (
    <DataTable<OrderRow>
      list="orders-to-ship"
      topic="orders"
      label={t('desk.toShip')}
      columns={columns}
      searchLabel={t('desk.search')}
      initialSort="shipBy"
      rowId={({ id }) => id}
      readPage={(query) => read(api.api.orders.$get({ query: query as never }))}
      onOpen={({ id }) => void navigate({ to: `/orders/${id}` as never })}
      filters={[
        {
          id: 'due',
          label: t('desk.due'),
          kind: 'choice',
          options: (['overdue', 'today', 'tomorrow', 'week'] as const).map((due) => ({
            value: due,
            label: t(`due.${due}`),
          })),
        },
        { id: 'connectionId', label: t('desk.shop'), kind: 'choice', options },
      ]}
      fixed={{ isShippable: 'true', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }}
      {...(hasRole(role, 'operator')
        ? { bulk: (selection: Selection, clear: () => void) => <ShipSelected {...{ selection, clear }} /> }
        : {})}
      empty={{ title: t('desk.none'), hint: t('desk.noneHint') }}
    />
  )
}

/** One batch of everything that can ship and is due by then. */
function ShipAllDue() {
  const { t } = useTranslation('shipping')
  const navigate = useNavigate()
  const [until, setUntil] = useState<'today' | 'tomorrow' | 'all'>('today')
  const [service, setService] = useState<Service | null>(null)
  const start = useAction({
    run: () => {
      const end = new Date()
      end.setHours(24 + (until === 'tomorrow' ? 24 : 0), 0, 0, 0)
      return read(
        api.api['shipment-batches'].$post({
          json: { ...service, ...(until === 'all' ? {} : { dueBefore: end.toISOString() as never }) },
        }),
      )
    },
    topics: ['orders', 'shipments'],
    done: t('desk.started'),
    onDone: ({ id }) => void navigate({ to: `/shipping/${id}` as never }),
  })
  return (
    <Group gap="xs">
      <Select
        aria-label={t('desk.until')}
        w={170}
        data={(['today', 'tomorrow', 'all'] as const).map((value) => ({ value, label: t(`until.${value}`) }))}
        value={until}
        allowDeselect={false}
        onChange={(value) => setUntil(value as typeof until)}
      />
      <ServiceChoice value={service} onChange={setService} />
      <ConfirmButton question={t('desk.question')} loading={start.isPending} onConfirm={() => start.mutate()}>
        {t('desk.shipAll')}
      </ConfirmButton>
    </Group>
  )
}

function Batches() {
  const { t } = useTranslation('shipping')
  const query = useQuery({
    queryKey: ['shipments', 'batches'],
    queryFn: () => read(api.api['shipment-batches'].$get({ query: {} as never })),
  })
  return (
    <QueryView query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('desk.noBatches')} hint={t('desk.noBatchesHint')} />
        ) : (
          <ScrollRegion label={t('desk.batches')}>
            <Table withTableBorder highlightOnHover miw={620}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('batch.batch')}</Table.Th>
                  <Table.Th>{t('batch.progress')}</Table.Th>
                  <Table.Th ta="end">{t('batch.skipped')}</Table.Th>
                  <Table.Th>{t('batch.by')}</Table.Th>
                  <Table.Th>{t('batch.state')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((batch) => (
                  <Table.Tr key={batch.id}>
                    <Table.Td>
                      <Anchor component={Link} to={`/shipping/${batch.id}`} size="sm">
                        <When at={batch.createdAt} absolute />
                      </Anchor>
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm">
                        {t('batch.bookedOf', { booked: batch.booked, orders: batch.orders })}
                      </Text>
                      <Progress
                        value={(100 * (batch.booked + batch.skipped.length)) / Math.max(1, batch.orders)}
                        aria-label={t('batch.progress')}
                      />
                    </Table.Td>
                    <Table.Td ta="end">{batch.skipped.length}</Table.Td>
                    <Table.Td>{batch.createdBy}</Table.Td>
                    <Table.Td>
                      {batch.cancelledAt
                        ? t('batch.cancelled')
                        : batch.handedOverAt
                          ? t('batch.handedOver')
                          : batch.finishedAt
                            ? t('batch.finished')
                            : t('batch.underWay')}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollRegion>
        )
      }
    </QueryView>
  )
}
