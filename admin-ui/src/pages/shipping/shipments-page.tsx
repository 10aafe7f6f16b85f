import { Anchor, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter, Query } from '../../kit/data-table/types.ts'
import { MoneyText } from '../../kit/money-text.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { When } from '../../kit/when.tsx'
import { useConnections } from '../orders/order-data.ts'
import { ShipmentState } from './shipment-badges.tsx'
import { type ShipmentRow, shipmentStates } from './shipment-data.ts'

/** Every shipment with where its parcels are. */
export default function ShipmentsPage() {
  const { t } = useTranslation('shipping')
  return (
    <PageFrame title={t('shipments.title')} hint={t('shipments.hint')}>
      <ShipmentTable />
    </PageFrame>
  )
}

/** A list of shipments; `fixed` narrows it to those of a page. */
export function ShipmentTable({ fixed, height }: { fixed?: Query; height?: string }) {
  const { t } = useTranslation('shipping')
  const navigate = useNavigate()
  const { options } = useConnections()
  const filters: Filter[] = [
    {
      id: 'needs',
      label: t('shipments.needs'),
      kind: 'choice',
      options: (['hand_over', 'late', 'incident'] as const).map((need) => ({
        value: need,
        label: t(`need.${need}`),
      })),
    },
    {
      id: 'state',
      label: t('column.state'),
      kind: 'choice',
      options: shipmentStates.map((state) => ({ value: state, label: t(`state.${state}`) })),
    },
    { id: 'connectionId', label: t('column.courier'), kind: 'choice', options },
  ]
  return (
    <DataTable<ShipmentRow>
      list="shipments"
      topic="shipments"
      label={t('shipments.title')}
      columns={useShipmentColumns()}
      filters={filters}
      searchLabel={t('shipments.search')}
      initialSort="-created"
      rowId={({ id }) => id}
      readPage={(query) => read(api.api.shipments.$get({ query: query as never }))}
      onOpen={({ id }) => void navigate({ to: `/shipments/${id}` as never })}
      csvPath="/api/shipments.csv"
      empty={{ title: t('shipments.none'), hint: t('shipments.noneHint') }}
      {...(fixed ? { fixed } : {})}
      {...(height ? { height } : {})}
    />
  )
}

function useShipmentColumns(): Column<ShipmentRow>[] {
  const { t } = useTranslation('shipping')
  return [
    {
      id: 'trackingNumbers',
      label: t('column.parcels'),
      cell: ({ id, trackingNumbers }) => (
        <Anchor component={Link} size="sm" to={`/shipments/${id}`}>
          {trackingNumbers.join(', ') || id}
        </Anchor>
      ),
    },
    {
      id: 'order',
      label: t('column.order'),
      width: 100,
      cell: ({ orderId, orderNumber }) =>
        orderId ? (
          <Anchor component={Link} size="sm" to={`/orders/${orderId}`} dir="auto">
            {orderNumber}
          </Anchor>
        ) : (
          '—'
        ),
    },
    {
      id: 'state',
      label: t('column.state'),
      width: 150,
      cell: (shipment) => <ShipmentState shipment={shipment} />,
    },
    {
      id: 'service',
      label: t('column.service'),
      cell: ({ carrier, serviceName }) => (
        <Text size="sm" dir="auto" lineClamp={2}>
          {[carrier, serviceName].filter(Boolean).join(' · ') || '—'}
        </Text>
      ),
    },
    {
      id: 'bookedMinor',
      label: t('column.price'),
      width: 100,
      align: 'end',
      cell: (row) => (
        <MoneyText
          minor={row.bookedMinor ?? row.quotedMinor}
          currency={row.bookedCurrency ?? row.quotedCurrency}
        />
      ),
    },
    {
      id: 'createdAt',
      label: t('column.created'),
      sort: 'created',
      width: 130,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      id: 'promisedAt',
      label: t('column.promised'),
      sort: 'promised',
      width: 130,
      cell: ({ promisedAt }) => <When at={promisedAt} />,
    },
    {
      id: 'claimBy',
      label: t('column.claimBy'),
      isOptional: true,
      cell: ({ claimBy }) => <When at={claimBy} />,
    },
  ]
}
