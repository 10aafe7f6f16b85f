import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'
import { useConnections, useConnectors } from '../connections/use-connections.ts'

const route = api.api.connections[':id']
const kindRoute = route.mappings[':kind']

export type Word = Success<Awaited<ReturnType<typeof kindRoute.$get>>>['items'][number]
export type Suggestion = Word['suggestions'][number]
export type KindState = Success<Awaited<ReturnType<typeof route.mappings.$get>>>['items'][number]
export type Kind = KindState['kind']
export type Effects = Success<Awaited<ReturnType<typeof kindRoute.$put>>>
export type Batch = Success<Awaited<ReturnType<(typeof route)['mapping-batches']['$get']>>>['items'][number]

/** What is asked of a list of words. */
export type WordFilter = { state: string; q: string; sort: string; minConfidence: string }

export const contentKinds = ['category', 'attribute', 'attribute_value', 'tax'] as const
export type ContentKind = (typeof contentKinds)[number]
export const isContentKind = (kind: Kind): kind is ContentKind =>
  (contentKinds as readonly string[]).includes(kind)

/** A word is known by its scope and itself. */
export const keyOf = ({ scope, word }: { scope: string; word: string }): string => `${scope}\u0000${word}`

const mapped = ['pullListings', 'pullOrders', 'createListing']

/** The connections whose words can be mapped. */
export function useMappedConnections() {
  const connections = useConnections()
  const connectors = useConnectors()
  const able = new Set(
    connectors.data?.items.flatMap(({ id, operations }) =>
      mapped.some((name) => operations.includes(name)) ? [id] : [],
    ),
  )
  return {
    isPending: connections.isPending || connectors.isPending,
    items: connections.data?.items.filter(({ connector }) => able.has(connector)) ?? [],
  }
}

export const useKinds = (connectionId: string | undefined) =>
  useQuery({
    queryKey: ['mappings', 'kinds', connectionId],
    queryFn: () => read(route.mappings.$get({ param: { id: connectionId! } })),
    enabled: connectionId !== undefined,
  })

export function useWords(connectionId: string, kind: Kind, { state, q, sort, minConfidence }: WordFilter) {
  const query = {
    limit: '50',
    sort: sort as '-weight',
    ...(state === 'all' ? {} : { state: state as 'open' }),
    ...(q ? { q } : {}),
    ...(minConfidence ? { minConfidence } : {}),
  }
  return useInfiniteQuery({
    queryKey: ['mappings', 'words', connectionId, kind, query],
    queryFn: ({ pageParam }) =>
      read(
        kindRoute.$get({
          param: { id: connectionId, kind },
          query: pageParam === null ? query : { ...query, after: pageParam },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
}

export const saveWords = (
  connectionId: string,
  kind: Kind,
  entries: readonly { scope: string; word: string; target: string | null; revision: number }[],
) => read(kindRoute.$put({ param: { id: connectionId, kind }, json: { entries: [...entries] } }))

export const undoBatch = (connectionId: string, batchId: string, changeIds?: readonly number[]) =>
  read(
    route['mapping-batches'][':batchId'].undo.$post({
      param: { id: connectionId, batchId },
      json: changeIds ? { changeIds: [...changeIds] } : {},
    }),
  )

export const readChoices = (
  connectionId: string,
  kind: Kind,
  query: { q?: string; scope?: string; word?: string },
) => read(kindRoute.choices.$get({ param: { id: connectionId, kind }, query: { limit: '20', ...query } }))

export const readBatches = (connectionId: string, kind: Kind, after: string | null) =>
  read(
    route['mapping-batches'].$get({
      param: { id: connectionId },
      query: { kind, limit: '20', ...(after ? { after } : {}) },
    }),
  )

export const readChanges = (connectionId: string, batchId: string) =>
  read(route['mapping-changes'].$get({ param: { id: connectionId }, query: { batchId, limit: '100' } }))

export const previewAcceptance = (connectionId: string, kind: Kind, minConfidence: number, q: string) =>
  read(
    kindRoute.acceptance.$get({
      param: { id: connectionId, kind },
      query: { minConfidence: String(minConfidence), ...(q ? { q } : {}) },
    }),
  )

export const acceptSuggestions = (connectionId: string, kind: Kind, minConfidence: number, q: string) =>
  read(
    kindRoute.acceptance.$post({
      param: { id: connectionId, kind },
      json: { minConfidence, ...(q ? { q } : {}) },
    }),
  )

export const tryMapping = (
  connectionId: string,
  listingId: string | null,
  entry: { kind: ContentKind; scope: string; word: string; target: string | null },
) =>
  read(
    route.mappings.try.$post({
      param: { id: connectionId },
      json: { entries: [entry], ...(listingId ? { listingId } : {}) },
    }),
  )

export const importCsv = (connectionId: string, kind: Kind, csv: string) =>
  read(kindRoute.csv.$post({ param: { id: connectionId, kind }, json: { csv } }))

export const refreshTerms = (connectionId: string) =>
  read(route.mappings.refresh.$post({ param: { id: connectionId } }))
