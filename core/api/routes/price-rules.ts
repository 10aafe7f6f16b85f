import { createRoute, z } from '@hono/zod-openapi'
import { setPriceRule } from '../../catalog/prices.ts'
import { readPriceRule } from '../../catalog/read.ts'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, idParam, refusals } from '../shapes.ts'

const params = idParam('con_01k5')

const rule = z
  .strictObject({
    markupBasisPoints: z.int().openapi({ example: 1000 }),
    feeBasisPoints: z.int().openapi({ description: 'Share that the platform keeps.', example: 1500 }),
    addMinor: z.int().openapi({ example: 0 }),
    roundToMinor: z.int().openapi({ example: 100 }),
    minusMinor: z.int().openapi({ description: 'For 9.99: round to 100, minus 1.', example: 1 }),
    marginBasisPoints: z
      .int()
      .openapi({ description: 'The floor is cost plus this share of cost.', example: 500 }),
  })
  .openapi('PriceRule')

const read = createRoute({
  method: 'get',
  path: '/connections/{id}/price-rule',
  operationId: 'readPriceRule',
  tags: ['prices'],
  summary: 'How a connection makes its prices from the base prices',
  request: { params },
  responses: { 200: answer(rule, 'The rule; one that changes nothing where none is set.'), ...refusals(404) },
})

const set = createRoute({
  method: 'put',
  path: '/connections/{id}/price-rule',
  operationId: 'setPriceRule',
  tags: ['prices'],
  summary: 'Sets how a connection makes its prices',
  request: { params, body: body(rule) },
  responses: { 200: answer(rule, 'The rule as it is now.'), ...refusals(400, 404) },
})

export const priceRuleRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(read, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      return c.json(await readPriceRule(hub.db, connection.id), 200)
    })
    .openapi(set, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const wanted = c.req.valid('json')
      await transact(hub.db, (tx) => setPriceRule(tx, connection.id, wanted, act()))
      return c.json(wanted, 200)
    })
