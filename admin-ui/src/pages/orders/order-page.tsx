import { Alert, Anchor, Card, Grid, Group, List, Stack, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { MoneyText } from '../../kit/money-text.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { When } from '../../kit/when.tsx'
import { SidePanels } from '../plugins/side-panels.tsx'
import { OrderActions } from './order-actions.tsx'
import { OrderState, ShipBy } from './order-badges.tsx'
import { type Order, useConnections, useOrder } from './order-data.ts'
import { OrderHistory } from './order-history.tsx'
import { OrderLines } from './order-lines.tsx'
import { OrderMoney } from './order-money.tsx'
import { OrderReturns, OrderShipments } from './order-parcels.tsx'
import { OrderPeople } from './order-people.tsx'

/** One order: what was sold, where it stands, what stops it, and everything that can be done with it. */
export default function OrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { t } = useTranslation('orders')
  const query = useOrder(id)
  return (
    <QueryView query={query}>
      {(order) => (
        <PageFrame
          title={t('order.title', { number: order.number })}
          actions={<OrderActions order={order} />}
        >
          <OrderFacts order={order} />
          <Trouble order={order} />
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 8 }}>
              <Stack>
                <OrderLines order={order} />
                <OrderShipments order={order} />
                <OrderReturns order={order} />
                <OrderHistory order={order} />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4 }}>
              <Stack>
                <OrderPeople order={order} />
                <OrderMoney order={order} />
                {order.note && (
                  <Card withBorder>
                    <Text fw={600} component="h2">
                      {t('column.note')}
                    </Text>
                    <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
                      {order.note}
                    </Text>
                  </Card>
                )}
                <SidePanels slot="order" subject={order.id} />
              </Stack>
            </Grid.Col>
          </Grid>
        </PageFrame>
      )}
    </QueryView>
  )
}

function OrderFacts({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const { nameOf } = useConnections()
  return (
    <Group gap="md" fz="sm">
      <OrderState order={order} />
      <span>{nameOf(order.connectionId)}</span>
      <span>
        {t('column.placed')} <When at={order.placedAt} />
      </span>
      <span>
        {t('column.shipBy')} <ShipBy order={order} />
      </span>
      <MoneyText minor={order.totalMinor} currency={order.currency} />
    </Group>
  )
}

/** Why the order does not go on, and what to do. */
function Trouble({ order: { exceptions, problems } }: { order: Order }) {
  const { t } = useTranslation('orders')
  if (exceptions.length === 0) return null
  const known = new Set(problems.map(({ id }) => id))
  return (
    <Alert color="orange" title={t('order.stopped')}>
      <List size="sm" spacing={4}>
        {exceptions.map(({ cause, message, remedy, problemId }) => (
          <List.Item key={`${cause}${problemId}`}>
            <span dir="auto">{message}</span> {remedy}{' '}
            {problemId && known.has(problemId) && (
              <Anchor component={Link} to={`/problems/${problemId}`} size="sm">
                {t('order.toProblem')}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
