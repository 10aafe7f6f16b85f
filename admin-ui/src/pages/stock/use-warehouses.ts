import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'

/** The warehouses, in the order stock is taken from them. */
export const useWarehouses = () =>
  useQuery({
    queryKey: ['stock', 'warehouses'],
    queryFn: () => read(api.api.warehouses.$get()),
    staleTime: 60_000,
  })
