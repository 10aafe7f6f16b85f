import { Anchor, Button, Card, Group, List, Progress, Text } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useFormat } from '../../kit/use-format.ts'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { type Batch, isUnderWay, useBatch } from './shipment-data.ts'
import { ShipmentTable } from './shipments-page.tsx'

/** One batch: how far it is, what could not ship and why, its labels and its manifest. */
export default function BatchPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { t } = useTranslation('shipping')
  const format = useFormat()
  const query = useBatch(id)
  return (
    <QueryView query={query}>
      {(batch) => (
        <PageFrame
          title={t('batch.title', { at: format.instant(batch.createdAt) })}
          hint={t('batch.startedBy', { who: batch.createdBy, count: batch.orders })}
          actions={<Actions batch={batch} />}
        >
          <Standing batch={batch} />
          <Skipped batch={batch} />
          <ShipmentTable fixed={{ batchId: batch.id }} height="420px" />
        </PageFrame>
      )}
    </QueryView>
  )
}

function Actions({ batch }: { batch: Batch }) {
  const { t } = useTranslation('shipping')
  const role = useRole()
  const param = { id: batch.id }
  const cancel = useAction({
    run: () => read(api.api['shipment-batches'][':id'].cancel.$post({ param })),
    topics: ['shipments', 'orders'],
    done: t('batch.stopped'),
  })
  const hand = useAction({
    run: () => read(api.api['shipment-batches'][':id']['hand-over'].$post({ param })),
    topics: ['shipments', 'orders', 'stock'],
    done: t('batch.isHandedOver'),
  })
  if (!hasRole(role, 'operator')) return null
  const path = `/api/shipment-batches/${batch.id}`
  return (
    <>
      {batch.booked > 0 && (
        <>
          <Button
            component="a"
            href={`${path}/labels`}
            target="_blank"
            leftSection={<IconPrinter size={16} aria-hidden />}
          >
            {t('batch.labels')}
          </Button>
          <Button component="a" href={`${path}/manifest`} target="_blank" variant="default">
            {t('batch.manifest')}
          </Button>
        </>
      )}
      {batch.booked > 0 && !batch.handedOverAt && (
        <ConfirmButton
          variant="light"
          question={t('batch.handOverQuestion')}
          loading={hand.isPending}
          onConfirm={() => hand.mutate()}
        >
          {t('batch.handOver')}
        </ConfirmButton>
      )}
      {!batch.cancelledAt && (batch.finishedAt === null || batch.planned > 0) && (
        <ConfirmButton
          variant="light"
          color="red"
          question={t('batch.cancelQuestion')}
          loading={cancel.isPending}
          onConfirm={() => cancel.mutate()}
        >
          {t('batch.cancel')}
        </ConfirmButton>
      )}
    </>
  )
}

function Standing({ batch }: { batch: Batch }) {
  const { t } = useTranslation('shipping')
  const share = (count: number) => (100 * count) / Math.max(1, batch.orders)
  const parts = [
    ['booked', batch.booked, 'green'],
    ['booking', batch.booking, 'blue'],
    ['refused', batch.refused, 'red'],
    ['cancelled', batch.cancelled, 'gray'],
    ['skipped', batch.skipped.length, 'orange'],
  ] as const
  return (
    <Card withBorder>
      <Progress.Root size="lg" aria-label={t('batch.progress')}>
        {parts.map(([name, count, color]) =>
          count > 0 ? (
            <Progress.Section
              key={name}
              value={share(count)}
              color={color}
              aria-label={t(`count.${name}`, { count })}
            />
          ) : null,
        )}
      </Progress.Root>
      <Group gap="md" mt="xs" role="status">
        {parts.map(([name, count]) => (
          <Text key={name} size="sm">
            {t(`count.${name}`, { count })}
          </Text>
        ))}
        {isUnderWay(batch) && (
          <Text size="sm" c="dimmed">
            {t('batch.working')}
          </Text>
        )}
      </Group>
    </Card>
  )
}

function Skipped({ batch: { skipped } }: { batch: Batch }) {
  const { t } = useTranslation('shipping')
  if (skipped.length === 0) return null
  return (
    <Card withBorder>
      <Text fw={600} component="h2" mb="xs">
        {t('batch.skippedTitle')}
      </Text>
      <List size="sm" spacing={4}>
        {skipped.map(({ orderId, number, reason }) => (
          <List.Item key={orderId}>
            <Anchor component={Link} to={`/orders/${orderId}`} size="sm" dir="auto">
              {number}
            </Anchor>{' '}
            <span dir="auto">{reason}</span>
          </List.Item>
        ))}
      </List>
    </Card>
  )
}
