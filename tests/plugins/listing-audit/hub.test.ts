import { sql } from 'drizzle-orm'
import { instant } from 'entrepot/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import { saveProducts } from '../../../core/catalog/catalog.ts'
import { setBasePrices } from '../../../core/catalog/prices.ts'
import type { Connection } from '../../../core/connections/connections.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import { definePlugin } from '../../../core/sdk/plugin.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { type AuditContext, auditAll } from '../../../plugins/listing-audit/audit.ts'
import { auditChanges } from '../../../plugins/listing-audit/changes.ts'
import { listingAudit } from '../../../plugins/listing-audit/index.ts'
import { listResults } from '../../../plugins/listing-audit/results.ts'
import { useDatabase } from '../../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../../support/hub.ts'

const asker = definePlugin({ id: 'asker', name: 'Asks' })

describe('two shops that sell the same goods', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const create = () => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1000 })
  const first = useSandbox(create)
  const second = useSandbox(create)
  let hub: Hub
  let context: AuditContext
  let shops: Connection[]
  let ids: Map<string, string>
  const act = () => ({ actor: 'boss', now: clock.now() })
  const edit = (product: Record<string, unknown>, variants: Record<string, unknown>[]) => {
    clock.advance(1000)
    return database().db.transaction((tx) =>
      saveProducts(tx, [{ optionNames: [], ...product, variants } as never], act()),
    )
  }
  const judged = async (sku: string) =>
    (await listResults(context.db, {}, { after: '', limit: 100 })).filter((result) => result.sku === sku)
  const rulesOf = async (sku: string) =>
    (await judged(sku)).map(({ findings }) => findings.map(({ ruleId }) => ruleId))
  const run = (name: string, args: string[] = [], options = {}) =>
    listingAudit
      .commands!.find((command) => command.name === name)!
      .run({ args, options, actor: 'boss' }, { ...context, progress: () => {} })
  /** Lets the look-back of the changes pass by. */
  const rest = async () => {
    clock.advance(600_000)
    await auditChanges(context)
  }
  beforeAll(async () => {
    await migratePlugins(database(), [listingAudit], clock)
    hub = createTestHub(database(), [woocommerce], { clock, plugins: [listingAudit, asker] })
    context = hub.pluginContext('listing-audit') as AuditContext
    shops = [
      await connect(hub, woocommerce, first(), 'One'),
      await connect(hub, woocommerce, second(), 'Two'),
    ]
    await database().db.execute(sql`insert into categories (id, key, name) values ('cat_1', 'cups', '{}')`)
    ids = await seed(hub, [
      { sku: 'CUP-S', key: 'CUP', title: 'Stoneware cup', options: { Size: 'S' } },
      { sku: 'CUP-L', key: 'CUP', title: 'Stoneware cup', options: { Size: 'L' } },
      { sku: 'CREAM', title: 'Night cream 50 ml' },
    ])
    await database().db.execute(
      sql`update products set updated_at = ${instant(clock.now())}, category_id = 'cat_1'`,
    )
    await database().db.execute(sql`update base_prices set updated_at = ${instant(clock.now())}`)
    for (const shop of shops) await publishProducts(hub.db, shop.id, 'all', testAct())
    await settle(hub, shops)
    await rest()
    await rest()
  })

  test('of a product with variants, only the listings of the changed one are judged anew', async () => {
    const before = await judged('CUP-L')
    await edit({ key: 'CUP', title: { en: 'Stoneware cup' }, optionNames: ['Size'] }, [
      { sku: 'CUP-S', gtin: '12345' },
    ])
    // Both variants are read, and each stands in two shops; what is the same is not judged.
    expect(await auditChanges(context)).toEqual({ listings: 4, judged: 2 })
    expect(await rulesOf('CUP-S')).toEqual([
      expect.arrayContaining(['gtin.fault']),
      expect.arrayContaining(['gtin.fault']),
    ])
    expect(await judged('CUP-L')).toEqual(before)
    await rest()
    expect(await auditChanges(context)).toEqual({ listings: 0, judged: 0 })
  })

  test('a price that changes is judged within the minute, and nothing else with it', async () => {
    const price = { variantId: ids.get('CREAM')!, price: { minor: 150_000, currency: 'EUR' }, source: 'test' }
    await database().db.transaction((tx) => setBasePrices(tx, [price], { actor: 'test', now: clock.now() }))
    expect(await auditChanges(context)).toEqual({ listings: 2, judged: 2 })
    expect(await rulesOf('CREAM')).toEqual([
      expect.arrayContaining(['price.step']),
      expect.arrayContaining(['price.step']),
    ])
    const back = { ...price, price: { minor: 1000, currency: 'EUR' } }
    await database().db.transaction((tx) => setBasePrices(tx, [back], { actor: 'test', now: clock.now() }))
    await rest()
  })

  test('a listing that the shop shows otherwise than is meant has drifted, until it is in step', async () => {
    await edit({ key: 'CREAM', title: { en: 'Day cream 50 ml' } }, [{ sku: 'CREAM' }])
    await auditChanges(context)
    const [one] = await judged('CREAM')
    expect(one!.findings).toContainEqual(
      expect.objectContaining({ ruleId: 'drift.content', field: 'title', excerpt: 'Night cream 50 ml' }),
    )
    await settle(hub, shops)
    await auditAll(context)
    expect((await rulesOf('CREAM')).flat()).not.toContain('drift.content')
  })

  test('listings of one variant are held against one another, in whatever language', async () => {
    await database().db.execute(sql`update connections set locale = 'de-DE' where id = ${shops[1]!.id}`)
    await edit({ key: 'CREAM', title: { de: 'Tagescreme 30 ml' } }, [{ sku: 'CREAM' }])
    await auditChanges(context)
    for (const rules of await rulesOf('CREAM')) expect(rules).toContain('consistency.siblings')
    await edit({ key: 'CREAM', title: { de: 'Tagescreme 50 ml' } }, [{ sku: 'CREAM' }])
    await auditChanges(context)
    expect((await rulesOf('CREAM')).flat()).not.toContain('consistency.siblings')
  })

  test('a price whose decimal point slipped is found by the next full audit', async () => {
    await database().db.transaction((tx) =>
      setBasePrices(
        tx,
        [{ variantId: ids.get('CREAM')!, price: { minor: 1, currency: 'EUR' }, source: 'test' }],
        act(),
      ),
    )
    await auditAll(context)
    for (const rules of await rulesOf('CREAM')) expect(rules).toContain('price.step')
  })

  test('a category demands attributes by command; the demand judges its listings anew', async () => {
    expect(await run('require', ['cups', 'Material'])).toContain('cups demands Material')
    expect(await run('audit')).toBe('6 listings looked at, 6 judged anew.')
    const found = (await run('findings', [], { rule: 'completeness.attribute', limit: '50' })) as object[]
    expect(found).toHaveLength(6)
    expect(found[0]).toMatchObject({ field: 'attributes.Material', severity: 'error' })
    await edit({ key: 'CREAM', title: { en: 'Day cream 50 ml' }, attributes: { Material: 'Cream' } }, [
      { sku: 'CREAM' },
    ])
    await auditChanges(context)
    expect(await run('findings', [], { rule: 'completeness.attribute', limit: '50' })).toHaveLength(4)
    await expect(run('audit', [], { connection: 'con_none' })).rejects.toThrow('no connection')
    await expect(run('findings', [], { severity: 'grave', limit: '50' })).rejects.toThrow('severity')
  })

  test('scores go down in history by day, account and category', async () => {
    await auditAll(context)
    clock.advance(24 * 3_600_000)
    await listingAudit.jobs!.find(({ id }) => id === 'all')!.run(context)
    const trend = (await run('trend', [], { category: 'cups', connection: shops[0]!.id })) as {
      day: string
    }[]
    expect(trend).toMatchObject([
      { day: '2026-03-10', connectionId: shops[0]!.id, categoryKey: 'cups', listings: 3 },
      { day: '2026-03-11', connectionId: shops[0]!.id, categoryKey: 'cups', listings: 3 },
    ])
  })

  test('a setting that switches a rule off takes its findings away', async () => {
    await database().db.transaction((tx) =>
      savePluginSettings(
        tx,
        listingAudit,
        { settings: { ignoredRules: ['completeness.attribute'] } },
        testAct(),
      ),
    )
    await auditAll(context)
    expect(await run('findings', [], { rule: 'completeness.attribute', limit: '50' })).toEqual([])
  })

  test('other plugins learn what was found, and what keeps a listing back', async () => {
    const [cup] = await judged('CUP-S')
    const { asked, findings } = await hub.pluginContext('asker').services.readFindings([cup!.listingId])
    expect(asked).toEqual(['listing-audit'])
    expect(findings).toContainEqual(
      expect.objectContaining({
        plugin: 'listing-audit',
        listingId: cup!.listingId,
        field: 'gtin',
        severity: 'error',
        isBlocking: false,
      }),
    )
  })

  test('a listing that is gone or ended is judged no more', async () => {
    await database().db.execute(
      sql`update listings set status = 'ended' where connection_id = ${shops[1]!.id}`,
    )
    await auditAll(context)
    expect((await judged('CUP-S')).map(({ connectionId }) => connectionId)).toEqual([shops[0]!.id])
  })
})
