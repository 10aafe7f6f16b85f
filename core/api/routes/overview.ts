import { createRoute, z } from '@hono/zod-openapi'
import { readOverview } from '../../overview/overview.ts'
import { severities } from '../../problems/kinds.ts'
import { failureKinds } from '../../sdk/errors.ts'
import { aspects } from '../../sdk/model/listing.ts'
import { readQueues } from '../../sync/jobs.ts'
import { deadLetterQueue } from '../../sync/queue.ts'
import { assertCron } from '../../sync/schedule.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, instant, refusals } from '../shapes.ts'

const rowsBehind = z
  .object({ path: z.string(), query: z.record(z.string(), z.string()) })
  .openapi('RowsBehind', { description: 'The list that shows the rows behind a number.' })
const figure = z
  .object({
    value: z.number(),
    because: z.string().openapi({ description: 'What was counted.' }),
    list: rowsBehind,
  })
  .openapi('Figure')

const verdict = z
  .object({
    state: z.enum(['in_step', 'working', 'attention', 'stopped']),
    code: z.string().openapi({ example: 'orders_overdue' }),
    values: z.record(z.string(), z.union([z.string(), z.number()])),
    message: z.string(),
    list: rowsBehind.nullable(),
  })
  .openapi('Verdict')

const connection = z.object({
  id: z.string(),
  name: z.string(),
  connector: z.string(),
  status: z.enum(['active', 'observing', 'paused']),
  pausedReason: z.string().nullable(),
  ordersReadAt: instant.nullable().openapi({ description: 'When orders were last read.' }),
  areOrdersComplete: z.boolean().openapi({ description: 'Whether that reading came to the end.' }),
  reconciledAt: instant.nullable(),
  aspects: z.array(
    z.object({
      aspect: z.enum(aspects),
      listings: z.number(),
      dirty: z.number().openapi({ description: 'Up to 1,000 counted now, beyond as of `countedAt`.' }),
      refused: z.number(),
      oldestDirtySince: instant.nullable(),
      lastPushAt: instant.nullable(),
      countedAt: instant.nullable(),
    }),
  ),
  buckets: z.array(
    z.object({
      bucket: z.string(),
      perSecond: z.number(),
      burst: z.number(),
      tokens: z.number(),
      blockedUntil: instant.nullable(),
      calls: z.number().openapi({ description: 'Of the last 24 hours.' }),
      refused: z.number(),
      waitedMs: z.number(),
    }),
  ),
  failures: z.array(z.object({ failure: z.enum(failureKinds), count: z.number() })).openapi({
    description: 'Failed calls of the last 24 hours by word.',
  }),
  lists: z.record(z.string(), rowsBehind),
})

const queue = z.object({
  queue: z.string(),
  waiting: z.number(),
  deferred: z.number(),
  active: z.number(),
  failed: z.number(),
  oldestWaitingSince: instant.nullable(),
})

const overview = z
  .object({
    at: instant,
    verdict,
    connections: z.array(connection),
    queues: z.array(queue),
    orders: z.object({
      toShip: z.object({
        overdue: figure,
        today: figure,
        tomorrow: figure,
        later: figure,
        withoutDeadline: figure,
      }),
      byState: z.array(z.object({ status: z.string(), figure })),
    }),
    problems: z.array(z.object({ kind: z.string(), severity: z.enum(severities), since: instant, figure })),
    proposals: z.array(z.object({ kind: z.string(), since: instant, figure })),
    sales: z.object({
      because: z.string(),
      days: z.array(
        z.object({
          day: z.iso.date(),
          connectionId: z.string(),
          currency: z.string(),
          orders: z.number(),
          totalMinor: z.number(),
        }),
      ),
    }),
    stock: z.object({
      because: z.string(),
      days: z.array(
        z.object({
          day: z.iso.date(),
          currency: z.string().openapi({ description: 'Of the cost; empty where none is known.' }),
          units: z.number(),
          valueMinor: z.number(),
        }),
      ),
    }),
  })
  .openapi('Overview')

const read = createRoute({
  method: 'get',
  path: '/overview',
  operationId: 'readOverview',
  tags: ['overview'],
  summary:
    'The hub at a glance: what to do first, how fresh each connection is, what waits, sales and stock of 30 days',
  request: {
    query: z.object({
      timeZone: z.string().max(100).default('UTC').openapi({ example: 'Europe/Berlin' }),
    }),
  },
  responses: { 200: answer(overview, 'As of now.'), ...refusals(400) },
})

export const overviewRoutes = ({ hub }: ApiContext) =>
  createRouter().openapi(read, async (c) => {
    const { timeZone } = c.req.valid('query')
    assertCron('* * * * *', timeZone)
    const queues = await readQueues(hub.db)
    const deadJobs = queues.find((one) => one.queue === deadLetterQueue)?.waiting ?? 0
    const found = await readOverview(hub.db, hub.clock.now(), { timeZone, deadJobs })
    return c.json({ ...found, queues }, 200)
  })
