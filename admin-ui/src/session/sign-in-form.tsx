import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, read } from '../api.ts'

type Props = {
  /** Whose session goes on; anybody may sign in without. */
  email?: string | undefined
  /** The password was told already: only the code is missing. */
  isAtCode?: boolean
  onSignedIn: () => void
}

/** E-mail address and password, then the code where there is a second factor. */
export function SignInForm({ email: fixed, isAtCode = false, onSignedIn }: Props) {
  const { t } = useTranslation('session')
  const [email, setEmail] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [step, setStep] = useState<'password' | 'code' | 'backup'>(isAtCode ? 'code' : 'password')
  const [error, setError] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)

  const send = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const { state } =
        step === 'password'
          ? await read(api.api.session.$post({ json: { email, password } }))
          : await read(api.api.session.code.$post({ json: { code, isBackupCode: step === 'backup' } }))
      if (state === 'needs_code') setStep('code')
      else onSignedIn()
    } catch (caught) {
      setCode('')
      setError(wordsOf(caught, t('unreachable')))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void send(event)} aria-label={t('signIn.title')}>
      <Stack>
        {step === 'password' && (
          <>
            <TextInput
              label={t('email')}
              type="email"
              name="email"
              autoComplete="username"
              required
              readOnly={fixed !== undefined}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              {...(fixed === undefined ? { 'data-autofocus': true, autoFocus: true } : {})}
            />
            <PasswordInput
              label={t('password')}
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
              {...(fixed === undefined ? {} : { 'data-autofocus': true, autoFocus: true })}
            />
          </>
        )}
        {step !== 'password' && (
          <>
            <TextInput
              key={step}
              label={t(`signIn.${step}`)}
              description={t(`signIn.${step}Hint`)}
              name="code"
              autoComplete="one-time-code"
              inputMode={step === 'code' ? 'numeric' : 'text'}
              required
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={() => setStep(step === 'code' ? 'backup' : 'code')}
            >
              {t(step === 'code' ? 'signIn.useBackup' : 'signIn.useApp')}
            </Anchor>
          </>
        )}
        {error && (
          <Alert color="red" role="alert">
            <Text size="sm">{error}</Text>
          </Alert>
        )}
        <Button type="submit" loading={isBusy}>
          {t('signIn.do')}
        </Button>
      </Stack>
    </form>
  )
}

const wordsOf = (error: unknown, unreachable: string): string =>
  error instanceof ApiError && error.status === 0 ? unreachable : (error as Error).message
