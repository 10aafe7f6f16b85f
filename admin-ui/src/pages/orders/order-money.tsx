import { Badge, Card, Divider, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MoneyText } from '../../kit/money-text.tsx'
import { When } from '../../kit/when.tsx'
import type { Order } from './order-data.ts'

const Row = ({ label, children }: { label: ReactNode; children: ReactNode }) => (
  <Group justify="space-between" wrap="nowrap" gap="xs">
    <Text size="sm" component="div" dir="auto" style={{ overflowWrap: 'anywhere' }}>
      {label}
    </Text>
    <Text size="sm" component="div">
      {children}
    </Text>
  </Group>
)

/** What the buyer pays, has paid, and got back. */
export function OrderMoney({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const { currency } = order
  const goods = order.lines.reduce((sum, line) => sum + line.totalMinor, 0)
  return (
    <Card withBorder>
      <Text fw={600} component="h2" mb="xs">
        {t('money.title')}
      </Text>
      <Stack gap={4}>
        <Row label={t('money.goods')}>
          <MoneyText minor={goods} currency={currency} />
        </Row>
        {order.charges.map(({ kind, label, amountMinor }, index) => (
          <Row key={index} label={label || t(`charge.${kind}`)}>
            <MoneyText minor={amountMinor} currency={currency} />
          </Row>
        ))}
        <Divider />
        <Row label={<strong>{t('column.total')}</strong>}>
          <strong>
            <MoneyText minor={order.totalMinor} currency={currency} />
          </strong>
        </Row>
        {order.payments.map(({ method, amountMinor, paidAt }, index) => (
          <Row key={index} label={t('money.paid', { method })}>
            <MoneyText minor={amountMinor} currency={currency} /> <When at={paidAt} c="dimmed" />
          </Row>
        ))}
        {order.payments.length === 0 && <Text size="sm">{t('money.unpaid')}</Text>}
        {order.refundedMinor > 0 && (
          <Row label={t('money.refunded')}>
            <MoneyText minor={order.refundedMinor} currency={currency} />
          </Row>
        )}
        {order.refunds.map(({ id, amountMinor, state, reason, error, createdBy }) => (
          <div key={id}>
            <Row
              label={
                <Group gap={6}>
                  {t('money.refund')}
                  <Badge size="sm" variant="light" color={state === 'done' ? 'green' : 'orange'}>
                    {t(`refundState.${state}`)}
                  </Badge>
                </Group>
              }
            >
              <MoneyText minor={amountMinor} currency={currency} />
            </Row>
            <Text size="xs" c="dimmed" dir="auto">
              {reason} · {createdBy}
            </Text>
            {error && (
              <Text size="xs" c="red" dir="auto">
                {error}
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Card>
  )
}
