import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'drizzle-orm'
import { query } from '../../db/client.ts'
import journal from '../../db/migrations/meta/_journal.json' with { type: 'json' }
import type { ApiContext, ApiHub } from '../context.ts'
import { createRouter } from '../errors.ts'
import { fillGauges } from '../gauges.ts'
import { answer, refusals } from '../shapes.ts'

/** A part that has not answered by then counts as down. */
const patienceMs = 3_000

const health = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['health'],
  summary: 'Whether the process is up',
  responses: { 200: answer(z.object({ status: z.literal('up') }), 'It is up.') },
})

const readiness = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  tags: ['health'],
  summary: 'Whether the hub can work: database, migrations and job queue',
  responses: {
    200: answer(z.object({ status: z.literal('ready') }), 'It can work.'),
    ...refusals(503),
  },
})

const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  tags: ['health'],
  summary: 'Figures for Prometheus',
  responses: {
    200: {
      description: 'The text format of Prometheus.',
      content: { 'text/plain': { schema: z.string() } },
    },
  },
})

export const healthRoutes = ({ hub }: ApiContext) =>
  createRouter()
    .openapi(health, (c) => c.json({ status: 'up' as const }, 200))
    .openapi(readiness, async (c) => {
      const reasons = await findReasons(hub)
      if (reasons.length === 0) return c.json({ status: 'ready' as const }, 200)
      const error = { code: 'unavailable' as const, message: reasons.join(' '), details: { reasons } }
      return c.json({ error }, 503)
    })
    .openapi(metrics, async (c) => {
      await fillGauges(hub)
      const { registry } = hub.metrics
      return c.text(await registry.metrics(), 200, { 'content-type': registry.contentType })
    })

/** Why the hub cannot work now; nothing when it can. */
async function findReasons(hub: ApiHub): Promise<string[]> {
  const checks: [string, () => Promise<boolean>][] = [
    ['The database does not answer.', () => isReachable(hub)],
    ['The database lacks migrations: start the hub once with this version.', () => isMigrated(hub)],
    ['The job queue does not answer.', async () => (await hub.queue.boss.getQueue('push')) !== null],
  ]
  const results = await Promise.all(
    checks.map(async ([reason, check]) => ((await holds(check)) ? [] : [reason])),
  )
  return results.flat()
}

async function holds(check: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs)
  })
  // Why it failed stands in the part's own log; here it only counts that it did.
  return Promise.race([check().catch(() => false), tooLate]).finally(() => clearTimeout(timer))
}

const isReachable = async ({ db }: ApiHub) => (await query(db, sql`select 1`)).length === 1

async function isMigrated({ db }: ApiHub): Promise<boolean> {
  const [row] = await query<{ last: string | null }>(
    db,
    sql`select max(created_at) as last from drizzle.__drizzle_migrations`,
  )
  return Number(row?.last ?? 0) >= journal.entries.at(-1)!.when
}
