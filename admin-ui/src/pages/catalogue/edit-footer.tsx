import { Button, Group, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../kit/error-note.tsx'
import type { ProductEdit } from './use-product-edit.ts'

/** The end of a form: why it was not taken, and what can be done with what was typed. */
export function EditFooter({
  edit,
  isChanged,
  onDiscard,
}: {
  edit: ProductEdit
  isChanged: boolean
  onDiscard: () => void
}) {
  const { t } = useTranslation('catalogue')
  return (
    <Stack gap="xs">
      {edit.error && <ErrorNote error={edit.error} />}
      <Group justify="flex-end">
        {edit.canRebase && (
          <Button variant="light" color="yellow" onClick={edit.rebase}>
            {t('edit.rebase')}
          </Button>
        )}
        <Button
          variant="default"
          disabled={!isChanged}
          onClick={() => {
            edit.reset()
            onDiscard()
          }}
        >
          {t('edit.discard')}
        </Button>
        <Button type="submit" disabled={!isChanged} loading={edit.isSaving}>
          {t('kit:save')}
        </Button>
      </Group>
    </Stack>
  )
}
