import { Alert, Modal, Select, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { factsOfText } from '../../kit/facts-of-text.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { type ContentKind, tryMapping, type Word } from './mapping-data.ts'

type Props = { connectionId: string; kind: ContentKind; word: Word; target: string; onClose: () => void }

/** What a listing would say with the mapping, before it is saved. */
export function TryModal({ connectionId, kind, word, target, onClose }: Props) {
  const { t } = useTranslation('mappings')
  const [listingId, setListingId] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const listings = useQuery({
    queryKey: ['listings', 'pick', connectionId, q],
    queryFn: () => read(api.api.listings.$get({ query: { connectionId, limit: '20', ...(q ? { q } : {}) } })),
    placeholderData: keepPreviousData,
  })
  const trial = useQuery({
    queryKey: ['mappings', 'try', connectionId, kind, word.scope, word.word, target, listingId],
    queryFn: () => tryMapping(connectionId, listingId, { kind, scope: word.scope, word: word.word, target }),
    retry: false,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('try.title', { word: word.name })}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <Stack>
        <Select
          label={t('try.listing')}
          placeholder={trial.data?.sku ?? t('try.any')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('try.any') }}
          data={listings.data?.items.map(({ id, sku }) => ({ value: id, label: sku })) ?? []}
          value={listingId}
          filter={({ options }) => options}
          onSearchChange={setTyped}
          onChange={setListingId}
        />
        <QueryView query={trial}>
          {({ sku, changes, complaints, names }) => (
            <>
              {changes.length === 0 ? (
                <Text size="sm">{t('try.same', { sku })}</Text>
              ) : (
                <Table.ScrollContainer minWidth={420}>
                  <Table aria-label={t('try.changes')}>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>{t('try.field')}</Table.Th>
                        <Table.Th>{t('try.from')}</Table.Th>
                        <Table.Th>{t('try.to')}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {changes.map(({ field, from, to }) => (
                        <Table.Tr key={field}>
                          <Table.Th scope="row">{t(`field.${field}`, { defaultValue: field })}</Table.Th>
                          <Table.Td>
                            <Said text={from} names={names} />
                          </Table.Td>
                          <Table.Td>
                            <Said text={to} names={names} />
                          </Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              )}
              {complaints.map(({ field, message, severity }) => (
                <Alert key={`${field} ${message}`} color={severity === 'error' ? 'red' : 'yellow'}>
                  <Text size="sm" dir="auto">
                    {message}
                  </Text>
                </Alert>
              ))}
              {complaints.length === 0 && <Alert color="green">{t('try.fine')}</Alert>}
            </>
          )}
        </QueryView>
      </Stack>
    </Modal>
  )
}

/** A value of the content; facts are told one a line. */
function Said({ text, names }: { text: string | null; names: Readonly<Record<string, string>> }) {
  if (text === null) return <Text size="sm">—</Text>
  const facts = factsOfText(text)
  if (!facts)
    return (
      <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
        {names[text] ?? text}
      </Text>
    )
  return (
    <Stack gap={2}>
      {facts.map(([name, value]) => (
        <Text key={name} size="sm" dir="auto">
          {names[name] ?? name}: {value}
        </Text>
      ))}
    </Stack>
  )
}
