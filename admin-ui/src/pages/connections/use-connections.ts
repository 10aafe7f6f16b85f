import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'

/** All connections, by name. */
export const useConnections = () =>
  useQuery({ queryKey: ['connections', 'all'], queryFn: () => read(api.api.connections.$get()) })

/** The installed connectors with the forms for their connections; they change only with the hub's code. */
export function useConnectors() {
  const { language } = useTranslation().i18n
  return useQuery({
    queryKey: ['connectors', language],
    queryFn: () => read(api.api.connectors.$get({ query: { language } })),
    staleTime: Number.POSITIVE_INFINITY,
    // Until it speaks the new language, so that what was typed into a form stays.
    placeholderData: keepPreviousData,
  })
}

export type Connection = Success<Awaited<ReturnType<typeof api.api.connections.$get>>>['items'][number]
export type Connector = Success<Awaited<ReturnType<typeof api.api.connectors.$get>>>['items'][number]

/** The names of connections by their ids, for lists that name them. */
export function useConnectionNames(): (id: string) => string {
  const items = useConnections().data?.items ?? []
  const names = new Map(items.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? id
}
