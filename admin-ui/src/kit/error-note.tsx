import { Alert, Button, Code, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api.ts'
import { VendorWords } from './vendor-words.tsx'

/** What went wrong: our words, the field, and the platform's own words beside them. */
export function ErrorNote({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { t } = useTranslation('kit')
  const known = error instanceof ApiError ? error : null
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t('error.title')} role="alert">
      <Text size="sm" dir="auto">
        {known?.status === 0 ? t('error.unreachable') : error.message}
      </Text>
      {known?.field && (
        <Text size="sm">
          {t('error.field')} <Code>{known.field}</Code>
        </Text>
      )}
      <VendorWords text={known?.vendorMessage} />
      {known && known.issues.length > 1 && (
        <List size="sm" mt="xs">
          {known.issues.map((issue) => (
            <List.Item key={`${issue.field}${issue.message}`}>
              {issue.field && <Code>{issue.field}</Code>} <span dir="auto">{issue.message}</span>
            </List.Item>
          ))}
        </List>
      )}
      {onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          {t('error.retry')}
        </Button>
      )}
    </Alert>
  )
}
