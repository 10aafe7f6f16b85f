import { Badge, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { api, Success } from '../../api.ts'
import { useFormat } from '../../kit/use-format.ts'

export type Run = Success<Awaited<ReturnType<typeof api.api.runs.$get>>>['items'][number]

const colours = { done: 'green', failed: 'red', cancelled: 'orange', running: 'blue' } as const

/** How a run ended, or that it goes on. */
export function RunBadge({ run }: { run: Run }) {
  const { t } = useTranslation('runs')
  const state = run.finishedAt === null ? (run.cancelledBy ? 'cancelling' : 'running') : run.outcome
  return (
    <Badge variant="light" color={colours[run.outcome ?? 'running']}>
      {t(`outcome.${state ?? 'running'}`)}
    </Badge>
  )
}

/** What a run did, in words. */
export function RunCounts({ counts }: { counts: Run['counts'] }) {
  const { t } = useTranslation('runs')
  const format = useFormat()
  const shown = Object.entries(counts).filter(([, count]) => count > 0)
  return (
    <Text size="sm" span>
      {shown.length === 0
        ? t('nothing')
        : shown
            .map(([name, count]) => `${t(`count.${name}`, { defaultValue: name })} ${format.count(count)}`)
            .join(' · ')}
    </Text>
  )
}

/** How long a run took, or has taken so far. */
export function useDuration() {
  const { t } = useTranslation('runs')
  const format = useFormat()
  return ({ startedAt, finishedAt }: Run): string => {
    const ms = (finishedAt ? new Date(finishedAt) : new Date()).getTime() - new Date(startedAt).getTime()
    if (ms < 1000) return t('ms', { shown: format.count(ms) })
    if (ms < 120_000) return t('seconds', { shown: format.count(Math.round(ms / 100) / 10) })
    return t('minutes', { shown: format.count(Math.round(ms / 60_000)) })
  }
}
