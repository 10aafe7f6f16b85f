import { Anchor, Badge, Card, Group, Progress, Stack, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { RowsLink } from './rows-link.tsx'
import type { ConnectionState } from './use-overview.ts'

const colours = { active: 'green', observing: 'blue', paused: 'red' } as const

/** A connection as it stands: how fresh, how far in step, what of its limits is used, what failed. */
export function ConnectionCard({ connection }: { connection: ConnectionState }) {
  const { t } = useTranslation('overview')
  const { id, name, status, pausedReason, ordersReadAt, areOrdersComplete, failures, lists } = connection
  const pushed = connection.aspects.filter((one) => one.listings > 0 || one.lastPushAt)
  const failed = failures.reduce((sum, one) => sum + one.count, 0)
  return (
    <Card withBorder component="section" aria-label={name}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Anchor
          fw={600}
          renderRoot={(props) => <Link {...props} to="/connections/$id" params={{ id } as never} />}
        >
          <span dir="auto">{name}</span>
        </Anchor>
        <Badge variant="light" color={colours[status]}>
          {t(`status.${status}`)}
        </Badge>
      </Group>
      {pausedReason && (
        <Text size="sm" dir="auto" lineClamp={3} title={pausedReason}>
          {pausedReason}
        </Text>
      )}
      <Stack gap="xs">
        {ordersReadAt && (
          <Text size="sm">
            {t(areOrdersComplete ? 'connection.ordersRead' : 'connection.ordersBehind')}{' '}
            <When at={ordersReadAt} />
          </Text>
        )}
        {pushed.length > 0 && <Aspects aspects={pushed} label={t('connection.inStepOf', { name })} />}
        <Buckets buckets={connection.buckets} />
        {failed > 0 && (
          <Text size="sm">
            <RowsLink list={lists.failures!}>{t('connection.failed', { count: failed })}</RowsLink>
            {': '}
            {failures.map((one) => `${t(`failure.${one.failure}`)} ${one.count}`).join(', ')}
          </Text>
        )}
      </Stack>
    </Card>
  )
}

/** How many listings show what they should, for each aspect. */
function Aspects({ aspects, label }: { aspects: ConnectionState['aspects']; label: string }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  return (
    <Table aria-label={label} verticalSpacing={4} horizontalSpacing="xs">
      <Table.Tbody>
        {aspects.map(({ aspect, listings, dirty, refused, oldestDirtySince, lastPushAt }) => {
          const share = listings === 0 ? 1 : (listings - dirty) / listings
          return (
            <Table.Tr key={aspect}>
              <Table.Th scope="row" fw={500}>
                {t(`aspect.${aspect}`)}
              </Table.Th>
              <Table.Td ta="end">{format.share(Math.floor(share * 1000) / 1000)}</Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {dirty === 0 ? (
                    <>
                      {t('connection.pushed')} <When at={lastPushAt} />
                    </>
                  ) : (
                    t('connection.waiting', { count: dirty, shown: format.count(dirty) })
                  )}
                  {refused > 0 && ` ${t('connection.refused', { count: refused })}`}
                  {dirty > refused && oldestDirtySince && (
                    <>
                      {' '}
                      {t('connection.since')} <When at={oldestDirtySince} />
                    </>
                  )}
                </Text>
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}

function Buckets({ buckets }: { buckets: ConnectionState['buckets'] }) {
  const { t } = useTranslation('overview')
  return (
    <Stack gap={4}>
      {buckets.map(({ bucket, tokens, burst, calls, refused, blockedUntil }) => {
        const used = Math.min(1, Math.max(0, 1 - tokens / burst))
        return (
          <div key={bucket}>
            <Group justify="space-between" gap="xs">
              <Text size="xs">{t('connection.bucket', { bucket })}</Text>
              <Text size="xs" c="dimmed">
                {blockedUntil ? t('connection.blocked') : t('connection.calls', { count: calls })}
                {refused > 0 && ` ${t('connection.tooMany', { count: refused })}`}
              </Text>
            </Group>
            <Progress
              value={used * 100}
              size="sm"
              color={blockedUntil || used > 0.9 ? 'orange' : 'harbour'}
              aria-label={t('connection.used', { bucket })}
            />
          </div>
        )
      })}
    </Stack>
  )
}
