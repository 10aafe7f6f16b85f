import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import {
  changeJob,
  type JobAction,
  jobCursor,
  jobStates,
  listJobs,
  mostRedriven,
  queueNames,
  readJob,
  readQueues,
  redriveJobs,
} from '../../sync/jobs.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, done, idParam, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const tags = ['jobs']
const params = idParam('push:0198b6a4-0000-7000-8000-000000000000')

const queueState = z
  .object({
    queue: z.string(),
    waiting: z.number().openapi({ description: 'Ready to be worked.' }),
    deferred: z.number().openapi({ description: 'Due later.' }),
    active: z.number(),
    failed: z.number().openapi({ description: 'Failed for good; kept for some days.' }),
    oldestWaitingSince: instant.nullable(),
  })
  .openapi('QueueState')

const job = z
  .object({
    id: z.string().openapi({ description: 'Queue and id.' }),
    queue: z.string(),
    state: z.enum(jobStates),
    key: z.string().nullable().openapi({ description: 'Jobs with the same key are one.' }),
    data: z.unknown().openapi({ description: 'Masked: what could tell of a person is not shown.' }),
    createdAt: instant,
    startAfter: instant,
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
    heartbeatAt: instant.nullable(),
    retryCount: z.number(),
    retryLimit: z.number(),
    error: z.string().nullable(),
    source: z.string().nullable().openapi({ description: 'The queue that it failed in for good.' }),
  })
  .openapi('Job')

const counts = createRoute({
  method: 'get',
  path: '/job-queues',
  operationId: 'listQueues',
  tags,
  summary: 'How much stands in each queue, and how long the oldest waits',
  responses: { 200: answer(z.object({ items: z.array(queueState) }), 'All queues.') },
})

const list = createRoute({
  method: 'get',
  path: '/jobs',
  operationId: 'listJobs',
  tags,
  summary: 'Jobs, the latest first; those that failed for good stand in the queue "dead"',
  request: {
    query: pageQuery.extend({
      queue: z.enum(queueNames as unknown as [string, ...string[]]).optional(),
      state: z.enum(jobStates).optional(),
    }),
  },
  responses: { 200: answer(pageOf(job), 'A page of jobs.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/jobs/{id}',
  operationId: 'readJob',
  tags,
  summary: 'A job, masked, with what it failed with',
  request: { params },
  responses: { 200: answer(job, 'The job.'), ...refusals(404) },
})

const change = <Action extends Exclude<JobAction, 'delete'>>(
  action: Action,
  operationId: string,
  summary: string,
) =>
  createRoute({
    method: 'post',
    path: `/jobs/{id}/${action}` as const,
    operationId,
    tags,
    summary,
    request: { params },
    responses: { 200: answer(job, 'As it is now.'), ...refusals(404, 409) },
  })

const cancel = change('cancel', 'cancelJob', 'Cancels a job that waits or is worked; what it did stays')
const retry = change('retry', 'retryJob', 'Lets a job that failed be tried once more')
const resume = change('resume', 'resumeJob', 'Lets a cancelled job go on')

const remove = createRoute({
  method: 'delete',
  path: '/jobs/{id}',
  operationId: 'deleteJob',
  tags,
  summary: 'Deletes a job that is not being worked',
  request: { params },
  responses: { 200: answer(done, 'It is gone.'), ...refusals(404, 409) },
})

const redrive = createRoute({
  method: 'post',
  path: '/jobs/redrive',
  operationId: 'redriveJobs',
  tags,
  summary: `Lets jobs that failed for good be worked again: these, those of a queue, or all; up to ${mostRedriven} at once`,
  request: {
    body: body(
      z.strictObject({
        ids: z.array(z.string().max(200)).min(1).max(500).optional(),
        source: z.string().max(100).optional().openapi({ example: 'push' }),
      }),
    ),
  },
  responses: { 200: answer(z.object({ moved: z.number() }), 'So many wait again.'), ...refusals(400, 404) },
})

export const jobRoutes = ({ hub, act }: ApiContext) => {
  const apply = async (id: string, action: JobAction) => {
    await transact(hub.db, (tx) => changeJob(tx, hub.queue, id, action, act()))
  }
  const show = (id: string) => readJob(hub.db, id)
  return createRouter()
    .openapi(counts, async (c) => c.json({ items: await readQueues(hub.db) }, 200))
    .openapi(list, async (c) => {
      const { after, ...filter } = c.req.valid('query')
      const found = await listJobs(hub.db, { ...filter, before: jobCursor(after) })
      const { items, next } = toPage(found, filter.limit, (one) => one.cursor)
      return c.json({ items: items.map(({ cursor: _, ...one }) => one), next }, 200)
    })
    .openapi(redrive, async (c) => {
      const wanted = c.req.valid('json')
      return c.json({ moved: await transact(hub.db, (tx) => redriveJobs(tx, hub.queue, wanted, act())) }, 200)
    })
    .openapi(read, async (c) => c.json(await show(c.req.valid('param').id), 200))
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      await apply(id, 'cancel')
      return c.json(await show(id), 200)
    })
    .openapi(retry, async (c) => {
      const { id } = c.req.valid('param')
      await apply(id, 'retry')
      return c.json(await show(id), 200)
    })
    .openapi(resume, async (c) => {
      const { id } = c.req.valid('param')
      await apply(id, 'resume')
      return c.json(await show(id), 200)
    })
    .openapi(remove, async (c) => {
      await apply(c.req.valid('param').id, 'delete')
      return c.json({ ok: true as const }, 200)
    })
}
