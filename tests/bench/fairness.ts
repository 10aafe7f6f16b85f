import { sql } from 'drizzle-orm'
import { saveProducts } from '../../core/catalog/catalog.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { enqueueTask } from '../../core/sync/enqueue.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { fillCatalogue, goodsOf, isInStep, numbersTo, openingStock, setStock, skuOf } from './catalogue.ts'
import {
  benchAct,
  connect,
  createBenchHub,
  type SandboxChild,
  startSandboxChild,
  startWorkers,
} from './hub.ts'
import { atMost, type Bench, type Figure, type Row } from './row.ts'
import { settleDown, until } from './server.ts'

type World = { hub: Hub & { queue: Queue }; sandbox: SandboxChild; connection: Connection }

/** A shop at its published rate with so many products, and a worker. */
async function withWorld(
  bench: Bench,
  count: number,
  work: (world: World) => Promise<Row[]>,
): Promise<Row[]> {
  const database = await bench.server.clone()
  const queue = await startQueue(database, { isWorker: false })
  const hub = createBenchHub(database, { queue })
  const sandbox = await startSandboxChild({ platform: 'woocommerce', rateScale: 1 })
  const connection = await connect(hub, 'woocommerce', sandbox, 1)
  const numbers = numbersTo(count)
  const ids = await sandbox.call('addGoods', goodsOf(numbers))
  const externalIds = new Map(numbers.map((number, index) => [number, ids[index]!]))
  await fillCatalogue(hub.db, count, { connectionId: connection.id, externalIds })
  await settleDown(database)
  const stop = await startWorkers(database, 1)
  try {
    await pause(1500)
    return await work({ hub, sandbox, connection })
  } finally {
    await stop()
    await sandbox.kill()
    await queue.stop()
    await database.drop()
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const samples = 8

/** Orders while the stock of ten thousand listings goes out: from the call for them to the order being here. */
const ordersBehindStock = (bench: Bench) =>
  withWorld(bench, 10_000, async ({ hub, sandbox, connection }) => {
    await setStock(hub.db, numbersTo(10_000), openingStock - 1)
    await pause(2000)
    let slowest = 0
    for (let sample = 0; sample < samples; sample += 1) {
      await pause(700)
      const [externalId] = await sandbox.call('placeOrders', [{ sku: skuOf(10_000 - sample), ageMs: 0 }])
      const startedAt = Date.now()
      await enqueueTask(hub.queue, { task: 'orders', connectionId: connection.id })
      await until('the order', () => hasOrder(hub, externalId!))
      slowest = Math.max(slowest, (Date.now() - startedAt) / 1000)
    }
    await assertBusy(hub, connection)
    const name = 'fairness, an order pulled while 10,000 stock changes are pushed'
    return [atMost(`${name}, slowest of ${samples}`, slowest, 2, 's')]
  })

async function hasOrder(hub: Hub, externalId: string): Promise<boolean> {
  const found = await query(hub.db, sql`select 1 from orders where external_id = ${externalId}`)
  return found.length > 0
}

/** Stock while the content of a thousand listings goes out, from the same bucket: until the shop holds it. */
const stockBehindContent = (bench: Bench) =>
  withWorld(bench, 1_000, async ({ hub, sandbox, connection }) => {
    const products = numbersTo(1_000).map((number) => ({
      key: skuOf(number),
      title: { en: `Product ${number}, described anew` },
      variants: [{ sku: skuOf(number) }],
    }))
    await hub.db.transaction((tx) => saveProducts(tx, products, benchAct()))
    await pause(1000)
    let slowest = 0
    for (let sample = 1; sample <= 4; sample += 1) {
      const held = sandbox.call('waitForQuantity', [skuOf(sample)], openingStock + 7)
      await setStock(hub.db, [sample], openingStock + 7)
      const committedAt = Date.now()
      slowest = Math.max(slowest, ((await held) - committedAt) / 1000)
      await pause(300)
    }
    await assertBusy(hub, connection)
    const name = 'fairness, a stock change while 1,000 contents are pushed'
    return [atMost(`${name}, slowest of 4`, slowest, 2, 's')]
  })

/** What was measured beside must still have been going on. */
async function assertBusy(hub: Hub, connection: Connection): Promise<void> {
  if (await isInStep(hub.db, connection.id)) throw new Error('The long push was over before the measurement.')
}

export const figures: Figure[] = [
  { name: 'fairness, orders beside stock', measure: ordersBehindStock },
  { name: 'fairness, stock beside content', measure: stockBehindContent },
]
