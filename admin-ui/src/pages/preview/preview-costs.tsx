import { Card, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { api, Success } from '../../api.ts'
import { useFormat } from '../../kit/use-format.ts'

const route = (routes: typeof api) => routes.api.connections[':id'].preview.$post
export type Preview = Success<Awaited<ReturnType<ReturnType<typeof route>>>>

/** What pushing all that waits costs: calls, and time at the platform's limit. */
export function PreviewCosts({ costs }: { costs: Preview['costs'] }) {
  const { t } = useTranslation('preview')
  const format = useFormat()
  const time = (seconds: number) =>
    seconds < 1
      ? t('cost.atOnce')
      : seconds < 120
        ? t('cost.seconds', { count: Math.ceil(seconds) })
        : seconds < 7200
          ? t('cost.minutes', { count: Math.ceil(seconds / 60) })
          : t('cost.hours', { count: Math.ceil(seconds / 3600) })
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      {costs.map((cost) => (
        <Card
          key={cost.aspect}
          withBorder
          padding="sm"
          component="section"
          aria-label={t(`aspect.${cost.aspect}`)}
        >
          <Text fw={600}>{t(`aspect.${cost.aspect}`)}</Text>
          <Text size="sm">
            {t(cost.isMore ? 'cost.waitingMore' : 'cost.waiting', {
              count: cost.waiting,
              shown: format.count(cost.waiting),
            })}
          </Text>
          {cost.waiting > 0 && (
            <>
              <Text size="sm">
                {t(cost.isExact ? 'cost.calls' : 'cost.callsAbout', {
                  count: cost.calls,
                  shown: format.count(cost.calls),
                })}{' '}
                {cost.form === 'feed' && t('cost.feed')}
              </Text>
              <Text size="sm">
                {cost.seconds === null ? t('cost.unknownTime') : time(cost.seconds)}
                {cost.bucket && ` (${cost.bucket})`}
              </Text>
            </>
          )}
          {cost.plugins.length > 0 && (
            <Text size="xs" c="dimmed" dir="auto">
              {t('cost.plugins', { names: cost.plugins.join(', ') })}
            </Text>
          )}
        </Card>
      ))}
    </SimpleGrid>
  )
}
