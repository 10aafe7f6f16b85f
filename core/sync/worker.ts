import { sql } from 'drizzle-orm'
import { schedule } from 'node-cron'
import { query } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import { pruneUploads } from '../imports/uploads.ts'
import { datedPricesWake, wakeChannel } from '../listings/dirty.ts'
import { reviewAllocated } from '../orders/allocate.ts'
import { healUnknownSkus } from '../orders/lines.ts'
import { refreshOverview } from '../overview/refresh.ts'
import { pruneWork } from '../work/prune.ts'
import { type BatchJob, batchQueue, runBatch } from './batch.ts'
import { tickCoupons } from './coupons.ts'
import { enqueueTask, type TaskJob } from './enqueue.ts'
import { type Hub, systemAct } from './hub.ts'
import { runDuePluginJobs, workForPlugins } from './plugin-work.ts'
import { startPriceSwitch } from './price-switch.ts'
import { dirtyAspects } from './push-state.ts'
import type { Queue } from './queue.ts'
import { closeLostRuns, pruneHistory } from './runs.ts'
import { runDueSchedules, tickPromotions } from './schedule.ts'
import { tellStockChanges } from './stock-events.ts'
import { nextRun, runTask, type Task } from './tasks.ts'
import { refreshDueWords } from './terms.ts'
import { startOpenJobs, type WorkJob, workOn, workQueue } from './work.ts'

export type Worker = { stop(): Promise<void> }

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

  const prices = startPriceSwitch(hub)
  const onWake = (payload: string) => {
    if (payload === datedPricesWake) {
      void prices.look()
      return
    }
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
  await queue.work(batchQueue, 2, (data) => runBatch(hub, data as BatchJob))
  const ending = new AbortController()
  await queue.work(workQueue, 2, (data) => workOn(hub, (data as WorkJob).workId, ending.signal))
  await workForPlugins(hub)
  await queue.work('sweep', 1, () => sweep(hub))
  await hub.database.listen(wakeChannel, onWake)
  await prices.look()
  const ticker = schedule('* * * * *', async () => {
    void prices.look()
    await queue
      .send('sweep', {}, 'sweep')
      .catch((error: unknown) => log.warn({ err: error }, 'The sweep could not be enqueued'))
  })
  await queue.send('sweep', {}, 'sweep')
  return {
    stop: async () => {
      ending.abort()
      prices.stop()
      await ticker.destroy()
      await queue.stop()
    },
  }
}

/**
 * Finds what no wake-up told of: due schedules and coupons, dirty aspects, open calls, orders that can heal. Counts
 * for the overview, and takes away old history.
 */
export async function sweep(hub: Hub & { queue: Queue }): Promise<void> {
  const { queue } = hub
  const start = (task: Task, connectionId: string) => enqueueTask(queue, { task, connectionId })
  const steps: readonly (() => Promise<unknown>)[] = [
    () => tickPromotions(hub),
    () => tickCoupons(hub),
    () => runDueSchedules(hub, start),
    () => runDuePluginJobs(hub),
    () => tellStockChanges(hub),
    () => refreshDueWords(hub),
    () => healUnknownSkus(hub.db, systemAct(hub, 'sweep')),
    () => transact(hub.db, (tx) => reviewAllocated(tx, systemAct(hub, 'sweep'))),
    () => startOpenWork(hub, start),
    () => startOpenJobs(hub),
    () => pruneWork(hub.db, hub.clock.now()),
    () => pruneUploads(hub.db, hub.clock.now()),
    () => closeLostRuns(hub),
    () => refreshOverview(hub.db, hub.clock.now()),
    () => pruneHistory(hub),
  ]
  const failures: unknown[] = []
  // One step that fails must not silence the others.
  for (const step of steps) await step().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** Starts every lane that has something to do and may have missed its wake-up. */
async function startOpenWork(
  hub: Hub & { queue: Queue },
  start: (task: Task, connectionId: string) => Promise<void>,
): Promise<void> {
  for (const { connectionId, aspect } of await dirtyAspects(hub.db)) await start(aspect, connectionId)
  const open = await query<{ connectionId: string; task: Task }>(
    hub.db,
    sql`
    select connection.id as "connectionId", work.task from connections connection join (
      select connection_id, 'once' as task from once_calls where state in ('waiting', 'running', 'uncertain')
      union select connection_id, 'once' from listings where ending_since is not null and external_id is not null and status <> 'ended'
      union select connection_id, aspect from tickets where settled_at is null
    ) work on work.connection_id = connection.id
    where connection.status = 'active'`,
  )
  for (const { connectionId, task } of open) await start(task, connectionId)
  const batches = await query<{ id: string }>(
    hub.db,
    sql`select id from shipment_batches where finished_at is null`,
  )
  for (const { id } of batches) await hub.queue.send(batchQueue, { batchId: id } satisfies BatchJob, id)
}
