import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../../core/connections/connections.ts'
import { query } from '../../../core/db/client.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import { undoProposal } from '../../../core/proposals/proposals.ts'
import { decisionsOf } from '../../../core/sync/appliers.ts'
import { tickCoupons } from '../../../core/sync/coupons.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { checkKind } from '../../../plugins/promotions/checks/kind.ts'
import { promotions } from '../../../plugins/promotions/index.ts'
import { makeReport } from '../../../plugins/promotions/report/make-report.ts'
import { stopByHand } from '../../../plugins/promotions/routes.ts'
import { runChecks } from '../../../plugins/promotions/run-checks.ts'
import { readCampaign } from '../../../plugins/promotions/store.ts'
import { useDatabase } from '../../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../../support/hub.ts'
import { importNow, remoteOrder } from '../../support/orders.ts'
import { connectFast } from '../../support/platforms.ts'
import { add, campaign, contextOf, setCosts, startCampaign, watch } from './support.ts'

describe('campaigns with a code', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1_000_000 }))
  let hub: Hub
  let connection: Connection
  beforeAll(async () => {
    await migratePlugins(database(), [promotions], clock)
    hub = createTestHub(database(), [woocommerce], { clock, plugins: [promotions] })
    connection = await connectFast(hub, woocommerce, shop())
    await seed(hub, [
      { sku: 'CUP', priceMinor: 2000, stock: 100 },
      { sku: 'MUG', priceMinor: 3000, stock: 100 },
      { sku: 'DEAR', priceMinor: 1000, stock: 100 },
    ])
    await setCosts(hub, { CUP: 1000, MUG: 1500, DEAR: 950 })
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
  })

  const at = (text: string) => clock.advance(new Date(text).getTime() - clock.now().getTime())
  const step = async () => {
    await tickCoupons(hub)
    await settle(hub, [connection], ['once'])
    await watch(hub)
  }
  const onSale = () =>
    shop()
      .coupons()
      .filter(({ status }) => status !== 'trash')
      .map(({ code }) => code)
  const input = {
    timeZone: 'UTC',
    startsAt: '2026-03-11T00:00',
    endsAt: '2026-03-12T00:00',
    kind: { kind: 'threshold', code: 'SPRING', basisPoints: 1000, least: { minor: 5000, currency: 'EUR' } },
    belowFloor: 'leave-out',
    stopRules: { isAutomatic: true },
    budget: { minor: 1000, currency: 'EUR' },
  }

  test('make it where they start, for the goods that keep their floor and no others, and end it with them', async () => {
    const id = await add(hub, input)
    const { checks } = await runChecks(contextOf(hub), await readCampaign(contextOf(hub).db, id))
    expect(checks.find((check) => check.id === 'kind')).toMatchObject({ status: 'ok' })
    expect(checks.find((check) => check.id === 'floor')).toMatchObject({
      status: 'warning',
      subjects: [{ subject: 'DEAR' }],
    })
    const proposalId = await startCampaign(hub, id)
    await step()
    expect(onSale()).toEqual([])
    at('2026-03-11T00:00:00Z')
    await step()
    const [made] = shop().coupons()
    const goods = shop()
      .listings()
      .filter(({ sku }) => sku !== 'DEAR')
      .map(({ externalId }) => Number(externalId))
    expect(made).toMatchObject({ code: 'spring', minimumAmount: '50.00', excludeSaleItems: true })
    expect([...made!.productIds].sort()).toEqual(goods.sort())
    at('2026-03-12T00:00:00Z')
    await step()
    expect(onSale()).toEqual([])
    expect(await readCampaign(contextOf(hub).db, id)).toMatchObject({ status: 'approved' })
    await expect(
      undoProposal(hub.db, decisionsOf(hub).undo, proposalId, { actor: 'boss', now: clock.now() }),
    ).resolves.toMatchObject({ status: 'undone' })
  })

  test('are stopped as a whole by their budget, measured by what buyers paid, and undoing the stop makes the code anew', async () => {
    const id = await add(hub, { ...input, startsAt: '2026-03-13T00:00', endsAt: '2026-03-14T00:00' })
    await startCampaign(hub, id)
    at('2026-03-13T00:00:00Z')
    await step()
    expect(onSale()).toEqual(['spring'])
    await expect(stopByHand(contextOf(hub), id, { reason: 'x', skus: ['CUP'] }, 'ann')).rejects.toThrow(
      'one coupon: it is stopped as a whole',
    )
    const order = remoteOrder('O1', [{ sku: 'CUP', quantity: 2 }], {
      placedAt: clock.now(),
      isStockHeld: false,
    })
    const source = { id: connection.id, name: connection.name, ordersFrom: new Date(0) }
    await importNow(hub.db, source, [order])
    at('2026-03-13T01:00:00Z')
    await step()
    await step()
    // Two cups at 20.00 are 40.00, and buyers paid 20.00: that is more than the budget of 10.00.
    const report = await makeReport(contextOf(hub), id)
    expect(report.figures.find(({ label }) => label === 'Discounts')).toMatchObject({ value: 2000 })
    expect(report).toMatchObject({ phase: 'stopped', stops: [{ rule: 'budget', status: 'applied' }] })
    expect(onSale()).toEqual([])
    const [stop] = await query<{ id: string }>(hub.db, sql`select proposal_id as id from promotions_stops`)
    await undoProposal(hub.db, decisionsOf(hub).undo, stop!.id, { actor: 'boss', now: clock.now() })
    await step()
    expect(onSale()).toEqual(['spring'])
    at('2026-03-14T00:00:00Z')
    await step()
    expect(onSale()).toEqual([])
  })

  test('are refused where no coupon can be made, or where the least basket is in another currency', () => {
    const shops = [
      { id: 'con_1', name: 'Market', connector: 'market', currency: 'EUR', canCoupon: false },
      { id: 'con_2', name: 'Dollars', connector: 'shop', currency: 'USD', canCoupon: true },
      { id: 'con_3', name: 'Euros', connector: 'shop', currency: 'EUR', canCoupon: true },
    ]
    const check = (kind: object) =>
      checkKind({ campaign: campaign({ kind }), connections: shops, goods: [] } as never)
    expect(check(input.kind)).toMatchObject({
      status: 'blocks',
      subjects: [{ subject: 'Market' }, { subject: 'Dollars' }],
    })
    expect(check({ kind: 'coupon', code: 'SPRING', basisPoints: 1000 })).toMatchObject({
      subjects: [{ subject: 'Market', message: 'No coupon can be made there through the hub.' }],
    })
    expect(check({ kind: 'percentage', basisPoints: 1000 })).toMatchObject({ status: 'ok' })
  })
})
