import { Anchor, Button } from '@mantine/core'
import { IconTruckDelivery } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Selection } from '../../kit/data-table/types.ts'
import { MoneyText } from '../../kit/money-text.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { OrderState, ShipBy } from './order-badges.tsx'
import { causes, type OrderRow, statuses, useConnections } from './order-data.ts'

/** The columns of every list of orders. */
export function useOrderColumns(): Column<OrderRow>[] {
  const { t } = useTranslation('orders')
  const { nameOf } = useConnections()
  return [
    {
      id: 'number',
      label: t('column.number'),
      sort: 'number',
      width: 140,
      cell: (order) => (
        <Anchor component={Link} size="sm" to={`/orders/${order.id}`} dir="auto">
          {order.number}
        </Anchor>
      ),
    },
    { id: 'status', label: t('column.status'), width: 200, cell: (order) => <OrderState order={order} /> },
    { id: 'connectionId', label: t('column.connection'), cell: (order) => nameOf(order.connectionId) },
    {
      id: 'placedAt',
      label: t('column.placed'),
      sort: 'placed',
      width: 140,
      cell: (order) => <When at={order.placedAt} />,
    },
    {
      id: 'shipBy',
      label: t('column.shipBy'),
      sort: 'shipBy',
      width: 140,
      cell: (order) => <ShipBy order={order} />,
    },
    {
      id: 'totalMinor',
      label: t('column.total'),
      sort: 'total',
      width: 120,
      align: 'end',
      cell: (order) => <MoneyText minor={order.totalMinor} currency={order.currency} />,
    },
    {
      id: 'shippingService',
      label: t('column.service'),
      isOptional: true,
      cell: (order) => <span dir="auto">{order.shippingService ?? '—'}</span>,
    },
    {
      id: 'externalId',
      label: t('column.externalId'),
      isOptional: true,
      cell: (order) => <span dir="auto">{order.externalId}</span>,
    },
    {
      id: 'note',
      label: t('column.note'),
      isOptional: true,
      cell: (order) => <span dir="auto">{order.note ?? '—'}</span>,
    },
  ]
}

/** Every order there is; what is selected can be shipped together. */
export default function OrdersPage() {
  const { t } = useTranslation('orders')
  const navigate = useNavigate()
  const columns = useOrderColumns()
  const { options } = useConnections()
  const role = useRole()
  return (
    <PageFrame title={t('orders.title')} hint={t('orders.hint')}>
      <DataTable<OrderRow>
        list="orders"
        topic="orders"
        label={t('orders.title')}
        columns={columns}
        searchLabel={t('orders.search')}
        initialSort="-placed"
        rowId={({ id }) => id}
        readPage={(query) => read(api.api.orders.$get({ query: query as never }))}
        onOpen={({ id }) => void navigate({ to: `/orders/${id}` as never })}
        csvPath="/api/orders.csv"
        filters={[
          {
            id: 'status',
            label: t('column.status'),
            kind: 'choice',
            options: [
              { value: 'paid,allocated', label: t('status.toShip') },
              ...statuses.map((status) => ({ value: status, label: t(`status.${status}`) })),
            ],
          },
          { id: 'connectionId', label: t('column.connection'), kind: 'choice', options },
          {
            id: 'due',
            label: t('column.shipBy'),
            kind: 'choice',
            options: (['overdue', 'today', 'tomorrow', 'week'] as const).map((due) => ({
              value: due,
              label: t(`due.${due}`),
            })),
          },
          {
            id: 'exception',
            label: t('column.exception'),
            kind: 'choice',
            options: (['any', ...causes] as const).map((cause) => ({
              value: cause,
              label: t(`cause.${cause}`),
            })),
          },
        ]}
        fixed={{ timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }}
        {...(hasRole(role, 'operator')
          ? { bulk: (selection: Selection, clear: () => void) => <ShipSelected {...{ selection, clear }} /> }
          : {})}
        empty={{ title: t('orders.none'), hint: t('orders.noneHint') }}
      />
    </PageFrame>
  )
}

/** Plans, prices and books what is selected, as one batch. */
export function ShipSelected({ selection, clear }: { selection: Selection; clear: () => void }) {
  const { t } = useTranslation('orders')
  const navigate = useNavigate()
  const start = useAction({
    run: (orderIds: string[]) => read(api.api['shipment-batches'].$post({ json: { orderIds } })),
    topics: ['orders', 'shipments'],
    done: (_batch, ids) => t('orders.started', { count: ids.length }),
    onDone: ({ id }) => {
      clear()
      void navigate({ to: `/shipping/${id}` as never })
    },
  })
  const ids = 'ids' in selection ? selection.ids : []
  return (
    <Button
      size="compact-sm"
      leftSection={<IconTruckDelivery size={16} aria-hidden />}
      loading={start.isPending}
      disabled={ids.length === 0}
      onClick={() => start.mutate([...ids])}
    >
      {t('orders.ship')}
    </Button>
  )
}
