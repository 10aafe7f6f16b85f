import { Badge, Button, Card, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import type { Selection } from '../../kit/data-table/types.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { ChangeLines } from '../preview/change-lines.tsx'

/** Products whose preview is shown; more are listed alike. */
const mostShown = 20

/** Lists what is selected on a connection, as long work; what would be sent is shown before. */
export function PublishMany({ selection, onDone }: { selection: Selection; onDone: () => void }) {
  const { t } = useTranslation('catalogue')
  const connections = useConnections()
  const [connectionId, setConnectionId] = useState<string | null>(null)
  const [isShown, setShown] = useState(false)
  const publish = useAction({
    run: (json: { connectionId: string; ids: string[] }) =>
      read(api.api.bulk['publish-products'].$post({ json })),
    topics: ['products', 'listings', 'work'],
    done: t('products.publishing'),
    onDone: () => {
      setShown(false)
      onDone()
    },
  })
  if (!('ids' in selection)) return null
  const ids = [...selection.ids]
  const list = () => connectionId && publish.mutate({ connectionId, ids })
  return (
    <Group gap="xs">
      <Select
        size="xs"
        aria-label={t('products.publishOn')}
        placeholder={t('products.publishOn')}
        data={connections.options}
        value={connectionId}
        onChange={setConnectionId}
      />
      <Button size="xs" variant="default" disabled={!connectionId} onClick={() => setShown(true)}>
        {t('products.preview')}
      </Button>
      <Button size="xs" disabled={!connectionId} loading={publish.isPending} onClick={list}>
        {t('products.publish')}
      </Button>
      {isShown && connectionId && (
        <Modal
          opened
          size="xl"
          onClose={() => setShown(false)}
          title={t('products.previewTitle', { name: connections.nameOf(connectionId) })}
          closeButtonProps={{ 'aria-label': t('kit:close') }}
        >
          <Stack>
            <Preview connectionId={connectionId} ids={ids} />
            <Group justify="flex-end">
              <Button loading={publish.isPending} onClick={list}>
                {t('products.publish')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </Group>
  )
}

function Preview({ connectionId, ids }: { connectionId: string; ids: readonly string[] }) {
  const { t } = useTranslation('catalogue')
  const shown = ids.slice(0, mostShown)
  const query = useQuery({
    queryKey: ['listings', 'publish-preview', connectionId, ...shown],
    queryFn: () =>
      read(
        api.api.connections[':id'].publish.preview.$post({
          param: { id: connectionId },
          json: { products: shown },
        }),
      ),
  })
  return (
    <QueryView query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('products.allListed')} hint={t('products.allListedHint')} />
        ) : (
          <>
            {ids.length > shown.length && (
              <Text size="sm">{t('products.previewFirst', { count: ids.length, shown: shown.length })}</Text>
            )}
            {items.map(({ sku, outcome, changes, reason }) => (
              <Card key={sku} withBorder padding="sm">
                <Group justify="space-between" mb={4}>
                  <Text fw={600} dir="auto">
                    {sku}
                  </Text>
                  <Badge variant="light" color={outcome === 'create' ? 'green' : 'red'}>
                    {t(`products.outcome.${outcome}`)}
                  </Badge>
                </Group>
                {reason && (
                  <Text size="sm" dir="auto">
                    {reason}
                  </Text>
                )}
                <ChangeLines sku={sku} changes={changes} isNew />
              </Card>
            ))}
          </>
        )
      }
    </QueryView>
  )
}
