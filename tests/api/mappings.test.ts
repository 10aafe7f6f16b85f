import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { saveProducts } from '../../core/catalog/catalog.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { categories, listings, orders, products } from '../../core/db/schema/index.ts'
import { loadConfirmations } from '../../core/sync/confirmation-words.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connect, settle, testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'

describe('mappings as daily work', () => {
  const database = useDatabase()
  const shop = useShop()
  const otherShop = useShop()
  const api = useApi(database)
  let main: Connection
  let other: Connection
  let bedding: string
  let material: string

  const call = (method: string, path: string, json?: unknown) => api().call(method, path, json)
  const at = (kind: string, connection = main) => `/api/connections/${connection.id}/mappings/${kind}`
  const set = (kind: string, entries: unknown[], connection = main) =>
    call('PUT', at(kind, connection), { entries })
  const words = async (kind: string, filter = '', connection = main) =>
    (await call('GET', `${at(kind, connection)}?${filter}`)).json.items
  const refresh = async (connection = main) => {
    const outcome = await runTask(api().hub, 'terms', connection.id)
    expect(outcome.state === 'failed' ? outcome.error.message : outcome.state).toBe('done')
  }
  const onShop = (sku: string) =>
    shop()
      .listings()
      .find((listing) => listing.sku === sku)!.externalId

  beforeAll(async () => {
    const { hub } = api()
    const home = shop().addCategory('Home', null)
    bedding = shop().addCategory('Bed & Bath', home)
    material = shop().addAttribute('Material', ['Cotton (organic)', 'Silk'])
    otherShop().addCategory('Bed & Bath', null)
    main = await connect(hub, woocommerce, shop(), 'Main shop')
    other = await connect(hub, woocommerce, otherShop(), 'Other shop')
    await hub.db.transaction(async (tx) => {
      const saved = await saveProducts(
        tx,
        [
          {
            key: 'SHEET',
            title: { en: 'Bed sheet' },
            attributes: { material: 'organic cotton' },
            variants: [{ sku: 'SHEET', taxClass: 'low' }],
          },
          {
            key: 'SCARF',
            title: { en: 'Silk scarf' },
            attributes: { material: 'Silk' },
            variants: [{ sku: 'SCARF' }],
          },
        ],
        testAct(),
      )
      await tx.insert(categories).values({ id: 'cat_1', key: 'linen', name: { en: 'bed and bath' } })
      await tx.update(products).set({ categoryId: 'cat_1' }).where(eq(products.key, 'SHEET'))
      const prices = saved.map(({ variantId }) => ({
        variantId,
        price: { minor: 1990, currency: 'EUR' },
        source: 'test',
      }))
      await setBasePrices(tx, prices, testAct())
    })
    const edits = ['SHEET', 'SCARF'].map((sku) => ({ sku, onHand: 9, reason: 'Counted' }))
    await call('POST', '/api/stock/changes', { kind: 'count', edits })
    for (const connection of [main, other]) {
      await publishProducts(hub.db, connection.id, 'all', testAct())
      await settle(hub, [connection])
      await refresh(connection)
    }
  })

  test('what is not mapped is listed with what it holds up, and with a reasoned suggestion', async () => {
    const [category] = await words('category')
    expect(category).toMatchObject({
      word: 'linen',
      name: 'bed and bath',
      state: 'suggested',
      listings: 1,
      target: null,
      revision: 0,
    })
    expect(category.suggestions[0]).toEqual({
      target: bedding,
      name: 'Bed & Bath',
      path: 'Home',
      confidence: 0.97,
      reason: 'same name but for case, accents or punctuation',
    })
    const { json } = await call('GET', `/api/connections/${main.id}/mappings`)
    const kinds = json.items.map(({ kind }: { kind: string }) => kind)
    expect(kinds).toEqual([
      'category',
      'attribute',
      'attribute_value',
      'tax',
      'carrier',
      'order_state',
      'sku',
    ])
    expect(json.items[0]).toMatchObject({
      kind: 'category',
      terms: 3,
      suggested: 1,
      mapped: 0,
      waitingListings: 1,
    })
    expect(await words('category', 'q=BED')).toHaveLength(1)
    expect(await words('category', 'q=100%25')).toEqual([])
    expect(await words('category', 'state=mapped')).toEqual([])
    expect(await words('category', 'minConfidence=0.98')).toEqual([])
  })

  test('a try shows the change field by field, with what the platform has against it, and writes nothing', async () => {
    const [listing] = await api()
      .hub.db.select()
      .from(listings)
      .where(eq(listings.externalId, onShop('SHEET')))
    const attempt = (target: string) =>
      call('POST', `/api/connections/${main.id}/mappings/try`, {
        listingId: listing!.id,
        entries: [
          { kind: 'category', word: 'linen', target },
          { kind: 'attribute', word: 'material', target: material },
          { kind: 'attribute_value', scope: 'material', word: 'organic cotton', target: 'Cotton (organic)' },
        ],
      })
    const good = await attempt(bedding)
    expect(good.json).toMatchObject({
      sku: 'SHEET',
      changes: [
        {
          field: 'attributes',
          from: '{"material":"organic cotton"}',
          to: `{"${material}":"Cotton (organic)"}`,
        },
        { field: 'externalCategoryId', from: null, to: bedding },
      ],
      complaints: [],
      names: { [bedding]: 'Home > Bed & Bath', [material]: 'Material' },
    })
    expect((await attempt('999')).json.complaints).toEqual([
      { field: 'externalCategoryId', message: 'Main shop has no category 999.', severity: 'error' },
    ])
    expect(await words('category', 'state=mapped')).toEqual([])
    expect((await call('GET', `/api/connections/${main.id}/mapping-batches`)).json.items).toEqual([])
    expect((await call('GET', `/api/listings/${listing!.id}`)).json.aspects).toContainEqual(
      expect.objectContaining({ aspect: 'content', isInStep: true }),
    )
  })

  test('category, attribute, value and tax class reach the shop in its own terms; only what uses them is pushed', async () => {
    expect((await set('category', [{ word: 'linen', target: bedding, revision: 0 }])).json).toMatchObject({
      changes: 1,
      dirtyListings: 1,
    })
    expect((await set('attribute', [{ word: 'material', target: material }])).json.dirtyListings).toBe(2)
    // Once the attribute is mapped to one that lists its values, they are asked for.
    expect(await words('attribute_value', 'sort=word')).toMatchObject([
      { scope: 'material', word: 'Silk', state: 'suggested' },
      { scope: 'material', word: 'organic cotton', state: 'suggested' },
    ])
    const value = { scope: 'material', word: 'organic cotton', target: 'Cotton (organic)' }
    expect((await set('attribute_value', [value])).json.dirtyListings).toBe(1)
    expect((await set('tax', [{ word: 'low', target: 'reduced-rate' }])).json.dirtyListings).toBe(1)
    await settle(api().hub, [main])
    const sheet = onShop('SHEET')
    expect(shop().categoriesOf(sheet)).toEqual([bedding])
    expect(shop().taxClassOf(sheet)).toBe('reduced-rate')
    expect(shop().attributesOf(sheet)).toMatchObject([
      { id: 1, name: 'Material', options: ['Cotton (organic)'] },
    ])
    expect(shop().attributesOf(onShop('SCARF'))).toMatchObject([{ id: 1, options: ['Silk'] }])
    expect(shop().taxClassOf(onShop('SCARF'))).toBe('')
  })

  test('what would mean nothing, or lose a value, is refused and named', async () => {
    const refusal = async (kind: string, entry: object) => (await set(kind, [entry])).json.error
    expect(await refusal('category', { word: 'linen', target: '999' })).toMatchObject({
      field: 'target',
      message: expect.stringContaining('Main shop has no category "999"'),
    })
    expect(await refusal('attribute', { word: 'fabric', target: material })).toMatchObject({
      field: 'target',
      message: expect.stringContaining('means material already'),
    })
    expect(await refusal('attribute_value', { word: 'Red', target: 'Rouge' })).toMatchObject({
      field: 'scope',
    })
    expect(await words('category', 'state=mapped')).toMatchObject([{ word: 'linen', target: bedding }])
  })

  test('an edit of an older revision is a conflict that names who changed it and when', async () => {
    const stale = await set('category', [{ word: 'linen', target: '15', revision: 0 }])
    expect(stale.status).toBe(409)
    expect(stale.json.error.message).toMatch(
      new RegExp(`"linen" on Main shop was mapped to "${bedding}" by key:tests at \\d{4}-\\d\\d-\\d\\dT`),
    )
    // Also when it was taken away and set again meanwhile.
    await set('category', [{ word: 'linen', target: null, revision: 1 }])
    await set('category', [{ word: 'linen', target: bedding, revision: 2 }])
    expect((await set('category', [{ word: 'linen', target: '15', revision: 1 }])).status).toBe(409)
    const both = await Promise.all([
      set('category', [{ word: 'linen', target: '15', revision: 3 }]),
      set('category', [{ word: 'linen', target: null, revision: 3 }]),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    await set('category', [{ word: 'linen', target: bedding }])
  })

  test('another shop learns from it, and says so', async () => {
    await refresh(other)
    const [category] = await words('category', '', other)
    expect(category.suggestions[0]).toMatchObject({
      name: 'Bed & Bath',
      reason: expect.stringMatching(/same name|mapped so on Main shop/),
    })
    await set('carrier', [{ word: 'dhl-parcel-de', target: 'DHL Paket' }])
    await api().hub.db.execute(sql`
      insert into mapping_words (connection_id, kind, word, name, state, seen_at) values (${other.id}, 'carrier', 'dhl-parcel-de', 'dhl-parcel-de', 'unmapped', now())`)
    const { suggestMeanings } = await import('../../core/mappings/suggest.ts')
    await suggestMeanings(api().hub.db, other, 'carrier')
    const [carrier] = await words('carrier', '', other)
    expect(carrier.suggestions).toEqual([
      {
        target: 'DHL Paket',
        name: 'DHL Paket',
        path: '',
        confidence: 0.9,
        reason: 'mapped so on Main shop',
      },
    ])
  })

  test('suggestions above a confidence are accepted together, shown before, and undone together', async () => {
    const filter = 'minConfidence=0.9'
    const { json: preview } = await call('GET', `${at('attribute_value')}/acceptance?${filter}`)
    expect(preview).toMatchObject({
      words: 1,
      listings: 1,
      samples: [{ scope: 'material', word: 'Silk', suggestion: { target: 'Silk', reason: 'same name' } }],
    })
    const accepted = await call('POST', `${at('attribute_value')}/acceptance`, { minConfidence: 0.9 })
    expect(accepted.json).toMatchObject({ changes: 1, left: 0, dirtyListings: 1 })
    const batchAt = `/api/connections/${main.id}/mapping-batches`
    const { json: batches } = await call('GET', `${batchAt}?kind=attribute_value`)
    expect(batches.items[0]).toMatchObject({ how: 'accept', changes: 1, undone: 0, actor: 'key:tests' })
    const undone = await call('POST', `${batchAt}/${accepted.json.batchId}/undo`, {})
    expect(undone.json).toMatchObject({ changes: 1 })
    expect(await words('attribute_value', 'q=silk')).toMatchObject([
      { state: 'suggested', target: null, revision: 2 },
    ])
    expect((await call('POST', `${batchAt}/${accepted.json.batchId}/undo`, {})).status).toBe(409)
    const { json: history } = await call(
      'GET',
      `/api/connections/${main.id}/mapping-changes?kind=attribute_value&word=Silk&scope=material`,
    )
    expect(history.items).toMatchObject([
      { before: 'Silk', after: null, revision: 2 },
      { before: null, after: 'Silk', revision: 1, undoneBy: 'key:tests' },
    ])
    // Undoing the undoing brings it back.
    await call('POST', `${batchAt}/${undone.json.batchId}/undo`, {})
    expect(await words('attribute_value', 'state=mapped&q=silk')).toHaveLength(1)
  })

  test('an undo of a word that was changed since is refused whole', async () => {
    const { json } = await set('carrier', [
      { word: 'ups', target: 'UPS' },
      { word: 'gls', target: 'GLS' },
    ])
    await set('carrier', [{ word: 'gls', target: 'GLS Germany' }])
    const undo = await call('POST', `/api/connections/${main.id}/mapping-batches/${json.batchId}/undo`, {})
    expect(undo.status).toBe(409)
    expect(undo.json.error.message).toContain('"gls" on Main shop was mapped to "GLS Germany"')
    expect(await words('carrier', 'state=mapped&q=ups')).toHaveLength(1)
  })

  test('a file goes out, is filled in and comes back; formulas and strange rows do no harm', async () => {
    const exported = await call('GET', `${at('carrier')}/csv?state=mapped`)
    expect(exported.headers.get('content-type')).toContain('text/csv')
    expect(exported.text).toContain(',gls,GLS Germany,')
    const csv = '\uFEFFours;theirs\ngls;GLS\n"=cmd";"\'=x"\nempty;\nups;-\n'
    expect((await call('POST', `${at('carrier')}/csv`, { csv })).json).toMatchObject({ changes: 3 })
    expect(await words('carrier', 'state=mapped&sort=word')).toMatchObject([
      { word: '=cmd', target: '=x' },
      { word: 'dhl-parcel-de' },
      { word: 'gls', target: 'GLS' },
    ])
    const bad = await call('POST', `${at('carrier')}/csv`, { csv: 'ours,theirs\na,b\n,c\n' })
    expect(bad.json.error).toMatchObject({ field: 'csv', message: 'Line 3 names nothing to map.' })
    expect(await words('carrier', 'state=mapped')).toHaveLength(3)
  })

  test('an order state that nobody knows waits unread, is asked for, and the order comes in once it is mapped', async () => {
    const { hub } = api()
    const placed = shop().placeOrder({ lines: [{ sku: 'SCARF', quantity: 1 }] })
    shop().setOrderStatus(placed.externalId, 'wc-awaiting-pickup')
    await runTask(hub, 'orders', main.id)
    const held = () => hub.db.select().from(orders).where(eq(orders.externalId, placed.externalId))
    expect(await held()).toEqual([])
    await refresh()
    const [state] = await words('order_state', 'state=suggested')
    expect(state).toMatchObject({ word: 'wc-awaiting-pickup', orders: 1, problems: 1, reading: null })
    expect(state.suggestions[0].target).toBe('paid')
    const { json } = await set('order_state', [{ word: 'wc-awaiting-pickup', target: 'paid' }])
    expect(json).toMatchObject({ changes: 1, rereadOrders: 1 })
    await runTask(hub, 'orders', main.id, { externalIds: [placed.externalId] })
    expect(await held()).toMatchObject([{ status: 'allocated', externalStatus: 'wc-awaiting-pickup' }])
  })

  test('a state that the connector reads can be read otherwise only where that is safe', async () => {
    const { hub } = api()
    shop().placeOrder({ lines: [{ sku: 'SCARF', quantity: 1 }] })
    await runTask(hub, 'orders', main.id)
    const choices = (await call('GET', `${at('order_state')}/choices?word=processing`)).json.items
    expect(choices.map(({ target }: { target: string }) => target)).toEqual([
      'paid',
      'pending_payment',
      'shipped',
      'delivered',
      'completed',
    ])
    const unsafe = await set('order_state', [{ word: 'processing', target: 'cancelled' }])
    expect(unsafe.json.error.message).toContain('reads "processing" as paid')
    await set('order_state', [{ word: 'processing', target: 'pending_payment' }])
    const placed = shop().placeOrder({ lines: [{ sku: 'SCARF', quantity: 1 }] })
    await runTask(hub, 'orders', main.id)
    const [held] = await hub.db.select().from(orders).where(eq(orders.externalId, placed.externalId))
    expect(held).toMatchObject({ status: 'pending_payment', externalStatus: 'processing' })
    await set('order_state', [{ word: 'processing', target: null }])
    await runTask(hub, 'orders', main.id, { externalIds: [placed.externalId] })
    const [healed] = await hub.db.select().from(orders).where(eq(orders.id, held!.id))
    expect(healed!.status).toBe('allocated')
  })

  test('a SKU of theirs binds its listing and heals its orders, also a listing without a SKU', async () => {
    const { hub } = api()
    await hub.db.transaction((tx) =>
      saveProducts(
        tx,
        [
          { key: 'MUG', title: { en: 'Blue mug' }, variants: [{ sku: 'MUG-1' }] },
          { key: 'JUG', title: { en: 'Glass jug, two litres' }, variants: [{ sku: 'JUG' }] },
        ],
        testAct(),
      ),
    )
    shop().addProduct({ sku: 'mug 1', name: 'Mug', price: '5.00', quantity: 9 })
    const bare = shop().addProduct({ sku: '', name: 'Glass jug, two litres', price: '9.00', quantity: 3 })
    shop().placeOrder({ lines: [{ sku: 'mug 1', quantity: 1 }] })
    await runTask(hub, 'orders', main.id)
    await runTask(hub, 'reconcile', main.id)
    await refresh()
    expect(await words('sku')).toMatchObject([
      {
        word: 'mug 1',
        orders: 1,
        listings: 1,
        suggestions: [{ target: 'MUG-1', confidence: 0.96, reason: 'same SKU but for case and punctuation' }],
      },
      { word: `id:${bare}`, suggestions: [{ target: 'JUG', confidence: 0.85, reason: 'title: same name' }] },
    ])
    const { json } = await call('POST', `${at('sku')}/acceptance`, { minConfidence: 0.8 })
    expect(json).toMatchObject({ changes: 2, boundListings: 2, healedLines: 1, left: 0 })
    const bound = await query<{ sku: string }>(
      hub.db,
      sql`
      select v.sku from listings l join variants v on v.id = l.variant_id where l.connection_id = ${main.id} and l.external_id in (${bare}, ${onShop('mug 1')}) order by 1`,
    )
    expect(bound).toEqual([{ sku: 'JUG' }, { sku: 'MUG-1' }])
    expect((await call('GET', `/api/connections/${main.id}/unbound-listings`)).json.items).toEqual([])
  })

  test('a confirmation is told in the words of the moment it is told, with the place it left from', async () => {
    const { hub } = api()
    await call('PUT', '/api/warehouses', { code: 'BER', name: 'Berlin' })
    const asked = {
      externalOrderId: '7',
      carrier: 'dhl-parcel-de',
      warehouse: 'BER',
      trackingNumber: '1',
      service: null,
      shippedAt: '2026-05-04T10:00:00.000Z',
      lines: [],
    }
    const told = async () => {
      const calls = [{ id: 'onc_1', input: asked }] as unknown as Parameters<typeof loadConfirmations>[1]
      return (await loadConfirmations({ hub, connection: other }, calls)).get('onc_1')
    }
    expect(await told()).toEqual({
      ...omitWarehouse(asked),
      shippedAt: new Date(asked.shippedAt),
    })
    await set('carrier', [{ word: 'dhl-parcel-de', target: 'DHL' }], other)
    await set('location', [{ word: 'BER', target: 'supply-source-1' }], other)
    expect(await told()).toMatchObject({ carrier: 'DHL', externalLocationId: 'supply-source-1' })
    expect((await set('location', [{ word: 'MOON', target: 'x' }], other)).json.error).toMatchObject({
      field: 'word',
      message: 'There is no warehouse "MOON".',
    })
  })

  test('terms that the platform no longer has are forgotten; an answer without any takes nothing away', async () => {
    const { hub } = api()
    const { finishTerms, keepTerms, listTerms } = await import('../../core/mappings/terms.ts')
    const count = async () => (await listTerms(hub.db, other.id, 'category', { limit: 100 })).length
    expect(await count()).toBe(2)
    const later = new Date(Date.now() + 60_000)
    await hub.db.transaction((tx) => finishTerms(tx, other.id, later))
    expect(await count()).toBe(2)
    const term = {
      kind: 'category',
      name: 'New',
      parentId: null,
      isAssignable: false,
      isRequired: false,
    } as const
    await hub.db.transaction(async (tx) => {
      await keepTerms(tx, other.id, [{ ...term, id: '77' }], later)
      await finishTerms(tx, other.id, later)
    })
    expect(await listTerms(hub.db, other.id, 'category', { limit: 100 })).toMatchObject([{ id: '77' }])
    expect((await set('category', [{ word: 'linen', target: '77' }], other)).json.error.message).toContain(
      'choose one below it',
    )
  })

  test('pages follow one another without a gap or a repeat in every order', async () => {
    const { hub } = api()
    await hub.db.execute(sql`
      insert into mapping_words (connection_id, kind, word, name, weight, confidence, state, seen_at)
      select ${other.id}, 'sku', 'W' || n, 'Word', n % 3, (n % 4) / 10.0, 'unmapped', now() from generate_series(1, 23) n`)
    for (const sort of ['-weight', '-confidence', 'word', '-word']) {
      const seen: string[] = []
      for (let after: string | null = ''; after !== null; ) {
        const path = `${at('sku', other)}?limit=5&sort=${sort}${after ? `&after=${after}` : ''}`
        const { json } = await call('GET', path)
        seen.push(...json.items.map((row: { word: string }) => row.word))
        after = json.next
      }
      expect(new Set(seen).size).toBe(23)
      expect(seen).toHaveLength(23)
    }
    expect((await call('GET', `${at('sku')}?after=nonsense`)).json.error.field).toBe('after')
  })
})

const omitWarehouse = ({ warehouse: _warehouse, ...rest }: { warehouse: string }) => rest
