import { Alert, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../api.ts'
import { chooseLanguage, isLanguage } from '../i18n/index.ts'
import { ErrorNote } from '../kit/error-note.tsx'
import { Door } from './door.tsx'
import { JoinPage } from './join-page.tsx'
import { Relogin } from './relogin.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { meQuery } from './use-me.ts'

/** Lets only those see the pages who are signed in. Once they are, the pages stay, whatever becomes of the session. */
export function SessionGate({ children }: { children: ReactNode }) {
  if (window.location.pathname === '/join') return <JoinPage />
  return <SignedIn>{children}</SignedIn>
}

function SignedIn({ children }: { children: ReactNode }) {
  const { t } = useTranslation('session')
  const [isIn, setIn] = useState(false)
  const session = useQuery({
    queryKey: ['session'],
    queryFn: () => read(api.api.session.$get()),
    enabled: !isIn,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (isIn || session.data?.isSignedIn) return <Known>{children}</Known>
  if (session.error)
    return (
      <Door title={t('signIn.title')}>
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      </Door>
    )
  if (!session.data) return null
  return (
    <Door title={t('signIn.title')}>
      {!session.data.isSetUp && (
        <Alert color="blue" title={t('setUp.title')}>
          {t('setUp.hint')}
        </Alert>
      )}
      <SignInForm onSignedIn={() => setIn(true)} />
    </Door>
  )
}

function Known({ children }: { children: ReactNode }) {
  const { t } = useTranslation('session')
  const me = useQuery(meQuery)
  usePreferences(me.data?.account ?? null)
  if (me.data)
    return (
      <>
        {children}
        <Relogin email={me.data.account?.email} />
      </>
    )
  if (me.error)
    return (
      <Door title={t('signIn.title')}>
        <ErrorNote error={me.error} onRetry={() => void me.refetch()} />
      </Door>
    )
  return null
}

/** Language and colours that the person chose, on whatever machine: once, when the page is loaded. */
function usePreferences(account: { locale: string | null; theme: 'auto' | 'light' | 'dark' } | null): void {
  const { setColorScheme } = useMantineColorScheme()
  const isDone = useRef(false)
  useEffect(() => {
    if (!account || isDone.current) return
    isDone.current = true
    if (isLanguage(account.locale)) void chooseLanguage(account.locale)
    setColorScheme(account.theme)
  }, [account, setColorScheme])
}
