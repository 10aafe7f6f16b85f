import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { createApi } from '../../core/api/app.ts'
import { listAudit } from '../../core/audit/read.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { savePluginSettings, setPluginEnabled } from '../../core/plugins/settings.ts'
import { listProblems } from '../../core/problems/problems.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { shopNotes } from './shop-notes/index.ts'

describe('settings of plugins', () => {
  const database = useDatabase()
  const shop = useSandbox(() =>
    createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
  )
  const open = () => createTestHub(database(), [woocommerce], { plugins: [shopNotes] })
  let stop: () => Promise<void>
  let api: ReturnType<typeof createApi>
  beforeAll(async () => {
    await migratePlugins(database(), [shopNotes], systemClock)
    const queue = await startQueue(database(), { isWorker: false })
    stop = () => queue.stop()
    api = withKey(createApi(Object.assign(open(), { queue })), database().db)
  })
  afterAll(() => stop())
  const save = (settings: Record<string, unknown>, revision?: number) =>
    database().db.transaction((tx) =>
      savePluginSettings(tx, shopNotes, { settings, revision }, testAct('boss')),
    )
  const call = async (method: string, path: string, body?: unknown) => {
    const init =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await api.request(path, { method, ...init })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }

  test('have their defaults until somebody sets them, and every change is in the audit log', async () => {
    const { settings } = open().pluginContext('shop-notes')
    expect(await settings()).toEqual({ isWatching: true, sign: '', leastPriceMinor: 0 })
    const saved = await save({ sign: '* ' })
    expect(await settings()).toEqual({ isWatching: true, sign: '* ', leastPriceMinor: 0 })
    const [entry] = await listAudit(database().db, { subject: 'shop-notes', limit: 1 })
    expect(entry).toMatchObject({
      actor: 'boss',
      action: 'plugin.settings_changed',
      before: { settings: {} },
      after: { settings: { sign: '* ' } },
    })
    await save({}, saved.revision)
  })

  test('that do not fit are refused with the field, and an edit of another in between is not lost', async () => {
    const { json } = await call('GET', '/api/plugins/shop-notes')
    const put = (settings: object, revision: unknown) =>
      call('PUT', '/api/plugins/shop-notes/settings', { settings, revision })
    expect(await put({ leastPriceMinor: -1 }, json.revision)).toMatchObject({
      status: 400,
      json: { error: { field: 'leastPriceMinor' } },
    })
    expect(await put({ sign: 'a' }, json.revision)).toMatchObject({
      status: 200,
      json: { settings: { sign: 'a' } },
    })
    expect(await put({ sign: 'b' }, json.revision)).toMatchObject({ status: 409 })
    expect(await put({}, undefined)).toMatchObject({ status: 200, json: { settings: {} } })
  })

  test('and panels and connectors speak the language that is asked for; data and what has no text stay as they are', async () => {
    const notes = (text: string) =>
      call('POST', '/plugins/shop-notes/notes', { text }).then(({ status }) => expect(status).toBe(201))
    await notes('All notes')
    const spoken = '?language=zh-CN'
    expect(await call('GET', `/api/plugins${spoken}`)).toMatchObject({
      json: { items: [{ name: '便签', panels: [{ title: '便签' }] }] },
    })
    expect(await call('GET', `/api/plugins/shop-notes${spoken}`)).toMatchObject({
      json: {
        name: '便签',
        form: {
          properties: {
            isWatching: { title: '记录库存变动', description: 'Whether movements are noted.' },
            sign: { title: 'Sign' },
          },
        },
      },
    })
    const panel = (query: string) => call('GET', `/api/plugins/shop-notes/panels/notes${query}`)
    expect(await panel(spoken)).toMatchObject({
      json: {
        blocks: [
          {
            title: '全部便签',
            columns: [{ key: 'text', label: '内容' }],
            rows: [{ text: 'All notes' }],
            empty: '还没有便签。',
          },
        ],
      },
    })
    for (const query of ['', '?language=fr'])
      expect(await panel(query)).toMatchObject({ json: { blocks: [{ title: 'All notes' }] } })
    expect(await call('GET', `/api/connectors${spoken}`)).toMatchObject({
      json: { items: [{ name: 'WooCommerce', settings: { properties: { url: { title: '店铺网址' } } } }] },
    })
    await database().db.execute(sql`delete from shop_notes_notes`)
  })

  test('reach what leaves: the content, and a price that a plugin stops is a problem until it may leave', async () => {
    const hub = open()
    const connection = await connect(hub, woocommerce, shop())
    await seed(hub, [
      { sku: 'DEAR', priceMinor: 5000 },
      { sku: 'CHEAP', priceMinor: 500 },
    ])
    await save({ sign: 'NEW ', leastPriceMinor: 1000 })
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    expect(
      shop()
        .listings()
        .map(({ sku, title }) => [sku, title]),
    ).toEqual([['DEAR', 'NEW Product DEAR']])
    const [problem] = await listProblems(hub.db, { connectionId: connection.id })
    expect(problem).toMatchObject({ kind: 'filter_failed' })
    expect(problem?.message).toContain('Plugin shop-notes stopped it: CHEAP is too cheap.')
    await save({ leastPriceMinor: 100 })
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    expect(
      shop()
        .listings()
        .map(({ sku }) => sku)
        .sort(),
    ).toEqual(['CHEAP', 'DEAR'])
    expect(await listProblems(hub.db, { connectionId: connection.id })).toEqual([])
    await save({})
  })

  test('a plugin that is switched off neither filters nor answers, and comes back as it was', async () => {
    await save({ sign: 'OFF ' })
    const toggle = (isEnabled: boolean) =>
      database().db.transaction((tx) => setPluginEnabled(tx, shopNotes, isEnabled, testAct()))
    await toggle(false)
    expect(await call('GET', '/plugins/shop-notes/notes')).toMatchObject({ status: 409 })
    expect(await call('GET', '/api/plugins/shop-notes/panels/notes')).toMatchObject({ status: 409 })
    expect(await call('GET', '/api/plugins/shop-notes')).toMatchObject({ json: { isEnabled: false } })
    await toggle(true)
    expect(await call('GET', '/plugins/shop-notes/notes')).toMatchObject({ status: 200 })
    expect(await call('GET', '/api/plugins/shop-notes/panels/notes')).toMatchObject({
      status: 200,
      json: { blocks: [{ kind: 'table', rows: [] }] },
    })
    expect(await call('GET', '/api/plugins/shop-notes')).toMatchObject({
      json: { isEnabled: true, settings: { sign: 'OFF ' } },
    })
  })
})
