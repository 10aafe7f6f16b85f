import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAddress } from '../../kit/data-table/use-list.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Loading } from '../../kit/loading.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { KindTabs } from './kind-tabs.tsx'
import { type Kind, type KindState, useKinds, useMappedConnections } from './mapping-data.ts'
import { MappingTools } from './mapping-tools.tsx'
import { WordBoard } from './word-board.tsx'

/** What our words are called on a connection: the open ones first, each with what it could mean. */
export default function MappingsPage() {
  const { t } = useTranslation('mappings')
  const address = useAddress('-weight')
  const connections = useMappedConnections()
  const connectionId = address.get('connection') || connections.items[0]?.id
  const kinds = useKinds(connectionId)
  const kind = shownKind(address.get('kind'), kinds.data?.items ?? [])
  const state = kinds.data?.items.find((one) => one.kind === kind)
  if (connections.isPending)
    return (
      <PageFrame title={t('title')} hint={t('hint')}>
        <Loading lines={6} />
      </PageFrame>
    )
  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      actions={connectionId && state && <MappingTools connectionId={connectionId} state={state} />}
    >
      {connections.items.length === 0 ? (
        <EmptyState title={t('noConnection')} hint={t('noConnectionHint')} />
      ) : (
        <>
          <Select
            label={t('connection')}
            data={connections.items.map(({ id, name }) => ({ value: id, label: name }))}
            value={connectionId ?? null}
            allowDeselect={false}
            maw={320}
            onChange={(connection) => connection && address.set({ connection, kind: '', q: '' })}
          />
          <QueryView query={kinds}>
            {({ items }) => (
              <>
                <KindTabs items={items} kind={kind} onChange={(next) => address.set({ kind: next, q: '' })} />
                {connectionId && state && (
                  <WordBoard key={`${connectionId} ${kind}`} connectionId={connectionId} state={state} />
                )}
              </>
            )}
          </QueryView>
        </>
      )}
    </PageFrame>
  )
}

/** The kind that was asked for; else the first that waits for somebody, else the first. */
function shownKind(asked: string, items: readonly KindState[]): Kind | undefined {
  if (items.some(({ kind }) => kind === asked)) return asked as Kind
  return (items.find(({ unmapped, suggested }) => unmapped + suggested > 0) ?? items[0])?.kind
}
