import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Role } from '../../shell/page.ts'
import { RoleSelect } from './role-select.tsx'
import type { MadeLink } from './users-page.tsx'

const empty = { email: '', name: '', role: 'operator' as Role }

/** Asks whom to invite; what was typed stays until it was taken. */
export function InviteModal({
  isOpen,
  onClose,
  onInvited,
}: {
  isOpen: boolean
  onClose: () => void
  onInvited: (link: MadeLink) => void
}) {
  const { t } = useTranslation('access')
  const [form, setForm] = useState(empty)
  const invite = useAction({
    run: () => read(api.api.users.$post({ json: form })),
    topics: ['users', 'audit'],
    isErrorShown: true,
    onDone: ({ user, link }) => {
      onInvited({ email: user.email, path: link.path })
      setForm(empty)
      onClose()
    },
  })
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('users.invite')}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          invite.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={t('users.email')}
            type="email"
            required
            data-autofocus
            value={form.email}
            onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
          />
          <TextInput
            label={t('users.name')}
            required
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <RoleSelect value={form.role} onChange={(role) => setForm({ ...form, role })} />
          {invite.error && <ErrorNote error={invite.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('kit:cancel')}
            </Button>
            <Button type="submit" loading={invite.isPending}>
              {t('users.makeLink')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
