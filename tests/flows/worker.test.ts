import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { systemClock } from '../../core/lib/clock.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { enqueueTask } from '../../core/sync/enqueue.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { startWorker, type Worker } from '../../core/sync/worker.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, testAct, useSandbox } from '../support/hub.ts'

describe('a hub with its worker', () => {
  const database = useDatabase()
  const shop = useSandbox(() =>
    createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
  )
  const heard: string[] = []
  const failures = { left: 1 }
  const plugin: PluginDefinition = {
    id: 'listener',
    name: 'Listener',
    on: {
      'order.imported': async ({ orderId }) => {
        if (failures.left-- > 0) throw new Error('not yet')
        heard.push(orderId)
      },
    },
  }
  let hub: Hub & { queue: Queue }
  let worker: Worker
  let connection: Connection
  let variants: Map<string, string>

  beforeAll(async () => {
    const queue = await startQueue(database(), { isWorker: true })
    hub = Object.assign(createTestHub(database(), [woocommerce], { plugins: [plugin] }), { queue })
    worker = await startWorker(hub)
    connection = await connect(hub, woocommerce, shop())
    variants = await seed(hub, [{ sku: 'CUP', stock: 10 }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await until(() => shop().listings().length === 1)
  })
  afterAll(() => worker.stop())

  const until = (isTrue: () => boolean) =>
    vi.waitFor(() => expect(isTrue()).toBe(true), { timeout: 20_000, interval: 20 })
  const shown = () => shop().listings()[0]?.quantity

  test('a committed stock change reaches the shop without anybody asking', async () => {
    const variantId = variants.get('CUP')!
    await hub.db.transaction(async (tx) => {
      const warehouseId = await defaultWarehouse(tx)
      await changeStock(tx, [{ variantId, warehouseId, onHand: 4, reason: 'counted' }], 'count', testAct())
    })
    await until(() => shown() === 4)
  })

  test('a plugin that fails is told again, and breaks no import', async () => {
    shop().placeOrder({ lines: [{ sku: 'CUP', quantity: 1 }] })
    await enqueueTask(hub.queue, { task: 'orders', connectionId: connection.id })
    await until(() => heard.length === 1)
    const [order] = await hub.db.query.orders.findMany()
    expect(heard).toEqual([order?.id])
  })
})
