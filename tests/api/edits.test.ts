import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { changeView, listViews } from '../../core/views/views.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeWorld, type World } from './world.ts'

describe('editing what somebody else may be editing too', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  const call = (method: string, path: string, json?: unknown) => api().call(method, `/api/${path}`, json)
  let world: World
  beforeAll(async () => {
    world = await makeWorld(api(), shop())
  })
  const dirty = async (sku: string): Promise<string[]> =>
    (
      await query<{ aspect: string }>(
        database().db,
        sql`select aspect from listing_aspects where is_dirty and listing_id in (
          select l.id from listings l join variants v on v.id = l.variant_id where v.sku = ${sku}) order by 1`,
      )
    ).map(({ aspect }) => aspect)

  test('a product is changed from its revision on, its listings become dirty, and the audit log has the difference', async () => {
    const { json: before } = await call('GET', 'products/TEE')
    const at = `products/${before.id}`
    const change = {
      revision: before.revision,
      title: { de: 'T-Shirt' },
      attributes: { Material: 'Cotton' },
      variants: [{ sku: 'TEE-M', weightGrams: 180, costMinor: 400, costCurrency: 'EUR' }],
    }
    const { json } = await call('PATCH', at, change)
    expect(json).toEqual({ revision: before.revision + 1 })
    const { json: after } = await call('GET', at)
    expect(after).toMatchObject({
      revision: json.revision,
      updatedBy: 'key:tests',
      title: { ...before.title, de: 'T-Shirt' },
      attributes: { Material: 'Cotton' },
    })
    expect(after.variants.find(({ sku }: { sku: string }) => sku === 'TEE-M')).toMatchObject({
      weightGrams: 180,
      costMinor: 400,
    })
    expect(await dirty('TEE-M')).toEqual(['content', 'price'])
    expect(await dirty('TEE-S')).toEqual(['content'])
    const [entry] = (await call('GET', `audit?subject=${before.id}`)).json.items
    expect(entry).toMatchObject({
      action: 'product.changed',
      before: { title: before.title, attributes: {}, variants: [{ sku: 'TEE-M', weightGrams: null }] },
      after: { attributes: { Material: 'Cotton' }, variants: [{ sku: 'TEE-M', weightGrams: 180 }] },
    })
  })

  test('whoever edited an older revision is told who was faster, and changes nothing', async () => {
    const { json: held } = await call('GET', 'products/MUG')
    const at = `products/${held.id}`
    await call('PATCH', at, { revision: held.revision, title: { en: 'First' } })
    const late = await call('PATCH', at, { revision: held.revision, title: { en: 'Second' } })
    expect(late).toMatchObject({ status: 409, json: { error: { code: 'conflict' } } })
    expect(late.json.error.message).toMatch(
      /^Product MUG was changed meanwhile by key:tests at .* Load it again/,
    )
    expect((await call('GET', at)).json.title).toEqual({ ...held.title, en: 'First' })
    const imported = await call('PUT', 'products', {
      products: [{ key: 'MUG', title: { en: 'Imported' }, variants: [{ sku: 'MUG' }] }],
    })
    expect(imported.status).toBe(200)
    expect((await call('PATCH', at, { revision: held.revision + 1, brand: 'X' })).status).toBe(409)
    const same = await call('PATCH', at, { revision: held.revision + 2, title: { en: 'Imported' } })
    expect(same.json).toEqual({ revision: held.revision + 2 })
  })

  test('two edits at once: one is kept, the other refused', async () => {
    const { json: held } = await call('GET', 'products/CUP')
    const edit = (en: string) =>
      call('PATCH', `products/${held.id}`, { revision: held.revision, title: { en } })
    const both = await Promise.all([edit('Left'), edit('Right')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('an edit that cannot be is refused by its field, and nothing of it is kept', async () => {
    const { json: held } = await call('GET', 'products/SET')
    const refused = async (change: object) =>
      (await call('PATCH', `products/${held.id}`, { revision: held.revision, ...change })).json.error
    expect((await refused({ title: { en: null } })).field).toBe('title')
    expect((await refused({ title: { en: ' ' } })).field).toBe('title')
    expect((await refused({ brand: 'Y', variants: [{ sku: 'CUP' }] })).field).toBe('variants.0.sku')
    expect((await refused({ variants: [{ sku: 'SET' }, { sku: 'SET' }] })).field).toBe('variants.1.sku')
    expect((await refused({ variants: [{ sku: 'SET', gtin: '4006381333932' }] })).field).toBe(
      'variants.0.gtin',
    )
    expect((await refused({ variants: [{ sku: 'SET', costMinor: 5 }] })).field).toBe(
      'variants.0.costCurrency',
    )
    expect((await refused({ variants: [{ sku: 'SET', weightGrams: 0 }] })).field).toBe(
      'variants.0.weightGrams',
    )
    expect((await refused({ categoryId: 'cat_none' })).message).toContain('does not exist')
    expect((await call('GET', 'products/SET')).json).toEqual(held)
  })

  test('a price is set from the revision it was seen at', async () => {
    const { json } = await call('GET', 'prices/TEE-S')
    const set = (minor: number, revision?: number, currency = 'EUR') =>
      call('PUT', 'prices', { prices: [{ sku: 'TEE-S', price: { minor, currency }, revision }] })
    expect((await set(2100, json.base[0].revision)).json).toEqual({ changed: 1 })
    const late = await set(2200, json.base[0].revision)
    expect(late.status).toBe(409)
    expect(late.json.error.message).toContain('The price of TEE-S in EUR was changed meanwhile by key:tests')
    expect((await set(2300, 0, 'USD')).json).toEqual({ changed: 1 })
    expect((await set(2300, 0, 'USD')).status).toBe(409)
    expect((await set(2400)).json).toEqual({ changed: 1 })
  })

  test('an allocation is set from the revision it was seen at', async () => {
    const at = `connections/${world.connection.id}/allocations`
    const set = (buffer: number, revision?: number) =>
      call('PUT', at, { sku: 'MUG', shareBasisPoints: null, cap: null, buffer, revision })
    expect((await set(1, 0)).status).toBe(200)
    expect((await call('GET', at)).json.items[0]).toMatchObject({
      sku: 'MUG',
      revision: 1,
      updatedBy: 'key:tests',
    })
    expect((await call('GET', `${at}?sku=CUP`)).json.items).toEqual([])
    expect((await call('GET', `${at}?sku=MUG`)).json.items).toHaveLength(1)
    expect((await set(2, 1)).status).toBe(200)
    const late = await set(3, 1)
    expect(late.status).toBe(409)
    expect(late.json.error.message).toContain('changed meanwhile by key:tests')
  })

  test("a view is its owner's, is shared if he says so, and changes from its revision on", async () => {
    const view = { name: 'Dear ones', filters: { brand: 'X' }, sort: 'key', columns: null, isShared: false }
    const { json: own } = await call('POST', 'views', { list: 'products', ...view })
    expect(own).toMatchObject({ ...view, list: 'products', owner: 'key:tests', isOwn: true, revision: 1 })
    expect((await call('POST', 'views', { list: 'products', ...view })).status).toBe(409)
    const of = async (owner: string) =>
      (await listViews(database().db, owner, 'products')).map(({ name }) => name)
    expect(await of('key:tests')).toEqual(['Dear ones'])
    expect(await of('other')).toEqual([])
    expect(
      (await call('PUT', `views/${own.id}`, { revision: 1, ...view, isShared: true })).json.revision,
    ).toBe(2)
    expect(await of('other')).toEqual(['Dear ones'])
    await database().db.transaction((tx) =>
      expect(changeView(tx, own.id, 2, view, testAct('other'))).rejects.toThrow("is key:tests's"),
    )
    expect((await call('PUT', `views/${own.id}`, { revision: 1, ...view })).status).toBe(409)
    expect((await call('DELETE', `views/${own.id}`, { revision: 2 })).json).toEqual({ ok: true })
    expect((await call('GET', 'views?list=products')).json.items).toEqual([])
    expect((await call('DELETE', `views/${own.id}`, { revision: 2 })).status).toBe(404)
  })

  test('the values of a listing stand beside each other, with the reason where there is none', async () => {
    const { json } = await call('GET', `listings/${world.listingId}/values`)
    expect(json).toMatchObject({
      id: world.listingId,
      content: { state: { isInStep: false } },
      price: {
        desired: { price: { minor: 9900, currency: 'EUR' } },
        acknowledged: { price: { minor: 1990, currency: 'EUR' } },
      },
      stock: { desired: { quantity: 7 }, acknowledged: { quantity: 7 }, state: { isInStep: true } },
    })
    await database().db.execute(sql`delete from base_prices where variant_id = ${world.skus.get('CUP')!}`)
    const { price } = (await call('GET', `listings/${world.listingId}/values`)).json
    expect(price).toMatchObject({ desired: null, message: expect.stringContaining('price') })
  })
})
