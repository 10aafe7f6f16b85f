import { PDFDocument } from '@cantoo/pdf-lib'
import { sql } from 'drizzle-orm'
import readXlsx from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import { createApi } from '../../../core/api/app.ts'
import type { Connection } from '../../../core/connections/connections.ts'
import { query } from '../../../core/db/client.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import { listProposals, rejectProposal, undoProposal } from '../../../core/proposals/proposals.ts'
import { panelContent } from '../../../core/sdk/panel.ts'
import { definePlugin } from '../../../core/sdk/plugin.ts'
import { setBundle } from '../../../core/stock/allocation.ts'
import { decisionsOf } from '../../../core/sync/appliers.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { type Queue, startQueue } from '../../../core/sync/queue.ts'
import { tickPromotions } from '../../../core/sync/schedule.ts'
import { calendarCsv, calendarIcs } from '../../../plugins/promotions/calendar.ts'
import { promotions } from '../../../plugins/promotions/index.ts'
import { withPhases } from '../../../plugins/promotions/phases.ts'
import { readGoods } from '../../../plugins/promotions/planned-goods.ts'
import { runChecks } from '../../../plugins/promotions/run-checks.ts'
import { listCampaigns, readCampaign } from '../../../plugins/promotions/store.ts'
import { withKey } from '../../support/callers.ts'
import { useDatabase } from '../../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../../support/hub.ts'
import { importNow, remoteOrder } from '../../support/orders.ts'
import { untranslated } from '../../support/texts.ts'
import { add, approve, campaign, contextOf, setCosts, startCampaign, watch } from './support.ts'

const dayMs = 86_400_000
/** Listings that another plugin finds unfit. */
const unfit = new Set<string>()
const judge = definePlugin({
  id: 'judge',
  name: 'Judges listings',
  findings: async (listingIds) =>
    listingIds
      .filter((id) => unfit.has(id))
      .map((listingId) => ({
        listingId,
        severity: 'error',
        isBlocking: true,
        field: 'title',
        message: 'It promises a cure.',
      })),
})

