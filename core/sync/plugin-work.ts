import { and, eq, sql } from 'drizzle-orm'
import { fromDrizzle, type JobWithMetadata } from 'pg-boss'
import { pluginJobs } from '../db/schema/index.ts'
import { describeFailure } from '../plugins/failure.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import { InputError } from '../sdk/errors.ts'
import type { PluginContext, PluginDefinition } from '../sdk/plugin.ts'
import { type EventJob, eventQueue } from './events.ts'
import { type Hub, systemAct } from './hub.ts'
import type { Queue } from './queue.ts'
import { assertCron, hasTick } from './schedule.ts'

type PluginJob = { pluginId: string; jobId: string }

const jobQueue = 'plugin'
const failedQueue = 'plugin_failed'
const jobProblem = ({ pluginId, jobId }: PluginJob) => `plugin-job:${pluginId}:${jobId}`

/** @throws InputError naming plugin and job when a cron line or time zone is none. */
export function assertPluginJobs(plugins: readonly PluginDefinition[]): void {
  for (const plugin of plugins) {
    for (const job of plugin.jobs ?? []) {
      try {
        assertCron(job.cron, job.timeZone)
      } catch (error) {
        throw new InputError(`Job "${job.id}" of plugin "${plugin.id}": ${(error as Error).message}`)
      }
    }
  }
}

/** Works what plugins have to do. Every delivery and every job stands alone: none holds up another's. */
export async function workForPlugins(hub: Hub & { queue: Queue }): Promise<void> {
  const { queue } = hub
  await queue.work(eventQueue, 4, (data) => deliverEvent(hub, data as EventJob))
  await queue.work(jobQueue, 4, (data) => runPluginJob(hub, data as PluginJob))
  await queue.boss.work(
    failedQueue,
    { includeMetadata: true, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 },
    async ([job]: JobWithMetadata<EventJob | PluginJob>[]) => {
      const reason = (job?.sourceOutput as { message?: unknown } | null)?.message
      if (job) await tellFailure(hub, job.data, typeof reason === 'string' ? reason : 'no reason given')
    },
  )
}

/**
 * Starts the jobs that are due. Many processes may call it: each tick is taken by one, and ticks that were missed
 * count as one. A job seen for the first time waits for its next tick. Returns how many were started.
 */
export async function runDuePluginJobs(hub: Hub & { queue: Queue }): Promise<number> {
  const now = hub.clock.now()
  const known = new Map(
    (await hub.db.select().from(pluginJobs)).map((row) => [`${row.pluginId} ${row.jobId}`, row.lastTickAt]),
  )
  let started = 0
  for (const { plugin } of await readActivePlugins(hub.db, hub.plugins)) {
    for (const { id, cron, timeZone = 'UTC' } of plugin.jobs ?? []) {
      const job = { pluginId: plugin.id, jobId: id }
      const last = known.get(`${plugin.id} ${id}`)
      if (!last)
        await hub.db
          .insert(pluginJobs)
          .values({ ...job, lastTickAt: now })
          .onConflictDoNothing()
      else if (hasTick(cron, timeZone, last, now) && (await takeTick(hub, job, last, now))) started += 1
    }
  }
  return started
}

/** Whether this process is the one that starts the job: the tick and the start are one transaction. */
function takeTick(hub: Hub & { queue: Queue }, job: PluginJob, last: Date, now: Date): Promise<boolean> {
  return hub.db.transaction(async (tx) => {
    const taken = await tx
      .update(pluginJobs)
      .set({ lastTickAt: now })
      .where(
        and(
          eq(pluginJobs.pluginId, job.pluginId),
          eq(pluginJobs.jobId, job.jobId),
          eq(pluginJobs.lastTickAt, last),
        ),
      )
      .returning({ jobId: pluginJobs.jobId })
    if (taken.length === 0) return false
    await hub.queue.boss.send(jobQueue, job, {
      singletonKey: `${job.pluginId}:${job.jobId}`,
      db: fromDrizzle(tx, sql),
    })
    return true
  })
}

async function runPluginJob(hub: Hub, job: PluginJob): Promise<void> {
  const declared = (await pluginOf(hub, job.pluginId))?.jobs?.find(({ id }) => id === job.jobId)
  if (!declared) return
  await attempt(hub, job, () => declared.run(hub.pluginContext(job.pluginId)))
  await settleProblems(hub.db, [jobProblem(job)], systemAct(hub, `plugin:${job.pluginId}`))
}

/** Gives a plugin one fact. What waited for a plugin that is switched off is let go. */
export async function deliverEvent(hub: Hub, job: EventJob): Promise<void> {
  const handler = (await pluginOf(hub, job.pluginId))?.on?.[job.event] as
    | ((data: unknown, context: PluginContext) => Promise<void>)
    | undefined
  if (handler) await attempt(hub, job, () => handler(job.data, hub.pluginContext(job.pluginId)))
}

/** The plugin, unless it is switched off or no longer installed: what waited for it is then let go. */
async function pluginOf(hub: Hub, id: string): Promise<PluginDefinition | undefined> {
  const installed = hub.plugins.filter((plugin) => plugin.id === id)
  return (await readActivePlugins(hub.db, installed))[0]?.plugin
}

/** Runs a plugin's code; its failure goes on to the queue without the values that a statement may have named. */
async function attempt(hub: Hub, job: EventJob | PluginJob, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const failure = describeFailure(error)
    const what = 'event' in job ? { event: job.event } : { job: job.jobId }
    hub.log.warn({ plugin: job.pluginId, ...what, ...failure }, 'A plugin failed and is tried again alone')
    throw new Error(failure.reason)
  }
}

/** Nothing fails silently: what a plugin gave up on becomes a problem that names it. */
async function tellFailure(hub: Hub, job: EventJob | PluginJob, reason: string): Promise<void> {
  const problem =
    'event' in job
      ? {
          key: `plugin-event:${job.pluginId}:${job.event}`,
          message: `Plugin "${job.pluginId}" could not take the event ${job.event}: ${reason}`,
          holdsUp: 'what the plugin does with this event',
          remedy: 'Correct the plugin; what it missed stands in the detail and is not told again.',
        }
      : {
          key: jobProblem(job),
          message: `Job "${job.jobId}" of plugin "${job.pluginId}" failed: ${reason}`,
          holdsUp: 'what the job does',
          remedy: 'Correct the plugin or what it complains of; a later run that succeeds closes this.',
        }
  await raiseProblems(hub.db, [{ kind: 'plugin', ...problem, detail: job }], systemAct(hub, 'worker'))
}
