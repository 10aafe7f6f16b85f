import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export type ProposalStatus = 'open' | 'superseded' | 'rejected' | 'applied' | 'failed' | 'undone'

const colours: Record<ProposalStatus, string> = {
  open: 'blue',
  superseded: 'gray',
  rejected: 'gray',
  applied: 'green',
  failed: 'red',
  undone: 'orange',
}

export function StatusBadge({ status }: { status: ProposalStatus }) {
  const { t } = useTranslation('proposals')
  return (
    <Badge variant="light" color={colours[status]}>
      {t(`status.${status}`)}
    </Badge>
  )
}
