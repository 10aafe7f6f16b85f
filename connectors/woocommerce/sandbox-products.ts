import { type Context, Hono } from 'hono'
import { shopOrigin } from './sandbox-auth.ts'
import type { Ledger, ShopProduct } from './sandbox-ledger.ts'
import { productJson, type Show, variationJson } from './sandbox-product-json.ts'
import {
  createProduct,
  removeProduct,
  trashProduct,
  validateProduct,
  writeProduct,
} from './sandbox-product-write.ts'
import {
  type Body,
  invalidDate,
  invalidParams,
  readBody,
  readList,
  readPaging,
  sendJson,
  sendList,
  WpFailure,
} from './sandbox-wire.ts'

const batchLimit = 100
const invalidId = (status: number) =>
  new WpFailure(status, 'woocommerce_rest_product_invalid_id', 'Invalid ID.')
const invalidVariation = () =>
  new WpFailure(404, 'woocommerce_rest_product_variation_invalid_id', 'Invalid ID.')
const wrongEndpoint = () =>
  new WpFailure(
    404,
    'woocommerce_rest_invalid_product_id',
    'To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.',
  )

const shown = (c: Context, context: Show['context']): Show => ({ origin: shopOrigin(c), context })

type Operation = 'create' | 'update' | 'delete'
/** Runs a batch: HTTP 200 whatever happens, an error in the place of each item that failed. */
export function runBatch(body: Body, act: (operation: Operation, item: Body) => object): object {
  const operations = (['create', 'update', 'delete'] as const).filter(
    (name) => Array.isArray(body[name]) && (body[name] as unknown[]).length > 0,
  )
  const count = operations.reduce((sum, name) => sum + (body[name] as unknown[]).length, 0)
  if (count > batchLimit)
    throw new WpFailure(
      413,
      'woocommerce_rest_request_entity_too_large',
      `Unable to accept more than ${batchLimit} items for this request.`,
    )
  if (count === 0) return []
  const run = (name: Operation, given: unknown) => {
    const item: Body = name === 'delete' ? { id: Number(given), force: true } : (given as Body)
    try {
      return act(name, item)
    } catch (error) {
      if (!(error instanceof WpFailure)) throw error
      const { code, message, data } = error.body() as { code: string; message: string; data: unknown }
      return { id: name === 'create' ? 0 : (item.id ?? null), error: { code, message, data } }
    }
  }
  return Object.fromEntries(
    operations.map((name) => [name, (body[name] as unknown[]).map((item) => run(name, item))]),
  )
}

/** The rows a list shows, in the order asked for. Without a filter that needs it, nothing is sorted. */
function select(ledger: Ledger, c: Context, all: readonly ShopProduct[]): ShopProduct[] {
  const skus = readList(c, 'sku')
  const query = (name: string) => c.req.query(name)
  let rows = all
  if (skus) {
    const wanted = [...skus, query('sku') ?? '']
    const ids = new Set(wanted.map((sku) => ledger.bySku.get(sku.trim().toLowerCase())))
    rows = [...ids].flatMap((id) => (id === undefined ? [] : (ledger.products.get(id) ?? [])))
  }
  const include = readList(c, 'include')?.map(Number)
  const allowed = new Set(all)
  if (include) rows = include.flatMap((id) => ledger.products.get(id) ?? []).filter((row) => allowed.has(row))
  const status = query('status') ?? 'any'
  rows = rows.filter((row) => (status === 'any' ? row.status !== 'trash' : row.status === status))
  const type = query('type')
  if (type) rows = rows.filter((row) => row.type === type)
  const after = query('modified_after')
  if (after !== undefined) {
    const from = ledger.time.readFilter(after, query('dates_are_gmt') === 'true', 'products')
    if (from === null) throw invalidParams({ modified_after: invalidDate() })
    rows = rows.filter((row) => row.modifiedAt.getTime() > from)
  }
  const isAscending = (query('order') ?? 'desc') === 'asc'
  if (query('orderby') === 'modified')
    rows = [...rows].sort((a, b) => a.modifiedAt.getTime() - b.modifiedAt.getTime() || a.id - b.id)
  return isAscending ? [...rows] : [...rows].reverse()
}

function list(ledger: Ledger, c: Context, all: readonly ShopProduct[], json: typeof productJson): Response {
  const paging = readPaging(c)
  const rows = select(ledger, c, all)
  const page = rows.slice(paging.offset, paging.offset + paging.perPage)
  return sendList(
    c,
    page.map((row) => json(ledger, row, shown(c, 'view'))),
    rows.length,
    paging,
    false,
  )
}

