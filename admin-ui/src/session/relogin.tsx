import { Anchor, Modal, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { noticeSignIn, useExpiry } from './expiry.ts'
import { SignInForm } from './sign-in-form.tsx'

/** The login over the page, when the session ended under it: what was typed stays where it is. */
export function Relogin({ email }: { email: string | undefined }) {
  const { t } = useTranslation('session')
  const queries = useQueryClient()
  const { isExpired } = useExpiry()
  const goOn = () => {
    noticeSignIn()
    void queries.invalidateQueries()
  }
  return (
    <Modal
      opened={isExpired}
      onClose={() => {}}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t('expired.title')}
      zIndex={1000}
    >
      <Text size="sm" mb="md">
        {t('expired.hint')}
      </Text>
      <SignInForm email={email} onSignedIn={goOn} />
      <Anchor href="/" size="sm" mt="md" display="block">
        {t('expired.other')}
      </Anchor>
    </Modal>
  )
}
