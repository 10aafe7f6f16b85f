import { Badge, Text, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'

const statusColours: Record<string, string> = {
  live: 'green',
  pending: 'blue',
  rejected: 'red',
  ended: 'gray',
  draft: 'gray',
}

export function ListingStatus({ status }: { status: string }) {
  const { t } = useTranslation('listings')
  return (
    <Badge variant="light" color={statusColours[status] ?? 'gray'}>
      {t(`status.${status}`)}
    </Badge>
  )
}

type State = {
  isInStep: boolean
  isRefused: boolean
  dirtySince: string | null
  acknowledgedAt: string | null
}

/** Whether the marketplace has what the hub wants, in two words; since when on pointing at it. */
export function Standing({ state }: { state: State | null | undefined }) {
  const { t } = useTranslation('listings')
  const format = useFormat()
  if (!state) return <Text size="sm">—</Text>
  const [word, colour, at] = state.isInStep
    ? (['inStep', 'green', state.acknowledgedAt] as const)
    : state.isRefused
      ? (['held', 'red', state.dirtySince] as const)
      : (['waits', 'yellow', state.dirtySince] as const)
  const badge = (
    <Badge variant="light" size="sm" color={colour}>
      {t(`standing.${word}`)}
    </Badge>
  )
  if (!at) return badge
  return (
    <Tooltip label={t(`standing.${word}Since`, { at: format.instant(at), age: format.age(at) })}>
      {badge}
    </Tooltip>
  )
}
