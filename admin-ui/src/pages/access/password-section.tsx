import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Section } from '../../kit/section.tsx'
import { useAction } from '../../kit/use-action.ts'
import { NewPassword } from '../../session/join-page.tsx'

const empty = { password: '', newPassword: '' }

export function PasswordSection({ email }: { email: string }) {
  const { t } = useTranslation('access')
  const [form, setForm] = useState(empty)
  const save = useAction({
    run: () => read(api.api.me.password.$put({ json: form })),
    topics: ['my-sessions'],
    done: t('account.passwordChanged'),
    isErrorShown: true,
    onDone: () => setForm(empty),
  })
  const field = save.error instanceof ApiError ? save.error.field : null
  return (
    <Section title={t('account.password')} hint={t('account.passwordHint')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <input type="email" autoComplete="username" value={email} readOnly hidden />
          <PasswordInput
            label={t('account.currentPassword')}
            autoComplete="current-password"
            required
            value={form.password}
            error={field === 'password' && save.error?.message}
            onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
            visibilityToggleButtonProps={{ 'aria-label': t('session:showPassword') }}
          />
          <NewPassword
            value={form.newPassword}
            error={field === 'newPassword' ? save.error?.message : undefined}
            onChange={(newPassword) => setForm({ ...form, newPassword })}
          />
          {save.error && field === null && <ErrorNote error={save.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              {t('account.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
