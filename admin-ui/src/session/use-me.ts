import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../api.ts'
import type { Role } from '../shell/page.ts'

export type Me = Success<Awaited<ReturnType<typeof api.api.me.$get>>>
export type Account = NonNullable<Me['account']>

export const meQuery = { queryKey: ['me'], queryFn: () => read(api.api.me.$get()), staleTime: 60_000 }

/** Who is signed in. There is always somebody below the session gate. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new Error('Nobody is signed in here.')
  return data
}

export const useRole = (): Role => useMe().role

/** Whether whoever is signed in may use operations of the API, by operationId. */
export function useMay(): (operationId: string) => boolean {
  const { operations } = useMe()
  return (operationId) => operations.includes(operationId)
}
