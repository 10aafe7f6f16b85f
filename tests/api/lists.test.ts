import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { saveProducts } from '../../core/catalog/catalog.ts'
import { listProducts } from '../../core/catalog/list.ts'
import type { Tx } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { listListings } from '../../core/listings/list.ts'
import { raiseProblems } from '../../core/problems/problems.ts'
import { listLevels } from '../../core/stock/list.ts'
import { fillLists } from '../bench/lists-catalogue.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeWorld, type World } from './world.ts'

describe('the lists of products, listings and stock', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let world: World
  beforeAll(async () => {
    world = await makeWorld(api(), shop())
    await transact(database().db, (tx) =>
      saveProducts(
        tx,
        [
          {
            key: 'DRESS',
            title: { zh: '红色连衣裙', fr: 'Robe d’été', de: 'Straße' },
            brand: 'Lumière',
            variants: [{ sku: 'QX-1', gtin: '4006381333931' }],
          },
          { key: 'KO', title: { ko: '각설탕', ja: 'ガラス' }, variants: [{ sku: 'Z%_1' }] },
        ],
        testAct(),
      ),
    )
  })
  // biome-ignore lint/suspicious/noExplicitAny: rows of every list.
  const items = async (path: string): Promise<any[]> => {
    const { status, json, text } = await api().call('GET', `/api/${path}`)
    expect(status, text).toBe(200)
    return json.items
  }
  const keys = async (query: string) => (await items(`products?${query}`)).map(({ key }) => key)
  const found = (q: string) => keys(`q=${encodeURIComponent(q)}`)
  const skus = async (path: string) => (await items(path)).map(({ sku }) => sku)

  test('a product is found by words of its SKU, GTIN, brand and titles, in any script, case and accent', async () => {
    for (const q of ['qx-1', 'QX', 'x-1', '4006381333931', '638133', 'lumiere', 'ÉTÉ', 'ete', 'robe lumière'])
      expect(await found(q), q).toEqual(['DRESS'])
    for (const q of ['连衣裙', '连衣', '裙', '红 裙', 'straße', 'STRASSE'.replace('SS', 'ß')])
      expect(await found(q), q).toEqual(['DRESS'])
    for (const q of ['각설탕', '설', 'ガラス', 'ラ']) expect(await found(q), q).toEqual(['KO'])
    expect(await found('tee-m')).toEqual(['TEE'])
    expect(await found('product')).toEqual(['CUP', 'MUG', 'SET', 'TEE'])
  })

  test('what is searched for is text: signs of patterns find themselves, and words must all be there', async () => {
    expect(await found('z%')).toEqual(['KO'])
    expect(await found('%_1')).toEqual(['KO'])
    expect(await found('_1')).toEqual([])
    expect(await found('z_%')).toEqual([])
    expect(await found('z%_1')).toEqual(['KO'])
    expect(await found('\\')).toEqual([])
    expect(await found('robe kettle')).toEqual([])
    expect(await found('衣连')).toEqual([])
    expect((await api().call('GET', '/api/products?q=%20')).status).toBe(400)
  })

  test('what is found follows a product that is renamed and a SKU that is added', async () => {
    const rename = (title: string) =>
      api().call('PUT', '/api/products', {
        products: [{ key: 'KO', title: { en: title }, variants: [{ sku: 'Z%_1' }, { sku: 'ADDED' }] }],
      })
    await rename('Sugar cubes')
    expect(await found('sugar')).toEqual(['KO'])
    expect(await found('added')).toEqual(['KO'])
    await rename('Salt cubes')
    expect(await found('sugar')).toEqual([])
    expect(await found('salt')).toEqual(['KO'])
  })

  test('products are filtered by category, brand, connection and problems, and by several at once', async () => {
    const { connection } = world
    expect(await keys(`listedOn=${connection.id}`)).toEqual(['CUP', 'MUG', 'SET', 'TEE'])
    expect(await keys(`notListedOn=${connection.id}`)).toEqual(['DRESS', 'KO'])
    expect(await keys(`listedOn=${connection.id}&q=cup`)).toEqual(['CUP'])
    expect(await keys('brand=Lumi%C3%A8re')).toEqual(['DRESS'])
    expect(await keys('categoryId=cat_none')).toEqual([])
    expect(await keys('hasProblem=true')).toEqual([])
    await raiseProblems(
      database().db,
      [
        {
          kind: 'push_refused',
          key: 'a',
          connectionId: connection.id,
          subject: world.listingId,
          message: 'No',
        },
        {
          kind: 'creation_refused',
          key: 'b',
          connectionId: connection.id,
          subject: world.productId,
          message: 'No',
        },
      ],
      testAct(),
    )
    expect(await keys('hasProblem=true')).toEqual(['CUP'])
    expect(await keys('hasProblem=false')).not.toContain('CUP')
    const [cup] = await items('products?q=cup')
    expect(cup).toMatchObject({
      variantCount: 1,
      available: 7,
      connectionIds: [connection.id],
      problemCount: 2,
    })
    const { json } = await api().call('GET', '/api/products?count=true&limit=1')
    expect(json.count).toEqual({ rows: 6, isMore: false })
    expect((await api().call('GET', '/api/brands')).json.items).toEqual(['Lumière'])
  })

  test('listings are filtered by where they stand, and one is found by its external id alone', async () => {
    const all = await items('listings')
    const cup = all.find(({ sku }) => sku === 'CUP')
    expect(await skus('listings?sort=sku')).toEqual(['CUP', 'MUG', 'SET', 'TEE-M', 'TEE-S'])
    expect(await skus('listings?dirty=price&sort=-sku')).toEqual(['MUG', 'CUP'])
    expect((await skus('listings?sort=waiting')).sort()).toEqual(['CUP', 'MUG'])
    expect(await skus('listings?dirty=stock')).toEqual([])
    expect(await skus('listings?sort=waiting&dirty=content')).toEqual([])
    expect(await skus(`listings?q=${cup.externalId}`)).toEqual(['CUP'])
    expect(await skus('listings?q=tee&sort=sku')).toEqual(['TEE-M', 'TEE-S'])
    expect(await skus('listings?status=ended')).toEqual([])
    expect(await skus('listings?connectionId=con_none')).toEqual([])
    expect(await skus('listings?isRefused=true&sort=sku')).toEqual(['CUP', 'MUG'])
    expect(await skus('listings?hasProblem=true')).toEqual(['CUP'])
    await database().db.execute(
      sql`update listings set issues = '[{"field":null,"code":null,"message":"=Too long","severity":"error"}]' where id = ${cup.id}`,
    )
    expect(await skus('listings?hasIssues=true')).toEqual(['CUP'])
    expect(await skus('listings?hasIssues=false&sort=sku')).toEqual(['MUG', 'SET', 'TEE-M', 'TEE-S'])
    const csv = (await api().call('GET', '/api/listings.csv?hasIssues=true&columns=sku,price,issues')).text
    expect(csv).toBe("sku,price,issues\r\nCUP,held,'=Too long\r\n")
  })

  test('stock is filtered by warehouse, what is free, short or on its way', async () => {
    expect(await skus('stock-levels')).toEqual(['CUP', 'MUG', 'TEE-M', 'TEE-S'])
    expect((await skus('stock-levels?sort=available')).slice(0, 2)).toEqual(['MUG', 'CUP'])
    expect((await skus('stock-levels?sort=-reserved')).toSorted()).toEqual(['CUP', 'MUG', 'TEE-M', 'TEE-S'])
    expect((await skus('stock-levels?sort=reserved'))[0]).toBe('CUP')
    expect(await skus('stock-levels?availableUpTo=4')).toEqual(['MUG'])
    expect(await skus('stock-levels?warehouse=MOON')).toEqual([])
    expect(await skus('stock-levels?isShort=true')).toEqual([])
    expect(await skus('stock-levels?isIncoming=true')).toEqual([])
    expect(await skus('stock-levels?q=cup')).toEqual(['CUP'])
  })
})

