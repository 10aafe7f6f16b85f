import { createRoute, z } from '@hono/zod-openapi'
import { findVariant } from '../../catalog/read.ts'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { setAllocation } from '../../stock/allocation.ts'
import { listAllocations } from '../../stock/read.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, done, idParam, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const params = idParam('con_01k5')

const figures = {
  shareBasisPoints: z.int().nullable().openapi({ description: 'Null: all of it.', example: 5000 }),
  cap: z.int().nullable().openapi({ description: 'Never show more.', example: 20 }),
  buffer: z.int().openapi({ description: 'Units kept back.', example: 1 }),
}
const skuOrDefault = z
  .string()
  .nullable()
  .openapi({ description: 'Null: the default of the connection.', example: 'TEE-M' })

const revision = z.int().min(0).optional().openapi({
  description: 'The one that was edited, 0 where there was none; left out, it is not checked.',
})

const list = createRoute({
  method: 'get',
  path: '/connections/{id}/allocations',
  operationId: 'listAllocations',
  tags: ['stock'],
  summary: 'How much of the stock a connection may show: its default first, then by SKU',
  request: {
    params,
    query: pageQuery.extend({
      sku: z
        .string()
        .max(200)
        .optional()
        .openapi({ description: 'Only what holds for it: the default and its own.', example: 'TEE-M' }),
    }),
  },
  responses: {
    200: answer(
      pageOf(
        z.object({
          sku: skuOrDefault,
          ...figures,
          revision: z.number(),
          updatedAt: instant,
          updatedBy: z.string().nullable(),
        }),
      ),
      'A page of them.',
    ),
    ...refusals(400, 404),
  },
})

const set = createRoute({
  method: 'put',
  path: '/connections/{id}/allocations',
  operationId: 'setAllocation',
  tags: ['stock'],
  summary: 'Sets how much of the stock a connection may show, of one SKU or by default',
  request: { params, body: body(z.strictObject({ sku: skuOrDefault, ...figures, revision })) },
  responses: { 200: answer(done, 'It is set.'), ...refusals(400, 404, 409) },
})

export const allocationRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const query = c.req.valid('query')
      const found = await listAllocations(hub.db, connection.id, query)
      return c.json(
        toPage(found, query.limit, (row) => row.sku ?? ''),
        200,
      )
    })
    .openapi(set, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const { sku, revision: edited, ...figuresGiven } = c.req.valid('json')
      await transact(hub.db, async (tx) => {
        const variantId = sku === null ? null : await findVariant(tx, sku)
        await setAllocation(tx, { connectionId: connection.id, variantId, ...figuresGiven }, act(), edited)
      })
      return c.json({ ok: true as const }, 200)
    })
