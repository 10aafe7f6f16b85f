import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { type EmbeddedServer, startEmbedded } from '../../core/db/embedded.ts'
import { transact } from '../../core/db/transact.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { silentLog } from '../../core/lib/log.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { type RunningHub, startHub } from '../../core/sync/start.ts'
import { receiveWebhook } from '../../core/sync/webhook.ts'
import { seed, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { connectFast } from '../support/platforms.ts'

const patienceMs = 50_000

describe('a worker whose database is restarted', () => {
  const shop = useSandbox(() =>
    createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1e6 }),
  )
  let folder = ''
  let server: EmbeddedServer
  let hub: RunningHub
  let connection: Connection
  let ids: Map<string, string>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-restart-'))
    await chmod(folder, 0o755)
    server = await startEmbedded(folder)
    hub = await startHub({
      config: { connectors: [woocommerce], plugins: [] },
      log: silentLog,
      dataFolder: folder,
      databaseUrl: server.url,
      isWorker: true,
    })
    connection = await connectFast(hub, woocommerce, shop())
    ids = await seed(
      hub,
      ['A', 'B', 'C'].map((sku) => ({ sku, stock: 100 })),
    )
    await publishProducts(hub.db, connection.id, 'all', testAct())
  })
  afterAll(async () => {
    await hub?.stop()
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** Asks again and again until nobody complains any more. */
  async function eventually(check: () => Promise<unknown>): Promise<void> {
    for (let waited = 0; ; waited += 100) {
      try {
        await check()
        return
      } catch (error) {
        if (waited > patienceMs) throw error
        await systemClock.sleep(100)
      }
    }
  }
  const expectAllRight = async () => {
    expect(shop().listings()).toHaveLength(3)
    expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: shop() }])).toEqual([])
  }
  const sell = (sku: string) => shop().placeOrder({ lines: [{ sku, quantity: 1 }] })
  const count = (sku: string, onHand: number) =>
    transact(hub.db, async (tx) =>
      changeStock(
        tx,
        [{ variantId: ids.get(sku)!, warehouseId: await defaultWarehouse(tx), onHand, reason: 'count' }],
        'count',
        testAct(),
      ),
    )
  const deliverWebhooks = async () => {
    for (const { headers, body } of shop().takeWebhooks())
      await receiveWebhook(hub, connection.id, new Headers(headers), Buffer.from(body))
  }

  test('goes on by itself, and nothing of before, meanwhile or after is lost', async () => {
    await eventually(expectAllRight)
    for (const sku of ['A', 'B', 'C', 'A']) sell(sku)
    await deliverWebhooks()
    await count('B', 60)
    const { port } = new URL(server.url)
    await server.stop()
    const order = sell('A')
    sell('C')
    shop().cancelOrder(order.externalId)
    await expect(count('C', 1)).rejects.toThrow()
    await expect(deliverWebhooks()).rejects.toThrow()
    server = await startEmbedded(folder, { port: Number(port) })
    await eventually(() => count('C', 70))
    sell('B')
    await eventually(deliverWebhooks)
    await eventually(expectAllRight)
  })
})
