import { createRoute, z } from '@hono/zod-openapi'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { listMappings, mappingKinds, saveMappings } from '../../listings/mappings.ts'
import { listUnbound } from '../../listings/read.ts'
import { healUnknownSkus } from '../../orders/lines.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, idParam, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const tags = ['mappings']
const params = idParam('con_01k5')
const kindParams = params.extend({
  kind: z.enum(mappingKinds).openapi({ param: { name: 'kind', in: 'path' }, example: 'sku' }),
})

const unbound = createRoute({
  method: 'get',
  path: '/connections/{id}/unbound-listings',
  operationId: 'listUnboundListings',
  tags,
  summary: 'Listings of the platform that belong to no SKU of ours',
  request: { params, query: pageQuery },
  responses: {
    200: answer(
      pageOf(
        z.object({
          externalId: z.string(),
          externalParentId: z.string().nullable(),
          sku: z.string().nullable(),
          title: z.string(),
          seenAt: instant,
        }),
      ),
      'A page of them, by external id.',
    ),
    ...refusals(400, 404),
  },
})

const list = createRoute({
  method: 'get',
  path: '/connections/{id}/mappings/{kind}',
  operationId: 'listMappings',
  tags,
  summary: 'What our words are called on a platform',
  request: { params: kindParams, query: pageQuery },
  responses: {
    200: answer(
      pageOf(z.object({ ours: z.string(), theirs: z.string(), updatedAt: instant })),
      'A page of them, by our word.',
    ),
    ...refusals(400, 404),
  },
})

const set = createRoute({
  method: 'put',
  path: '/connections/{id}/mappings/{kind}',
  operationId: 'setMappings',
  tags,
  summary: 'Sets mappings; those not named stay, and null takes one away',
  description: 'After a mapping of SKUs, orders that waited for it are healed: their stock is reserved.',
  request: {
    params: kindParams,
    body: body(
      z.strictObject({
        entries: z
          .array(
            z.strictObject({
              ours: z.string().min(1).max(500),
              theirs: z.string().min(1).max(500).nullable(),
            }),
          )
          .min(1)
          .max(1000)
          .openapi({ example: [{ ours: 'TEE-M', theirs: 'SHOP-TEE-MEDIUM' }] }),
      }),
    ),
  },
  responses: {
    200: answer(
      z.object({ healedLines: z.number().openapi({ description: 'Order lines that found their SKU.' }) }),
      'They are set.',
    ),
    ...refusals(400, 404),
  },
})

export const mappingRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(unbound, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const query = c.req.valid('query')
      const found = await listUnbound(hub.db, connection.id, query)
      return c.json(
        toPage(found, query.limit, (row) => row.externalId),
        200,
      )
    })
    .openapi(list, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const query = c.req.valid('query')
      const found = await listMappings(hub.db, connection.id, kind, query)
      return c.json(
        toPage(found, query.limit, (row) => row.ours),
        200,
      )
    })
    .openapi(set, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const { entries } = c.req.valid('json')
      await transact(hub.db, (tx) => saveMappings(tx, connection.id, kind, entries, act()))
      const healedLines = kind === 'sku' ? await healUnknownSkus(hub.db, act()) : 0
      return c.json({ healedLines }, 200)
    })