describe('the plans of the lists', () => {
  const database = useDatabase()
  const count = 30_000
  beforeAll(async () => {
    await fillLists(database().db, count)
  })

  type Session = {
    prepareQuery(...given: unknown[]): { execute(...values: unknown[]): Promise<unknown> }
    client: { unsafe(text: string, values: unknown[]): Promise<Record<string, string>[]> }
  }

  /** The plans of the statements that a list runs, as PostgreSQL chooses them. */
  async function plansOf(run: (tx: Tx) => Promise<unknown>): Promise<string[]> {
    const plans: string[] = []
    await database().db.transaction(async (tx) => {
      // What a list of a million could not afford: that it would be cheap here must not decide.
      await tx.execute(sql`set local enable_seqscan = off`)
      const { session } = tx as unknown as { session: Session }
      const prepare = session.prepareQuery.bind(session)
      session.prepareQuery = (...given) => {
        const { sql: text, params } = given[0] as { sql: string; params: unknown[] }
        const prepared = prepare(...given)
        const execute = prepared.execute.bind(prepared)
        prepared.execute = async (...values) => {
          if (!text.startsWith('explain')) {
            const plan = await session.client.unsafe(`explain ${text}`, params)
            plans.push(plan.map((row) => row['QUERY PLAN']).join('\n'))
          }
          return execute(...values)
        }
        return prepared
      }
      await run(tx)
    })
    return plans
  }

  const order = <Field extends string>(field: Field, isDescending = false) => ({
    field,
    isDescending,
    after: null,
    limit: 100,
  })
  const whole = /Seq Scan on (products|variants|listings|listing_aspects|stock_levels|problems)\b/

  const pages = async (run: (tx: Tx) => Promise<unknown>): Promise<string> =>
    (await plansOf(run)).join('\n\n')

  test('no list of products reads a whole table, and its orders are those of indexes', async () => {
    const filters = [{}, { brand: 'Brand 7' }, { categoryId: 'cat_7' }, { q: 'lamp' }, { q: '台灯' }]
    for (const filter of [...filters, { hasProblem: true }, { listedOn: 'con_d' }])
      for (const field of ['key', 'updated'] as const) {
        const plan = await pages((tx) => listProducts(tx, filter, order(field, true)))
        expect(plan, JSON.stringify({ filter, field })).not.toMatch(whole)
      }
    for (const field of ['key', 'updated'] as const) {
      const [page] = await plansOf((tx) => listProducts(tx, {}, order(field)))
      expect(page, field).toContain(`products_${field === 'key' ? 'key_unique' : 'updated'}`)
      expect(page, field).not.toContain('Sort')
    }
    const [brand] = await plansOf((tx) => listProducts(tx, { brand: 'Brand 7' }, order('key')))
    expect(brand).toMatch(/products_brand[\s\S]*Index Cond: \(brand = /)
    expect(await pages((tx) => listProducts(tx, { q: '台灯' }, order('key')))).toContain('variants_search')
  })

  test('no list of listings reads a whole table, whatever it is filtered by', async () => {
    const filters = [
      {},
      { connectionId: 'con_d' },
      { status: 'rejected' as const },
      { dirty: 'price' as const },
      { hasIssues: true },
      { isRefused: true },
      { hasProblem: true },
      { q: 'x777' },
      { q: 'lamp' },
    ]
    for (const filter of filters)
      for (const field of ['id', 'sku', 'waiting'] as const) {
        const plan = await pages((tx) => listListings(tx, filter, order(field)))
        expect(plan, JSON.stringify({ filter, field })).not.toMatch(whole)
      }
    const [oldest] = await plansOf((tx) => listListings(tx, {}, order('waiting')))
    expect(oldest).toContain('listing_aspects_waiting')
    expect(oldest).not.toContain('Sort')
    const [ofOne] = await plansOf((tx) => listListings(tx, { connectionId: 'con_d' }, order('id', true)))
    expect(ofOne).toMatch(/listings_connection[\s\S]*Index Cond: \(connection_id = /)
    expect(ofOne).not.toContain('Sort')
  })

  test('stock is listed by each of its figures along an index', async () => {
    for (const field of ['sku', 'onHand', 'available', 'reserved', 'incoming'] as const)
      for (const isDescending of [false, true]) {
        const [page] = await plansOf((tx) => listLevels(tx, {}, order(field, isDescending)))
        expect(page, field).not.toMatch(whole)
        expect(page, field).not.toMatch(/-> {2}Sort/)
        if (field !== 'sku') expect(page).toContain(`stock_levels_${field === 'onHand' ? 'on_hand' : field}`)
      }
  })
})
