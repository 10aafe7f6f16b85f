import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, read } from '../api.ts'
import { ErrorNote } from '../kit/error-note.tsx'
import { Loading } from '../kit/loading.tsx'
import { Door } from './door.tsx'
import { SignInForm } from './sign-in-form.tsx'

const enter = () => window.location.replace('/')

/** Where a one-time link leads: the first admin, an invitation, or another password. */
export function JoinPage() {
  const { t } = useTranslation('session')
  const [token] = useState(() => window.location.hash.slice(1))
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => read(api.api.links.read.$post({ json: { token } })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const [needsCode, setNeedsCode] = useState(false)
  if (needsCode)
    return (
      <Door title={t('signIn.title')}>
        <SignInForm isAtCode onSignedIn={enter} />
      </Door>
    )
  if (link.error)
    return (
      <Door title={t('join.broken')}>
        <ErrorNote error={link.error} />
        <Button component="a" href="/" variant="default">
          {t('join.toSignIn')}
        </Button>
      </Door>
    )
  if (!link.data) return <Door title={t('join.opening')} children={<Loading lines={3} />} />
  const { purpose, email, name } = link.data
  return (
    <Door title={t(`join.${purpose}`)} hint={t(`join.${purpose}Hint`)}>
      <JoinForm
        token={token}
        email={email}
        name={name}
        asksName={purpose !== 'password_reset'}
        onNeedsCode={() => setNeedsCode(true)}
      />
    </Door>
  )
}

type FormProps = {
  token: string
  email: string | null
  name: string | null
  asksName: boolean
  onNeedsCode: () => void
}

function JoinForm({ token, email: known, name: called, asksName, onNeedsCode }: FormProps) {
  const { t } = useTranslation('session')
  const [form, setForm] = useState({ email: known ?? '', name: called ?? '', password: '', again: '' })
  const [error, setError] = useState<Error | null>(null)
  const [isBusy, setBusy] = useState(false)
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }))
  const isDifferent = form.again !== '' && form.again !== form.password
  const field = error instanceof ApiError ? error.field : null

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (form.again !== form.password) return
    setBusy(true)
    setError(null)
    const { password } = form
    try {
      const { email } = await read(
        api.api.links.redeem.$post({
          json: {
            token,
            password,
            ...(asksName ? { name: form.name } : {}),
            ...(known === null ? { email: form.email } : {}),
          },
        }),
      )
      const { state } = await read(api.api.session.$post({ json: { email, password } }))
      if (state === 'needs_code') onNeedsCode()
      else enter()
    } catch (caught) {
      setError(caught as Error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void send(event)}>
      <Stack>
        <TextInput
          label={t('email')}
          type="email"
          autoComplete="username"
          required
          readOnly={known !== null}
          value={form.email}
          error={field === 'email' && error?.message}
          onChange={(event) => set({ email: event.currentTarget.value })}
        />
        {asksName && (
          <TextInput
            label={t('name')}
            autoComplete="name"
            required
            value={form.name}
            error={field === 'name' && error?.message}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        )}
        <NewPassword
          value={form.password}
          error={field === 'password' ? error?.message : undefined}
          onChange={(password) => set({ password })}
        />
        <PasswordInput
          label={t('again')}
          autoComplete="new-password"
          required
          value={form.again}
          error={isDifferent && t('different')}
          onChange={(event) => set({ again: event.currentTarget.value })}
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        />
        {error && !['email', 'name', 'password'].includes(field ?? '') && <ErrorNote error={error} />}
        <Button type="submit" loading={isBusy}>
          {t('join.do')}
        </Button>
      </Stack>
    </form>
  )
}

export const shortestPassword = 12

/** A password that is chosen: how long it must be, and how long it is. */
export function NewPassword({
  value,
  error,
  onChange,
}: {
  value: string
  error?: string | undefined
  onChange: (password: string) => void
}) {
  const { t } = useTranslation('session')
  return (
    <PasswordInput
      label={t('newPassword')}
      description={t('passwordHint', { least: shortestPassword })}
      autoComplete="new-password"
      required
      minLength={shortestPassword}
      value={value}
      error={error}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
      rightSectionWidth={36}
      leftSection={
        value === '' ? null : (
          <Text size="xs" c="dimmed" aria-hidden>
            {value.length}
          </Text>
        )
      }
    />
  )
}
