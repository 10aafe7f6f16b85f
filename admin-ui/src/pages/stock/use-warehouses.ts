import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'

export type Warehouse = Success<Awaited<ReturnType<typeof api.api.warehouses.$get>>>['items'][number]

/** The warehouses, in the order stock is taken from them. */
export const useWarehouses = () =>
  useQuery({
    queryKey: ['stock', 'warehouses'],
    queryFn: () => read(api.api.warehouses.$get()),
    staleTime: 60_000,
  })
