import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ShipmentRow } from './shipment-data.ts'

const colours: Record<ShipmentRow['state'], string> = {
  planned: 'gray',
  booking: 'blue',
  booked: 'indigo',
  refused: 'red',
  cancelling: 'orange',
  cancelled: 'gray',
}

/** Where a shipment stands: with us, with the courier, or arrived; and what went wrong with a parcel of it. */
export function ShipmentState({ shipment }: { shipment: ShipmentRow }) {
  const { t } = useTranslation('shipping')
  const { state, deliveredAt, handedOverAt, incident, trackingState, promisedAt } = shipment
  const isLate =
    !deliveredAt && state === 'booked' && promisedAt !== null && new Date(promisedAt) < new Date()
  const word = deliveredAt
    ? t('tracking.delivered')
    : handedOverAt && trackingState
      ? t(`tracking.${trackingState}`)
      : t(`state.${state}`)
  return (
    <Group gap={4}>
      <Badge variant="light" color={deliveredAt ? 'green' : colours[state]}>
        {word}
      </Badge>
      {incident && !deliveredAt && (
        <Badge variant="outline" color="red">
          {t(`incident.${incident}`)}
        </Badge>
      )}
      {isLate && (
        <Badge variant="outline" color="orange">
          {t('late')}
        </Badge>
      )}
    </Group>
  )
}
