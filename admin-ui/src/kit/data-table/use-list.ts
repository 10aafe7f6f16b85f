import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { DataTableProps, Query } from './types.ts'

const pageSize = '100'

/** How a list is filtered and sorted: it stands in the address, so that a link shows the same and "back" goes back. */
export function useAddress(initialSort: string) {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  return {
    sort: typeof search.sort === 'string' ? search.sort : initialSort,
    get: (name: string): string => (search[name] === undefined ? '' : String(search[name])),
    /** Sets parameters; an empty one goes away. */
    set: (changes: Query, isTyping = false) =>
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) =>
          Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== '')),
        // What is typed letter by letter is one step back, not ten.
        replace: isTyping,
      } as never),
  }
}
export type Address = ReturnType<typeof useAddress>

/** The rows of a list, page after page as they are scrolled to. */
export function useList<Row>(
  { topic, list, readPage, filters = [], fixed }: DataTableProps<Row>,
  address: Address,
) {
  const names = ['q', ...filters.map(({ id }) => id)]
  const given = Object.fromEntries(
    names.map((name) => [name, address.get(name)]).filter(([, value]) => value),
  )
  const filter: Query = { ...given, ...fixed }
  const query: Query = { ...filter, sort: address.sort, limit: pageSize }
  const found = useInfiniteQuery({
    queryKey: [topic, 'list', list, query],
    queryFn: ({ pageParam }) =>
      readPage(pageParam === null ? { ...query, count: 'true' } : { ...query, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => found.data?.pages.flatMap(({ items }) => [...items]) ?? [], [found.data])
  return {
    found,
    rows,
    filter,
    count: found.data?.pages[0]?.count,
    isFiltered: Object.keys(given).length > 0,
  }
}
