import { Anchor, Button, Card, Grid, Group, Stack, Text } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { Explain } from '../../kit/explain.tsx'
import { MoneyText } from '../../kit/money-text.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { CompareOffers } from './compare-offers.tsx'
import { ParcelCard } from './parcel-card.tsx'
import { ShipmentState } from './shipment-badges.tsx'
import { type Shipment, useShipment } from './shipment-data.ts'

/** One shipment: its parcels with every scan, its price and why, and what can be done with it. */
export default function ShipmentPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { t } = useTranslation('shipping')
  const query = useShipment(id)
  return (
    <QueryView query={query}>
      {(shipment) => (
        <PageFrame
          title={
            shipment.trackingNumbers[0] || !shipment.orderNumber
              ? t('shipment.title', { id: shipment.trackingNumbers[0] ?? shipment.id })
              : t('shipment.ofOrder', { number: shipment.orderNumber })
          }
          actions={<Actions shipment={shipment} />}
        >
          <Group gap="md" fz="sm">
            <ShipmentState shipment={shipment} />
            {shipment.orderId && (
              <Anchor component={Link} to={`/orders/${shipment.orderId}`} size="sm" dir="auto">
                {t('shipment.order', { number: shipment.orderNumber })}
              </Anchor>
            )}
            {shipment.batchId && (
              <Anchor component={Link} to={`/shipping/${shipment.batchId}`} size="sm">
                {t('batch.batch')}
              </Anchor>
            )}
          </Group>
          {(shipment.state === 'planned' || shipment.state === 'refused') && (
            <CompareOffers shipment={shipment} />
          )}
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 8 }}>
              <Stack>
                {shipment.parcels.map((parcel) => (
                  <ParcelCard key={parcel.id} parcel={parcel} />
                ))}
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4 }}>
              <Facts shipment={shipment} />
            </Grid.Col>
          </Grid>
        </PageFrame>
      )}
    </QueryView>
  )
}

function Actions({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation('shipping')
  const role = useRole()
  const param = { id: shipment.id }
  const topics = ['shipments', 'orders']
  const cancel = useAction({
    run: () => read(api.api.shipments[':id'].cancel.$post({ param })),
    topics,
    done: t('shipment.cancelled'),
  })
  const hand = useAction({
    run: () => read(api.api.shipments[':id']['hand-over'].$post({ param })),
    topics: [...topics, 'stock'],
    done: t('shipment.handedOver'),
  })
  const track = useAction({
    run: () => read(api.api.shipments[':id'].track.$post({ param })),
    topics,
    done: t('shipment.asked'),
  })
  if (!hasRole(role, 'operator')) return null
  const { state, handedOverAt, deliveredAt } = shipment
  const isOut = state === 'booked' && handedOverAt !== null
  return (
    <>
      {shipment.documents.some(({ kind }) => kind === 'label') && (
        <Button
          component="a"
          href={`/api/shipments/${shipment.id}/labels`}
          target="_blank"
          leftSection={<IconPrinter size={16} aria-hidden />}
        >
          {t('shipment.label')}
        </Button>
      )}
      {state === 'booked' && !handedOverAt && (
        <ConfirmButton
          variant="light"
          question={t('shipment.handOverQuestion')}
          loading={hand.isPending}
          onConfirm={() => hand.mutate()}
        >
          {t('batch.handOver')}
        </ConfirmButton>
      )}
      {shipment.trackingConnectionId && isOut && !deliveredAt && (
        <Button variant="default" loading={track.isPending} onClick={() => track.mutate()}>
          {t('shipment.track')}
        </Button>
      )}
      {!isOut && ['planned', 'refused', 'booked'].includes(state) && (
        <ConfirmButton
          variant="light"
          color="red"
          question={t(state === 'booked' ? 'shipment.cancelQuestion' : 'shipment.undoQuestion')}
          loading={cancel.isPending}
          onConfirm={() => cancel.mutate()}
        >
          {t(state === 'booked' ? 'shipment.cancel' : 'shipment.undo')}
        </ConfirmButton>
      )}
    </>
  )
}

function Facts({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation('shipping')
  const { quotedMinor, quotedCurrency, bookedMinor, bookedCurrency, explanation, offer } = shipment
  const instants = ['shipBy', 'bookedAt', 'handedOverAt', 'promisedAt', 'deliveredAt', 'cancelledAt'] as const
  const why = [...(offer?.explanation ?? []), ...explanation].join('\n')
  return (
    <Card withBorder>
      <Stack gap={6}>
        <Text fw={600} component="h2">
          {t('shipment.facts')}
        </Text>
        <Text size="sm" dir="auto">
          {[shipment.carrier, shipment.serviceName].filter(Boolean).join(' · ') || t('shipment.noService')}
        </Text>
        {quotedMinor !== null && (
          <Text size="sm" component="div">
            {t('shipment.quoted')}{' '}
            <Explain label={t('shipment.quoted')} because={why}>
              <MoneyText minor={quotedMinor} currency={quotedCurrency} />
            </Explain>
          </Text>
        )}
        {bookedMinor !== null && (
          <Text size="sm" component="div">
            {t('shipment.charged')} <MoneyText minor={bookedMinor} currency={bookedCurrency} />
          </Text>
        )}
        {instants.map((name) =>
          shipment[name] ? (
            <Text key={name} size="sm">
              {t(`fact.${name}`)} <When at={shipment[name]} absolute />
            </Text>
          ) : null,
        )}
        {explanation.length > 0 && (
          <div>
            <Text size="sm" c="dimmed">
              {t('shipment.why')}
            </Text>
            {explanation.map((line) => (
              <Text key={line} size="sm" dir="auto">
                {line}
              </Text>
            ))}
          </div>
        )}
      </Stack>
    </Card>
  )
}
