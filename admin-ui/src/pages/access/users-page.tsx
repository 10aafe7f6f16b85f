import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
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
    <ScrollRegion label={t('users.title')}>
      <Table miw={640} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('users.person')}</Table.Th>
            <Table.Th>{t('role')}</Table.Th>
            <Table.Th>{t('state')}</Table.Th>
            <Table.Th>{t('users.secondFactor')}</Table.Th>
            <Table.Th>{t('users.lastSignIn')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((user) => (
            <Table.Tr key={user.id}>
              <Table.Td>
                <Text size="sm" fw={500} dir="auto">
                  {user.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {user.email}
                </Text>
              </Table.Td>
              <Table.Td>{t(`session:role.${user.role}`)}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={colours[user.state]}>
                  {t(`users.states.${user.state}`)}
                </Badge>
              </Table.Td>
              <Table.Td>{t(user.hasSecondFactor ? 'users.on' : 'users.off')}</Table.Td>
              <Table.Td>
                {user.lastSignInAt ? <When at={user.lastSignInAt} size="sm" /> : t('users.never')}
              </Table.Td>
              <Table.Td>
                <Group justify="flex-end">
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => onOpen(user.id)}
                    aria-label={t('users.edit', { email: user.email })}
                  >
                    {t('edit')}
                  </Button>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}
