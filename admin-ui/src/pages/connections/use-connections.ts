import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'

/** All connections, by name. */
export const useConnections = () =>
  useQuery({ queryKey: ['connections', 'all'], queryFn: () => read(api.api.connections.$get()) })

/** The installed connectors with the forms for their connections; they change only with the hub's code. */
export const useConnectors = () =>
  useQuery({
    queryKey: ['connectors'],
    queryFn: () => read(api.api.connectors.$get()),
    staleTime: Number.POSITIVE_INFINITY,
  })

export type Connection = Success<Awaited<ReturnType<typeof api.api.connections.$get>>>['items'][number]
export type Connector = Success<Awaited<ReturnType<typeof api.api.connectors.$get>>>['items'][number]

/** The names of connections by their ids, for lists that name them. */
export function useConnectionNames(): (id: string) => string {
  const items = useConnections().data?.items ?? []
  const names = new Map(items.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? id
}