describe('campaigns', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const unlimited = { clock, currency: 'EUR', rateScale: Number.POSITIVE_INFINITY }
  const shop = useSandbox(() => createWooCommerceSandbox(unlimited))
  const other = useSandbox(() => createWooCommerceSandbox(unlimited))
  let hub: Hub & { queue: Queue }
  let connections: Connection[]
  let ids: Map<string, string>
  let orders = 0
  beforeAll(async () => {
    await migratePlugins(database(), [promotions], clock)
    const queue = await startQueue(database(), { isWorker: false })
    hub = Object.assign(createTestHub(database(), [woocommerce], { clock, plugins: [promotions, judge] }), {
      queue,
    })
    connections = [
      await connect(hub, woocommerce, shop(), 'shop'),
      await connect(hub, woocommerce, other(), 'other'),
    ]
    ids = await seed(hub, [
      { sku: 'CUP', priceMinor: 2000, stock: 100 },
      { sku: 'MUG', priceMinor: 3000, stock: 33 },
      { sku: 'RARE', priceMinor: 1000, stock: 8 },
    ])
    await setCosts(hub, { CUP: 1000, MUG: 1500 })
    for (const { id } of connections) await publishProducts(hub.db, id, 'all', testAct())
    await settle(hub, connections)
    await sell('CUP', 28, 5)
    await sell('MUG', 28, 5)
    await step()
  })
  afterAll(() => hub.queue.stop())

  const shopId = () => connections[0]!.id
  const sell = async (sku: string, quantity: number, daysAgo = 0) => {
    const { id, name } = connections[0]!
    const placedAt = new Date(clock.now().getTime() - daysAgo * dayMs)
    orders += 1
    await importNow(hub.db, { id, name, ordersFrom: new Date(0) }, [
      remoteOrder(`O${orders}`, [{ sku, quantity }], { placedAt, isStockHeld: false }),
    ])
  }
  const at = (text: string) => clock.advance(new Date(text).getTime() - clock.now().getTime())
  const check = async (id: string, checkId: string) => {
    const { checks } = await runChecks(contextOf(hub), await readCampaign(contextOf(hub).db, id))
    return checks.find((found) => found.id === checkId)!
  }
  const shown = (sku: string) =>
    shop()
      .listings()
      .find((listing) => listing.sku === sku)?.price?.minor
  const step = async () => {
    await tickPromotions(hub)
    await settle(hub, connections, ['price', 'stock'])
  }
  const call = async (method: string, path: string, body?: unknown) => {
    const init =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await withKey(createApi(hub), hub.db).request(`/plugins/promotions${path}`, {
      method,
      ...init,
    })
    return {
      status: response.status,
      bytes: new Uint8Array(await response.clone().arrayBuffer()),
      text: await response.text(),
    }
  }
  const json = async (method: string, path: string, body?: unknown) => {
    const { status, text } = await call(method, path, body)
    return { status, json: (text ? JSON.parse(text) : null) as Record<string, unknown> }
  }
  const undo = (proposalId: string) =>
    undoProposal(hub.db, decisionsOf(hub).undo, proposalId, { actor: 'boss', now: clock.now() })

  test('are changed by whoever read them last: another edit in between is a conflict, and a bad one names its field', async () => {
    const made = await json('POST', '/campaigns', campaign())
    expect(made).toMatchObject({
      status: 201,
      json: { revision: 1, phase: 'draft', startsOn: '2026-03-19T23:00:00.000Z' },
    })
    const path = `/campaigns/${made.json.id}`
    expect(await json('PUT', path, { ...campaign({ title: 'Mine' }), revision: 1 })).toMatchObject({
      status: 200,
      json: { revision: 2 },
    })
    expect(await json('PUT', path, { ...campaign({ title: 'Theirs' }), revision: 1 })).toMatchObject({
      status: 409,
    })
    expect(await json('GET', path)).toMatchObject({ json: { title: 'Mine' } })
    expect(await json('POST', '/campaigns', { ...campaign(), timeZone: 'Mars/Base' })).toMatchObject({
      status: 400,
    })
    const skipped = campaign({ startsAt: '2026-03-29T02:30', endsAt: '2026-03-30T00:00' })
    const refused = await call('POST', '/campaigns', skipped)
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('skip 2026-03-29T02:30')
    expect(await json('DELETE', `${path}?revision=1`)).toMatchObject({ status: 409 })
    expect((await call('DELETE', `${path}?revision=2`)).status).toBe(204)
    expect(await json('GET', path)).toMatchObject({ status: 404 })
  })

  test('are checked for stock, margin, kind and floor, and what blocks cannot be proposed', async () => {
    const eager = await add(hub, { expectedUpliftBasisPoints: 10_000, connections: [shopId()] })
    expect(await check(eager, 'stock')).toMatchObject({
      status: 'warning',
      subjects: [{ subject: 'MUG', message: '5 in stock, 14 expected to sell.' }],
    })
    expect(await check(eager, 'margin')).toMatchObject({
      status: 'warning',
      numbers: { thin: 0, withoutCost: 1 },
    })
    expect(await check(eager, 'quotas')).toMatchObject({ status: 'unchecked' })
    const dollars = { minor: 5000, currency: 'USD' }
    const threshold = await add(hub, {
      kind: { kind: 'threshold', code: 'SPRING', basisPoints: 1000, least: dollars },
    })
    expect(await check(threshold, 'kind')).toMatchObject({
      status: 'blocks',
      numbers: { found: 2 },
    })
    expect(await json('POST', `/campaigns/${threshold}/propose`)).toMatchObject({ status: 409 })
    const cheap = await add(hub, { kind: { kind: 'percentage', basisPoints: 6000 } })
    expect(await check(cheap, 'floor')).toMatchObject({
      status: 'blocks',
      numbers: { found: 4, withoutFloor: 2 },
    })
    const refused = await call('POST', `/campaigns/${cheap}/propose`)
    expect(refused.text).toContain('would cost less than their floor')
    const past = await add(hub, { startsAt: '2026-03-01T00:00', endsAt: '2026-03-02T00:00' })
    expect(await check(past, 'period')).toMatchObject({ status: 'blocks' })
    const nowhere = await add(hub, { connections: ['con_none'] })
    expect(await check(nowhere, 'scope')).toMatchObject({
      status: 'blocks',
      subjects: [{ subject: 'con_none' }],
    })
  })

  test('are simulated by what was sold, each figure says how, and what is not known is no zero', async () => {
    const id = await add(hub, {
      expectedUpliftBasisPoints: 5000,
      connections: [shopId()],
      scope: { skus: ['CUP', 'RARE'] },
    })
    const { json: told } = await json('GET', `/campaigns/${id}/simulation`)
    // 28 cups in 28 days are 7 in a week, 10.5 with half as much again; 4.00 off each; 6.00 are left of each, 10.00 without.
    expect(told).toMatchObject({
      totals: [
        {
          currency: 'EUR',
          listings: 2,
          withoutData: 1,
          units: { value: 11 },
          revenue: { value: 16_800 },
          discount: { value: 4200 },
          marginWith: { value: 6300 },
          marginWithout: { value: 7000 },
          net: { value: -700 },
        },
      ],
    })
    const rare = await add(hub, { scope: { skus: ['RARE'] } })
    expect(await json('GET', `/campaigns/${rare}/simulation`)).toMatchObject({
      json: { totals: [{ units: { value: null }, net: { value: null } }] },
    })
    const budgeted = await add(hub, {
      budget: { minor: 2000, currency: 'EUR' },
      connections: [shopId()],
      scope: { skus: ['CUP'] },
    })
    expect(await check(budgeted, 'budget')).toMatchObject({
      status: 'warning',
      numbers: { budgetMinor: 2000, discountMinor: 2800 },
    })
  })

  test('ask whoever judges listings: goods that may not be published as they are hold the campaign up', async () => {
    const id = await add(hub, { scope: { skus: ['CUP', 'MUG'] }, connections: [shopId()] })
    expect(await check(id, 'listings')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('Asked: judge.'),
      numbers: { blocked: 0 },
    })
    const [cup] = await query<{ id: string }>(
      hub.db,
      sql`select id from listings where variant_id = ${ids.get('CUP')!} and connection_id = ${shopId()}`,
    )
    unfit.add(cup!.id)
    expect(await check(id, 'listings')).toMatchObject({
      status: 'blocks',
      subjects: expect.arrayContaining([
        { subject: 'CUP', message: expect.stringContaining('It promises a cure.') },
      ]),
      numbers: { blocked: 1 },
    })
    expect((await call('POST', `/campaigns/${id}/propose`)).text).toContain('1 of them may not be published')
    unfit.clear()
  })

  test('that were refused say so, and can be changed and proposed again', async () => {
    const id = await add(hub, { title: 'Refused', scope: { skus: ['CUP'] } })
    const { json: proposed } = await json('POST', `/campaigns/${id}/propose`)
    expect(await json('GET', `/campaigns/${id}`)).toMatchObject({ json: { phase: 'proposed' } })
    await hub.db.transaction((tx) => rejectProposal(tx, proposed.proposalId as string, testAct()))
    expect(await json('GET', `/campaigns/${id}`)).toMatchObject({ json: { phase: 'rejected' } })
    await json('PUT', `/campaigns/${id}`, { ...campaign({ scope: { skus: ['MUG'] } }), revision: 1 })
    expect(await json('GET', `/campaigns/${id}`)).toMatchObject({ json: { phase: 'draft' } })
    await json('DELETE', `/campaigns/${id}?revision=2`)
  })

  test('wait for the roles that must sign, and an edit voids what was signed', async () => {
    const set = (requiredRoles: string[]) =>
      database().db.transaction((tx) =>
        savePluginSettings(
          tx,
          promotions,
          { settings: { requiredRoles }, revision: undefined },
          testAct('boss'),
        ),
      )
    await set(['finance'])
    const id = await add(hub, { scope: { skus: ['CUP'] } })
    expect(await check(id, 'sign-off')).toMatchObject({
      status: 'blocks',
      subjects: [{ subject: 'finance' }],
    })
    const sign = (revision: number) =>
      json('POST', `/campaigns/${id}/sign`, { revision, role: 'finance', note: 'Grace' })
    expect(await sign(7)).toMatchObject({ status: 409 })
    expect(await sign(1)).toMatchObject({
      status: 200,
      json: [{ role: 'finance', signedBy: 'key:tests', note: 'Grace' }],
    })
    expect(await check(id, 'sign-off')).toMatchObject({ status: 'ok' })
    await json('PUT', `/campaigns/${id}`, { ...campaign({ scope: { skus: ['MUG'] } }), revision: 1 })
    expect(await check(id, 'sign-off')).toMatchObject({ status: 'blocks' })
    await set([])
  })

  test('may not call a price reduced that is not below the lowest of the 30 days before', async () => {
    const id = await add(hub, { scope: { skus: ['CUP'] }, connections: [shopId()] })
    expect(await check(id, 'lowest-price')).toMatchObject({
      status: 'warning',
      subjects: [],
      numbers: { shortHistory: 1 },
    })
    const note = (daysAgo: number) =>
      hub.db.execute(sql`
        insert into promotions_price_days select id, ${new Date(clock.now().getTime() - daysAgo * dayMs).toISOString()}::date, 'EUR', 1500
        from listings where variant_id = ${ids.get('CUP')!}`)
    await note(31)
    expect((await check(id, 'lowest-price')).subjects).toEqual([])
    await note(29)
    const found = await check(id, 'lowest-price')
    expect(found).toMatchObject({ status: 'warning', subjects: [{ subject: 'CUP' }] })
    expect(found.subjects[0]!.message).toContain(
      '16.00 EUR is no reduction: it cost 15.00 EUR within 30 days',
    )
    await hub.db.execute(sql`delete from promotions_price_days where lowest_minor = 1500`)
  })

  test('that were changed since, or whose goods became too dear, are not what was proposed: nothing is dated', async () => {
    const dated = async () => (await query(hub.db, sql`select 1 from promotional_prices`)).length
    const id = await add(hub, { scope: { skus: ['CUP'] } })
    const { json: proposed } = await json('POST', `/campaigns/${id}/propose`)
    await setCosts(hub, { CUP: 1800 })
    await expect(approve(hub, proposed.proposalId as string)).rejects.toThrow(
      'below their floor by now: CUP (floor 18.00 EUR)',
    )
    await setCosts(hub, { CUP: 1000 })
    await json('PUT', `/campaigns/${id}`, { ...campaign({ scope: { skus: ['MUG'] } }), revision: 1 })
    await expect(approve(hub, proposed.proposalId as string)).rejects.toThrow('superseded')
    expect(await dated()).toBe(0)
  })

  test('leave no trace when their approval is taken back in the middle', async () => {
    const id = await add(hub, {
      title: 'Undone',
      startsAt: '2026-03-10T15:00',
      endsAt: '2026-03-11T15:00',
      scope: { skus: ['CUP'] },
    })
    const proposalId = await startCampaign(hub, id)
    expect(await json('PUT', `/campaigns/${id}`, { ...campaign(), revision: 1 })).toMatchObject({
      status: 409,
    })
    at('2026-03-10T14:00:00Z')
    await step()
    expect(shown('CUP')).toBe(1600)
    await undo(proposalId)
    await step()
    expect(shown('CUP')).toBe(2000)
    expect(await readCampaign(contextOf(hub).db, id)).toMatchObject({ status: 'draft', revision: 2 })
    expect((await readGoods(contextOf(hub).db, id)).every(({ promotionId }) => promotionId === null)).toBe(
      true,
    )
  })

  test('hold stock back from others while they run, and give back as much whatever was changed meanwhile', async () => {
    const buffer = async () =>
      (
        await query<{ buffer: string }>(
          hub.db,
          sql`select buffer from stock_allocations where connection_id = ${connections[1]!.id} and variant_id = ${ids.get('CUP')!}`,
        )
      )[0]?.buffer
    const id = await add(hub, {
      title: 'Held',
      startsAt: '2026-03-11T00:00',
      endsAt: '2026-03-18T00:00',
      connections: [shopId()],
      scope: { skus: ['CUP'] },
      setAsideBasisPoints: 10_000,
    })
    await startCampaign(hub, id)
    await watch(hub)
    expect(await buffer()).toBeUndefined()
    at('2026-03-11T00:00:00Z')
    await watch(hub)
    await watch(hub)
    expect(await buffer()).toBe('7')
    await hub.db.execute(sql`update stock_allocations set buffer = 10 where variant_id = ${ids.get('CUP')!}`)
    at('2026-03-18T00:00:00Z')
    await watch(hub)
    await watch(hub)
    expect(await buffer()).toBe('3')
  })

  test('are stopped by their rules, by themselves only where that was said, and not asked twice', async () => {
    const days = { startsAt: '2026-03-19T00:00', endsAt: '2026-03-26T00:00', connections: [shopId()] }
    const asking = await add(hub, {
      ...days,
      title: 'Asking',
      scope: { skus: ['MUG'] },
      stopRules: { stockBelow: 50 },
    })
    const acting = await add(hub, {
      ...days,
      title: 'Acting',
      scope: { skus: ['CUP'] },
      budget: { minor: 1000, currency: 'EUR' },
      stopRules: { isAutomatic: true },
    })
    for (const id of [asking, acting]) await startCampaign(hub, id)
    at('2026-03-19T12:00:00Z')
    await step()
    expect([shown('CUP'), shown('MUG')]).toEqual([1600, 2400])
    await sell('CUP', 2)
    at('2026-03-19T12:05:00Z')
    await watch(hub)
    await watch(hub)
    const stops = (await listProposals(hub.db)).filter(({ kind }) => kind === 'plugin:promotions:stop')
    expect(stops.map(({ title, status }) => [title, status])).toEqual([
      ['Asking: end 1 of its prices now', 'open'],
    ])
    // Two cups at 4.00 off are 8.00: within the budget.
    expect(shown('CUP')).toBe(1600)
    at('2026-03-19T12:06:00Z')
    await sell('CUP', 1)
    at('2026-03-19T12:10:00Z')
    await watch(hub)
    await step()
    expect([shown('CUP'), shown('MUG')]).toEqual([2000, 2400])
    expect(await readCampaign(contextOf(hub).db, acting)).toMatchObject({ status: 'stopped' })
    const [made] = await query<{ proposal_id: string; reason: string }>(
      hub.db,
      sql`select proposal_id, reason from promotions_stops where campaign_id = ${acting}`,
    )
    expect(made!.reason).toBe('Discounts of 12.00 EUR were given; the budget is 10.00 EUR.')
    await undo(made!.proposal_id)
    await watch(hub)
    await step()
    // Who takes it back has decided: it is not stopped again for the same.
    expect(shown('CUP')).toBe(1600)
    expect(
      await json('POST', `/campaigns/${acting}/stop`, { reason: 'wrong goods', skus: ['MUG'] }),
    ).toMatchObject({ status: 404 })
    expect(await json('POST', `/campaigns/${acting}/stop`, { reason: 'enough' })).toMatchObject({
      status: 201,
    })
    await step()
    expect(shown('CUP')).toBe(2000)
    expect(await json('POST', `/campaigns/${acting}/stop`, { reason: 'again' })).toMatchObject({
      status: 409,
    })
  })

  test('are reported with their effect, cost, problems and lessons, as a page, a workbook and on paper', async () => {
    const acting = (await listCampaigns(contextOf(hub).db)).find(({ title }) => title === 'Acting')!
    await json('PUT', `/campaigns/${acting.id}/lessons`, { lessons: 'Fewer cups 少杯子' })
    const { json: report } = await json('GET', `/campaigns/${acting.id}/report`)
    const figures = report.figures as { label: string; value: number | null; because: string }[]
    expect(Object.fromEntries(figures.map(({ label, value }) => [label, value]))).toMatchObject({
      'Units before': 0,
      'Units during': 3,
      'Units after': null,
      Uplift: null,
      Revenue: 3000,
      Discounts: 1200,
      Margin: 0,
    })
    expect(figures.every(({ because }) => because.length > 0)).toBe(true)
    expect(report.stops).toMatchObject([
      { rule: 'budget', status: 'undone' },
      { rule: 'by-hand', status: 'applied' },
    ])
    const { bytes: workbook } = await call('GET', `/campaigns/${acting.id}/report.xlsx`)
    const sheets = await readXlsx(Buffer.from(workbook))
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Campaign', 'Goods', 'Problems'])
    expect(sheets[0]!.data.at(-1)).toEqual(['Lessons', 'Fewer cups 少杯子', null])
    expect(sheets[1]!.data[1]).toEqual(['CUP', 'shop', 'EUR', 20, 16, 0, 3, null])
    const { bytes: paper } = await call('GET', `/campaigns/${acting.id}/report.pdf`)
    expect((await PDFDocument.load(paper)).getTitle()).toBe('Acting')
    const page = promotions.panels!.find(({ id }) => id === 'calendar')!
    for (const asked of [{}, { campaign: acting.id }]) {
      const input = { subject: null, query: asked as Record<string, string> }
      const shown = panelContent.parse(await page.read(input, hub.pluginContext('promotions')))
      expect(untranslated(promotions, shown)).toEqual([])
    }
    const [listing] = await query<{ product_id: string }>(
      hub.db,
      sql`select product_id from variants where sku = 'CUP'`,
    )
    const product = promotions.panels!.find(({ id }) => id === 'product')!
    const said = panelContent.parse(
      await product.read({ subject: listing!.product_id, query: {} }, hub.pluginContext('promotions')),
    )
    expect(untranslated(promotions, said)).toEqual([])
    expect(said.blocks[0]).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ title: 'Acting', price: 1600 })]),
    })
  })

  test('are read by calendars and spreadsheets: lines are folded and nothing is a formula', async () => {
    const id = await add(hub, { title: '=SUM(A1), "half"; price', goal: '打折'.repeat(60) })
    const one = await withPhases(contextOf(hub), [await readCampaign(contextOf(hub).db, id)])
    expect(calendarCsv(one).split('\r\n')[1]).toContain(`,"'=SUM(A1), ""half""; price",draft,percentage,`)
    const lines = calendarIcs(one, clock.now()).split('\r\n')
    expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([])
    expect(calendarIcs(one, clock.now()).replaceAll('\r\n ', '')).toContain('打折'.repeat(60))
    expect(lines).toContain('SUMMARY:=SUM(A1)\\, "half"\\; price')
    expect(lines).toContain('DTSTART:20260319T230000Z')
    expect((await call('GET', '/calendar.ics')).text).toContain(`UID:${id}@entrepot`)
  })

  test('of a bundle take their share off what its parts cost, switch like any other, and leave other bundles alone', async () => {
    const made = await seed(hub, [
      { sku: 'SET', priceMinor: 7500 },
      { sku: 'PAIR', priceMinor: 4000 },
    ])
    const [cup, mug] = [ids.get('CUP')!, ids.get('MUG')!]
    await hub.db.transaction(async (tx) => {
      const parts = [
        { variantId: cup, quantity: 2 },
        { variantId: mug, quantity: 1 },
      ]
      await setBundle(tx, made.get('SET')!, parts, testAct())
      await setBundle(tx, made.get('PAIR')!, parts.slice(0, 1), testAct())
    })
    await publishProducts(hub.db, shopId(), 'all', testAct())
    await settle(hub, connections)
    const id = await add(hub, {
      title: 'Together',
      startsAt: '2026-03-19T14:00',
      endsAt: '2026-03-19T15:00',
      connections: [shopId()],
      kind: { kind: 'bundle', skus: ['CUP', 'MUG'], basisPoints: 1000 },
    })
    await startCampaign(hub, id)
    expect((await readGoods(contextOf(hub).db, id)).map(({ sku }) => sku)).toEqual(['SET'])
    at('2026-03-19T13:00:00Z')
    await step()
    // Two cups at 20.00 and a mug at 30.00 are 70.00; a tenth less is 63.00.
    expect([shown('SET'), shown('PAIR')]).toEqual([6300, 4000])
    at('2026-03-19T14:00:00Z')
    await step()
    expect(shown('SET')).toBe(7500)
  })
})
