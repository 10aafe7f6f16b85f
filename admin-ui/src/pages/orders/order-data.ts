import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'

const readOrder = (id: string) => read(api.api.orders[':id'].$get({ param: { id } }))

export type Order = Awaited<ReturnType<typeof readOrder>>
export type OrderRow = Success<Awaited<ReturnType<typeof api.api.orders.$get>>>['items'][number]
export type ExceptionRow = Success<
  Awaited<ReturnType<(typeof api.api)['order-exceptions']['$get']>>
>['items'][number]

export const statuses = [
  'pending_payment',
  'paid',
  'allocated',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'refunded',
] as const
export const causes = ['unknown_sku', 'short', 'address', 'hold', 'problem'] as const
export const isOpen = ({ status }: Pick<OrderRow, 'status'>): boolean =>
  status === 'pending_payment' || status === 'paid' || status === 'allocated'

/** The order of a page, followed live. */
export const useOrder = (id: string) =>
  useQuery({ queryKey: ['orders', 'one', id], queryFn: () => readOrder(id) })

const readConnections = () => read(api.api.connections.$get())

/** All connections, to name them where a row has only their id. */
export function useConnections() {
  const { data } = useQuery({
    queryKey: ['connections', 'names'],
    queryFn: readConnections,
    staleTime: 60_000,
  })
  const items = data?.items ?? []
  return {
    items,
    nameOf: (id: string | null) => items.find((one) => one.id === id)?.name ?? id ?? '—',
    options: items.map(({ id, name }) => ({ value: id, label: name })),
  }
}
