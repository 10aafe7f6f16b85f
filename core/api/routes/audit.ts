import { createRoute, z } from '@hono/zod-openapi'
import { findBrokenAudit } from '../../audit/audit.ts'
import { auditRows, listAudit } from '../../audit/read.ts'
import { countRows, mostCounted } from '../../db/keyset.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, listOf, listQuery, orderOf, toListPage } from '../list-query.ts'
import { answer, givenInstant, instant, refusals } from '../shapes.ts'

const tags = ['audit']
const filters = {
  subject: z.string().max(500).optional(),
  actor: z.string().max(300).optional().openapi({ example: 'user:ada@shop.example' }),
  action: z.string().max(100).optional().openapi({ example: 'user.changed' }),
  from: givenInstant.optional(),
  to: givenInstant.optional(),
}
const columns = ['id', 'at', 'actor', 'action', 'subject', 'before', 'after'] as const

const list = createRoute({
  method: 'get',
  path: '/audit',
  operationId: 'listAudit',
  tags,
  summary: 'Who changed what, the newest first',
  request: { query: listQuery(['at'], '-at').extend(filters) },
  responses: {
    200: answer(
      listOf(
        z
          .object({
            id: z.number(),
            at: instant,
            actor: z.string().openapi({ example: 'api' }),
            action: z.string().openapi({ example: 'allocation.set' }),
            subject: z.string(),
            before: z.unknown(),
            after: z.unknown(),
          })
          .openapi('AuditEntry'),
      ),
      'A page of entries.',
    ),
    ...refusals(400),
  },
})

const download = createRoute({
  method: 'get',
  path: '/audit.csv',
  operationId: 'downloadAudit',
  tags,
  summary: 'The audit log as CSV',
  request: { query: csvQuery(['at'], '-at', columns).extend(filters) },
  responses: { 200: csvAnswer('One line an entry.'), ...refusals(400) },
})

const verify = createRoute({
  method: 'get',
  path: '/audit/verify',
  operationId: 'verifyAudit',
  tags,
  summary: 'Whether the chain of the audit log is whole; reads all of it',
  responses: {
    200: answer(
      z.object({
        isWhole: z.boolean(),
        brokenAt: z.number().nullable().openapi({ description: 'The first entry that was tampered with.' }),
      }),
      'The finding.',
    ),
  },
})

export const auditRoutes = ({ hub }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const page = toListPage(await listAudit(hub.db, query, orderOf(query)), query)
      const { count } = query
      return c.json(
        {
          ...page,
          ...(count ? { count: await countRows(hub.db, auditRows(hub.db, query, mostCounted + 1)) } : {}),
        },
        200,
      )
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      return answerCsv(c, {
        name: 'audit',
        query,
        readPage: (order) => listAudit(hub.db, { ...query, limit: order.limit }, order),
        columns: {
          id: (row) => row.id,
          at: (row) => row.at,
          actor: (row) => row.actor,
          action: (row) => row.action,
          subject: (row) => row.subject,
          before: (row) => JSON.stringify(row.before),
          after: (row) => JSON.stringify(row.after),
        },
        log: hub.log,
      })
    })
    .openapi(verify, async (c) => {
      const brokenAt = await findBrokenAudit(hub.db)
      return c.json({ isWhole: brokenAt === null, brokenAt }, 200)
    })
