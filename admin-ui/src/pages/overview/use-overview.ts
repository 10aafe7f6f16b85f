import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** Everything that changes a number of the overview; one change reads it again. */
export const overviewKey = ['connections', 'overview'] as const

/** The hub at a glance, read again every ten seconds and whenever a connection changes. */
export const useOverview = () =>
  useQuery({
    queryKey: overviewKey,
    queryFn: () => read(api.api.overview.$get({ query: { timeZone } })),
    refetchInterval: 10_000,
  })

export type Overview = Success<Awaited<ReturnType<typeof api.api.overview.$get>>>
export type Figure = Overview['orders']['toShip']['overdue']
export type RowsBehind = Figure['list']
export type ConnectionState = Overview['connections'][number]
