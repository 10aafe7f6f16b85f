import { Badge, Card, SimpleGrid, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'

export const queueNames = [
  'push',
  'pull',
  'once',
  'reconcile',
  'batch',
  'sweep',
  'event',
  'plugin',
  'plugin_failed',
  'work',
  'dead',
] as const

/** How much stands in each queue; pressing one shows its jobs. */
export function QueueCards() {
  const { t } = useTranslation('jobs')
  const format = useFormat()
  const navigate = useNavigate()
  const query = useQuery({
    queryKey: ['jobs', 'queues'],
    queryFn: () => read(api.api['job-queues'].$get()),
    refetchInterval: 3_000,
  })
  return (
    <QueryView query={query}>
      {({ items }) => (
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
          {items.map(({ queue, waiting, deferred, active, failed, oldestWaitingSince }) => (
            <Card key={queue} withBorder padding="sm">
              <UnstyledButton
                onClick={() =>
                  void navigate({ to: '.', search: (old: object) => ({ ...old, queue }) } as never)
                }
              >
                <Text fw={600} size="sm">
                  {t(`queue.${queue}`, { defaultValue: queue })}
                </Text>
              </UnstyledButton>
              <Text size="sm">
                {t('counts.waiting', { shown: format.count(waiting) })} ·{' '}
                {t('counts.active', { shown: format.count(active) })}
              </Text>
              {deferred > 0 && (
                <Text size="xs" c="dimmed">
                  {t('counts.deferred', { shown: format.count(deferred) })}
                </Text>
              )}
              {failed > 0 && (
                <Badge size="sm" variant="light" color="red">
                  {t('counts.failed', { shown: format.count(failed) })}
                </Badge>
              )}
              {oldestWaitingSince && (
                <Text size="xs" c="dimmed">
                  {t('counts.oldest')} <When at={oldestWaitingSince} />
                </Text>
              )}
            </Card>
          ))}
        </SimpleGrid>
      )}
    </QueryView>
  )
}
