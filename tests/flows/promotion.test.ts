import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { amazon } from '../../connectors/amazon/index.ts'
import { createAmazonSandbox } from '../../connectors/amazon/sandbox.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { listProblems } from '../../core/problems/problems.ts'
import { listProposals } from '../../core/proposals/proposals.ts'
import type { MarketplaceSandbox } from '../../core/sdk/sandbox.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { tickPromotions } from '../../core/sync/schedule.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { promotions } from '../../plugins/promotions/index.ts'
import { makeReport } from '../../plugins/promotions/report/make-report.ts'
import { runChecks } from '../../plugins/promotions/run-checks.ts'
import { readCampaign } from '../../plugins/promotions/store.ts'
import { add, contextOf, setCosts, startCampaign, watch } from '../plugins/promotions/support.ts'
import { type BreakableDatabase, openBreakable } from '../support/breakable.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { connectFast, passTime } from '../support/platforms.ts'

const count = 300
const skus = Array.from({ length: count }, (_, index) => `P${String(index).padStart(4, '0')}`)
/** These cost us so much that the campaign may not touch them. */
const dear = new Set(skus.slice(-10))
const eur = (minor: number) => ({ minor, currency: 'EUR' })

/** Every amount of money that was written to a platform, whatever became of the request. */
function spyOnPrices<S extends MarketplaceSandbox>(sandbox: S, seen: { text: string }[]): S {
  const fetch = sandbox.app.fetch
  sandbox.app.fetch = async (request, ...rest) => {
    if (request.method !== 'GET') seen.push({ text: await request.clone().text() })
    return fetch(request, ...rest)
  }
  return sandbox
}

const offer = z.object({
  our_price: z.array(z.object({ schedule: z.array(z.object({ value_with_tax: z.number() })) })),
  discounted_price: z
    .array(
      z.object({
        schedule: z.array(z.object({ value_with_tax: z.number(), start_at: z.string(), end_at: z.string() })),
      }),
    )
    .optional(),
})

