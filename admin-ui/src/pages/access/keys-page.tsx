import { Badge, Button, Code, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
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
    <ScrollRegion label={t('keys.title')}>
      <Table miw={760} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('keys.name')}</Table.Th>
            <Table.Th>{t('role')}</Table.Th>
            <Table.Th>{t('keys.scope')}</Table.Th>
            <Table.Th>{t('state')}</Table.Th>
            <Table.Th>{t('keys.lastUsed')}</Table.Th>
            <Table.Th>{t('keys.expires')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Text size="sm" fw={500} dir="auto">
                  {key.name}
                </Text>
                <Text size="xs" c="dimmed">
                  <Code>{key.start}…</Code> {key.owner}
                </Text>
              </Table.Td>
              <Table.Td>{t(`session:role.${key.role}`)}</Table.Td>
              <Table.Td>{key.tags?.join(', ') ?? t('keys.all')}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={colours[key.state]}>
                  {t(`keys.states.${key.state}`)}
                </Badge>
              </Table.Td>
              <Table.Td>
                {key.lastUsedAt ? <When at={key.lastUsedAt} size="sm" /> : t('users.never')}
              </Table.Td>
              <Table.Td>
                {key.expiresAt ? <When at={key.expiresAt} absolute size="sm" /> : t('users.never')}
              </Table.Td>
              <Table.Td ta="end">
                {key.state === 'works' && (
                  <ConfirmButton
                    size="xs"
                    color="red"
                    variant="light"
                    question={t('keys.revokeQuestion', { name: key.name })}
                    onConfirm={() => revoke.mutate(key.id)}
                  >
                    {t('keys.revoke')}
                  </ConfirmButton>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}
