import { sql } from 'drizzle-orm'
import { schedule } from 'node-cron'
import { query } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import { wakeChannel } from '../listings/dirty.ts'
import { reviewAllocated } from '../orders/allocate.ts'
import { healUnknownSkus } from '../orders/lines.ts'
import { type EventJob, eventQueue } from './events.ts'
import { type Hub, systemAct } from './hub.ts'
import { dirtyAspects } from './push-state.ts'
import type { Queue, QueueName } from './queue.ts'
import { runDueSchedules, tickPromotions } from './schedule.ts'
import { nextRun, runTask, type Task } from './tasks.ts'

/** Which queue a task's jobs stand in: orders never wait behind stock. */
const queueOf: Record<Task, QueueName> = {
  orders: 'pull',
  content: 'push',
  price: 'push',
  stock: 'push',
  once: 'once',
  listings: 'reconcile',
  reconcile: 'reconcile',
}

type TaskJob = { task: Task; connectionId: string; externalIds?: string[] }

export type Worker = { stop(): Promise<void> }

/** Asks for a task of a connection to run soon; one that waits already is enough. */
export async function enqueueTask(queue: Queue, job: TaskJob, startAfter?: Date): Promise<void> {
  const ids = job.externalIds ? `:${job.externalIds.join(',')}` : ''
  const later = startAfter ? ':later' : ''
  await queue.send(
    queueOf[job.task],
    job,
    `${job.connectionId}:${job.task}${ids}${later}`,
    startAfter ? { startAfter } : {},
  )
}

/** Works the hub's queues until stopped: wakes at commits, keeps the schedules, and sweeps up every minute. */
export async function startWorker(hub: Hub & { queue: Queue }): Promise<Worker> {
  const { queue, log } = hub
  const news = new Map<string, boolean>()
  const laneKey = (job: TaskJob) => `${job.task}:${job.connectionId}`

  async function handle(data: unknown): Promise<void> {
    const job = data as TaskJob
    news.set(laneKey(job), false)
    const hasNews = () => {
      const fresh = news.get(laneKey(job)) ?? false
      news.set(laneKey(job), false)
      return fresh
    }
    const outcome = await runTask(hub, job.task, job.connectionId, {
      hasNews,
      ...(job.externalIds ? { externalIds: job.externalIds } : {}),
    })
    const again = await nextRun(hub, job.task, job.connectionId, outcome)
    if (again) await enqueueTask(queue, job, again)
  }

  const onWake = (payload: string) => {
    const [task, connectionId] = payload.split(':') as [Task, string]
    news.set(payload, true)
    enqueueTask(queue, { task, connectionId }).catch((error: unknown) =>
      log.warn({ err: error, task }, 'A wake-up could not be enqueued; the sweep will find it'),
    )
  }

  await queue.work('push', 8, handle)
  await queue.work('pull', 4, handle)
  await queue.work('once', 4, handle)
  await queue.work('reconcile', 2, handle)
  await queue.work(eventQueue, 4, (data) => deliverEvent(hub, data as EventJob))
  await queue.work('sweep', 1, () => sweep(hub))
  await hub.database.listen(wakeChannel, onWake)
  const ticker = schedule('* * * * *', async () => {
    await queue
      .send('sweep', {}, 'sweep')
      .catch((error: unknown) => log.warn({ err: error }, 'The sweep could not be enqueued'))
  })
  await queue.send('sweep', {}, 'sweep')
  return {
    stop: async () => {
      await ticker.destroy()
      await queue.stop()
    },
  }
}

/** Finds what no wake-up told of: due schedules, dirty aspects, open calls, orders that can heal. */
export async function sweep(hub: Hub & { queue: Queue }): Promise<void> {
  const { queue } = hub
  await tickPromotions(hub)
  await runDueSchedules(hub, (task, connectionId) => enqueueTask(queue, { task, connectionId }))
  await healUnknownSkus(hub.db, systemAct(hub, 'sweep'))
  await transact(hub.db, (tx) => reviewAllocated(tx, systemAct(hub, 'sweep')))
  for (const { connectionId, aspect } of await dirtyAspects(hub.db))
    await enqueueTask(queue, { task: aspect, connectionId })
  const open = await query<{ connectionId: string }>(
    hub.db,
    sql`
    select distinct call.connection_id as "connectionId" from once_calls call join connections connection on connection.id = call.connection_id
    where call.state in ('waiting', 'running', 'uncertain') and connection.status = 'active'
    union select connection_id from listings where ending_since is not null and status <> 'ended'`,
  )
  for (const { connectionId } of open) await enqueueTask(queue, { task: 'once', connectionId })
  const waiting = await query<{ connectionId: string; task: Task }>(
    hub.db,
    sql`
    select distinct connection_id as "connectionId", aspect as task from tickets where settled_at is null`,
  )
  for (const job of waiting) await enqueueTask(queue, job)
}

async function deliverEvent(hub: Hub, job: EventJob): Promise<void> {
  const plugin = hub.plugins.find((candidate) => candidate.id === job.pluginId)
  const handler = plugin?.on?.[job.event] as
    | ((data: unknown, context: { log: Hub['log']; clock: Hub['clock'] }) => Promise<void>)
    | undefined
  if (handler) await handler(job.data, { log: hub.log, clock: hub.clock })
}
