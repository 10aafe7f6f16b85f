import { useQuery } from '@tanstack/react-query'
import { api, read } from '../api.ts'

/** The connections by name: to show instead of ids, and to choose from. */
export function useConnections() {
  const { data } = useQuery({
    queryKey: ['connections', 'names'],
    queryFn: () => read(api.api.connections.$get()),
  })
  const items = data?.items ?? []
  const names = new Map(items.map(({ id, name }) => [id, name]))
  return {
    nameOf: (id: string | null): string => (id === null ? '—' : (names.get(id) ?? id)),
    options: items.map(({ id, name }) => ({ value: id, label: name })),
  }
}
