import { Button, Divider, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'
import { RoleSelect } from './role-select.tsx'
import type { MadeLink, User } from './users-page.tsx'

const topics = ['users', 'audit', 'me']

/** A person: what they may do, and what an admin may do for them. */
export function UserModal({
  user,
  onClose,
  onLink,
}: {
  user: User
  onClose: () => void
  onLink: (link: MadeLink) => void
}) {
  const { t } = useTranslation('access')
  const [name, setName] = useState(user.name)
  const [role, setRole] = useState(user.role)
  const param = { id: user.id }
  const change = useAction({
    run: (wanted: { name?: string; role?: User['role']; isDisabled?: boolean }) =>
      read(api.api.users[':id'].$patch({ param, json: { ...wanted, revision: user.revision } })),
    topics,
    done: t('saved'),
    isErrorShown: true,
    onDone: onClose,
  })
  const renew = useAction({
    run: () => read(api.api.users[':id'].link.$post({ param })),
    topics,
    onDone: ({ link }) => {
      onLink({ email: user.email, path: link.path })
      onClose()
    },
  })
  const signOut = useAction({
    run: () => read(api.api.users[':id']['sign-out'].$post({ param })),
    topics,
    done: ({ ended }) => t('users.signedOut', { count: ended }),
  })
  const reset = useAction({
    run: () => read(api.api.users[':id']['reset-second-factor'].$post({ param })),
    topics,
    done: t('users.wasReset'),
  })
  const isDisabled = user.state === 'disabled'
  return (
    <Modal opened onClose={onClose} title={user.email} closeButtonProps={{ 'aria-label': t('kit:close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ name, role })
        }}
      >
        <Stack>
          <TextInput
            label={t('users.name')}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <RoleSelect value={role} onChange={setRole} />
          {change.error && <ErrorNote error={change.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              {t('kit:save')}
            </Button>
          </Group>
        </Stack>
      </form>
      <Divider my="md" />
      <Stack gap="xs">
        {!isDisabled && (
          <Action text={t(user.state === 'invited' ? 'users.invitedHint' : 'users.linkAgainHint')}>
            <Button variant="default" size="xs" loading={renew.isPending} onClick={() => renew.mutate()}>
              {t('users.newLink')}
            </Button>
          </Action>
        )}
        {user.state === 'active' && (
          <Action text={t('users.signOutHint')}>
            <Button variant="default" size="xs" loading={signOut.isPending} onClick={() => signOut.mutate()}>
              {t('users.signOut')}
            </Button>
          </Action>
        )}
        {user.hasSecondFactor && (
          <Action text={t('users.resetHint')}>
            <ConfirmButton
              variant="default"
              size="xs"
              question={t('users.resetQuestion', { email: user.email })}
              loading={reset.isPending}
              onConfirm={() => reset.mutate()}
            >
              {t('users.reset')}
            </ConfirmButton>
          </Action>
        )}
        <Action text={t(isDisabled ? 'users.enableHint' : 'users.disableHint')}>
          {isDisabled ? (
            <Button variant="default" size="xs" onClick={() => change.mutate({ isDisabled: false })}>
              {t('users.enable')}
            </Button>
          ) : (
            <ConfirmButton
              color="red"
              variant="light"
              size="xs"
              question={t('users.disableQuestion', { email: user.email })}
              onConfirm={() => change.mutate({ isDisabled: true })}
            >
              {t('users.disable')}
            </ConfirmButton>
          )}
        </Action>
      </Stack>
    </Modal>
  )
}

function Action({ text, children }: { text: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" c="dimmed">
        {text}
      </Text>
      <div style={{ flexShrink: 0 }}>{children}</div>
    </Group>
  )
}