describe('a campaign on two marketplaces, over the night in which the clocks change', () => {
  const database = useDatabase()
  const clock = manualClock('2026-10-24T12:00:00Z')
  const written: { text: string }[] = []
  const shop = useSandbox(() =>
    spyOnPrices(
      createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: Number.POSITIVE_INFINITY }),
      written,
    ),
  )
  const market = useSandbox(() =>
    spyOnPrices(
      createAmazonSandbox({ clock, currency: 'EUR', rateScale: Number.POSITIVE_INFINITY, feedDelayMs: 0 }),
      written,
    ),
  )
  let breakable: BreakableDatabase
  let hub: Hub
  let doomed: Hub
  let connections: Connection[]
  let ids: Map<string, string>
  const base = new Map(skus.map((sku) => [sku, 2000]))
  beforeAll(async () => {
    await migratePlugins(database(), [promotions], clock)
    const connectors = [woocommerce, amazon]
    breakable = openBreakable(database().url)
    doomed = createTestHub(breakable, connectors, { clock, plugins: [promotions], holder: 'doomed' })
    hub = createTestHub(database(), connectors, { clock, plugins: [promotions], holder: 'heir' })
    connections = [await connectFast(hub, woocommerce, shop()), await connectFast(hub, amazon, market())]
    ids = await seed(
      hub,
      skus.map((sku) => ({ sku, priceMinor: 2000, stock: 50 })),
    )
    await setCosts(hub, Object.fromEntries(skus.map((sku) => [sku, dear.has(sku) ? 1900 : 1000])))
    for (const { id } of connections) await publishProducts(hub.db, id, 'all', testAct())
    await settle(hub, connections)
    written.splice(0)
  }, 240_000)
  afterAll(() => breakable.close())

  const at = (text: string) => clock.advance(new Date(text).getTime() - clock.now().getTime())
  const setBase = async (changed: readonly string[], minor: number) => {
    for (const sku of changed) base.set(sku, minor)
    const prices = changed.map((sku) => ({ variantId: ids.get(sku)!, price: eur(minor), source: 'test' }))
    await hub.db.transaction((tx) => setBasePrices(tx, prices, { actor: 'test', now: clock.now() }))
  }
  /** What a buyer pays now, by SKU, as the platform itself holds it. */
  const shownOnShop = () =>
    Object.fromEntries(
      shop()
        .listings()
        .map(({ sku, price }) => [sku, price?.minor]),
    )
  async function shownOnMarket(): Promise<Record<string, number>> {
    const { settings, credentials } = market().connection('')
    const form = {
      grant_type: 'refresh_token',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      refresh_token: credentials.refreshToken,
    }
    const sold = await market().app.request('/auth/o2/token', {
      method: 'POST',
      body: new URLSearchParams(form as Record<string, string>),
    })
    const { access_token } = (await sold.json()) as { access_token: string }
    const shown: Record<string, number> = {}
    for (const sku of skus) {
      const path = `/listings/2021-08-01/items/${settings.sellerId}/${sku}?marketplaceIds=${settings.marketplaceId}&includedData=attributes`
      const answer = await market().app.request(path, { headers: { 'x-amz-access-token': access_token } })
      const item = (await answer.json()) as { attributes: { purchasable_offer: unknown[] } }
      const { our_price, discounted_price } = offer.parse(item.attributes.purchasable_offer[0])
      const sale = discounted_price?.[0]?.schedule[0]
      const now = clock.now()
      const holds = sale && new Date(sale.start_at) <= now && new Date(sale.end_at) > now
      shown[sku] = Math.round((holds ? sale.value_with_tax : our_price[0]!.schedule[0]!.value_with_tax) * 100)
    }
    return shown
  }
  async function expectPrices(priceOf: (sku: string, index: number) => number): Promise<void> {
    const wanted = Object.fromEntries(skus.map((sku, index) => [sku, priceOf(sku, index)]))
    expect(shownOnShop()).toEqual(wanted)
    expect(await shownOnMarket()).toEqual(wanted)
  }
  const step = async () => {
    await tickPromotions(hub)
    await settle(hub, connections, ['price'])
  }
  let whole: string
  let night: string

  test('is approved as a whole, leaves out what would be below its floor, and says which of two wins', async () => {
    whole = await add(hub, {
      startsAt: '2026-10-24T20:00',
      endsAt: '2026-10-25T06:00',
      priority: 1,
      belowFloor: 'leave-out',
    })
    await startCampaign(hub, whole)
    night = await add(hub, {
      title: 'Night',
      startsAt: '2026-10-25T00:00',
      endsAt: '2026-10-25T03:00',
      priority: 5,
      kind: { kind: 'percentage', basisPoints: 1000 },
      scope: { skus: skus.slice(0, 50) },
    })
    const { checks } = await runChecks(contextOf(hub), await readCampaign(hub.db as never, night))
    const conflicts = checks.find(({ id }) => id === 'conflicts')!
    expect(conflicts).toMatchObject({ status: 'warning', numbers: { found: 100, lost: 0 } })
    expect(conflicts.subjects[0]!.message).toContain('18.00 EUR wins over 16.00 EUR of "Spring sale"')
    await startCampaign(hub, night)
    await step()
    await expectPrices((sku) => base.get(sku)!)
  })

  test('starts on time on both, although the worker is killed in the middle', async () => {
    at('2026-10-24T17:59:59Z')
    await step()
    await expectPrices((sku) => base.get(sku)!)
    at('2026-10-24T18:00:00Z')
    await tickPromotions(doomed)
    for (const { id } of connections) {
      breakable.breakAt(14)
      await runTask(doomed, 'price', id).catch(() => undefined)
      expect(breakable.isBroken()).toBe(true)
      breakable.heal()
    }
    await passTime(hub.db)
    await settle(hub, connections, ['price'])
    await expectPrices((sku) => (dear.has(sku) ? 2000 : 1600))
    expect((await listProposals(hub.db)).filter(({ status }) => status === 'open')).toEqual([])
  }, 120_000)

  test('gives way to the one of higher priority while that holds, and base prices may change below them', async () => {
    at('2026-10-24T22:00:00Z')
    await setBase(skus.slice(40, 60), 2100)
    await step()
    await expectPrices((sku, index) => (index < 50 ? 1800 : dear.has(sku) ? 2000 : 1600))
    // 03:00 is an hour later than it would be in another night.
    at('2026-10-25T01:30:00Z')
    await step()
    await expectPrices((sku, index) => (index < 50 ? 1800 : dear.has(sku) ? 2000 : 1600))
    at('2026-10-25T02:00:00Z')
    await step()
    await expectPrices((sku) => (dear.has(sku) ? 2000 : 1600))
    await watch(hub)
  }, 120_000)

  test('ends with every price as it should be then, although both platforms are out when it ends', async () => {
    at('2026-10-25T04:59:00Z')
    await step()
    await expectPrices((sku) => (dear.has(sku) ? 2000 : 1600))
    const faults = [shop().faults, market().faults]
    for (const box of faults) box.add({ kind: 'status', status: 503, times: Number.POSITIVE_INFINITY })
    at('2026-10-25T05:00:00Z')
    await tickPromotions(hub)
    await setBase(skus.slice(100, 120), 2050)
    for (const { id } of connections) await runTask(hub, 'price', id)
    at('2026-10-25T05:40:00Z')
    await watch(hub)
    const late = (await listProblems(hub.db)).filter(
      ({ kind, resolvedAt }) => kind === 'plugin' && resolvedAt === null,
    )
    expect(late.map(({ message }) => message)).toEqual([
      expect.stringContaining('of "Spring sale" are not acknowledged'),
    ])
    for (const box of faults) box.clear()
    await passTime(hub.db)
    await settle(hub, connections, ['price'])
    await expectPrices((sku) => base.get(sku)!)
    expect(new Set(base.values())).toEqual(new Set([2000, 2050, 2100]))
    await watch(hub)
    expect((await listProblems(hub.db)).filter(({ resolvedAt }) => resolvedAt === null)).toEqual([])
    const report = await makeReport(contextOf(hub), whole)
    expect(report).toMatchObject({ phase: 'ended', incidents: [{ endedAt: clock.now().toISOString() }] })
    expect(report.goods).toHaveLength(2 * (count - dear.size))
  }, 120_000)

  test('never wrote a price below a floor', () => {
    const amounts = written.flatMap(({ text }) => [
      ...[...text.matchAll(/"(?:sale|regular)_price":"([\d.]+)"/g)].map((match) => Number(match[1])),
      ...[...text.matchAll(/"value_with_tax":([\d.]+)/g)].map((match) => Number(match[1])),
    ])
    expect(amounts.length).toBeGreaterThan(4 * (count - dear.size))
    expect(Math.min(...amounts)).toBe(16)
    const ofDear = written.filter(({ text }) =>
      [...dear].some((sku) => text.includes(`/${sku}`) || text.includes(`"${sku}"`)),
    )
    expect(ofDear).toEqual([])
  })
})
