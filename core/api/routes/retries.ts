import { createRoute, z } from '@hono/zod-openapi'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { aspects } from '../../sdk/model/listing.ts'
import { previewPage } from '../../sync/preview-page.ts'
import { previewRetry, retryProblem } from '../../sync/retry.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, fieldDiffs, idParam, maxPage, refusals } from '../shapes.ts'

const item = z
  .object({
    aspect: z.enum(aspects),
    listingId: z.string(),
    sku: z.string(),
    outcome: z.enum(['send', 'in_step', 'approval', 'blocked']),
    wasRefused: z.boolean(),
    changes: fieldDiffs,
    because: z.array(z.object({ label: z.string(), value: z.string() })).openapi({
      description: 'How the value comes about; a plugin that had the last word is one of the terms.',
    }),
    reason: z.string().nullable(),
  })
  .openapi('PreviewItem')

const cost = z
  .object({
    aspect: z.enum(aspects),
    waiting: z.number(),
    isMore: z.boolean().openapi({ description: 'More wait than were counted.' }),
    form: z.enum(['calls', 'feed']),
    maxBatch: z.number(),
    calls: z.number(),
    isExact: z
      .boolean()
      .openapi({ description: 'Otherwise reckoned for all that waits from what this page costs.' }),
    bucket: z.string().nullable(),
    perSecond: z.number().nullable(),
    seconds: z.number().nullable().openapi({ description: 'At the rate limit, with the tokens of now.' }),
    plugins: z.array(z.string()).openapi({ description: 'Plugins that have the last word on it.' }),
  })
  .openapi('PreviewCost')

const preview = createRoute({
  method: 'post',
  path: '/connections/{id}/preview',
  operationId: 'previewPush',
  tags: ['sync'],
  summary:
    'Shows page by page what a sync would send now, why, and what it costs in calls and time; sends nothing',
  request: {
    params: idParam('con_01k5'),
    body: body(
      z.strictObject({
        aspects: z.array(z.enum(aspects)).min(1).max(3).optional(),
        listingIds: z.array(z.string().max(200)).min(1).max(500).optional(),
        skus: z
          .array(z.string().max(200))
          .min(1)
          .max(500)
          .optional()
          .openapi({ description: 'Only these, whether they wait for a push or not.', example: ['CUP'] }),
        after: z.string().max(200).optional(),
        limit: z.int().min(1).max(maxPage).default(100),
      }),
    ),
  },
  responses: {
    200: answer(
      z.object({ items: z.array(item), next: z.string().nullable(), costs: z.array(cost) }),
      'A page of listings, and what all that waits costs.',
    ),
    ...refusals(400, 404),
  },
})

const params = idParam('prb_01k5')

const before = createRoute({
  method: 'get',
  path: '/problems/{id}/retry',
  operationId: 'previewRetry',
  tags: ['problems'],
  summary: 'Shows what would happen, and be sent, if the item of a problem were tried again now',
  request: { params },
  responses: {
    200: answer(
      z.object({ way: z.string(), message: z.string(), items: z.array(item) }),
      'What would happen.',
    ),
    ...refusals(404, 409),
  },
})

const retry = createRoute({
  method: 'post',
  path: '/problems/{id}/retry',
  operationId: 'retryProblem',
  tags: ['problems'],
  summary: 'Tries the item of a problem again; what comes of it stands in the problem within seconds',
  request: { params },
  responses: {
    202: answer(z.object({ way: z.string() }), 'It will be tried.'),
    ...refusals(404, 409),
  },
})

export const retryRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(preview, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      return c.json(await previewPage(hub, connection, c.req.valid('json')), 200)
    })
    .openapi(before, async (c) => c.json(await previewRetry(hub, c.req.valid('param').id), 200))
    .openapi(retry, async (c) => {
      const way = await transact(hub.db, (tx) => retryProblem(hub, tx, c.req.valid('param').id, act()))
      return c.json({ way }, 202)
    })
