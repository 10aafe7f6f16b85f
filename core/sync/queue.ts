import { PgBoss } from 'pg-boss'
import type { Database } from '../db/client.ts'
import type { Log } from '../lib/log.ts'
import { silentLog } from '../lib/log.ts'

/** Every queue, with how its jobs are kept apart. `stately`: one waiting and one active job a key. */
export const queues = {
  /** Deliveries and jobs of plugins that failed for good, until they are told as problems. */
  plugin_failed: { policy: 'standard', expireInSeconds: 600, retryLimit: 10 },
  push: { policy: 'stately', expireInSeconds: 6 * 3600, retryLimit: 3 },
  pull: { policy: 'stately', expireInSeconds: 6 * 3600, retryLimit: 3 },
  once: { policy: 'stately', expireInSeconds: 6 * 3600, retryLimit: 3 },
  reconcile: { policy: 'stately', expireInSeconds: 12 * 3600, retryLimit: 3 },
  batch: { policy: 'stately', expireInSeconds: 6 * 3600, retryLimit: 5 },
  work: { policy: 'stately', expireInSeconds: 12 * 3600, retryLimit: 5 },
  sweep: { policy: 'stately', expireInSeconds: 600, retryLimit: 0 },
  event: { policy: 'standard', expireInSeconds: 900, retryLimit: 10, deadLetter: 'plugin_failed' },
  plugin: { policy: 'stately', expireInSeconds: 6 * 3600, retryLimit: 5, deadLetter: 'plugin_failed' },
} as const
export type QueueName = keyof typeof queues
/** Where jobs go that failed for good. */
export const deadLetterQueue = 'dead'

/** A killed worker's job is given to another after this long without a heartbeat. pg-boss allows no less. */
const heartbeatSeconds = 10
const monitorSeconds = 2

export type Queue = {
  boss: PgBoss
  /** Enqueues a job; nothing happens when one with this key waits already. */
  send(queue: QueueName, data: object, key: string, options?: { startAfter?: Date }): Promise<void>
  work(queue: QueueName, concurrency: number, handler: (data: unknown) => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** Opens the job queues in the hub's own database, making them at first use. Only a worker supervises them. */
export async function startQueue(
  database: Database,
  options: { isWorker: boolean; log?: Log },
): Promise<Queue> {
  const log = options.log ?? silentLog
  const boss = new PgBoss({
    connectionString: database.url,
    application_name: 'entrepot-queue',
    max: options.isWorker ? 6 : 2,
    schedule: false,
    supervise: options.isWorker,
    superviseIntervalSeconds: monitorSeconds,
    monitorIntervalSeconds: monitorSeconds,
    useListenNotify: options.isWorker,
    registerInstance: false,
  })
  boss.on('error', (error: unknown) => log.warn({ err: error }, 'The job queue met an error and goes on'))
  await boss.start()
  await boss.createQueue(deadLetterQueue)
  for (const [name, queue] of Object.entries(queues)) {
    await boss.createQueue(name, {
      heartbeatSeconds,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      deadLetter: deadLetterQueue,
      notify: true,
      ...queue,
    })
  }
  return {
    boss,
    send: async (queue, data, key, sendOptions = {}) => {
      await boss.send(queue, data, { singletonKey: key, ...sendOptions })
    },
    work: async (queue, concurrency, handler) => {
      const workOptions = {
        localConcurrency: concurrency,
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 1,
      }
      await boss.work(queue, workOptions, async ([job]) => {
        if (job) await handler(job.data)
      })
    },
    stop: () => boss.stop({ graceful: true, timeout: 30_000 }),
  }
}
