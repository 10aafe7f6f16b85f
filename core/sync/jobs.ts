import { type SQL, sql } from 'drizzle-orm'
import { fromDrizzle } from 'pg-boss'
import { appendAudit } from '../audit/audit.ts'
import { maskData, maskText } from '../calls/mask.ts'
import { type Db, query, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { deadLetterQueue, type Queue, queues } from './queue.ts'

/** Every queue, those of jobs that failed for good too. */
export const queueNames = [...Object.keys(queues), deadLetterQueue] as const
export const jobStates = ['created', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const
export type JobState = (typeof jobStates)[number]

export type QueueState = {
  queue: string
  /** Ready to be worked. */
  waiting: number
  /** Due later. */
  deferred: number
  active: number
  /** Failed for good, kept for a while. */
  failed: number
  oldestWaitingSince: Date | null
}

/** The states that are not over, and `failed`: as pg-boss indexes them. */
const live = sql`state in ('created', 'retry', 'active', 'failed')`

/** How much stands in each queue. Read from pg-boss's tables, because it counts only while a worker runs. */
export async function readQueues(db: Db): Promise<QueueState[]> {
  const found = await query<Omit<QueueState, 'oldestWaitingSince'> & { oldest: string | null }>(
    db,
    sql`
    select name as queue, count(*) filter (where state < 'active' and start_after <= now())::int as waiting,
      count(*) filter (where state < 'active' and start_after > now())::int as deferred,
      count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'failed')::int as failed,
      min(start_after) filter (where state < 'active' and start_after <= now()) as oldest
    from pgboss.job where ${live} group by name`,
  )
  const nothing = { waiting: 0, deferred: 0, active: 0, failed: 0, oldest: null }
  return queueNames.map((queue) => {
    const { oldest, ...counts } = found.find((row) => row.queue === queue) ?? { queue, ...nothing }
    return { ...counts, oldestWaitingSince: oldest === null ? null : new Date(oldest) }
  })
}

export type JobFilter = {
  queue?: string | undefined
  state?: JobState | undefined
  before?: { createdOn: string; id: string } | undefined
  limit: number
}

export type Job = {
  id: string
  queue: string
  state: JobState
  key: string | null
  data: unknown
  createdAt: Date
  startAfter: Date
  startedAt: Date | null
  completedAt: Date | null
  heartbeatAt: Date | null
  retryCount: number
  retryLimit: number
  /** Why it failed, without what was worked on. */
  error: string | null
  /** Of a job that failed for good: the queue it comes from. */
  source: string | null
}

type Row = {
  id: string
  name: string
  state: JobState
  singleton_key: string | null
  data: unknown
  created_on: string
  start_after: string
  started_on: string | null
  completed_on: string | null
  heartbeat_on: string | null
  retry_count: number
  retry_limit: number
  output: unknown
  source_name: string | null
  source_output: unknown
}

const columns = sql`id, name, state, singleton_key, data, created_on, start_after, started_on, completed_on, heartbeat_on, retry_count, retry_limit,
  output, source_name, source_output`

/** Jobs, the latest first. One row more than `limit`; `cursor` says where the next page goes on. */
export async function listJobs(db: Db, filter: JobFilter): Promise<(Job & { cursor: string })[]> {
  const { queue, state, before, limit } = filter
  const names = queue === undefined ? queueNames : [queue]
  const conditions: SQL[] = [sql`job.name = queue.name`]
  if (state !== undefined) conditions.push(sql`job.state = ${state}::pgboss.job_state`)
  if (before !== undefined)
    conditions.push(
      sql`(job.created_on, job.id) < (${before.createdOn}::timestamptz, ${before.id}::uuid)`,
      sql`job.created_on <= ${before.createdOn}::timestamptz`,
    )
  const found = await query<Row>(
    db,
    sql`
    select job.* from jsonb_array_elements_text(${JSON.stringify(names)}::text::jsonb) queue(name) cross join lateral (
      select ${columns} from pgboss.job where ${sql.join(conditions, sql` and `)} order by created_on desc, id desc limit ${limit + 1}
    ) job order by job.created_on desc, job.id desc limit ${limit + 1}`,
  )
  return found.map((row) => ({ ...toJob(row), cursor: `${row.created_on}~${row.id}` }))
}

/** Where a page of jobs goes on. @throws InputError */
export function jobCursor(after: string | undefined): JobFilter['before'] {
  if (after === undefined) return undefined
  const [createdOn, id] = after.split('~')
  if (!createdOn || !id || Number.isNaN(Date.parse(createdOn)) || !uuid.test(id))
    throw new InputError(`"${after}" is not the "next" of a page.`, 'after')
  return { createdOn, id }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A job by `<queue>:<id>`, as the lists name it. @throws NotFoundError */
export async function readJob(db: Db, name: string): Promise<Job> {
  const { queue, id } = parseName(name)
  const [row] = await query<Row>(
    db,
    sql`select ${columns} from pgboss.job where name = ${queue} and id = ${id}::uuid`,
  )
  if (!row)
    throw new NotFoundError(`There is no job ${name}: jobs that are over are kept for some days only.`)
  return toJob(row)
}

function parseName(name: string): { queue: string; id: string } {
  const at = name.indexOf(':')
  const [queue, id] = [name.slice(0, at), name.slice(at + 1)]
  if (!(queueNames as readonly string[]).includes(queue) || !uuid.test(id))
    throw new NotFoundError(`There is no job ${name}.`)
  return { queue, id }
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text))

const toJob = (row: Row): Job => ({
  id: `${row.name}:${row.id}`,
  queue: row.name,
  state: row.state,
  key: row.singleton_key,
  data: maskData(row.data),
  createdAt: new Date(row.created_on),
  startAfter: new Date(row.start_after),
  startedAt: date(row.started_on),
  completedAt: date(row.completed_on),
  heartbeatAt: date(row.heartbeat_on),
  retryCount: row.retry_count,
  retryLimit: row.retry_limit,
  error: wordsOf(row.source_output ?? row.output),
  source: row.source_name,
})

/** What a job failed with. A failed statement names its values, which may be personal data: they are left out. */
function wordsOf(output: unknown): string | null {
  const { message, cause } = (output ?? {}) as { message?: unknown; cause?: { message?: unknown } }
  if (typeof message !== 'string') return null
  const words = message.startsWith('Failed query')
    ? `The hub's database refused a statement: ${typeof cause?.message === 'string' ? cause.message : 'no reason given'}`
    : message
  return maskText(words).slice(0, 1000)
}

/** What a person may do with a job, from which states. */
export const jobActions = {
  cancel: { from: ['created', 'retry', 'active'], action: 'job.cancelled' },
  retry: { from: ['failed'], action: 'job.retried' },
  resume: { from: ['cancelled'], action: 'job.resumed' },
  delete: { from: jobStates.filter((state) => state !== 'active'), action: 'job.deleted' },
} as const satisfies Record<string, { from: readonly JobState[]; action: string }>
export type JobAction = keyof typeof jobActions

/** Does something with a job, in one transaction with its audit row. @throws NotFoundError, ConflictError */
export async function changeJob(
  tx: Tx,
  { boss }: Queue,
  name: string,
  action: JobAction,
  act: Act,
): Promise<void> {
  const { queue, id } = parseName(name)
  const [row] = await query<{ state: JobState }>(
    tx,
    sql`select state from pgboss.job where name = ${queue} and id = ${id}::uuid for update`,
  )
  if (!row) throw new NotFoundError(`There is no job ${name}.`)
  const { from, action: audited } = jobActions[action]
  if (!(from as readonly JobState[]).includes(row.state))
    throw new ConflictError(`Job ${name} is ${row.state}: it cannot be made to ${action}.`)
  const options = { db: fromDrizzle(tx, sql) }
  if (action === 'cancel') await boss.cancel(queue, id, options)
  else if (action === 'retry') await boss.retry(queue, id, options)
  else if (action === 'resume') await boss.resume(queue, id, options)
  else await boss.deleteJob(queue, id, options)
  await appendAudit(tx, act, { action: audited, subject: name, before: { state: row.state } })
}

/** Which of the jobs that failed for good are worked again: these, those of a queue, or all there are now. */
export type Redrive = { ids?: readonly string[] | undefined; source?: string | undefined }

/** Jobs worked again at once; the rest waits for the next request. */
export const mostRedriven = 1_000

/** Puts jobs that failed for good back into the queues they come from. Returns how many. @throws NotFoundError */
export async function redriveJobs(
  tx: Tx,
  { boss }: Queue,
  { ids, source }: Redrive,
  act: Act,
): Promise<number> {
  const moved = await boss.redrive(deadLetterQueue, {
    limit: mostRedriven,
    ...(ids ? { ids: ids.map((name) => parseName(name).id) } : {}),
    ...(source ? { sourceName: source } : {}),
    db: fromDrizzle(tx, sql),
  })
  await appendAudit(tx, act, {
    action: 'jobs.redriven',
    subject: deadLetterQueue,
    after: { ids: ids ?? null, source: source ?? null, moved },
  })
  return moved
}
