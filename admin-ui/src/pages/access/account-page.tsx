import { SimpleGrid, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useMe } from '../../session/use-me.ts'
import { PasswordSection } from './password-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import { SecondFactorSection } from './second-factor-section.tsx'
import { SessionsSection } from './sessions-section.tsx'

/** What everybody manages for themself: name, password, second factor, where they are signed in. */
export default function AccountPage() {
  const { t } = useTranslation('access')
  const { account } = useMe()
  return (
    <PageFrame title={t('account.title')} hint={account?.email}>
      {account ? (
        <Stack>
          <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
            <Stack>
              <ProfileSection account={account} />
              <PasswordSection email={account.email} />
            </Stack>
            <SecondFactorSection account={account} />
          </SimpleGrid>
          <SessionsSection />
        </Stack>
      ) : (
        <EmptyState title={t('account.none')} />
      )}
    </PageFrame>
  )
}
