import { Anchor, Badge, Chip, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import { useAddress } from '../../kit/data-table/use-list.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { ShipBy } from './order-badges.tsx'
import { causes, type ExceptionRow, useConnections } from './order-data.ts'

/** Open orders that cannot go on: every cause with its remedy. */
export default function ExceptionsPage() {
  const { t } = useTranslation('orders')
  const navigate = useNavigate()
  const { nameOf, options } = useConnections()
  return (
    <PageFrame title={t('exceptions.title')} hint={t('exceptions.hint')}>
      <CauseChoice />
      <DataTable<ExceptionRow>
        list="order-exceptions"
        topic="orders"
        label={t('exceptions.title')}
        searchLabel={t('orders.search')}
        initialSort="shipBy"
        rowId={({ order }) => order.id}
        readPage={(query) => read(api.api['order-exceptions'].$get({ query: query as never }))}
        onOpen={({ order }) => void navigate({ to: `/orders/${order.id}` as never })}
        filters={[
          {
            id: 'cause',
            label: t('column.exception'),
            kind: 'choice',
            options: causes.map((cause) => ({ value: cause, label: t(`cause.${cause}`) })),
          },
          { id: 'connectionId', label: t('column.connection'), kind: 'choice', options },
        ]}
        columns={[
          {
            id: 'number',
            label: t('column.number'),
            sort: 'number',
            width: 150,
            cell: ({ order }) => (
              <Anchor component={Link} size="sm" to={`/orders/${order.id}`} dir="auto">
                {order.number}
              </Anchor>
            ),
          },
          { id: 'why', label: t('column.why'), cell: (row) => <Why row={row} /> },
          {
            id: 'shipBy',
            label: t('column.shipBy'),
            sort: 'shipBy',
            width: 180,
            cell: ({ order }) => <ShipBy order={order} />,
          },
          {
            id: 'connection',
            label: t('column.connection'),
            width: 160,
            cell: ({ order }) => nameOf(order.connectionId),
          },
        ]}
        empty={{ title: t('exceptions.none'), hint: t('exceptions.noneHint') }}
      />
    </PageFrame>
  )
}

/** Each cause with how many orders it stops; pressing one shows those. */
function CauseChoice() {
  const { t } = useTranslation('orders')
  const format = useFormat()
  const { get, set } = useAddress('shipBy')
  const { data } = useQuery({
    queryKey: ['orders', 'causes'],
    queryFn: () => read(api.api['order-exceptions'].$get({ query: { limit: '1' } as never })),
  })
  const chosen = get('cause')
  return (
    <Group gap="xs" role="group" aria-label={t('exceptions.causes')}>
      {causes.map((cause) => (
        <Chip
          key={cause}
          size="xs"
          checked={chosen === cause}
          onChange={() => set({ cause: chosen === cause ? '' : cause })}
        >
          {t('exceptions.count', {
            cause: t(`cause.${cause}`),
            shown: data ? format.count(data.causes[cause]) : '…',
          })}
        </Chip>
      ))}
    </Group>
  )
}

function Why({ row: { exceptions } }: { row: ExceptionRow }) {
  const { t } = useTranslation('orders')
  return (
    <Stack gap={4}>
      {exceptions.map(({ cause, message, remedy, problemId }) => (
        <div key={`${cause}${problemId}`}>
          <Group gap={6} wrap="nowrap" align="flex-start">
            <Badge variant="light" color="orange" style={{ flexShrink: 0 }}>
              {t(`cause.${cause}`)}
            </Badge>
            <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
              {message}
            </Text>
          </Group>
          <Text size="xs" c="dimmed">
            {remedy}
          </Text>
        </div>
      ))}
    </Stack>
  )
}
