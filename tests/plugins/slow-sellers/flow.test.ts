import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../../core/connections/connections.ts'
import { query } from '../../../core/db/client.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import { listProblems } from '../../../core/problems/problems.ts'
import { approveProposal, rejectProposal, undoProposal } from '../../../core/proposals/proposals.ts'
import { panelContent } from '../../../core/sdk/panel.ts'
import type { PluginContext } from '../../../core/sdk/plugin.ts'
import { decisionsOf } from '../../../core/sync/appliers.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import type { Context } from '../../../plugins/slow-sellers/context.ts'
import { isHeldBack } from '../../../plugins/slow-sellers/control.ts'
import { slowSellers } from '../../../plugins/slow-sellers/index.ts'
import { proposeSteps } from '../../../plugins/slow-sellers/propose.ts'
import { useDatabase } from '../../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../../support/hub.ts'
import { importNow, remoteOrder } from '../../support/orders.ts'
import { untranslated } from '../../support/texts.ts'
import { migrate } from './support.ts'

const dayMs = 86_400_000
const skus = Array.from({ length: 30 }, (_, index) => `CUP-${index}`)

describe('slow sellers on a hub', () => {
  const database = useDatabase()
  const clock = manualClock(new Date().toISOString())
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1000 }))
  let hub: Hub
  let context: PluginContext
  let connection: Connection
  const nightly = () => slowSellers.jobs![0]!.run(context)
  const wait = (days: number) => clock.advance(days * dayMs)
  const set = (settings: Record<string, unknown>) =>
    database().db.transaction((tx) => savePluginSettings(tx, slowSellers, { settings }, testAct('boss')))
  const ask = <Row>(statement: ReturnType<typeof sql>) => query<Row>(database().db, statement)
  const steps = (kind: string, status: string) =>
    ask<{ listing_id: string; sku: string; proposal_id: string | null }>(
      sql`select step.listing_id, goods.sku, step.proposal_id from slow_sellers_steps step join slow_sellers_goods goods using (listing_id)
        where kind = ${kind} and step.status = ${status} order by 2`,
    )
  const openOf = async (kind: string): Promise<string> => {
    const [row] = await ask<{ id: string }>(
      sql`select id from proposals where status = 'open' and kind = ${`plugin:slow-sellers:${kind}`}`,
    )
    return row!.id
  }
  const shelf = () =>
    new Map(
      shop()
        .listings()
        .map(({ sku, price, status }) => [sku, { minor: price?.minor, status }]),
    )
  const policy = {
    windowDays: 30,
    graceDays: 10,
    leastDaysInStock: 14,
    capPercent: 10,
    controlPercent: 20,
    ladder: ['reprice', 'promote', 'end'],
    waitDays: 3,
    capDays: 2,
  }

  beforeAll(async () => {
    await migrate(database())
    hub = createTestHub(database(), [woocommerce], { clock, plugins: [slowSellers] })
    context = hub.pluginContext('slow-sellers')
    connection = await connect(hub, woocommerce, shop())
    await seed(
      hub,
      skus.map((sku) => ({ sku, priceMinor: 2000, stock: 50 })),
    )
    await database().db.execute(sql`update variants set cost_minor = 1000, cost_currency = 'EUR'`)
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    await set(policy)
    wait(40)
    // CUP-0 sells every day; it, and the first sale of all, are what makes sales known at all.
    const source = { id: connection.id, name: connection.name, ordersFrom: new Date(0) }
    const orders = Array.from({ length: 35 }, (_, index) =>
      remoteOrder(`O${index}`, [{ sku: 'CUP-0', quantity: 2 }], {
        placedAt: new Date(clock.now().getTime() - (index + 1) * dayMs),
      }),
    )
    await importNow(hub.db, source, orders)
  })

  test('judges by the sales, stock and cost that the hub knows', async () => {
    await nightly()
    const found = await ask<{ verdict: string; count: number }>(
      sql`select verdict, count(*)::int as count from slow_sellers_findings group by 1 order by 1`,
    )
    expect([...found]).toEqual([
      { verdict: 'fine', count: 1 },
      { verdict: 'slow', count: 29 },
    ])
    const [fine] = await ask<{ units: number; days_in_stock: number; bound_minor: string }>(
      sql`select units, days_in_stock, bound_minor from slow_sellers_findings where verdict = 'fine'`,
    )
    expect(fine).toMatchObject({ units: 60, days_in_stock: 30 })
  })

  test('proposes for no more than the cap and never for the control group; the same run again changes nothing', async () => {
    const proposed = await steps('reprice', 'proposed')
    // 10 % of 30 live listings.
    expect(proposed).toHaveLength(3)
    const control = (await steps('reprice', 'held_back')).map(({ listing_id }) => listing_id)
    const drawn = { policyVersion: '1', controlPercent: 20 }
    expect(proposed.every(({ listing_id }) => !isHeldBack(listing_id, drawn))).toBe(true)
    expect(control.every((id) => isHeldBack(id, drawn))).toBe(true)
    const id = await openOf('reprice')
    await nightly()
    expect(await openOf('reprice')).toBe(id)
    expect(await steps('reprice', 'proposed')).toEqual(proposed)
    const [row] = await ask<{ reason: string; diff: unknown[] }>(
      sql`select reason, diff from proposals where id = ${id}`,
    )
    expect(row!.diff).toHaveLength(3)
    expect(row!.reason).toContain('3 of 30 live listings')
    expect(row!.reason).toContain('0 units in 30 days in stock')
  })

  test.each([
    ['the control group has since grown', { controlPercent: 90 }, 'belongs to the control group'],
    ['the cap has since sunk', { capPercent: 1 }, '3 listings are more than the 1 that the cap of 1 %'],
  ])('what was proposed is held against the policy of now: %s', async (_why, changes, words) => {
    const { apply } = decisionsOf(hub)
    const id = await openOf('reprice')
    await set({ ...policy, ...changes })
    await expect(approveProposal(hub.db, apply, id, testAct('boss'))).rejects.toThrow(words)
    await set(policy)
    expect(await steps('reprice', 'applied')).toEqual([])
    expect(await openOf('reprice')).toBe(id)
  })

  test('an approved step reaches the shop, fills the cap, and one click takes it back', async () => {
    const id = await openOf('reprice')
    const { apply, undo } = decisionsOf(hub)
    await approveProposal(hub.db, apply, id, testAct('boss'))
    await settle(hub, [connection])
    const changed = (await steps('reprice', 'applied')).map(({ sku }) => sku)
    const lower = () => [...shelf()].filter(([, { minor }]) => minor === 1800).map(([sku]) => sku)
    expect(lower().toSorted()).toEqual(changed)
    await nightly()
    expect(await steps('reprice', 'proposed')).toEqual([])
    await undoProposal(hub.db, undo, id, testAct('boss'))
    await settle(hub, [connection])
    expect(lower()).toEqual([])
    expect(await steps('reprice', 'undone')).toHaveLength(3)
  })

  test('a refusal is kept, and the ladder goes on after its time; a price set meanwhile is never overrun', async () => {
    await nightly()
    const refused = await openOf('reprice')
    await hub.db.transaction((tx) => rejectProposal(tx, refused, testAct('boss')))
    await nightly()
    expect(await steps('reprice', 'rejected')).toHaveLength(3)
    wait(4)
    await nightly()
    const promoted = (await steps('promote', 'proposed')).map(({ sku }) => sku)
    const reprised = await steps('reprice', 'proposed')
    expect(promoted.length + reprised.length).toBe(3)
    expect(promoted.length).toBeGreaterThan(0)
    await database().db.execute(
      sql`update base_prices set amount_minor = 1900 where variant_id = (select id from variants where sku = ${promoted[0]!})`,
    )
    const { apply } = decisionsOf(hub)
    await expect(approveProposal(hub.db, apply, await openOf('promote'), testAct('boss'))).rejects.toThrow(
      `The price or floor of ${promoted[0]!}`,
    )
    await database().db.execute(sql`update base_prices set amount_minor = 2000`)
  })

  test('promotions are dated prices of this connection and leave no trace when taken back', async () => {
    const { apply, undo } = decisionsOf(hub)
    const id = await openOf('promote')
    await approveProposal(hub.db, apply, id, testAct('boss'))
    const period = { from: clock.now(), to: new Date(clock.now().getTime() + dayMs) }
    const held = await context.services.listPromotionalPrices(period)
    expect(held).toHaveLength((await steps('promote', 'applied')).length)
    expect(held[0]).toMatchObject({ price: { minor: 1700, currency: 'EUR' }, connectionId: connection.id })
    await undoProposal(hub.db, undo, id, testAct('boss'))
    expect(await context.services.listPromotionalPrices(period)).toEqual([])
  })

  test('automatic steps keep to their limit, end listings, and are taken back like any other', async () => {
    await set({ ...policy, ladder: ['end'], automaticKinds: ['end'], automaticListings: 2 })
    wait(10)
    await nightly()
    expect(await steps('end', 'applied')).toEqual([])
    expect(await steps('end', 'proposed')).toHaveLength(3)
    await set({ ...policy, ladder: ['end'], automaticKinds: ['end'], automaticListings: 3 })
    await nightly()
    const ended = await steps('end', 'applied')
    expect(ended).toHaveLength(3)
    await settle(hub, [connection])
    const gone = () => skus.filter((sku) => shelf().get(sku)?.status !== 'live')
    expect(gone().toSorted()).toEqual(ended.map(({ sku }) => sku))
    await nightly()
    const effect = await slowSellers
      .commands!.find(({ name }) => name === 'effect')!
      .run({ args: [], options: {}, actor: 'ann' }, { ...context, progress: () => {} })
    expect(effect).toMatchObject({ freed: [{ currency: 'EUR', slots: 3, shelvedMinor: 3 * 50 * 1000 }] })
    await context.services.undoProposal(ended[0]!.proposal_id!, 'boss')
    await settle(hub, [connection])
    expect(gone()).toEqual([])
  })

  test('over many nights the control group is never acted on', async () => {
    await set({
      ...policy,
      ladder: ['end'],
      automaticKinds: ['end'],
      automaticListings: 100,
      capDays: 1,
      waitDays: 1,
    })
    const live = async () => (await ask(sql`select 1 from listings where status = 'live'`)).length
    const applied = async () => (await steps('end', 'applied')).length
    const before = await applied()
    let isActing = true
    for (let night = 0; isActing && night < 60; night += 1) {
      wait(1)
      const [onShelf, done] = [await live(), await applied()]
      await nightly()
      const now = (await applied()) - done
      expect(now).toBeLessThanOrEqual(Math.max(1, Math.floor(onShelf / 10)))
      isActing = now > 0
      await settle(hub, [connection])
    }
    expect(isActing).toBe(false)
    expect(await applied()).toBeGreaterThan(before + 10)
    const drawn = { policyVersion: '1', controlPercent: 20 }
    const acted = await ask<{ listing_id: string }>(
      sql`select listing_id from slow_sellers_steps where status in ('applied', 'undone', 'proposed', 'rejected')`,
    )
    expect(acted.some(({ listing_id }) => isHeldBack(listing_id, drawn))).toBe(false)
    // What is still slow on the shelf is the control group, and what a person took back.
    const left = await ask<{ listing_id: string }>(
      sql`select listing_id from slow_sellers_findings join slow_sellers_goods using (listing_id) where verdict = 'slow' and status = 'live' order by 1`,
    )
    const control = (await steps('end', 'held_back')).map(({ listing_id }) => listing_id)
    const takenBack = (await steps('end', 'undone')).map(({ listing_id }) => listing_id)
    expect(control.length).toBeGreaterThan(0)
    expect(left.map(({ listing_id }) => listing_id)).toEqual([...control, ...takenBack].toSorted())
    expect(left.filter(({ listing_id }) => isHeldBack(listing_id, drawn))).toHaveLength(control.length)
  })

  test('to improve asks a person by a problem, which is over when its time is', async () => {
    await set({ ...policy, ladder: ['improve'] })
    wait(4)
    await proposeSteps(context as Context)
    const problems = async () =>
      (await listProblems(hub.db, { connectionId: connection.id })).filter(({ key }) =>
        key.includes('asked:'),
      )
    const asked = (await steps('improve', 'applied')).map(({ listing_id }) => listing_id)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.some((id) => isHeldBack(id, { policyVersion: '1', controlPercent: 20 }))).toBe(false)
    expect((await problems()).map(({ message }) => message).join()).toContain(
      `${asked.length} slow listings want a person's work`,
    )
    wait(4)
    await proposeSteps(context as Context)
    expect(await problems()).toEqual([])
  })

  test('every panel says what the UI can draw, with its reasons, and has Chinese texts for all words of the plugin', async () => {
    const [one] = await ask<{ listing_id: string; product_id: string }>(
      sql`select listing_id, product_id from slow_sellers_findings join slow_sellers_goods using (listing_id) where status = 'live' limit 1`,
    )
    const subjects = { page: null, listing: one!.listing_id, product: one!.product_id } as Record<
      string,
      string | null
    >
    for (const panel of slowSellers.panels!) {
      const said = await panel.read({ subject: subjects[panel.slot]!, query: {} }, context)
      expect(panelContent.safeParse(said).error?.issues ?? []).toEqual([])
      expect(said.blocks.length).toBeGreaterThan(1)
      expect(untranslated(slowSellers, said)).toEqual([])
    }
  })

  test('the API lists, exports and proposes', async () => {
    const app = slowSellers.routes!(context)
    const list = (await (await app.request('/findings?verdict=slow&limit=2')).json()) as {
      findings: { because: string[] }[]
    }
    expect(list.findings[0]!.because[0]).toContain('slow')
    const csv = (await (await app.request('/findings.csv')).text()).trim().split('\r\n')
    expect(csv[0]).toContain('listing,connection,sku')
    const [count] = await ask<{ count: number }>(
      sql`select count(*)::int as count from slow_sellers_goods where status = 'live'`,
    )
    expect(csv).toHaveLength(count!.count + 1)
    expect((await app.request('/propose', { method: 'POST' })).status).toBe(200)
    await expect(
      slowSellers
        .commands!.find(({ name }) => name === 'list')!
        .run(
          { args: [], options: { verdict: 'dull', limit: '5' }, actor: 'ann' },
          { ...context, progress: () => {} },
        ),
    ).rejects.toThrow('verdict')
  })
})
