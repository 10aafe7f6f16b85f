import { createRoute, z } from '@hono/zod-openapi'
import { appendAudit } from '../../audit/audit.ts'
import { saveProducts } from '../../catalog/catalog.ts'
import { changeProduct } from '../../catalog/change-product.ts'
import { countProducts, listBrands, listProducts, productSorts } from '../../catalog/list.ts'
import { readProduct } from '../../catalog/product-page.ts'
import { transact } from '../../db/transact.ts'
import { healUnknownSkus } from '../../orders/lines.ts'
import { readActivePlugins } from '../../plugins/settings.ts'
import { InputError } from '../../sdk/errors.ts'
import { readValues } from '../../sync/values.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, fieldsOf, listOf, listPage, listQuery, orderOf, searched } from '../list-query.ts'
import { answer, body, flag, idParam, refusals } from '../shapes.ts'
import { productChange, productColumns, productDetail, productInput, productRow } from './product-shapes.ts'

const tags = ['catalogue']

const fields = fieldsOf(productSorts)
const filters = {
  q: searched.openapi({
    description: 'Words of a SKU, a GTIN, a key, a brand or a title, in any script.',
    example: 'red shirt',
  }),
  categoryId: z.string().max(200).optional(),
  brand: z.string().max(200).optional(),
  listedOn: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: 'A connection where one of its variants is listed.' }),
  notListedOn: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: 'A connection where none of its variants is.' }),
  hasProblem: flag
    .optional()
    .openapi({ description: 'Whether something about it or its listings is stopped.' }),
}

const list = createRoute({
  method: 'get',
  path: '/products',
  operationId: 'listProducts',
  tags,
  summary: 'Products in an order, filtered or searched',
  request: { query: listQuery(fields, 'key').extend(filters) },
  responses: { 200: answer(listOf(productRow), 'A page of products.'), ...refusals(400) },
})

const download = createRoute({
  method: 'get',
  path: '/products.csv',
  operationId: 'downloadProducts',
  tags,
  summary: 'Products as CSV',
  request: { query: csvQuery(fields, 'key', Object.keys(productColumns)).extend(filters) },
  responses: { 200: csvAnswer('All of them that fit.'), ...refusals(400) },
})

const brands = createRoute({
  method: 'get',
  path: '/brands',
  operationId: 'listBrands',
  tags,
  summary: 'Brands that products have, in their order',
  request: {
    query: z.object({
      from: z
        .string()
        .max(200)
        .default('')
        .openapi({ description: 'The first ones from here on.', example: 'L' }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: answer(z.object({ items: z.array(z.string()) }), 'Brands.'), ...refusals(400) },
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

const change = createRoute({
  method: 'patch',
  path: '/products/{id}',
  operationId: 'changeProduct',
  tags,
  summary: 'Changes a product and its variants as somebody edited them; what is left out stays',
  request: { params: idParam('prd_01k5'), body: body(productChange) },
  responses: {
    200: answer(z.object({ revision: z.number() }), 'Its revision now.'),
    ...refusals(400, 404, 409),
  },
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

/** The product with the values of its listings beside each other. */
async function readPage({ hub }: ApiContext, idOrKey: string) {
  const now = hub.clock.now()
  const product = await readProduct(hub.db, idOrKey, now)
  const ids = product.variants.flatMap((variant) => variant.listings.map(({ id }) => id))
  const values = await readValues(hub.db, ids, await readActivePlugins(hub.db, hub.plugins), now)
  return {
    ...product,
    variants: product.variants.map((variant) => ({
      ...variant,
      listings: variant.listings.map((listing) => {
        const { content, price, stock } = values.get(listing.id)!
        return { ...listing, content: { message: content.message, state: content.state }, price, stock }
      }),
    })),
  }
}

export const productRoutes = (context: ApiContext) => {
  const { hub, act } = context
  return createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const rows = await listProducts(hub.db, query, orderOf(query))
      return c.json(await listPage(query, rows, () => countProducts(hub.db, query)), 200)
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      return answerCsv(c, {
        name: 'products',
        query,
        readPage: (order) => listProducts(hub.db, query, order),
        columns: productColumns,
        log: hub.log,
      })
    })
    .openapi(brands, async (c) => {
      const { from, limit } = c.req.valid('query')
      return c.json({ items: await listBrands(hub.db, from, limit) }, 200)
    })
    .openapi(read, async (c) => c.json(await readPage(context, c.req.valid('param').id), 200))
    .openapi(change, async (c) => {
      const { revision, ...wanted } = c.req.valid('json')
      const { id } = c.req.valid('param')
      assertOnce(wanted.variants ?? [])
      const next = await transact(hub.db, (tx) => changeProduct(tx, id, revision, wanted, act()))
      return c.json({ revision: next }, 200)
    })
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
}

/** @throws InputError when a SKU stands twice. */
function assertOnce(changes: readonly { sku: string }[]): void {
  const skus = changes.map(({ sku }) => sku)
  const index = skus.findIndex((sku, at) => skus.indexOf(sku) < at)
  if (index >= 0)
    throw new InputError(`SKU "${skus[index]}" stands twice in the request.`, `variants.${index}.sku`)
}

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
