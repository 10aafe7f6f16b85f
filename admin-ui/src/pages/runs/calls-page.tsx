import { useTranslation } from 'react-i18next'
import { PageFrame } from '../../kit/page-frame.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { CallsTable } from './calls-table.tsx'
import { RetentionForm } from './retention-form.tsx'

/** What connectors called, over all connections, and how long it is kept. */
export default function CallsPage() {
  const { t } = useTranslation('runs')
  const mayChange = hasRole(useRole(), 'admin')
  return (
    <PageFrame title={t('calls.title')} hint={t('calls.hint')}>
      <CallsTable />
      {mayChange && <RetentionForm />}
    </PageFrame>
  )
}
