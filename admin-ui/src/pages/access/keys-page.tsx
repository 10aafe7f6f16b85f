import { Badge, Button, Code, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ShortTable } from '../../kit/short-table.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { NewKeyModal } from './new-key-modal.tsx'
import { ShownOnce } from './shown-once.tsx'

type ApiKey = Success<Awaited<ReturnType<typeof api.api.keys.$get>>>['items'][number]

const colours = { works: 'green', expired: 'orange', revoked: 'gray' } as const

/** Keys for programs. */
export default function KeysPage() {
  const { t } = useTranslation('access')
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => read(api.api.keys.$get()) })
  const [isMaking, making] = useDisclosure(false)
  const [made, setMade] = useState<{ name: string; key: string } | null>(null)
  const make = <Button onClick={making.open}>{t('keys.make')}</Button>
  return (
    <PageFrame title={t('keys.title')} hint={t('keys.hint')} actions={make}>
      {made && (
        <ShownOnce title={t('keys.made', { name: made.name })} hint={t('keys.madeHint')} value={made.key} />
      )}
      <QueryView query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('keys.none')} hint={t('keys.noneHint')} action={make} />
          ) : (
            <KeyTable items={items} />
          )
        }
      </QueryView>
      <NewKeyModal isOpen={isMaking} onClose={making.close} onMade={setMade} />
    </PageFrame>
  )
}

function KeyTable({ items }: { items: readonly ApiKey[] }) {
  const { t } = useTranslation('access')
  const revoke = useAction({
    run: (id: string) => read(api.api.keys[':id'].$delete({ param: { id } })),
    topics: ['keys', 'audit'],
    done: t('keys.wasRevoked'),
  })
  return (
    <ShortTable<ApiKey>
      label={t('keys.title')}
      minWidth={760}
      rows={items}
      rowId={({ id }) => id}
      columns={[
        { id: 'name', label: t('keys.name'), cell: (key) => <KeyName apiKey={key} /> },
        { id: 'role', label: t('role'), cell: ({ role }) => t(`session:role.${role}`) },
        { id: 'scope', label: t('keys.scope'), cell: ({ tags }) => tags?.join(', ') ?? t('keys.all') },
        {
          id: 'state',
          label: t('state'),
          cell: ({ state }) => (
            <Badge variant="light" color={colours[state]}>
              {t(`keys.states.${state}`)}
            </Badge>
          ),
        },
        {
          id: 'lastUsed',
          label: t('keys.lastUsed'),
          cell: ({ lastUsedAt }) => (lastUsedAt ? <When at={lastUsedAt} size="sm" /> : t('users.never')),
        },
        {
          id: 'expires',
          label: t('keys.expires'),
          cell: ({ expiresAt }) =>
            expiresAt ? <When at={expiresAt} absolute size="sm" /> : t('users.never'),
        },
      ]}
      actions={({ id, name, state }) =>
        state === 'works' && (
          <ConfirmButton
            size="xs"
            color="red"
            variant="light"
            question={t('keys.revokeQuestion', { name })}
            onConfirm={() => revoke.mutate(id)}
          >
            {t('keys.revoke')}
          </ConfirmButton>
        )
      }
    />
  )
}

const KeyName = ({ apiKey: { name, start, owner } }: { apiKey: ApiKey }) => (
  <>
    <Text size="sm" fw={500} dir="auto">
      {name}
    </Text>
    <Text size="xs" c="dimmed">
      <Code>{start}…</Code> {owner}
    </Text>
  </>
)
