import { Anchor, Card, Group, Progress, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'

const Plot = lazy(() => import('../../kit/plot.tsx'))

const hourMs = 3_600_000

/** Each rate limit: what is published, what the platform says itself, and what was used in a day. */
export function LimitsTab({ id }: { id: string }) {
  const { t } = useTranslation('connections')
  const format = useFormat()
  const query = useQuery({
    queryKey: ['connections', id, 'limits'],
    queryFn: () => read(api.api.connections[':id'].limits.$get({ param: { id } })),
    refetchInterval: 5_000,
  })
  const thisHour = Math.floor(Date.now() / hourMs) * hourMs
  const lastHours = Array.from({ length: 24 }, (_, index) => thisHour - (23 - index) * hourMs)
  const clock = (at: number) =>
    new Intl.DateTimeFormat(format.locale, { hour: 'numeric', minute: '2-digit' }).format(at)
  const rate = (perSecond: number) =>
    perSecond >= 1
      ? t('limit.perSecond', { shown: new Intl.NumberFormat(format.locale).format(perSecond) })
      : t('limit.everySeconds', {
          shown: new Intl.NumberFormat(format.locale, { maximumFractionDigits: 1 }).format(1 / perSecond),
        })
  return (
    <QueryView query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('limit.none')} />
        ) : (
          <Stack>
            {items.map((one) => (
              <Card key={one.bucket} withBorder component="section" aria-label={one.bucket}>
                <Group justify="space-between">
                  <Text fw={600}>{one.bucket}</Text>
                  <Text size="sm">
                    {rate(one.perSecond)} · {t('limit.burst', { count: one.burst })}
                  </Text>
                </Group>
                <Text size="sm" c="dimmed">
                  {one.isToldByPlatform ? t('limit.told') : t('limit.published')}{' '}
                  {one.published && (
                    <Anchor
                      underline="always"
                      href={one.published.source}
                      target="_blank"
                      rel="noreferrer"
                      size="sm"
                    >
                      {t('limit.source')}
                    </Anchor>
                  )}
                  {one.rateScale !== 1 && ` · ${t('limit.scaled', { factor: one.rateScale })}`}
                </Text>
                <Progress
                  my="xs"
                  value={100 * Math.max(0, Math.min(1, one.tokens / one.burst))}
                  aria-label={t('limit.tokensLeft', { bucket: one.bucket })}
                />
                <Text size="sm">
                  {one.blockedUntil ? (
                    <>
                      {t('limit.blocked')} <When at={one.blockedUntil} />
                    </>
                  ) : one.tokens < 0 ? (
                    t('limit.queued', { count: Math.ceil(-one.tokens) })
                  ) : (
                    t('limit.tokens', { count: Math.floor(one.tokens) })
                  )}
                </Text>
                {one.hours.length > 0 && (
                  <Suspense fallback={<Skeleton h={240} />}>
                    <Plot
                      title={t('limit.hours', { bucket: one.bucket })}
                      shape="bar"
                      x={{ key: 'hour', label: t('limit.hour') }}
                      series={[
                        { key: 'calls', label: t('limit.calls'), format: format.count },
                        { key: 'failed', label: t('limit.failed'), format: format.count },
                      ]}
                      rows={lastHours.map((hour) => {
                        const used = one.hours.find((found) => new Date(found.hour).getTime() === hour)
                        return { hour: clock(hour), calls: used?.calls ?? 0, failed: used?.failed ?? 0 }
                      })}
                    />
                  </Suspense>
                )}
              </Card>
            ))}
          </Stack>
        )
      }
    </QueryView>
  )
}
