import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { FigureText } from './figure-text.tsx'
import { RowsLink } from './rows-link.tsx'
import type { Overview } from './use-overview.ts'

const deadlines = ['overdue', 'today', 'tomorrow', 'later', 'withoutDeadline'] as const

/** Orders to ship by when they are due. */
export function ShipFigures({ orders }: { orders: Overview['orders'] }) {
  const { t } = useTranslation('overview')
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('ship.title')}
      </Title>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
        {deadlines.map((due) => (
          <Card key={due} withBorder padding="sm">
            <Text size="sm" c="dimmed">
              {t(`ship.${due}`)}
            </Text>
            <Text
              fz="xl"
              fw={600}
              component="div"
              {...(due === 'overdue' && orders.toShip.overdue.value > 0 ? { c: 'red' } : {})}
            >
              <FigureText
                figure={orders.toShip[due]}
                label={t(`ship.${due}`)}
                because={t(`ship.because.${due}`)}
              />
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      <Group gap="md" mt="xs">
        {orders.byState.map(({ status, figure }) => (
          <Text key={status} size="sm" component="div">
            {t(`orderState.${status}`)}:{' '}
            <FigureText figure={figure} label={t(`orderState.${status}`)} because={t('ship.because.state')} />
          </Text>
        ))}
      </Group>
    </section>
  )
}

const weights = { critical: 'red', high: 'orange', normal: 'yellow', notice: 'gray' } as const

/** What is stopped, what waits for a decision, and what stands in the queues. */
export function OpenWork({ overview: { problems, proposals, queues } }: { overview: Overview }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const busy = queues.filter((one) => one.waiting + one.active + one.failed > 0)
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }}>
      <Block title={t('problems.title')} isEmpty={problems.length === 0} empty={t('problems.none')}>
        {problems.map(({ kind, severity, since, figure }) => (
          <Group key={kind} justify="space-between" gap="xs" wrap="nowrap">
            <div>
              <RowsLink list={figure.list}>{t(`problem.${kind}`, { defaultValue: kind })}</RowsLink>
              <Text size="xs" c="dimmed">
                {t('since')} <When at={since} />
              </Text>
            </div>
            <Badge variant="light" color={weights[severity]} title={t(`severity.${severity}`)}>
              {format.count(figure.value)}
            </Badge>
          </Group>
        ))}
      </Block>
      <Block title={t('proposals.title')} isEmpty={proposals.length === 0} empty={t('proposals.none')}>
        {proposals.map(({ kind, since, figure }) => (
          <Group key={kind} justify="space-between" gap="xs" wrap="nowrap">
            <div>
              <RowsLink list={figure.list}>{t(`proposal.${kind}`, { defaultValue: kind })}</RowsLink>
              <Text size="xs" c="dimmed">
                {t('since')} <When at={since} />
              </Text>
            </div>
            <Badge variant="light">{format.count(figure.value)}</Badge>
          </Group>
        ))}
      </Block>
      <Block title={t('queues.title')} isEmpty={busy.length === 0} empty={t('queues.none')}>
        {busy.map(({ queue, waiting, active, failed, oldestWaitingSince }) => (
          <div key={queue}>
            <RowsLink list={{ path: '/api/jobs', query: { queue } }}>
              {t(`queue.${queue}`, { defaultValue: queue })}
            </RowsLink>
            <Text size="xs" c="dimmed">
              {t('queues.counts', { waiting, active, failed })}
              {oldestWaitingSince && (
                <>
                  {' '}
                  {t('queues.oldest')} <When at={oldestWaitingSince} />
                </>
              )}
            </Text>
          </div>
        ))}
      </Block>
    </SimpleGrid>
  )
}

function Block({
  title,
  isEmpty,
  empty,
  children,
}: {
  title: string
  isEmpty: boolean
  empty: string
  children: ReactNode
}) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {isEmpty ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        <Stack gap="xs">{children}</Stack>
      )}
    </Card>
  )
}
