import { Anchor, Badge } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import { MoneyText } from '../../kit/money-text.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { When } from '../../kit/when.tsx'
import { useConnections } from '../orders/order-data.ts'
import { type ReturnRow, returnStatuses } from './return-data.ts'

/** Goods that come back. */
export default function ReturnsPage() {
  const { t } = useTranslation('returns')
  const navigate = useNavigate()
  const { nameOf, options } = useConnections()
  return (
    <PageFrame title={t('list.title')} hint={t('list.hint')}>
      <DataTable<ReturnRow>
        list="returns"
        topic="returns"
        label={t('list.title')}
        searchLabel={t('list.search')}
        initialSort="-created"
        rowId={({ id }) => id}
        readPage={(query) => read(api.api.returns.$get({ query: query as never }))}
        onOpen={({ id }) => void navigate({ to: `/returns/${id}` as never })}
        csvPath="/api/returns.csv"
        filters={[
          {
            id: 'status',
            label: t('column.status'),
            kind: 'choice',
            options: returnStatuses.map((status) => ({ value: status, label: t(`status.${status}`) })),
          },
          { id: 'connectionId', label: t('column.connection'), kind: 'choice', options },
        ]}
        columns={[
          {
            id: 'id',
            label: t('column.return'),
            cell: ({ id, externalId }) => (
              <Anchor component={Link} size="sm" to={`/returns/${id}`}>
                {externalId ?? id}
              </Anchor>
            ),
          },
          {
            id: 'order',
            label: t('column.order'),
            cell: ({ orderId, orderNumber }) => (
              <Anchor component={Link} size="sm" to={`/orders/${orderId}`} dir="auto">
                {orderNumber}
              </Anchor>
            ),
          },
          {
            id: 'status',
            label: t('column.status'),
            cell: ({ status }) => <Badge variant="light">{t(`status.${status}`)}</Badge>,
          },
          {
            id: 'units',
            label: t('column.units'),
            align: 'end',
            cell: ({ units, accountedUnits }) => t('column.unitsOf', { accounted: accountedUnits, units }),
          },
          {
            id: 'refundedMinor',
            label: t('column.refunded'),
            align: 'end',
            cell: ({ refundedMinor, currency }) => <MoneyText minor={refundedMinor} currency={currency} />,
          },
          { id: 'connection', label: t('column.connection'), cell: (row) => nameOf(row.connectionId) },
          {
            id: 'createdAt',
            label: t('column.created'),
            sort: 'created',
            cell: ({ createdAt }) => <When at={createdAt} />,
          },
        ]}
        empty={{ title: t('list.none'), hint: t('list.noneHint') }}
      />
    </PageFrame>
  )
}
