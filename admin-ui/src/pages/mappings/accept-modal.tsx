import { Button, Group, Modal, Slider, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddress } from '../../kit/data-table/use-list.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useFormat } from '../../kit/use-format.ts'
import { acceptSuggestions, type Kind, previewAcceptance } from './mapping-data.ts'
import { useReason } from './use-reason.ts'

type Props = { connectionId: string; kind: Kind; onClose: () => void }

/** Accepts every first suggestion above a confidence; shows before how many and which. */
export function AcceptModal({ connectionId, kind, onClose }: Props) {
  const { t } = useTranslation('mappings')
  const format = useFormat()
  const q = useAddress('-weight').get('q')
  const say = useReason()
  const [percent, setPercent] = useState(90)
  const [settled] = useDebouncedValue(percent, 200)
  const query = useQuery({
    queryKey: ['mappings', 'acceptance', connectionId, kind, settled, q],
    queryFn: () => previewAcceptance(connectionId, kind, settled / 100, q),
  })
  const accept = useAction({
    run: () => acceptSuggestions(connectionId, kind, settled / 100, q),
    topics: ['mappings'],
    done: ({ changes, left }) => t('accept.done', { count: changes, left: format.count(left) }),
    onDone: onClose,
    isErrorShown: true,
  })
  const count = query.data?.words ?? 0
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('accept.open')}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <Stack>
        <Text size="sm">{t(q ? 'accept.hintFiltered' : 'accept.hint', { q })}</Text>
        <Slider
          thumbLabel={t('minConfidence')}
          min={50}
          max={100}
          value={percent}
          onChange={setPercent}
          label={(value) => `${value} %`}
          marks={[50, 75, 90, 100].map((value) => ({ value, label: `${value} %` }))}
          mb="lg"
        />
        <QueryView query={query}>
          {({ words, listings, orders, samples }) => (
            <>
              <Text size="sm" fw={600} role="status">
                {t('accept.count', {
                  count: words,
                  listings: format.count(listings),
                  orders: format.count(orders),
                })}
              </Text>
              {samples.length > 0 && (
                <Table.ScrollContainer minWidth={420} maxHeight={280}>
                  <Table aria-label={t('accept.samples')}>
                    <Table.Tbody>
                      {samples.map(({ scope, word, name, suggestion }) => (
                        <Table.Tr key={`${scope} ${word}`}>
                          <Table.Td dir="auto">{name}</Table.Td>
                          <Table.Td dir="auto">
                            {suggestion.path ? `${suggestion.path} > ${suggestion.name}` : suggestion.name}
                          </Table.Td>
                          <Table.Td>
                            <Text size="xs" c="dimmed" dir="auto">
                              {format.share(suggestion.confidence)} · {say(suggestion.reason)}
                            </Text>
                          </Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              )}
            </>
          )}
        </QueryView>
        {accept.error && <ErrorNote error={accept.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('kit:cancel')}
          </Button>
          <Button
            disabled={count === 0 || settled !== percent || query.isFetching}
            loading={accept.isPending}
            onClick={() => accept.mutate()}
          >
            {t('accept.confirm', { count })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
