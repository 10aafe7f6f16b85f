import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { MoneyText } from '../../kit/money-text.tsx'
import { When } from '../../kit/when.tsx'
import { ShipmentState } from '../shipping/shipment-badges.tsx'
import type { Order } from './order-data.ts'

/** The shipments of an order, planned ones among them. */
export function OrderShipments({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  return (
    <section aria-label={t('shipments.title')}>
      <Text fw={600} component="h2" mb="xs">
        {t('shipments.title')}
      </Text>
      {order.shipments.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('shipments.none')}
        </Text>
      )}
      <Stack gap={6}>
        {order.shipments.map((shipment) => (
          <Group key={shipment.id} gap="xs">
            <Anchor component={Link} to={`/shipments/${shipment.id}`} size="sm">
              {shipment.trackingNumbers.join(', ') || shipment.id}
            </Anchor>
            <ShipmentState shipment={shipment} />
            <Text size="sm" dir="auto">
              {[shipment.carrier, shipment.serviceName].filter(Boolean).join(' · ')}
            </Text>
            {(shipment.bookedMinor ?? shipment.quotedMinor) !== null && (
              <Text size="sm">
                <MoneyText
                  minor={shipment.bookedMinor ?? shipment.quotedMinor}
                  currency={shipment.bookedCurrency ?? shipment.quotedCurrency}
                />
              </Text>
            )}
            <When at={shipment.createdAt} fz="sm" c="dimmed" />
          </Group>
        ))}
      </Stack>
    </section>
  )
}

/** What of an order comes back. */
export function OrderReturns({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  if (order.returns.length === 0) return null
  return (
    <section aria-label={t('returns.title')}>
      <Text fw={600} component="h2" mb="xs">
        {t('returns.title')}
      </Text>
      <Stack gap={6}>
        {order.returns.map((one) => (
          <Group key={one.id} gap="xs">
            <Anchor component={Link} to={`/returns/${one.id}`} size="sm">
              {one.externalId ?? one.id}
            </Anchor>
            <Badge variant="light">{t(`returnStatus.${one.status}`)}</Badge>
            <Text size="sm">{t('returns.units', { count: one.units })}</Text>
            <When at={one.createdAt} fz="sm" c="dimmed" />
          </Group>
        ))}
      </Stack>
    </section>
  )
}
