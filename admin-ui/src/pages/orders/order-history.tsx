import { Text, Timeline } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { VendorWords } from '../../kit/vendor-words.tsx'
import { When } from '../../kit/when.tsx'
import type { Order } from './order-data.ts'

/** What happened to the order, the latest first, and what its platform was asked that is not done. */
export function OrderHistory({ order }: { order: Order }) {
  const { t, i18n } = useTranslation('orders')
  const open = order.calls.filter(({ state }) => state !== 'done' && state !== 'abandoned')
  const nameOf = (kind: string) => (i18n.exists(`orders:event.${kind}`) ? t(`event.${kind}`) : kind)
  return (
    <section aria-label={t('history.title')}>
      <Text fw={600} component="h2" mb="xs">
        {t('history.title')}
      </Text>
      {open.map((call) => (
        <div key={call.id}>
          <Text size="sm">
            {t('history.call', { operation: call.operation, state: t(`callState.${call.state}`) })}
          </Text>
          <VendorWords text={call.error} />
        </div>
      ))}
      <Timeline bulletSize={12} lineWidth={2} mt="xs">
        {order.timeline.toReversed().map((event, index) => (
          <Timeline.Item
            key={index}
            title={
              event.kind === 'status' && event.toStatus
                ? t('history.status', { status: t(`status.${event.toStatus}`) })
                : nameOf(event.kind)
            }
          >
            {event.detail && (
              <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
                {event.detail}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {event.actor} · <When at={event.at} absolute />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  )
}
