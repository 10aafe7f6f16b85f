import type { Queue, QueueName } from './queue.ts'
import type { Task } from './tasks.ts'

/** Which queue a task's jobs stand in: orders never wait behind stock. */
export const queueOf: Record<Task, QueueName> = {
  orders: 'pull',
  content: 'push',
  price: 'push',
  stock: 'push',
  once: 'once',
  listings: 'reconcile',
  reconcile: 'reconcile',
  tracking: 'pull',
  terms: 'reconcile',
  returns: 'pull',
}

export type TaskJob = { task: Task; connectionId: string; externalIds?: string[] }

/** Runs that are put off into the same span are one. */
const laterMs = 5_000

/** Asks for a task of a connection to run soon; one that waits already is enough. */
export async function enqueueTask(queue: Queue, job: TaskJob, startAfter?: Date): Promise<void> {
  const ids = job.externalIds ? `:${job.externalIds.join(',')}` : ''
  // A job that waits keeps its place: one due much later must not swallow one due soon.
  const later = startAfter ? `:${Math.ceil(startAfter.getTime() / laterMs)}` : ''
  await queue.send(
    queueOf[job.task],
    job,
    `${job.connectionId}:${job.task}${ids}${later}`,
    startAfter ? { startAfter } : {},
  )
}
