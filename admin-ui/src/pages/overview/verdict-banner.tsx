import { Alert, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconHandStop, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { RowsLink } from './rows-link.tsx'
import type { Overview } from './use-overview.ts'

const looks = {
  in_step: { color: 'green', icon: IconCircleCheck },
  working: { color: 'blue', icon: IconRefresh },
  attention: { color: 'orange', icon: IconAlertTriangle },
  stopped: { color: 'red', icon: IconHandStop },
} as const

/** Whether all is in step and, if not, the first thing to do. */
export function VerdictBanner({ verdict }: { verdict: Overview['verdict'] }) {
  const { t } = useTranslation('overview')
  const { color, icon: Icon } = looks[verdict.state]
  const { aspect } = verdict.values
  const values = { ...verdict.values, ...(aspect ? { aspect: t(`aspect.${aspect}`) } : {}) }
  return (
    <Alert color={color} icon={<Icon aria-hidden />} title={t(`state.${verdict.state}`)} role="status">
      <Group gap="md">
        <Text size="sm" dir="auto">
          {t(`verdict.${verdict.code}`, values)}
        </Text>
        {verdict.list && <RowsLink list={verdict.list}>{t('takeUp')}</RowsLink>}
      </Group>
    </Alert>
  )
}
