import { Badge, Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ShortTable } from '../../kit/short-table.tsx'
import { When } from '../../kit/when.tsx'
import { InviteModal } from './invite-modal.tsx'
import { ShownOnce } from './shown-once.tsx'
import { UserModal } from './user-modal.tsx'

export type User = Success<Awaited<ReturnType<typeof api.api.users.$get>>>['items'][number]
/** A one-time link that was just made, and for whom. */
export type MadeLink = { email: string; path: string }

const colours = { active: 'green', invited: 'blue', disabled: 'gray' } as const

/** Everybody who may sign in, and as what. */
export default function UsersPage() {
  const { t } = useTranslation('access')
  const users = useQuery({ queryKey: ['users'], queryFn: () => read(api.api.users.$get()) })
  const [isInviting, inviting] = useDisclosure(false)
  const [openId, setOpenId] = useState<string | null>(null)
  const [link, setLink] = useState<MadeLink | null>(null)
  const opened = users.data?.items.find(({ id }) => id === openId)
  return (
    <PageFrame
      title={t('users.title')}
      hint={t('users.hint')}
      actions={<Button onClick={inviting.open}>{t('users.invite')}</Button>}
    >
      {link && (
        <ShownOnce
          title={t('users.linkFor', { email: link.email })}
          hint={t('users.linkHint')}
          value={`${window.location.origin}${link.path}`}
        />
      )}
      <QueryView query={users}>{({ items }) => <UserTable items={items} onOpen={setOpenId} />}</QueryView>
      <InviteModal isOpen={isInviting} onClose={inviting.close} onInvited={setLink} />
      {opened && <UserModal key={opened.id} user={opened} onClose={() => setOpenId(null)} onLink={setLink} />}
    </PageFrame>
  )
}

function UserTable({ items, onOpen }: { items: readonly User[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('access')
  return (
    <ShortTable<User>
      label={t('users.title')}
      rows={items}
      rowId={({ id }) => id}
      columns={[
        { id: 'person', label: t('users.person'), cell: (user) => <Person user={user} /> },
        { id: 'role', label: t('role'), cell: ({ role }) => t(`session:role.${role}`) },
        {
          id: 'state',
          label: t('state'),
          cell: ({ state }) => (
            <Badge variant="light" color={colours[state]}>
              {t(`users.states.${state}`)}
            </Badge>
          ),
        },
        {
          id: 'secondFactor',
          label: t('users.secondFactor'),
          cell: ({ hasSecondFactor }) => t(hasSecondFactor ? 'users.on' : 'users.off'),
        },
        {
          id: 'lastSignIn',
          label: t('users.lastSignIn'),
          cell: ({ lastSignInAt }) =>
            lastSignInAt ? <When at={lastSignInAt} size="sm" /> : t('users.never'),
        },
      ]}
      actions={({ id, email }) => (
        <Button
          size="xs"
          variant="default"
          onClick={() => onOpen(id)}
          aria-label={t('users.edit', { email })}
        >
          {t('edit')}
        </Button>
      )}
    />
  )
}

const Person = ({ user: { name, email } }: { user: User }) => (
  <>
    <Text size="sm" fw={500} dir="auto">
      {name}
    </Text>
    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {email}
    </Text>
  </>
)
