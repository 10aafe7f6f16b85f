import { beforeAll, describe, expect, test } from 'vitest'
import { findLedgerGaps } from '../../core/stock/levels.ts'
import { useDatabase } from '../support/database.ts'
import { useApi, useShop } from './support.ts'
import { makeWorld, type World } from './world.ts'

describe('catalogue, prices and stock', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  const call = (method: string, path: string, json?: unknown) => api().call(method, path, json)
  let world: World
  beforeAll(async () => {
    world = await makeWorld(api(), shop())
  })
  const skusOf = (page: { items: { sku: string }[] }) => page.items.map(({ sku }) => sku)

  test('a product is shown with stock, prices, and where it is listed', async () => {
    const { json } = await call('GET', '/api/products/CUP')
    expect(json.variants).toMatchObject([
      {
        sku: 'CUP',
        levels: [{ warehouse: 'MAIN', onHand: 10, reserved: 3, incoming: 0 }],
        prices: [{ price: { minor: 9900, currency: 'EUR' }, source: 'test', revision: 2 }],
        listings: [
          {
            connectionId: world.connection.id,
            connection: 'woocommerce',
            status: 'live',
            content: { state: { isInStep: true } },
            price: {
              desired: { price: { minor: 9900, currency: 'EUR' } },
              acknowledged: { price: { minor: 1990, currency: 'EUR' } },
              state: { isInStep: false },
            },
            stock: { desired: { quantity: 7 }, acknowledged: { quantity: 7 }, state: { isInStep: true } },
          },
        ],
      },
    ])
  })

  test('saving twice writes once, and what is said twice or by halves is refused by its field', async () => {
    const product = { key: 'POT', title: { en: 'Pot' }, variants: [{ sku: 'POT', weightGrams: 800 }] }
    const save = (products: unknown[]) => call('PUT', '/api/products', { products })
    expect((await save([product])).json.variants[0].change).toBe('created')
    expect((await save([product])).json.variants[0].change).toBe('same')
    expect((await save([product, product])).json.error.field).toBe('products.1.key')
    expect((await save([product, { ...product, key: 'POT2' }])).json.error.field).toBe(
      'products.1.variants.0.sku',
    )
    const priced = { ...product, variants: [{ sku: 'POT', costMinor: 5 }] }
    expect((await save([priced])).json.error.field).toBe('products.0.variants.0.costCurrency')
    const elsewhere = await save([{ ...product, categoryId: 'cat_none' }])
    expect(elsewhere).toMatchObject({
      status: 400,
      json: { error: { message: expect.stringContaining('does not exist') } },
    })
    const { json } = await call('GET', '/api/audit?subject=catalogue')
    expect(json.items).toHaveLength(1)
  })

  test('a new SKU heals the orders that waited for it', async () => {
    const waiting = (await call('GET', '/api/orders?status=paid')).json.items
    expect(waiting).toHaveLength(1)
    await call('PUT', '/api/products', {
      products: [{ key: 'FOREIGN', title: { en: 'Ours now' }, variants: [{ sku: 'FOREIGN' }] }],
    })
    const { json: order } = await call('GET', `/api/orders/${waiting[0].id}`)
    expect(order.lines).toMatchObject([
      { sku: 'FOREIGN', variantId: expect.stringMatching(/^var_/), missing: 1 },
    ])
    expect((await call('GET', `/api/problems/${world.unknownSkuProblem}`)).json.resolvedBy).toBe('key:tests')
  })

  test('a SKU mapping heals too, names a SKU of ours, and can be taken away', async () => {
    shop().addProduct({ sku: 'THEIRS', name: 'Theirs', price: '5.00', quantity: 9 })
    shop().placeOrder({ lines: [{ sku: 'THEIRS', quantity: 1 }] })
    const { runTask } = await import('../../core/sync/tasks.ts')
    await runTask(api().hub, 'orders', world.connection.id)
    const at = `/api/connections/${world.connection.id}/mappings/sku`
    const set = (entries: unknown[]) => call('PUT', at, { entries })
    expect((await set([{ word: 'THEIRS', target: 'NONE' }])).json.error.field).toBe('target')
    expect((await set([{ word: 'THEIRS', target: 'TEE-S' }])).json).toMatchObject({
      changes: 1,
      healedLines: 1,
    })
    const mapped = async () => (await call('GET', `${at}?state=mapped`)).json.items
    expect(await mapped()).toMatchObject([{ word: 'THEIRS', target: 'TEE-S' }])
    await set([{ word: 'THEIRS', target: null }])
    expect(await mapped()).toEqual([])
    expect((await call('GET', '/api/stock/TEE-S')).json.levels).toMatchObject([{ reserved: 1 }])
  })

  test('counts and adjustments are movements with a reason; all of a request or nothing of it', async () => {
    const change = (json: unknown) => call('POST', '/api/stock/changes', json)
    const edits = [{ sku: 'MUG', onHand: 6, reason: 'Counted' }]
    expect((await change({ kind: 'count', edits })).json).toEqual({ changed: 1 })
    expect((await change({ kind: 'count', edits })).json).toEqual({ changed: 0 })
    const refused = await change({
      edits: [
        { sku: 'TEE-M', delta: 5, reason: 'Found' },
        { sku: 'MUG', delta: -7, reason: 'Lost' },
      ],
    })
    expect(refused).toMatchObject({ status: 400, json: { error: { field: 'onHand' } } })
    expect((await call('GET', '/api/stock/TEE-M')).json.levels).toMatchObject([{ onHand: 10 }])
    const { json } = await call('GET', '/api/stock/MUG/movements')
    expect(json.items).toMatchObject([
      { kind: 'count', onHand: 2, reason: 'Counted', actor: 'key:tests' },
      { kind: 'count', onHand: 4, reason: 'opening' },
    ])
    expect(await findLedgerGaps(database().db)).toEqual([])
  })

  test('an edit that is not clear is named', async () => {
    const field = async (edit: object) =>
      (await call('POST', '/api/stock/changes', { edits: [{ sku: 'MUG', reason: 'x', ...edit }] })).json.error
        .field
    expect(await field({})).toBe('edits.0.onHand')
    expect(await field({ onHand: 1, delta: 1 })).toBe('edits.0.onHand')
    expect(await field({ delta: 1, warehouse: 'MOON' })).toBe('edits.0.warehouse')
    expect(await field({ delta: 1, sku: 'NONE' })).toBe('edits.0.sku')
    expect(await field({ delta: 1.5 })).toBe('edits.0.delta')
    expect(await field({ delta: 9e15 })).toBe('edits.0.delta')
  })

  test('prices are refused at zero or in no currency, and a promotion that ends before it starts', async () => {
    const price = (minor: number, currency: string) =>
      call('PUT', '/api/prices', { prices: [{ sku: 'MUG', price: { minor, currency } }] })
    expect((await price(0, 'EUR')).json.error.field).toBe('price')
    expect((await price(100, 'ZZZ')).json.error.field).toBe('currency')
    expect((await price(1990, 'USD')).json).toEqual({ changed: 1 })
    const promotion = {
      sku: 'MUG',
      price: { minor: 900, currency: 'EUR' },
      startsAt: '2031-02-01T00:00:00Z',
      endsAt: '2031-01-01T00:00:00Z',
    }
    expect((await call('POST', '/api/promotions', { promotions: [promotion] })).json.error.field).toBe(
      'endsAt',
    )
    const swapped = {
      ...promotion,
      startsAt: promotion.endsAt,
      endsAt: promotion.startsAt,
      connectionId: 'con_none',
    }
    expect((await call('POST', '/api/promotions', { promotions: [swapped] })).status).toBe(404)
  })

  test('a page goes on where the one before ended: every row once, in one order', async () => {
    const walk = async (path: string, limit: number) => {
      const seen: unknown[] = []
      for (let after: string | null = ''; after !== null; ) {
        const from: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`
        const { json } = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${from}`)
        expect(json.items.length).toBeLessThanOrEqual(limit)
        seen.push(...json.items)
        after = json.next
      }
      return seen
    }
    const lists = [
      '/api/products',
      '/api/products?sort=-updated',
      '/api/stock',
      '/api/stock-levels',
      '/api/stock-levels?sort=-available',
      '/api/stock-levels?sort=reserved',
      '/api/stock/CUP/movements',
      '/api/listings',
      '/api/listings?sort=-sku',
      '/api/listings?sort=waiting',
      '/api/orders',
      '/api/orders?dueBefore=2100-01-01T00:00:00Z',
      '/api/audit',
      '/api/runs',
      '/api/problems',
      '/api/proposals',
      `/api/connections/${world.connection.id}/unbound-listings`,
      `/api/connections/${world.connection.id}/allocations`,
    ]
    for (const path of lists) {
      const whole = await walk(path, 500)
      expect(await walk(path, 1), path).toEqual(whole)
      expect(await walk(path, 2), path).toEqual(whole)
    }
    expect(skusOf((await call('GET', '/api/stock?search=TEE')).json)).toEqual(['TEE-M', 'TEE-S'])
  })
})
