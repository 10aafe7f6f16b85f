import type { api, Success } from '../../api.ts'

export type Job = Success<Awaited<ReturnType<typeof api.api.jobs.$get>>>['items'][number]
const states = ['created', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const
export const stateColours = {
  created: 'blue',
  retry: 'yellow',
  active: 'teal',
  completed: 'green',
  cancelled: 'gray',
  failed: 'red',
} as const
