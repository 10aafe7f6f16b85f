import { Button, Card, Drawer, Group, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Loading } from '../../kit/loading.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { type Batch, type Kind, readBatches, readChanges, undoBatch } from './mapping-data.ts'

type Props = { connectionId: string; kind: Kind; isOpen: boolean; onClose: () => void }

/** Who changed the mappings of a kind, and the way back. */
export function HistoryDrawer({ connectionId, kind, isOpen, onClose }: Props) {
  const { t } = useTranslation('mappings')
  const query = useInfiniteQuery({
    queryKey: ['mappings', 'history', connectionId, kind],
    queryFn: ({ pageParam }) => readBatches(connectionId, kind, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: isOpen,
  })
  const batches = query.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="lg"
      title={t('history.title', { kind: t(`kind.${kind}`) })}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <Stack>
        {query.error && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Loading lines={5} />}
        {query.data && batches.length === 0 && <EmptyState title={t('history.none')} />}
        {batches.map((batch) => (
          <BatchCard key={batch.id} batch={batch} connectionId={connectionId} />
        ))}
        {query.hasNextPage && (
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('loadMore')}
          </Button>
        )}
      </Stack>
    </Drawer>
  )
}

function BatchCard({ batch, connectionId }: { batch: Batch; connectionId: string }) {
  const { t } = useTranslation('mappings')
  const mayUndo = hasRole(useRole(), 'operator')
  const [isOpen, setIsOpen] = useState(false)
  const undo = useAction({
    run: (changeIds: readonly number[] | undefined) => undoBatch(connectionId, batch.id, changeIds),
    topics: ['mappings'],
    done: t('undone'),
  })
  const left = batch.changes - batch.undone
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {t(`history.how.${batch.how}`, { count: batch.changes })}
          </Text>
          <Text size="xs" c="dimmed" dir="auto">
            {batch.actor} · <When at={batch.at} />
            {batch.undone > 0 && ` · ${t('history.undone', { count: batch.undone })}`}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            {t(isOpen ? 'history.hide' : 'history.show')}
          </Button>
          {left > 0 && (
            <ConfirmButton
              size="compact-sm"
              variant="default"
              question={t('history.undoQuestion', { count: left })}
              loading={undo.isPending}
              disabled={!mayUndo}
              onConfirm={() => undo.mutate(undefined)}
            >
              {t('history.undo')}
            </ConfirmButton>
          )}
        </Group>
      </Group>
      {isOpen && (
        <Changes
          connectionId={connectionId}
          batchId={batch.id}
          onUndo={mayUndo ? (id) => undo.mutate([id]) : undefined}
        />
      )}
    </Card>
  )
}

type ChangesProps = {
  connectionId: string
  batchId: string
  onUndo: ((changeId: number) => void) | undefined
}

function Changes({ connectionId, batchId, onUndo }: ChangesProps) {
  const { t } = useTranslation('mappings')
  const query = useQuery({
    queryKey: ['mappings', 'changes', connectionId, batchId],
    queryFn: () => readChanges(connectionId, batchId),
  })
  return (
    <QueryView query={query}>
      {({ items, next }) => (
        <>
          <Table.ScrollContainer minWidth={420}>
            <Table aria-label={t('history.changes')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('history.word')}</Table.Th>
                  <Table.Th>{t('try.from')}</Table.Th>
                  <Table.Th>{t('try.to')}</Table.Th>
                  <Table.Th aria-label={t('history.undo')} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(({ id, scope, word, before, after, beforeName, afterName, undoneAt }) => (
                  <Table.Tr key={id}>
                    <Table.Td dir="auto">{scope ? `${scope}: ${word}` : word}</Table.Td>
                    <Table.Td dir="auto">{beforeName ?? before ?? '—'}</Table.Td>
                    <Table.Td dir="auto">{afterName ?? after ?? '—'}</Table.Td>
                    <Table.Td>
                      {undoneAt ? (
                        <Text size="xs" c="dimmed">
                          {t('history.taken')} <When at={undoneAt} />
                        </Text>
                      ) : (
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          disabled={!onUndo}
                          aria-label={t('history.undoWord', { word })}
                          onClick={() => onUndo?.(id)}
                        >
                          {t('history.undo')}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {next !== null && (
            <Text size="xs" c="dimmed">
              {t('history.first', { count: items.length })}
            </Text>
          )}
        </>
      )}
    </QueryView>
  )
}
