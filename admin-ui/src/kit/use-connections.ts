import { useQuery } from '@tanstack/react-query'
import { api, read } from '../api.ts'

/** The connections there are. */
export const useConnectionsQuery = () =>
  useQuery({
    queryKey: ['connections'],
    queryFn: () => read(api.api.connections.$get()),
    staleTime: 60_000,
  })

/** The connections as choices of a filter, and their names by id. */
export function useConnections() {
  const items = useConnectionsQuery().data?.items ?? []
  return {
    items,
    options: items.map(({ id, name }) => ({ value: id, label: name })),
    nameOf: (id: string | null): string =>
      id === null ? '—' : (items.find((one) => one.id === id)?.name ?? id),
  }
}
