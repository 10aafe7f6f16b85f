import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { setPluginEnabled } from '../../core/plugins/settings.ts'
import { listProblems } from '../../core/problems/problems.ts'
import { listProposals } from '../../core/proposals/proposals.ts'
import type { HubServices } from '../../core/sdk/hub-services.ts'
import { definePlugin } from '../../core/sdk/plugin.ts'
import { setBundle } from '../../core/stock/allocation.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { createActions } from '../../core/sync/plugin-actions.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { tickPromotions } from '../../core/sync/schedule.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { importNow, remoteOrder } from '../support/orders.ts'
import { shopNotes } from './shop-notes/index.ts'

const asker = definePlugin({ id: 'asker', name: 'Asks' })
async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(...page)
  return found
}
const hourMs = 3_600_000

describe('goods that plugins read and change', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1000 }))
  let hub: Hub
  let services: HubServices
  let connection: Connection
  let ids: Map<string, string>
  const act = (actor = 'plugin:asker') => ({ actor, now: clock.now() })
  const change = <T>(work: (actions: ReturnType<typeof createActions>) => Promise<T>): Promise<T> =>
    transact(hub.db, (tx) => work(createActions(tx, 'asker', hub.connectors, act())))
  const listed = (sku: string) =>
    shop()
      .listings()
      .find((listing) => listing.sku === sku)
  beforeAll(async () => {
    hub = createTestHub(database(), [woocommerce], { clock, plugins: [asker, shopNotes] })
    services = hub.pluginContext('asker').services
    connection = await connect(hub, woocommerce, shop())
    ids = await seed(hub, [
      { sku: 'CUP', priceMinor: 2000, stock: 7 },
      { sku: 'MUG', priceMinor: 3000, stock: 0 },
    ])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
  })

  test('listings come with what they should say, what was acknowledged, and no figure that nobody knows', async () => {
    const found = await all(services.streamListings({ connectionId: connection.id }))
    expect(found.map(({ sku }) => sku).sort()).toEqual(['CUP', 'MUG'])
    const cup = found.find(({ sku }) => sku === 'CUP')!
    expect(cup).toMatchObject({
      connector: 'woocommerce',
      status: 'live',
      content: { title: 'Product CUP' },
      basePrice: { minor: 2000, currency: 'EUR' },
      price: { minor: 2000, currency: 'EUR' },
      acknowledgedPrice: { minor: 2000, currency: 'EUR' },
      salePrice: null,
      cost: null,
      floor: null,
      quantity: 7,
      onHand: 7,
      available: 7,
    })
    expect(await all(services.streamListings({ listingIds: [cup.listingId] }))).toHaveLength(1)
    expect(await all(services.streamListings({ skus: ['CUP', 'NONE'] }))).toHaveLength(1)
    expect(await all(services.streamListings({ statuses: ['ended'] }))).toEqual([])
    expect(
      await all(services.streamListings({ changedAfter: new Date(cup.changedAt.getTime() + 1) })),
    ).toEqual([])
    const later = new Date(cup.changedAt.getTime() + 1000)
    const set = { variantId: ids.get('MUG')!, price: { minor: 3001, currency: 'EUR' }, source: 'test' }
    await transact(hub.db, (tx) =>
      setBasePrices(tx, [set], { actor: 'test', now: new Date(later.getTime() + 1) }),
    )
    const repriced = await all(services.streamListings({ changedAfter: later }))
    expect(repriced.map(({ sku }) => sku)).toEqual(['MUG'])
  })

  test('a bundle says what it is made of', async () => {
    const [cup, mug] = [ids.get('CUP')!, ids.get('MUG')!]
    await transact(hub.db, (tx) => setBundle(tx, mug, [{ variantId: cup, quantity: 2 }], testAct()))
    const parts = async () =>
      Object.fromEntries((await all(services.streamListings())).map((item) => [item.sku, item.parts]))
    expect(await parts()).toEqual({ CUP: [], MUG: [{ sku: 'CUP', units: 2 }] })
    await transact(hub.db, (tx) => setBundle(tx, mug, [], testAct()))
  })

  test('other plugins say what they find wrong with listings, and who was not asked is not named', async () => {
    const note = { severity: 'info', isBlocking: false, field: 'title', message: 'It has no note.' }
    expect(await services.readFindings(['lst_1'])).toEqual({
      asked: ['shop-notes'],
      findings: [{ ...note, listingId: 'lst_1', plugin: 'shop-notes' }],
    })
    await transact(hub.db, (tx) => setPluginEnabled(tx, shopNotes, false, testAct()))
    expect(await services.readFindings(['lst_1'])).toEqual({ asked: [], findings: [] })
  })

  test('sales are counted by calendar day of the asked zone, without what was cancelled', async () => {
    const source = { id: connection.id, name: connection.name, ordersFrom: new Date(0) }
    await importNow(hub.db, source, [
      remoteOrder('S1', [{ sku: 'CUP', quantity: 3, cancelled: 1 }], {
        placedAt: new Date('2026-03-08T23:30:00Z'),
      }),
      remoteOrder('S2', [{ sku: 'CUP', quantity: 5 }], {
        placedAt: new Date('2026-03-08T12:00:00Z'),
        status: 'cancelled',
      }),
    ])
    const period = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-20T00:00:00Z') }
    const sold = {
      variantId: ids.get('CUP'),
      connectionId: connection.id,
      units: 2,
      revenueMinor: 2000,
      currency: 'EUR',
    }
    expect(await all(services.streamSales(period))).toEqual([{ day: '2026-03-08', ...sold }])
    expect(await all(services.streamSales({ ...period, timeZone: 'Europe/Berlin' }))).toEqual([
      { day: '2026-03-09', ...sold },
    ])
    await expect(all(services.streamSales({ ...period, timeZone: 'Mars/Base' }))).rejects.toThrow(
      'no time zone',
    )
  })

  test('the ledger is told in its order and never twice, and the last minute is left for next time', async () => {
    const count = async (onHand: number) =>
      transact(hub.db, async (tx) => {
        const warehouseId = await defaultWarehouse(tx)
        await changeStock(
          tx,
          [{ variantId: ids.get('CUP')!, warehouseId, onHand, reason: 'counted' }],
          'count',
          act(),
        )
      })
    await count(9)
    clock.advance(2 * 60_000)
    await count(8)
    // Where ids get another digit they are still numbers.
    await hub.db.execute(sql`select setval(pg_get_serial_sequence('stock_movements', 'id'), 99998)`)
    for (const onHand of [7, 6, 5, 9]) await count(onHand)
    clock.advance(2 * 60_000)
    await count(8)
    const entries = await all(services.streamMovements())
    expect(entries.map(({ id }) => id)).toEqual(
      [...new Set(entries.map(({ id }) => id))].sort((a, b) => a - b),
    )
    expect(entries.slice(-4).map(({ id, units }) => [id, units])).toEqual([
      [99_999, -1],
      [100_000, -1],
      [100_001, -1],
      [100_002, 4],
    ])
    expect(entries.at(-1)).toMatchObject({ variantId: ids.get('CUP'), kind: 'count' })
    const last = entries.at(-1)!.id
    expect(await all(services.streamMovements(last))).toEqual([])
  })

  test('dated prices of an approved change need no approval of their step, switch in time, and leave no trace', async () => {
    const startsAt = new Date(clock.now().getTime() + hourMs)
    const endsAt = new Date(startsAt.getTime() + hourMs)
    const [id] = await change((actions) =>
      actions.addPromotionalPrices([
        {
          variantId: ids.get('CUP')!,
          connectionId: connection.id,
          price: { minor: 400, currency: 'EUR' },
          startsAt,
          endsAt,
          priority: 1,
        },
      ]),
    )
    await tickPromotions(hub)
    await settle(hub, [connection])
    expect(listed('CUP')).toMatchObject({ price: { minor: 2000, currency: 'EUR' } })
    clock.advance(hourMs)
    await tickPromotions(hub)
    await settle(hub, [connection])
    expect(await listProposals(hub.db)).toEqual([])
    expect(listed('CUP')).toMatchObject({ price: { minor: 400, currency: 'EUR' } })
    // What it should be then, not what it was: the regular price changes meanwhile.
    await hub.db.transaction((tx) =>
      setBasePrices(
        tx,
        [{ variantId: ids.get('CUP')!, price: { minor: 2100, currency: 'EUR' }, source: 'test' }],
        testAct(),
      ),
    )
    clock.advance(hourMs)
    await tickPromotions(hub)
    await settle(hub, [connection])
    expect(listed('CUP')).toMatchObject({ price: { minor: 2100, currency: 'EUR' } })
    await change((actions) => actions.removePromotionalPrices([id!]))
    const period = { from: new Date(0), to: new Date('2030-01-01T00:00:00Z') }
    expect(await services.listPromotionalPrices(period)).toEqual([])
  })

  test("a plugin's dated prices are its own: it takes away none of another's", async () => {
    const startsAt = new Date(clock.now().getTime() + hourMs)
    const price = {
      variantId: ids.get('MUG')!,
      connectionId: null,
      price: { minor: 2500, currency: 'EUR' },
      startsAt,
      endsAt: new Date(startsAt.getTime() + hourMs),
      priority: 0,
    }
    const [id] = await change((actions) => actions.addPromotionalPrices([price]))
    await transact(hub.db, (tx) =>
      createActions(tx, 'stranger', hub.connectors, act()).removePromotionalPrices([id!]),
    )
    const period = { from: new Date(0), to: new Date('2030-01-01T00:00:00Z') }
    expect(await services.listPromotionalPrices(period)).toMatchObject([{ id, source: 'plugin:asker' }])
    await change((actions) => actions.endPromotionalPrices([id!], clock.now()))
    expect(await services.listPromotionalPrices(period)).toEqual([])
  })

  test('ended listings leave the shelf and come back; one that had not left yet just stays', async () => {
    const [mug] = await all(services.streamListings({ variantIds: [ids.get('MUG')!] }))
    await change((actions) => actions.endListings([mug!.listingId], 'slow'))
    await change((actions) => actions.relistListings([mug!.listingId]))
    await settle(hub, [connection])
    expect(listed('MUG')).toMatchObject({ status: 'live' })
    await change((actions) => actions.endListings([mug!.listingId], 'slow'))
    await settle(hub, [connection])
    expect(listed('MUG')?.status).not.toBe('live')
    await change((actions) => actions.relistListings([mug!.listingId]))
    await settle(hub, [connection])
    expect(listed('MUG')).toMatchObject({ status: 'live' })
    expect(await listProblems(hub.db, { connectionId: connection.id })).toEqual([])
  })

  test('prices, texts and buffers say what was before, so that they can be brought back', async () => {
    const cup = ids.get('CUP')!
    expect(
      await change((actions) =>
        actions.setBasePrices([{ variantId: cup, price: { minor: 1900, currency: 'EUR' } }]),
      ),
    ).toEqual([{ variantId: cup, currency: 'EUR', price: { minor: 2100, currency: 'EUR' } }])
    expect(await change((actions) => actions.setStockBuffer(connection.id, cup, 3))).toBe(0)
    expect(await change((actions) => actions.setStockBuffer(connection.id, cup, 0))).toBe(3)
    const [found] = await all(services.streamListings({ variantIds: [cup] }))
    const { productId } = found!
    const before = await change((actions) =>
      actions.editProduct({ productId, title: { en: 'Better cup' }, attributes: { Material: 'Clay' } }),
    )
    expect(before).toEqual({ productId, title: { en: 'Product CUP' }, attributes: { Material: null } })
    await settle(hub, [connection])
    expect(listed('CUP')).toMatchObject({ title: 'Better cup' })
    await change((actions) => actions.editProduct(before))
    await settle(hub, [connection])
    expect(listed('CUP')).toMatchObject({ title: 'Product CUP' })
    await expect(change((actions) => actions.editProduct({ productId, title: { en: ' ' } }))).rejects.toThrow(
      'must keep a title',
    )
  })
})
