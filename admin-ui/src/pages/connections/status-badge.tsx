import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Connection } from './use-connections.ts'

const colours = { active: 'green', observing: 'blue', paused: 'red' } as const

export function StatusBadge({ status }: { status: Connection['status'] }) {
  const { t } = useTranslation('connections')
  return (
    <Badge variant="light" color={colours[status]}>
      {t(`status.${status}`)}
    </Badge>
  )
}
