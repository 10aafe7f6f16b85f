import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export type Severity = 'critical' | 'high' | 'normal' | 'notice'

const colours: Record<Severity, string> = { critical: 'red', high: 'orange', normal: 'blue', notice: 'gray' }

/** How bad a problem is. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  const { t } = useTranslation('problems')
  return (
    <Badge variant="light" color={colours[severity]}>
      {t(`severity.${severity}`)}
    </Badge>
  )
}
