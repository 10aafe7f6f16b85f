import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { findConnection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { useDatabase } from '../support/database.ts'
import { seed, settle, testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'

describe('connections', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  const call = (method: string, path: string, json?: unknown) => api().call(method, path, json)
  let id: string

  const wanted = (name: string) => ({
    connector: 'woocommerce',
    name,
    isLocal: true,
    rateScale: 1000,
    ...shop().connection(shop().url),
  })
  beforeAll(async () => {
    const added = await call('POST', '/api/connections', wanted('Shop'))
    expect(added.status).toBe(201)
    id = added.json.id
  })

  test('a connection is added with its schedule, found by id and name, and shows no credential', async () => {
    expect((await call('GET', '/api/connections/Shop')).json).toMatchObject({
      id,
      connector: 'woocommerce',
      status: 'active',
      currency: 'EUR',
      hiddenSettings: [],
      credentialsUpdatedAt: expect.any(String),
    })
    const { json } = await call('GET', `/api/connections/${id}/schedules`)
    expect(json.items.map(({ task }: { task: string }) => task)).toContain('orders')
  })

  test('what is wrong is named: connector, setting, credential, name', async () => {
    const field = async (change: object) =>
      (await call('POST', '/api/connections', { ...wanted('Other'), ...change })).json.error.field
    expect(await field({ connector: 'ebay' })).toBe('connector')
    expect(await field({ settings: { url: 'nowhere', currency: 'EUR' } })).toBe('settings.url')
    expect(await field({ credentials: {} })).toBe('credentials.consumerKey')
    expect(await field({ name: ' ' })).toBe('name')
    expect(await field({ isLocal: false })).toBe('rateScale')
    expect((await call('POST', '/api/connections', wanted('Shop'))).status).toBe(409)
  })

  test('a test reaches the shop; wrong credentials are told as such, and right ones help at once', async () => {
    expect((await call('POST', `/api/connections/${id}/test`)).json.message).toContain('Reached the shop')
    const { credentials } = shop().connection(shop().url)
    await call('PUT', `/api/connections/${id}/credentials`, { ...credentials, consumerSecret: 'cs_wrong' })
    const refused = await call('POST', `/api/connections/${id}/test`)
    expect(refused).toMatchObject({ status: 502, json: { error: { details: { kind: 'auth' } } } })
    expect(refused.text).not.toContain('cs_wrong')
    await call('PUT', `/api/connections/${id}/credentials`, credentials)
    expect((await call('POST', `/api/connections/${id}/test`)).status).toBe(200)
  })

  test('settings that are not named stay, a wrong one changes nothing, and guard rails are set', async () => {
    const at = `/api/connections/${id}`
    const { revision } = (await call('GET', at)).json
    const { json } = await call('PATCH', at, {
      revision,
      settings: { weightUnit: 'g' },
      maxZeroedBasisPoints: 100,
    })
    expect(json).toMatchObject({ settings: { weightUnit: 'g', url: shop().url }, maxZeroedBasisPoints: 100 })
    const change = (wanted: object) => call('PATCH', at, { revision: json.revision, ...wanted })
    expect((await change({ settings: { weightUnit: 'stone' } })).json.error.field).toBe('settings.weightUnit')
    expect((await change({ settings: { url: null } })).json.error.field).toBe('settings.url')
    expect((await call('GET', at)).json.settings).toEqual(json.settings)
    expect((await change({ settings: { weightUnit: null } })).json.settings.weightUnit).toBe('kg')
    const audit = await call('GET', `/api/audit?subject=${id}&limit=1`)
    expect(audit.json.items).toMatchObject([
      { actor: 'key:tests', action: 'connection.changed', before: { settings: { weightUnit: 'g' } } },
    ])
    const late = await change({ maxZeroedBasisPoints: 200 })
    expect(late).toMatchObject({ status: 409, json: { error: { code: 'conflict' } } })
    expect(late.json.error.message).toContain('changed by key:tests at')
    expect((await call('GET', at)).json.maxZeroedBasisPoints).toBe(100)
  })

  test('a schedule is set, refused when it is none, and switched off', async () => {
    const at = `/api/connections/${id}/schedules/price`
    const set = await call('PUT', at, { cron: '5 * * * *', timeZone: 'Europe/Berlin', isEnabled: false })
    expect(set.json.items.find((row: { task: string }) => row.task === 'price')).toMatchObject({
      cron: '5 * * * *',
      timeZone: 'Europe/Berlin',
      isEnabled: false,
    })
    expect((await call('PUT', at, { cron: 'often' })).json.error.field).toBe('cron')
    expect((await call('PUT', at, { timeZone: 'Mars/Olympus' })).json.error.field).toBe('timeZone')
    expect((await call('PUT', `/api/connections/${id}/schedules/lunch`, { cron: '* * * * *' })).status).toBe(
      400,
    )
  })

  test('a dry run shows each change with its reason and sends nothing', async () => {
    const { hub } = api()
    await seed(hub, [{ sku: 'CUP' }, { sku: 'MUG' }])
    await publishProducts(hub.db, id, 'all', testAct())
    await settle(hub, [await findConnection(hub.db, id)])
    await seed(hub, [{ sku: 'CUP', stock: 4 }])
    const writes = () => shop().calls.filter((one) => one.isWrite).length
    const before = writes()
    const { status, json } = await call('POST', `/api/connections/${id}/sync?dryRun=true`, {
      tasks: ['stock'],
    })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      lines: [
        {
          aspect: 'stock',
          sku: 'CUP',
          field: 'quantity',
          from: '10',
          to: '4',
          reason: expect.stringContaining('warehouse MAIN = 4'),
        },
      ],
      lineCount: 1,
      calls: 1,
    })
    expect(writes()).toBe(before)
    expect((await call('POST', `/api/connections/${id}/sync?dryRun=perhaps`, {})).json.error.field).toBe(
      'dryRun',
    )
  })

  test('a sync enqueues what the connector can do, once; a paused connection refuses and says why', async () => {
    const jobs = async () =>
      (
        await query<{ key: string }>(
          database().db,
          sql`select singleton_key as key from pgboss.job where singleton_key like ${`${id}:%`} order by 1`,
        )
      ).map(({ key }) => key.split(':')[1])
    const { json } = await call('POST', `/api/connections/${id}/sync`, {})
    expect(json.enqueued).toEqual(['orders', 'once', 'content', 'price', 'stock'])
    await call('POST', `/api/connections/${id}/sync`, {})
    // The terms were asked for when the connection was added.
    expect(await jobs()).toEqual(['content', 'once', 'orders', 'price', 'stock', 'terms'])
    await call('POST', `/api/connections/${id}/pause`, { reason: 'The shop moves' })
    const refused = await call('POST', `/api/connections/${id}/sync`, {})
    expect(refused).toMatchObject({
      status: 409,
      json: { error: { message: expect.stringContaining('The shop moves') } },
    })
    expect((await call('POST', `/api/connections/${id}/resume`)).json).toMatchObject({
      status: 'active',
      pausedReason: null,
    })
  })

  test('publishing names the products, and one that is not there is refused', async () => {
    const at = `/api/connections/${id}/publish`
    await seed(api().hub, [{ sku: 'PAN' }])
    const { json: pan } = await call('GET', '/api/products/PAN')
    expect((await call('POST', at, { products: [pan.id] })).json).toEqual({ requested: 1 })
    expect((await call('POST', at, { products: [pan.id] })).json).toEqual({ requested: 0 })
    expect((await call('POST', at, { products: ['prd_none'] })).json.error.field).toBe('products')
  })
})
