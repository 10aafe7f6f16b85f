import { Button, Group, Modal, Stack } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from './error-note.tsx'

type Props = {
  title: string
  /** What the button says. */
  submit: string
  isOpen: boolean
  onClose: () => void
  action: Pick<UseMutationResult<unknown, Error, never>, 'isPending' | 'error' | 'reset'>
  onSubmit: () => void
  isReady?: boolean
  color?: string
  size?: string
  children: ReactNode
}

/** A form in a window of its own. A refusal stands in it, beside what was typed, which stays. */
export function FormModal(props: Props) {
  const { title, submit, isOpen, onClose, action, onSubmit, isReady = true, color, size, children } = props
  const { t } = useTranslation('kit')
  const close = () => {
    action.reset()
    onClose()
  }
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) onSubmit()
  }
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={title}
      size={size ?? 'md'}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={send}>
        <Stack gap="sm">
          {children}
          {action.error && <ErrorNote error={action.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button
              type="submit"
              loading={action.isPending}
              disabled={!isReady}
              {...(color ? { color } : {})}
            >
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
