import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { saveProducts } from '../../core/catalog/catalog.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import { addConnection, type Connection } from '../../core/connections/connections.ts'
import type { Database } from '../../core/db/client.ts'
import { type Clock, systemClock } from '../../core/lib/clock.ts'
import { silentLog } from '../../core/lib/log.ts'
import type { Connector } from '../../core/sdk/connector.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { type MarketplaceSandbox, type RunningSandbox, startSandbox } from '../../core/sdk/sandbox.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { engineServices } from '../../core/sync/engine-services.ts'
import { createHub, type Hub } from '../../core/sync/hub.ts'
import { createMetrics } from '../../core/sync/metrics.ts'
import { runTask, type Task } from '../../core/sync/tasks.ts'

/** A hub without a worker: the test says what runs and when. */
export function createTestHub(
  database: Database,
  connectors: readonly Connector[],
  options: { clock?: Clock; plugins?: PluginDefinition[]; holder?: string; timeoutMs?: number } = {},
): Hub {
  return createHub({
    database,
    clock: options.clock ?? systemClock,
    log: silentLog,
    key: testKey,
    config: { connectors, plugins: options.plugins ?? [] },
    metrics: createMetrics(),
    holder: options.holder ?? 'test',
    services: engineServices,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  })
}

const testKey = randomBytes(32)
export const testAct = (actor = 'test') => ({ actor, now: new Date() })

/** Starts a sandbox for the test file. */
export function useSandbox<S extends MarketplaceSandbox>(create: () => S): () => RunningSandbox<S> {
  let running: RunningSandbox<S> | undefined
  beforeAll(async () => {
    running = await startSandbox(create())
  })
  afterAll(() => running?.close())
  return () => running!
}

/** A connection to a sandbox, at rates that do not make a test wait. */
export async function connect(
  hub: Hub,
  connector: Connector,
  sandbox: RunningSandbox<MarketplaceSandbox>,
  name = connector.id,
  ordersFrom = new Date(0),
): Promise<Connection> {
  const { settings, credentials } = sandbox.connection(sandbox.url)
  return hub.db.transaction((tx) =>
    addConnection(
      tx,
      hub.key,
      connector,
      { name, settings, credentials, isLocal: true, rateScale: 1000, ordersFrom },
      testAct(),
    ),
  )
}

export type TestProduct = {
  sku: string
  priceMinor?: number
  stock?: number
  title?: string
  key?: string
  options?: Record<string, string>
}

/** Products with price and stock, ready to be published. */
export async function seed(
  hub: Hub,
  products: readonly TestProduct[],
  currency = 'EUR',
): Promise<Map<string, string>> {
  const act = testAct()
  return hub.db.transaction(async (tx) => {
    const byKey = Map.groupBy(products, (product) => product.key ?? product.sku)
    const saved = await saveProducts(
      tx,
      [...byKey].map(([key, variants]) => ({
        key,
        title: { en: variants[0]!.title ?? `Product ${key}` },
        optionNames: Object.keys(variants[0]!.options ?? {}),
        variants: variants.map((variant) => ({ sku: variant.sku, options: variant.options ?? {} })),
      })),
      act,
    )
    const ids = new Map(saved.map((row) => [row.sku, row.variantId]))
    await setBasePrices(
      tx,
      products.map((p) => ({
        variantId: ids.get(p.sku)!,
        price: { minor: p.priceMinor ?? 1990, currency },
        source: 'test',
      })),
      act,
    )
    const warehouseId = await defaultWarehouse(tx)
    await changeStock(
      tx,
      products.map((p) => ({
        variantId: ids.get(p.sku)!,
        warehouseId,
        onHand: p.stock ?? 10,
        reason: 'opening',
      })),
      'count',
      act,
    )
    return ids
  })
}

/** Runs tasks one after another until none of them has anything to do. */
export async function settle(
  hub: Hub,
  connections: readonly Connection[],
  tasks: readonly Task[] = ['once', 'orders', 'content', 'price', 'stock'],
): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    let busy = false
    for (const connection of connections) {
      for (const task of tasks) {
        const outcome = await runTask(hub, task, connection.id)
        if (outcome.state === 'failed') throw outcome.error
        if (
          outcome.state === 'done' &&
          Object.entries(outcome.counts).some(([name, count]) => name !== 'seen' && count > 0)
        )
          busy = true
      }
    }
    if (!busy) return
  }
  throw new Error('The hub did not settle in 20 rounds.')
}