/** /products: reads find variations by id, writes do not touch them. */
export function productRoutes(ledger: Ledger): Hono {
  const app = new Hono()
  const topLevel = () => [...ledger.products.values()].filter(({ type }) => type !== 'variation')
  const toWrite = (id: unknown, missing: number): ShopProduct => {
    const product = ledger.products.get(Number(id))
    if (!product) throw invalidId(missing)
    if (product.type === 'variation') throw wrongEndpoint()
    return product
  }
  const update = (product: ShopProduct, body: Body) => {
    writeProduct(ledger, product, body, false)
    ledger.touchProduct(product)
    return product
  }
  const remove = (product: ShopProduct, isForced: boolean, show: Show): object => {
    const before = productJson(ledger, product, show)
    if (isForced) removeProduct(ledger, product)
    else if (product.status === 'trash')
      throw new WpFailure(410, 'woocommerce_rest_already_trashed', 'The product has already been deleted.')
    else trashProduct(ledger, product)
    return before
  }

  app.get('/products', (c) => {
    const isBySku = c.req.query('sku') !== undefined
    return list(ledger, c, isBySku ? [...ledger.products.values()] : topLevel(), productJson)
  })
  app.post('/products', async (c) => {
    const body = await readBody(c)
    validateProduct(body)
    return sendJson(c, productJson(ledger, createProduct(ledger, body), shown(c, 'edit')), 201)
  })
  app.on(['POST', 'PUT', 'PATCH'], '/products/batch', async (c) => {
    const show = shown(c, 'edit')
    const answer = runBatch(await readBody(c), (operation, item) => {
      if (operation === 'create') return productJson(ledger, createProduct(ledger, item), show)
      if (operation === 'delete') return remove(toWrite(item.id, 404), true, show)
      return productJson(ledger, update(toWrite(item.id, 400), item), show)
    })
    return sendJson(c, answer, 200)
  })
  app.get('/products/:id{\\d+}', (c) => {
    const product = ledger.products.get(Number(c.req.param('id')))
    if (!product) throw invalidId(404)
    return sendJson(c, productJson(ledger, product, shown(c, 'view')), 200)
  })
  app.on(['POST', 'PUT', 'PATCH'], '/products/:id{\\d+}', async (c) => {
    if (c.req.query('_method') === 'DELETE')
      return sendJson(c, remove(toWrite(c.req.param('id'), 404), false, shown(c, 'edit')), 200)
    const body = await readBody(c)
    validateProduct(body)
    const product = update(toWrite(c.req.param('id'), 400), body)
    return sendJson(c, productJson(ledger, product, shown(c, 'edit')), 200)
  })
  app.delete('/products/:id{\\d+}', (c) => {
    const isForced = c.req.query('force') === 'true'
    return sendJson(c, remove(toWrite(c.req.param('id'), 404), isForced, shown(c, 'edit')), 200)
  })
  return app
}

/** /products/{parent}/variations and the list of all variations. */
export function variationRoutes(ledger: Ledger): Hono {
  const app = new Hono()
  const of = (parentId: number) =>
    (ledger.products.get(parentId)?.variations ?? []).flatMap((id) => ledger.products.get(id) ?? [])
  const pick = (parentId: number, id: unknown): ShopProduct => {
    const variation = ledger.products.get(Number(id))
    if (variation?.parentId !== parentId || variation.type !== 'variation') throw invalidVariation()
    return variation
  }
  const write = (variation: ShopProduct, body: Body, show: Show) => {
    writeProduct(ledger, variation, body, false)
    ledger.touchProduct(variation)
    return variationJson(ledger, variation, show)
  }
  const remove = (variation: ShopProduct, show: Show) => {
    const before = variationJson(ledger, variation, show)
    removeProduct(ledger, variation)
    const parent = ledger.products.get(variation.parentId)
    if (parent) parent.variations = parent.variations.filter((id) => id !== variation.id)
    return before
  }
  const parentIn = (c: Context): number => {
    const id = Number(c.req.param('parent'))
    if (!ledger.products.has(id))
      throw new WpFailure(404, 'woocommerce_rest_product_invalid_id', 'Invalid product ID.')
    return id
  }

  app.get('/variations', (c) =>
    list(
      ledger,
      c,
      [...ledger.products.values()].filter(({ type }) => type === 'variation'),
      variationJson,
    ),
  )
  const base = '/products/:parent{\\d+}/variations'
  app.get(base, (c) => list(ledger, c, of(parentIn(c)), variationJson))
  app.post(base, async (c) => {
    const body = await readBody(c)
    validateProduct(body)
    const variation = createProduct(ledger, body, parentIn(c))
    return sendJson(c, variationJson(ledger, variation, shown(c, 'edit')), 201)
  })
  app.on(['POST', 'PUT', 'PATCH'], `${base}/batch`, async (c) => {
    const parentId = parentIn(c)
    const show = shown(c, 'edit')
    const answer = runBatch(await readBody(c), (operation, item) => {
      if (operation === 'create') return variationJson(ledger, createProduct(ledger, item, parentId), show)
      const variation = pick(parentId, item.id)
      return operation === 'delete' ? remove(variation, show) : write(variation, item, show)
    })
    return sendJson(c, answer, 200)
  })
  app.get(`${base}/:id{\\d+}`, (c) =>
    sendJson(c, variationJson(ledger, pick(parentIn(c), c.req.param('id')), shown(c, 'view')), 200),
  )
  app.on(['POST', 'PUT', 'PATCH'], `${base}/:id{\\d+}`, async (c) => {
    const body = await readBody(c)
    validateProduct(body)
    return sendJson(c, write(pick(parentIn(c), c.req.param('id')), body, shown(c, 'edit')), 200)
  })
  app.delete(`${base}/:id{\\d+}`, (c) =>
    sendJson(c, remove(pick(parentIn(c), c.req.param('id')), shown(c, 'edit')), 200),
  )
  return app
}
