import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Loading } from '../../kit/loading.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useConnections } from '../connections/use-connections.ts'
import { PreviewCosts } from './preview-costs.tsx'
import { PreviewItems } from './preview-items.tsx'

const aspects = ['stock', 'price', 'content'] as const
type Aspect = (typeof aspects)[number]
type Search = { connection?: string; aspect?: Aspect; skus?: string }

/** What a push would send now, why, and what it costs; nothing is sent before somebody says so. */
export default function PreviewPage() {
  const { t } = useTranslation('preview')
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Search
  const connections = useConnections().data?.items ?? []
  const { connection = connections[0]?.id, aspect, skus } = search
  const [typed, setTyped] = useState(skus ?? '')
  const set = (change: Search) =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }) } as never)
  const named = (skus ?? '').split(/[\s,;]+/).filter(Boolean)
  const query = useInfiniteQuery({
    queryKey: ['listings', 'preview', connection, aspect, skus],
    queryFn: ({ pageParam }) =>
      read(
        api.api.connections[':id'].preview.$post({
          param: { id: connection! },
          json: {
            limit: 100,
            ...(aspect ? { aspects: [aspect] } : {}),
            ...(named.length > 0 ? { skus: named } : {}),
            ...(pageParam ? { after: pageParam } : {}),
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: connection !== undefined,
  })
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  const costs = query.data?.pages[0]?.costs ?? []
  const send = useAction({
    run: () =>
      read(
        api.api.connections[':id'].sync.$post({
          param: { id: connection! },
          query: {},
          json: { tasks: costs.filter((cost) => cost.waiting > 0).map((cost) => cost.aspect) },
        }),
      ),
    topics: ['listings', 'runs'],
    done: t('sent'),
    onDone: () => void navigate({ to: '/runs', search: { connectionId: connection } } as never),
  })
  const isSomethingWaiting = costs.some((cost) => cost.waiting > 0)
  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      actions={
        <Button
          disabled={!isSomethingWaiting || named.length > 0}
          loading={send.isPending}
          onClick={() => send.mutate()}
        >
          {t('send')}
        </Button>
      }
    >
      <Group align="flex-end">
        <Select
          label={t('connection')}
          data={connections.map(({ id, name }) => ({ value: id, label: name }))}
          value={connection ?? null}
          allowDeselect={false}
          onChange={(value) => set(value ? { connection: value } : {})}
        />
        <Select
          label={t('aspectLabel')}
          placeholder={t('allAspects')}
          clearable
          data={aspects.map((one) => ({ value: one, label: t(`aspect.${one}`) }))}
          value={aspect ?? null}
          onChange={(value) => set({ aspect: (value ?? undefined) as never })}
        />
        <form
          onSubmit={(event) => {
            event.preventDefault()
            set({ skus: typed.trim() || (undefined as never) })
          }}
        >
          <Group align="flex-end" gap="xs">
            <TextInput
              label={t('skus')}
              placeholder={t('skusHint')}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" variant="default">
              {t('narrow')}
            </Button>
          </Group>
        </form>
      </Group>
      {query.error && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.isLoading && <Loading lines={6} />}
      {query.data && (
        <Stack>
          <PreviewCosts costs={costs} />
          {items.length === 0 ? (
            <EmptyState title={t('none')} hint={t('noneHint')} />
          ) : (
            <PreviewItems items={items} />
          )}
          {query.hasNextPage && (
            <Button
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('more')}
            </Button>
          )}
        </Stack>
      )}
    </PageFrame>
  )
}
