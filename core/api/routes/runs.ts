import { createRoute, z } from '@hono/zod-openapi'
import { listCalls, readCall } from '../../calls/read.ts'
import { readRetention, retentionSchema, setRetention } from '../../calls/retention.ts'
import { runOutcomes } from '../../db/schema/index.ts'
import { transact } from '../../db/transact.ts'
import { failureKinds } from '../../sdk/errors.ts'
import { listRuns, readRun } from '../../sync/read.ts'
import { cancelRun } from '../../sync/runs.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import {
  answer,
  body,
  countingCursor,
  flag,
  givenInstant,
  idParam,
  instant,
  pageOf,
  pageQuery,
  refusals,
  toPage,
} from '../shapes.ts'

const tags = ['runs']
const params = idParam('run_01k5')

const run = z
  .object({
    id: z.string().openapi({ example: 'run_01k5' }),
    connectionId: z.string(),
    task: z.string().openapi({ example: 'push:stock' }),
    startedAt: instant,
    finishedAt: instant.nullable().openapi({ description: 'Null while it goes on.' }),
    outcome: z.enum(runOutcomes).nullable(),
    counts: z.record(z.string(), z.number()).openapi({
      description:
        'What it did so far, by name. While it goes on they are brought up to date every few seconds.',
    }),
    error: z.string().nullable(),
    calls: z.number().openapi({ description: 'HTTP calls it made.' }),
    failedCalls: z.number(),
    isIdle: z.boolean().openapi({ description: 'It found nothing to do.' }),
    cancelledBy: z.string().nullable(),
  })
  .openapi('Run')

const callShape = {
  id: z.number(),
  connectionId: z.string(),
  runId: z.string().nullable(),
  operation: z.string().nullable().openapi({ example: 'pushStock' }),
  at: instant,
  method: z.string(),
  host: z.string(),
  path: z.string().openapi({ description: 'With its query, whose values are masked but for paging.' }),
  bucket: z.string(),
  waitedMs: z.number().openapi({ description: 'How long it waited for its token.' }),
  durationMs: z.number(),
  status: z.number().nullable().openapi({ description: 'Null: there was no answer.' }),
  failure: z.enum(failureKinds).nullable(),
  requestBytes: z.number(),
  responseBytes: z.number(),
}
const call = z.object(callShape).openapi('Call')
const callDetail = z
  .object({
    ...callShape,
    requestBody: z.string().nullable().openapi({
      description:
        'Masked and cut: JSON and forms only. Secrets are never kept; where people may be named, nothing but codes, states, counts and instants is.',
    }),
    responseBody: z.string().nullable(),
  })
  .openapi('CallDetail')

const list = createRoute({
  method: 'get',
  path: '/runs',
  operationId: 'listRuns',
  tags,
  summary: 'What tasks did, newest first',
  request: {
    query: pageQuery.extend({
      connectionId: z.string().max(200).optional(),
      task: z.string().max(100).optional(),
      outcome: z.enum([...runOutcomes, 'running']).optional(),
      from: givenInstant.optional(),
      to: givenInstant.optional(),
      idle: flag.optional().openapi({ description: 'Also runs that found nothing to do.' }),
    }),
  },
  responses: { 200: answer(pageOf(run), 'A page of runs.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/runs/{id}',
  operationId: 'readRun',
  tags,
  summary: 'A run, under way or over, with its counts; its calls are in the list of calls',
  request: { params },
  responses: { 200: answer(run, 'The run.'), ...refusals(404) },
})

const cancel = createRoute({
  method: 'post',
  path: '/runs/{id}/cancel',
  operationId: 'cancelRun',
  tags,
  summary:
    'Stops a run between two steps; what it did stays, the rest waits, and its lane rests for five minutes',
  request: { params },
  responses: { 202: answer(run, 'It will stop within seconds.'), ...refusals(404, 409) },
})

const calls = createRoute({
  method: 'get',
  path: '/calls',
  operationId: 'listCalls',
  tags,
  summary: 'HTTP calls of connectors, the latest first: of a run, a connection, or all',
  request: {
    query: pageQuery.extend({
      runId: z.string().max(200).optional(),
      connectionId: z.string().max(200).optional(),
      operation: z.string().max(100).optional(),
      failure: z.enum(['any', ...failureKinds]).optional(),
    }),
  },
  responses: { 200: answer(pageOf(call), 'A page of calls.'), ...refusals(400) },
})

const oneCall = createRoute({
  method: 'get',
  path: '/calls/{id}',
  operationId: 'readCall',
  tags,
  summary: 'A call with what was said, masked',
  request: { params: idParam('41') },
  responses: { 200: answer(callDetail, 'The call.'), ...refusals(404) },
})

const keptRetention = retentionSchema.extend({ revision: z.int().min(0) }).openapi('Retention')

const retention = createRoute({
  method: 'get',
  path: '/settings/call-log',
  operationId: 'readRetention',
  tags,
  summary: 'How long runs and calls are kept',
  responses: { 200: answer(keptRetention, 'What is in force.') },
})

const keep = createRoute({
  method: 'put',
  path: '/settings/call-log',
  operationId: 'setRetention',
  tags,
  summary: 'Sets how long runs and calls are kept; older ones go within the hour',
  request: { body: body(keptRetention) },
  responses: { 200: answer(keptRetention, 'What is in force now.'), ...refusals(400, 409) },
})

export const runRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const { after, idle, ...filter } = c.req.valid('query')
      const found = await listRuns(hub.db, { ...filter, withIdle: idle, before: after })
      return c.json(
        toPage(found, filter.limit, (one) => one.id),
        200,
      )
    })
    .openapi(read, async (c) => c.json(await readRun(hub.db, c.req.valid('param').id), 200))
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      await transact(hub.db, (tx) => cancelRun(tx, id, act()))
      return c.json(await readRun(hub.db, id), 202)
    })
    .openapi(calls, async (c) => {
      const { after, ...filter } = c.req.valid('query')
      const before = after === undefined ? undefined : countingCursor(after)
      const found = await listCalls(hub.db, { ...filter, before })
      return c.json(
        toPage(found, filter.limit, (one) => String(one.id)),
        200,
      )
    })
    .openapi(oneCall, async (c) => c.json(await readCall(hub.db, c.req.valid('param').id), 200))
    .openapi(retention, async (c) => c.json(await readRetention(hub.db), 200))
    .openapi(keep, async (c) => {
      const change = c.req.valid('json')
      return c.json(await transact(hub.db, (tx) => setRetention(tx, change, act())), 200)
    })
