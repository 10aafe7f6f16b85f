import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { Section } from '../../kit/section.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Account } from '../../session/use-me.ts'

export function ProfileSection({ account }: { account: Account }) {
  const { t } = useTranslation('access')
  const [name, setName] = useState(account.name)
  const save = useAction({
    run: () => read(api.api.me.$patch({ json: { name } })),
    topics: ['me', 'users'],
    done: t('saved'),
  })
  return (
    <Section title={t('account.profile')} hint={t('account.profileHint')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={t('session:name')}
            autoComplete="name"
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {t('role')}: {t(`session:role.${account.role}`)}
            </Text>
            <Button type="submit" loading={save.isPending} disabled={name === account.name}>
              {t('kit:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
