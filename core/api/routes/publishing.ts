import { createRoute, z } from '@hono/zod-openapi'
import { findUnknownProducts } from '../../catalog/read.ts'
import { findConnection } from '../../connections/connections.ts'
import { ConflictError, InputError } from '../../sdk/errors.ts'
import { connectorOf } from '../../sync/hub.ts'
import { previewPublishing } from '../../sync/preview-publishing.ts'
import { publishProducts } from '../../sync/publish.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, fieldDiffs, idParam, refusals } from '../shapes.ts'

const tags = ['sync']
const params = idParam('con_01k5')

const creation = z
  .object({
    productId: z.string(),
    sku: z.string(),
    outcome: z.enum(['create', 'blocked']),
    changes: fieldDiffs,
    reason: z.string().nullable(),
  })
  .openapi('PreviewCreation')

const publish = createRoute({
  method: 'post',
  path: '/connections/{id}/publish',
  operationId: 'publishProducts',
  tags,
  summary: 'Lists products on a connection; what is listed already stays as it is',
  request: {
    params,
    body: body(
      z.strictObject({
        products: z
          .union([z.literal('all'), z.array(z.string().max(200)).min(1).max(500)])
          .openapi({ example: ['prd_01k5'] }),
      }),
    ),
  },
  responses: {
    202: answer(z.object({ requested: z.number() }), 'So many products will be listed.'),
    ...refusals(400, 404, 409),
  },
})

const previewListing = createRoute({
  method: 'post',
  path: '/connections/{id}/publish/preview',
  operationId: 'previewPublishing',
  tags,
  summary: 'Shows what listing products on a connection would send, field by field; lists nothing',
  request: {
    params,
    body: body(
      z.strictObject({
        products: z
          .array(z.string().max(200))
          .min(1)
          .max(100)
          .openapi({ example: ['prd_01k5'] }),
      }),
    ),
  },
  responses: {
    200: answer(
      z.object({ items: z.array(creation) }),
      'The variants that are not listed there yet, by SKU.',
    ),
    ...refusals(400, 404, 409),
  },
})

export const publishingRoutes = ({ hub, act }: ApiContext) => {
  const listing = async (id: string, products: readonly string[] | 'all') => {
    const connection = await findConnection(hub.db, id)
    if (!connectorOf(hub.connectors, connection).operations.createListing)
      throw new ConflictError(`${connection.name} offers no createListing.`)
    const [unknown] = products === 'all' ? [] : await findUnknownProducts(hub.db, products)
    if (unknown) throw new InputError(`There is no product ${unknown}.`, 'products')
    return connection
  }
  return createRouter()
    .openapi(publish, async (c) => {
      const { products } = c.req.valid('json')
      const connection = await listing(c.req.valid('param').id, products)
      const requested = await publishProducts(hub.db, connection.id, products, act())
      return c.json({ requested }, 202)
    })
    .openapi(previewListing, async (c) => {
      const { products } = c.req.valid('json')
      const connection = await listing(c.req.valid('param').id, products)
      return c.json({ items: await previewPublishing(hub, connection, products, act()) }, 200)
    })
}
