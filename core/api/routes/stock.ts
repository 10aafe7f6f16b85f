import { createRoute, z } from '@hono/zod-openapi'
import { findVariant } from '../../catalog/read.ts'
import type { Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { InputError } from '../../sdk/errors.ts'
import { changeStock } from '../../stock/change.ts'
import { defaultWarehouse } from '../../stock/levels.ts'
import { listLevels, listMovements, listWarehouses, readLevels } from '../../stock/read.ts'
import { saveWarehouse } from '../../stock/warehouses.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { resolveSkus } from '../resolve.ts'
import {
  answer,
  body,
  countingCursor,
  instant,
  pageOf,
  pageQuery,
  refusals,
  skuParam,
  toPage,
} from '../shapes.ts'
import { address } from './shipment-shapes.ts'

const tags = ['stock']

const level = z.object({
  warehouse: z.string().openapi({ example: 'MAIN' }),
  onHand: z.number(),
  reserved: z.number(),
  incoming: z.number(),
})
const stock = z.object({ sku: z.string(), levels: z.array(level) }).openapi('Stock')

const warehouse = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  priority: z.number(),
  isActive: z.boolean(),
  address: address.nullable(),
})

const warehouses = createRoute({
  method: 'get',
  path: '/warehouses',
  operationId: 'listWarehouses',
  tags,
  summary: 'Warehouses, in the order stock is taken from them',
  responses: {
    200: answer(
      z.object({
        items: z.array(warehouse),
      }),
      'All of them.',
    ),
  },
})

const saveOne = createRoute({
  method: 'put',
  path: '/warehouses',
  operationId: 'saveWarehouse',
  tags,
  summary: 'Adds a warehouse, or changes the one with this code',
  request: {
    body: body(
      z.strictObject({
        code: z.string().openapi({ example: 'EAST' }),
        name: z.string().openapi({ example: 'East warehouse' }),
        priority: z.int().default(0).openapi({ description: 'Lower first: where stock is taken from.' }),
        isActive: z.boolean().default(true),
        address: address
          .nullable()
          .optional()
          .openapi({ description: 'Where its parcels start. Left out, it stays as it is.' }),
      }),
    ),
  },
  responses: { 200: answer(warehouse, 'The warehouse.'), ...refusals(400) },
})

const list = createRoute({
  method: 'get',
  path: '/stock',
  operationId: 'listStock',
  tags,
  summary: 'Stock by SKU',
  request: {
    query: pageQuery.extend({
      search: z.string().max(200).optional().openapi({ description: 'What the SKU starts with.' }),
    }),
  },
  responses: { 200: answer(pageOf(stock), 'A page of SKUs.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/stock/{sku}',
  operationId: 'readStock',
  tags,
  summary: 'The stock of a SKU, by warehouse',
  request: { params: skuParam },
  responses: { 200: answer(stock, 'Its levels.'), ...refusals(404) },
})

const movements = createRoute({
  method: 'get',
  path: '/stock/{sku}/movements',
  operationId: 'listMovements',
  tags,
  summary: 'The ledger of a SKU, newest first: its levels are the sum of it',
  request: { params: skuParam, query: pageQuery },
  responses: {
    200: answer(
      pageOf(
        level.extend({
          id: z.number(),
          kind: z.string().openapi({ example: 'reserve' }),
          reason: z.string(),
          reference: z.string().nullable(),
          actor: z.string(),
          at: instant,
        }),
      ),
      'A page of movements.',
    ),
    ...refusals(400, 404),
  },
})

/** More than that of one thing is a slip of the finger; sums stay exact. */
const mostUnits = 1_000_000_000

const edit = z.strictObject({
  sku: z.string().min(1).openapi({ example: 'TEE-M' }),
  warehouse: z.string().optional().openapi({ description: 'Its code; the first one if left out.' }),
  onHand: z
    .int()
    .max(mostUnits)
    .optional()
    .openapi({ description: 'What was counted; either this or `delta`.' }),
  delta: z
    .int()
    .min(-mostUnits)
    .max(mostUnits)
    .optional()
    .openapi({ description: 'By how much it changes.', example: -1 }),
  reason: z.string().min(1).max(500).openapi({ example: 'One is broken' }),
  reference: z.string().max(200).nullable().default(null),
})

const change = createRoute({
  method: 'post',
  path: '/stock/changes',
  operationId: 'changeStock',
  tags,
  summary: 'Counts or adjusts stock; all of it or nothing',
  request: {
    body: body(
      z.strictObject({
        kind: z.enum(['count', 'adjust', 'receive', 'return']).default('adjust'),
        edits: z.array(edit).min(1).max(1000),
      }),
    ),
  },
  responses: {
    200: answer(z.object({ changed: z.number() }), 'So many SKUs have another level now.'),
    ...refusals(400),
  },
})

export const stockRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(warehouses, async (c) => c.json({ items: await listWarehouses(hub.db) }, 200))
    .openapi(saveOne, async (c) =>
      c.json(await transact(hub.db, (tx) => saveWarehouse(tx, c.req.valid('json'), act())), 200),
    )
    .openapi(list, async (c) => {
      const { search, after, limit } = c.req.valid('query')
      const found = await listLevels(hub.db, { prefix: search, after, limit })
      return c.json(
        toPage(found, limit, (row) => row.sku),
        200,
      )
    })
    .openapi(read, async (c) => {
      const { sku } = c.req.valid('param')
      const variantId = await findVariant(hub.db, sku)
      const levels = await readLevels(hub.db, [variantId])
      return c.json({ sku, levels: levels.get(variantId) ?? [] }, 200)
    })
    .openapi(movements, async (c) => {
      const { after, limit } = c.req.valid('query')
      const variantId = await findVariant(hub.db, c.req.valid('param').sku)
      const before = after === undefined ? undefined : countingCursor(after)
      const found = await listMovements(hub.db, variantId, { before, limit })
      return c.json(
        toPage(found, limit, (row) => String(row.id)),
        200,
      )
    })
    .openapi(change, async (c) => {
      const { kind, edits } = c.req.valid('json')
      const changed = await transact(hub.db, async (tx) =>
        changeStock(tx, await resolveEdits(tx, edits), kind, act()),
      )
      return c.json({ changed: changed.size }, 200)
    })

type Edit = z.output<typeof edit>

/** @throws InputError naming the edit that is not clear. */
async function resolveEdits(tx: Tx, edits: readonly Edit[]) {
  const variants = await resolveSkus(tx, edits, 'edits')
  const first = await defaultWarehouse(tx)
  const byCode = new Map((await listWarehouses(tx)).map((row) => [row.code, row.id]))
  return edits.map(({ sku, warehouse, onHand, delta, ...why }, index) => {
    if ((onHand === undefined) === (delta === undefined))
      throw new InputError('Give either the count or the difference.', `edits.${index}.onHand`)
    const warehouseId = warehouse === undefined ? first : byCode.get(warehouse)
    if (!warehouseId)
      throw new InputError(`There is no warehouse "${warehouse}".`, `edits.${index}.warehouse`)
    const place = { variantId: variants.get(sku)!, warehouseId, ...why }
    return onHand === undefined ? { ...place, delta: delta! } : { ...place, onHand }
  })
}
