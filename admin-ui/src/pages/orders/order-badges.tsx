import { Badge, Group, Text, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { When } from '../../kit/when.tsx'
import { isOpen, type OrderRow } from './order-data.ts'

const colours: Record<OrderRow['status'], string> = {
  pending_payment: 'gray',
  paid: 'blue',
  allocated: 'indigo',
  shipped: 'teal',
  delivered: 'green',
  completed: 'green',
  cancelled: 'gray',
  refunded: 'orange',
}

/** Where an order stands, and whether a person holds it or money went back. */
export function OrderState({ order }: { order: OrderRow }) {
  const { t } = useTranslation('orders')
  const isPartRefunded = order.refundedMinor > 0 && order.status !== 'refunded'
  return (
    <Group gap={4} wrap="nowrap">
      <Badge variant="light" color={colours[order.status]}>
        {t(`status.${order.status}`)}
      </Badge>
      {order.heldAt && (
        <Tooltip label={order.holdReason}>
          <Badge variant="outline" color="red">
            {t('onHold')}
          </Badge>
        </Tooltip>
      )}
      {isPartRefunded && (
        <Badge variant="outline" color="orange">
          {t('partRefunded')}
        </Badge>
      )}
    </Group>
  )
}

/** By when an order is to be shipped; red once it should have left. */
export function ShipBy({ order }: { order: OrderRow }) {
  const { t } = useTranslation('orders')
  const isLate = isOpen(order) && order.shipBy !== null && new Date(order.shipBy) < new Date()
  if (!isLate) return <When at={order.shipBy} />
  return (
    <Group gap={4} wrap="nowrap">
      <When at={order.shipBy} c="red" fw={600} />
      <Text size="xs" c="red">
        {t('late')}
      </Text>
    </Group>
  )
}
