import type { api, Success } from '../../api.ts'

export type Job = Success<Awaited<ReturnType<typeof api.api.jobs.$get>>>['items'][number]
export const stateColours = {
  created: 'blue',
  retry: 'yellow',
  active: 'teal',
  completed: 'green',
  cancelled: 'gray',
  failed: 'red',
} as const
