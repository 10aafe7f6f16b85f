import { createRoute, z } from '@hono/zod-openapi'
import { readCallHours, readReceipts } from '../../calls/read.ts'
import { findConnection } from '../../connections/connections.ts'
import { readBuckets } from '../../overview/connections.ts'
import { failureKinds } from '../../sdk/errors.ts'
import { readCapabilities } from '../../sync/capabilities.ts'
import { connectorOf } from '../../sync/hub.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, instant, refusals } from '../shapes.ts'
import { connectionParam } from './connection-shapes.ts'

const tags = ['connections']
const usedHours = 24

const verification = z
  .object({
    document: z.string(),
    version: z.string(),
    url: z.string(),
    by: z.enum(['description', 'recordings', 'examples', 'notes']),
  })
  .openapi('Verification')

const capability = z
  .object({
    operation: z.string().openapi({ example: 'pushStock' }),
    isOffered: z.boolean(),
    verifiedBy: z.array(verification).openapi({
      description: 'Empty: checked against nothing but the stand-in of the connector.',
    }),
    lastSuccessAt: instant.nullable(),
    lastFailureAt: instant.nullable(),
    lastFailureKind: z.enum(failureKinds).nullable(),
    lastFailureMessage: z.string().nullable(),
    successes: z.number(),
    failures: z.number(),
  })
  .openapi('Capability')

const capabilities = createRoute({
  method: 'get',
  path: '/connections/{id}/capabilities',
  operationId: 'readCapabilities',
  tags,
  summary:
    'What the connector can and cannot do, what it was checked against, and how it goes on this connection',
  request: { params: connectionParam },
  responses: {
    200: answer(
      z.object({
        items: z.array(capability),
        webhook: z
          .object({
            path: z.string(),
            receipts: z.array(
              z.object({
                outcome: z.enum(['accepted', 'ignored', 'forged']),
                lastAt: instant,
                received: z.number(),
              }),
            ),
          })
          .nullable()
          .openapi({ description: 'Null where the platform sends none that could be verified.' }),
      }),
      'Every operation of the contract.',
    ),
    ...refusals(404),
  },
})

const bucket = z
  .object({
    bucket: z.string(),
    published: z.object({ perSecond: z.number(), burst: z.number(), source: z.string() }).nullable(),
    rateScale: z.number(),
    /** What is kept to now: as published, or as the platform's answers say. */
    perSecond: z.number(),
    burst: z.number(),
    tokens: z.number(),
    isToldByPlatform: z.boolean().openapi({
      description: 'The platform itself has said another rate than the published one.',
    }),
    blockedUntil: instant.nullable().openapi({ description: 'The platform asked for silence until then.' }),
    hours: z.array(
      z.object({
        hour: instant,
        calls: z.number(),
        refused: z.number().openapi({ description: 'Answered with "too many".' }),
        failed: z.number(),
        waitedMs: z.number(),
        durationMs: z.number(),
      }),
    ),
  })
  .openapi('Limit')

const limits = createRoute({
  method: 'get',
  path: '/connections/{id}/limits',
  operationId: 'readLimits',
  tags,
  summary: 'The rate limits of a connection, as published and as told, with what was used of them in a day',
  request: { params: connectionParam },
  responses: {
    200: answer(z.object({ items: z.array(bucket) }), 'One a bucket; used ones by the hour.'),
    ...refusals(404),
  },
})

type Hour = Awaited<ReturnType<typeof readCallHours>>[number]

/** The outcomes of each hour as one. */
function toHours(rows: readonly Hour[]) {
  const byHour = Map.groupBy(rows, (row) => row.hour.getTime())
  return [...byHour].map(([hour, outcomes]) => {
    const sum = (of: (row: Hour) => number) => outcomes.reduce((total, row) => total + of(row), 0)
    return {
      hour: new Date(hour),
      calls: sum((row) => row.calls),
      refused: sum((row) => (row.outcome === 'rate_limited' ? row.calls : 0)),
      failed: sum((row) => (row.outcome === 'ok' ? 0 : row.calls)),
      waitedMs: sum((row) => row.waitedMs),
      durationMs: sum((row) => row.durationMs),
    }
  })
}

export const capabilityRoutes = ({ hub }: ApiContext) =>
  createRouter()
    .openapi(capabilities, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const connector = connectorOf(hub.connectors, connection)
      const items = await readCapabilities(hub.db, connector, connection)
      const receipts = await readReceipts(hub.db, connection.id)
      const webhook = connector.webhook ? { path: `/webhooks/${connection.id}`, receipts } : null
      return c.json({ items, webhook }, 200)
    })
    .openapi(limits, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const { buckets } = connectorOf(hub.connectors, connection)
      const now = hub.clock.now()
      const since = new Date(now.getTime() - usedHours * 3_600_000)
      const used = await readCallHours(hub.db, since, connection.id)
      const present = (await readBuckets(hub.db, now)).filter((one) => one.connectionId === connection.id)
      const items = Object.entries(buckets).map(([name, published]) => {
        const perSecond = published.perSecond * connection.rateScale
        const found = present.find((one) => one.bucket === name)
        return {
          bucket: name,
          published,
          rateScale: connection.rateScale,
          perSecond: found?.perSecond ?? perSecond,
          burst: found?.burst ?? published.burst,
          tokens: found?.tokens ?? published.burst,
          isToldByPlatform: found !== undefined && Math.abs(found.perSecond - perSecond) > 1e-9,
          blockedUntil: found?.blockedUntil ?? null,
          hours: toHours(used.filter((row) => row.bucket === name)),
        }
      })
      return c.json({ items }, 200)
    })
