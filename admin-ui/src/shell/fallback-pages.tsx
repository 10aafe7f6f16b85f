import { Button } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../kit/empty-state.tsx'
import { ErrorNote } from '../kit/error-note.tsx'
import { PageFrame } from '../kit/page-frame.tsx'

/** For an address that leads nowhere. */
export function MissingPage() {
  const { t } = useTranslation('shell')
  return (
    <PageFrame title={t('missing.title')}>
      <EmptyState
        title={t('missing.text')}
        action={
          <Button component={Link} to="/">
            {t('missing.back')}
          </Button>
        }
      />
    </PageFrame>
  )
}

/** For a page that broke while it was drawn. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation('shell')
  return (
    <PageFrame title={t('failed.title')}>
      <ErrorNote error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </PageFrame>
  )
}
