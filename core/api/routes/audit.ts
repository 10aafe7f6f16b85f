import { createRoute, z } from '@hono/zod-openapi'
import { findBrokenAudit } from '../../audit/audit.ts'
import { listAudit } from '../../audit/read.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, countingCursor, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const tags = ['audit']

const list = createRoute({
  method: 'get',
  path: '/audit',
  operationId: 'listAudit',
  tags,
  summary: 'Who changed what, the newest first',
  request: { query: pageQuery.extend({ subject: z.string().max(500).optional() }) },
  responses: {
    200: answer(
      pageOf(
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
      const { after, limit, subject } = c.req.valid('query')
      const before = after === undefined ? undefined : countingCursor(after)
      const found = await listAudit(hub.db, { subject, before, limit })
      return c.json(
        toPage(found, limit, (row) => String(row.id)),
        200,
      )
    })
    .openapi(verify, async (c) => {
      const brokenAt = await findBrokenAudit(hub.db)
      return c.json({ isWhole: brokenAt === null, brokenAt }, 200)
    })
