import { Badge, Group, Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from './use-format.ts'
import { type NamedWork, useWorkName } from './work-name.ts'

export type WorkState = 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
export type WorkSummary = NamedWork & {
  state: WorkState
  total: number
  done: number
  failed: number
}

const colours: Record<WorkState, string> = {
  waiting: 'gray',
  running: 'blue',
  done: 'green',
  cancelled: 'gray',
  failed: 'red',
}

export const isOver = (state: WorkState): boolean => state !== 'waiting' && state !== 'running'

/** The state of long work in a word. */
export function WorkBadge({ state }: { state: WorkState }) {
  const { t } = useTranslation('kit')
  return (
    <Badge variant="light" color={colours[state]}>
      {t(`work.state.${state}`)}
    </Badge>
  )
}

/** How far long work is: its share, and of items how many and how many could not be done. */
export function WorkProgress({ work }: { work: WorkSummary }) {
  const { t } = useTranslation('kit')
  const { kind, state, total, done, failed } = work
  const { name } = useWorkName()(work)
  const format = useFormat()
  const share = state === 'done' ? 1 : total > 0 ? Math.min(1, done / total) : 0
  // An import counts the bytes of its file, which tell nobody anything.
  const isOfItems = !kind.startsWith('import')
  return (
    <Stack gap={4}>
      <Progress
        value={share * 100}
        color={colours[state]}
        animated={state === 'running'}
        aria-label={t('work.progress', { title: name })}
      />
      <Group gap="xs" justify="space-between">
        <Text size="xs" c="dimmed">
          {isOfItems
            ? t('work.items', { done: format.count(done), total: format.count(total) })
            : format.share(share)}
        </Text>
        {failed > 0 && (
          <Text size="xs" c="red">
            {t('work.failed', { count: failed, shown: format.count(failed) })}
          </Text>
        )}
      </Group>
    </Stack>
  )
}
