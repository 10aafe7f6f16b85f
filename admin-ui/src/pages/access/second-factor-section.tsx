import { Badge, Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Section } from '../../kit/section.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Account } from '../../session/use-me.ts'
import { SecondFactorSetup } from './second-factor-setup.tsx'
import { ShownOnce } from './shown-once.tsx'

type Setup = { uri: string; backupCodes: string[] }

/** The second factor: on or off; each step takes the password. */
export function SecondFactorSection({ account }: { account: Account }) {
  const { t } = useTranslation('access')
  const [password, setPassword] = useState('')
  const [setup, setSetup] = useState<Setup | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const json = { password }
  const shared = { topics: ['me', 'users'], isErrorShown: true }
  const begin = useAction({
    ...shared,
    run: () => read(api.api.me['second-factor'].$post({ json })),
    onDone: (made) => {
      setSetup(made)
      setPassword('')
    },
  })
  const remove = useAction({
    ...shared,
    run: () => read(api.api.me['second-factor'].remove.$post({ json })),
    done: t('account.factorRemoved'),
    onDone: () => {
      setPassword('')
      setCodes(null)
    },
  })
  const renew = useAction({
    ...shared,
    run: () => read(api.api.me['backup-codes'].$post({ json })),
    onDone: ({ backupCodes }) => {
      setCodes(backupCodes)
      setPassword('')
    },
  })
  const isOn = account.hasSecondFactor
  const error = begin.error ?? remove.error ?? renew.error
  return (
    <Section title={t('account.factor')} hint={t('account.factorHint')}>
      <Badge variant="light" color={isOn ? 'green' : 'gray'}>
        {t(isOn ? 'users.on' : 'users.off')}
      </Badge>
      {setup && <SecondFactorSetup {...setup} onDone={() => setSetup(null)} />}
      {codes && (
        <ShownOnce title={t('account.codes')} hint={t('account.codesHint')} value={codes.join('\n')} />
      )}
      {!setup && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (isOn) renew.mutate()
            else begin.mutate()
          }}
        >
          <Stack>
            <input type="email" autoComplete="username" value={account.email} readOnly hidden />
            <PasswordInput
              label={t('account.currentPassword')}
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': t('session:showPassword') }}
            />
            {error && <ErrorNote error={error} />}
            <Group justify="flex-end">
              {isOn && (
                <Button
                  variant="light"
                  color="red"
                  disabled={password === ''}
                  loading={remove.isPending}
                  onClick={() => remove.mutate()}
                >
                  {t('account.removeFactor')}
                </Button>
              )}
              <Button type="submit" loading={begin.isPending || renew.isPending}>
                {t(isOn ? 'account.renewCodes' : 'account.beginFactor')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
      {!isOn && !setup && (
        <Text size="xs" c="dimmed">
          {t('account.factorApps')}
        </Text>
      )}
    </Section>
  )
}
