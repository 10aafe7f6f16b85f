import { createRoute, z } from '@hono/zod-openapi'
import { findVariant } from '../../catalog/read.ts'
import { transact } from '../../db/transact.ts'
import { setBundle } from '../../stock/allocation.ts'
import { listBundles, readBundle } from '../../stock/read.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { resolveSkus } from '../resolve.ts'
import { answer, body, pageOf, pageQuery, refusals, skuParam, toPage } from '../shapes.ts'

const component = z.strictObject({
  sku: z.string().min(1).openapi({ example: 'CUP' }),
  quantity: z.int().openapi({ example: 2 }),
})
const bundle = z.object({ sku: z.string(), components: z.array(component) }).openapi('Bundle')

const list = createRoute({
  method: 'get',
  path: '/bundles',
  operationId: 'listBundles',
  tags: ['stock'],
  summary: 'SKUs that are made of others',
  request: { query: pageQuery },
  responses: { 200: answer(pageOf(bundle), 'A page of bundles, by SKU.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/bundles/{sku}',
  operationId: 'readBundle',
  tags: ['stock'],
  summary: 'What a SKU is made of; nothing for a plain one',
  request: { params: skuParam },
  responses: { 200: answer(bundle, 'Its components.'), ...refusals(404) },
})

const set = createRoute({
  method: 'put',
  path: '/bundles/{sku}',
  operationId: 'setBundle',
  tags: ['stock'],
  summary: 'Makes a SKU a bundle of others; an empty list makes it a plain one again',
  request: { params: skuParam, body: body(z.strictObject({ components: z.array(component).max(100) })) },
  responses: { 200: answer(bundle, 'Its components.'), ...refusals(400, 404) },
})

export const bundleRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const found = await listBundles(hub.db, query)
      return c.json(
        toPage(found, query.limit, (row) => row.sku),
        200,
      )
    })
    .openapi(read, async (c) => {
      const { sku } = c.req.valid('param')
      const components = await readBundle(hub.db, await findVariant(hub.db, sku))
      return c.json({ sku, components }, 200)
    })
    .openapi(set, async (c) => {
      const { sku } = c.req.valid('param')
      const wanted = c.req.valid('json').components
      const components = await transact(hub.db, async (tx) => {
        const bundleId = await findVariant(tx, sku)
        const ids = await resolveSkus(tx, wanted, 'components')
        const parts = wanted.map((part) => ({ variantId: ids.get(part.sku)!, quantity: part.quantity }))
        await setBundle(tx, bundleId, parts, act())
        return readBundle(tx, bundleId)
      })
      return c.json({ sku, components }, 200)
    })
