import { createRoute, z } from '@hono/zod-openapi'
import { findConnection } from '../../connections/connections.ts'
import { explainSku } from '../../listings/explain.ts'
import { readActivePlugins } from '../../plugins/settings.ts'
import { applyFilters } from '../../sync/aspects.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, instant, money, refusals, skuParam } from '../shapes.ts'
import { aspectState, sale } from './listing-shapes.ts'

const event = z.object({
  kind: z.string().openapi({ example: 'reserve' }),
  change: z.string().nullable().openapi({ example: 'reserved +2 in MAIN' }),
  reason: z.string().openapi({ example: 'Order 1042 (paid)' }),
  reference: z.string().nullable(),
  actor: z.string().nullable(),
  at: instant.nullable(),
})

const terms = z.array(
  z.object({
    label: z.string().openapi({ example: 'warehouse MAIN' }),
    value: z.union([z.string(), z.number()]),
    because: z.string().optional().openapi({ example: '10 on hand, 2 reserved' }),
    events: z.array(event),
  }),
)

const state = aspectState.extend({ acknowledgedValue: z.unknown() })

const explained = <Value extends z.ZodType>(value: Value) =>
  z.object({ desired: value.nullable(), message: z.string().nullable(), terms, state: state.nullable() })

const listing = z.object({
  listingId: z.string(),
  connectionId: z.string(),
  connection: z.string(),
  status: z.string(),
  endingSince: instant.nullable(),
  externalId: z.string().nullable(),
  externalParentId: z.string().nullable(),
  stock: explained(z.object({ quantity: z.number() })),
  price: explained(z.object({ price: money, sale: sale.nullable() })),
  content: z.object({ state: state.nullable() }),
  problems: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      message: z.string(),
      vendorMessage: z.string().nullable(),
      field: z.string().nullable(),
      remedy: z.string(),
      since: instant,
      timesSeen: z.number(),
    }),
  ),
  proposals: z.array(
    z.object({ id: z.string(), title: z.string(), reason: z.string(), proposedAt: instant }),
  ),
})

const explanation = z
  .object({
    sku: z.string(),
    variantId: z.string(),
    productId: z.string(),
    productKey: z.string(),
    title: z.record(z.string(), z.string()),
    stock: z.array(
      z.object({
        label: z.string(),
        onHand: z.number(),
        reserved: z.number(),
        incoming: z.number(),
        events: z.array(event),
      }),
    ),
    listings: z.array(listing),
  })
  .openapi('Explanation')

const explain = createRoute({
  method: 'get',
  path: '/explain/{sku}',
  operationId: 'explainSku',
  tags: ['listings'],
  summary: 'Why each listing of a SKU shows what it shows: every term, and the event behind it',
  request: {
    params: skuParam,
    query: z.object({
      connectionId: z.string().max(200).optional().openapi({ description: 'Only there; id or name.' }),
    }),
  },
  responses: { 200: answer(explanation, 'The explanation.'), ...refusals(404) },
})

export const explainRoutes = ({ hub }: ApiContext) =>
  createRouter().openapi(explain, async (c) => {
    const { connectionId } = c.req.valid('query')
    const connection = connectionId === undefined ? null : await findConnection(hub.db, connectionId)
    const plugins = await readActivePlugins(hub.db, hub.plugins)
    const found = await explainSku(
      hub.db,
      c.req.valid('param').sku,
      connection?.id ?? null,
      hub.clock.now(),
      (aspect, said, about) => applyFilters(plugins, aspect, said, about),
    )
    return c.json(found, 200)
  })
