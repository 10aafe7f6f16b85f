import { SegmentedControl } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageFrame } from '../../kit/page-frame.tsx'
import { ProblemGroups } from './problem-groups.tsx'
import { ProblemList } from './problem-list.tsx'

/** What is stopped: by cause, so that one decision deals with many, or one by one. */
export default function ProblemsPage() {
  const { t } = useTranslation('problems')
  const { view } = useSearch({ strict: false }) as { view?: string }
  const navigate = useNavigate()
  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      actions={
        <SegmentedControl
          aria-label={t('view.label')}
          value={view === 'all' ? 'all' : 'groups'}
          onChange={(next) => void navigate({ to: '.', search: next === 'all' ? { view: next } : {} })}
          data={[
            { value: 'groups', label: t('view.groups') },
            { value: 'all', label: t('view.all') },
          ]}
        />
      }
    >
      {view === 'all' ? <ProblemList /> : <ProblemGroups />}
    </PageFrame>
  )
}
