import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type Props = ButtonProps & {
  children: ReactNode
  /** What will happen, in a sentence; more may stand below it. */
  question: string
  detail?: ReactNode
  onConfirm: () => unknown
}

/** A button that asks before it acts, for what cannot be taken back by pressing again. */
export function ConfirmButton({ children, question, detail, onConfirm, ...button }: Props) {
  const { t } = useTranslation('kit')
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button {...button} onClick={open}>
        {children}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('confirm.title')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <Text size="sm">{question}</Text>
        {detail}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close} data-autofocus>
            {t('cancel')}
          </Button>
          <Button
            {...(button.color ? { color: button.color } : {})}
            onClick={() => {
              close()
              void onConfirm()
            }}
          >
            {children}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
