import { Alert, Badge, Card, Group, Text, Timeline } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import type { Shipment } from './shipment-data.ts'

/** A parcel: what lies in it, how large it is, and where it was seen. */
export function ParcelCard({ parcel }: { parcel: Shipment['parcels'][number] }) {
  const { t } = useTranslation('shipping')
  const format = useFormat()
  const { lengthMm, widthMm, heightMm } = parcel
  return (
    <Card withBorder component="section" aria-label={t('parcel.title', { number: parcel.position + 1 })}>
      <Group justify="space-between">
        <Text fw={600} component="h2">
          {t('parcel.title', { number: parcel.position + 1 })} {parcel.trackingNumber}
        </Text>
        {parcel.state && <Badge variant="light">{t(`tracking.${parcel.state}`)}</Badge>}
      </Group>
      <Text size="sm" c="dimmed">
        {t('parcel.weight', { grams: format.count(parcel.weightGrams) })}
        {lengthMm && widthMm && heightMm ? ` · ${lengthMm} × ${widthMm} × ${heightMm} mm` : ''}
      </Text>
      {parcel.items.map(({ lineId, sku, title, quantity }) => (
        <Text key={lineId} size="sm" dir="auto">
          {quantity} × {sku ?? title}
        </Text>
      ))}
      {parcel.claimBy && (
        <Alert color="red" mt="xs">
          {parcel.incident && t(`incident.${parcel.incident}`)}{' '}
          {t('parcel.claim', { day: format.day(parcel.claimBy) })}
        </Alert>
      )}
      {parcel.events.length > 0 && (
        <Timeline bulletSize={12} lineWidth={2} mt="sm">
          {parcel.events.toReversed().map((event, index) => (
            <Timeline.Item key={index} title={<span dir="auto">{event.description}</span>}>
              <Text size="xs" c="dimmed" dir="auto">
                {[event.location, event.state && t(`tracking.${event.state}`)].filter(Boolean).join(' · ')}{' '}
                <When at={event.at} absolute />
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Card>
  )
}
