import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Stands where content will be. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation('kit')
  return (
    <Stack gap="xs" aria-busy>
      <VisuallyHidden role="status">{t('loading')}</VisuallyHidden>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={28} />
      ))}
    </Stack>
  )
}
