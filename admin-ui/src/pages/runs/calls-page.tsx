import { useTranslation } from 'react-i18next'
import { PageFrame } from '../../kit/page-frame.tsx'
import { CallsTable } from './calls-table.tsx'

/** What connectors called, over all connections. */
export default function CallsPage() {
  const { t } = useTranslation('runs')
  return (
    <PageFrame title={t('calls.title')} hint={t('calls.hint')}>
      <CallsTable />
    </PageFrame>
  )
}
