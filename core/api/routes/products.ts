import { createRoute, z } from '@hono/zod-openapi'
import { appendAudit } from '../../audit/audit.ts'
import { saveProducts } from '../../catalog/catalog.ts'
import { listProducts, readProduct } from '../../catalog/read.ts'
import { transact } from '../../db/transact.ts'
import { healUnknownSkus } from '../../orders/lines.ts'
import { InputError } from '../../sdk/errors.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, idParam, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'
import { productDetail, productInput, productRow } from './product-shapes.ts'

const tags = ['catalogue']

const list = createRoute({
  method: 'get',
  path: '/products',
  operationId: 'listProducts',
  tags,
  summary: 'Products by key',
  request: {
    query: pageQuery.extend({
      search: z
        .string()
        .max(200)
        .optional()
        .openapi({ description: 'What the key or a SKU starts with.', example: 'TEE' }),
    }),
  },
  responses: { 200: answer(pageOf(productRow), 'A page of products.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/products/{id}',
  operationId: 'readProduct',
  tags,
  summary: 'A product, by id or key, with variants, stock, prices and listings',
  request: { params: idParam('prd_01k5') },
  responses: { 200: answer(productDetail, 'The product.'), ...refusals(404) },
})

const save = createRoute({
  method: 'put',
  path: '/products',
  operationId: 'saveProducts',
  tags,
  summary: 'Creates or changes products by key and variants by SKU; what is left out stays',
  request: { body: body(z.strictObject({ products: z.array(productInput).min(1).max(500) })) },
  responses: {
    200: answer(
      z.object({
        variants: z.array(
          z.object({
            sku: z.string(),
            variantId: z.string(),
            productId: z.string(),
            change: z.enum(['created', 'changed', 'same']),
          }),
        ),
      }),
      'What became of each SKU.',
    ),
    ...refusals(400),
  },
})

export const productRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const { search, after, limit } = c.req.valid('query')
      const found = await listProducts(hub.db, { prefix: search, after, limit })
      return c.json(
        toPage(found, limit, (row) => row.key),
        200,
      )
    })
    .openapi(read, async (c) => c.json(await readProduct(hub.db, c.req.valid('param').id), 200))
    .openapi(save, async (c) => {
      const { products } = c.req.valid('json')
      assertUnique(products)
      const by = act()
      const variants = await transact(hub.db, async (tx) => {
        const saved = await saveProducts(tx, products, by)
        const written = saved.filter((row) => row.change !== 'same')
        if (written.length > 0)
          await appendAudit(tx, by, { action: 'products.saved', subject: 'catalogue', after: { products } })
        return saved
      })
      if (variants.some((row) => row.change === 'created')) await healUnknownSkus(hub.db, by)
      return c.json({ variants }, 200)
    })

/** @throws InputError when a key or a SKU stands twice in one request: nobody could say which is meant. */
function assertUnique(products: readonly z.output<typeof productInput>[]): void {
  const keys = new Set<string>()
  const skus = new Set<string>()
  for (const [index, product] of products.entries()) {
    if (keys.has(product.key))
      throw new InputError(`Product "${product.key}" stands twice in the request.`, `products.${index}.key`)
    keys.add(product.key)
    for (const [at, { sku, costMinor, costCurrency }] of product.variants.entries()) {
      const field = `products.${index}.variants.${at}`
      if (skus.has(sku)) throw new InputError(`SKU "${sku}" stands twice in the request.`, `${field}.sku`)
      skus.add(sku)
      if ((costMinor == null) !== (costCurrency == null))
        throw new InputError('A cost needs its amount and its currency.', `${field}.costCurrency`)
    }
  }
}
