import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { setPluginEnabled } from '../../core/plugins/settings.ts'
import { definePlugin } from '../../core/sdk/plugin.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import type { EventJob } from '../../core/sync/events.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { tellStockChanges } from '../../core/sync/stock-events.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'

const nothing = async () => {}
const listener = definePlugin({
  id: 'listener',
  name: 'Listens',
  on: { 'stock.changed': nothing, 'listing.refused': nothing },
})

describe('facts that plugins are told', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1000 }))
  let hub: Hub & { queue: Queue }
  let ids: Map<string, string>
  beforeAll(async () => {
    const queue = await startQueue(database(), { isWorker: false })
    hub = Object.assign(createTestHub(database(), [woocommerce], { clock, plugins: [listener] }), { queue })
    ids = await seed(hub, [
      { sku: 'CUP', priceMinor: 2000, stock: 7 },
      { sku: 'MUG', priceMinor: 3000, stock: 7 },
    ])
  })
  afterAll(() => hub.queue.stop())

  const told = async (): Promise<EventJob[]> => {
    const jobs = await hub.queue.boss.fetch<EventJob>('event', { batchSize: 100 })
    for (const { id } of jobs) await hub.queue.boss.complete('event', id)
    return jobs.map(({ data }) => data)
  }
  const count = (sku: string, onHand: number) =>
    hub.db.transaction(async (tx) => {
      const warehouseId = await defaultWarehouse(tx)
      const edit = { variantId: ids.get(sku)!, warehouseId, onHand, reason: 'counted' }
      await changeStock(tx, [edit], 'count', { actor: 'test', now: clock.now() })
    })
  const look = async () => {
    clock.advance(2 * 60_000)
    await tellStockChanges(hub)
    return told()
  }

  test('stock that changed is told once a SKU and stretch, from when somebody listens, and not while nobody does', async () => {
    expect(await look()).toEqual([])
    for (const onHand of [6, 5, 4]) await count('CUP', onHand)
    await count('MUG', 1)
    const variants = async () => (await look()).map(({ data }) => (data as { variantId: string }).variantId)
    expect((await variants()).sort()).toEqual([ids.get('CUP')!, ids.get('MUG')!].sort())
    expect(await variants()).toEqual([])
    const enable = (isEnabled: boolean) =>
      hub.db.transaction((tx) => setPluginEnabled(tx, listener, isEnabled, testAct()))
    await enable(false)
    await count('CUP', 3)
    expect(await look()).toEqual([])
    await enable(true)
    expect(await look()).toEqual([])
    await count('MUG', 2)
    expect(await variants()).toEqual([ids.get('MUG')])
  })

  test('a marketplace that refuses a change is told with the listing and the aspect, and one that is merely out is not', async () => {
    const connection = await connect(hub, woocommerce, shop())
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    await told()
    const reprice = async (minor: number, status: number) => {
      shop().faults.add({ kind: 'status', status, times: 1 })
      const price = { variantId: ids.get('CUP')!, price: { minor, currency: 'EUR' }, source: 'test' }
      await hub.db.transaction((tx) => setBasePrices(tx, [price], testAct()))
      await runTask(hub, 'price', connection.id)
      return (await told()).filter(({ event }) => event === 'listing.refused')
    }
    expect(await reprice(2020, 400)).toContainEqual({
      pluginId: 'listener',
      event: 'listing.refused',
      data: { listingId: expect.any(String), connectionId: connection.id, aspect: 'price' },
    })
    expect(await reprice(2010, 503)).toEqual([])
  })
})
