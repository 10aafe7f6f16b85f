import { sql } from 'drizzle-orm'
import { query } from '../../core/db/client.ts'
import { enqueueTask } from '../../core/sync/enqueue.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { fillCatalogue, goodsOf, numbersTo, skuOf } from './catalogue.ts'
import { connect, createBenchHub, startSandboxChild, startWorkers } from './hub.ts'
import { atMost, type Bench, type Figure, type Row } from './row.ts'
import { settleDown, until } from './server.ts'

const orders = 200
const skus = 20
const timeZones = ['UTC', 'Asia/Shanghai', 'America/New_York'] as const

/** How long ago each order was placed. The shop counts in whole seconds and gives pages of a hundred. */
const courses = [
  { name: 'one each second', ageMs: (index: number) => (orders - index) * 1000 + 5_000 },
  {
    name: 'ten in one second at the edge of a page',
    ageMs: (index: number) => (orders - (index >= 95 && index < 105 ? 95 : index)) * 1000 + 5_000,
  },
] as const

/** Two hundred orders, which is two whole pages, from shops in several time zones. */
async function measure(bench: Bench): Promise<Row[]> {
  const database = await bench.server.clone()
  const queue = await startQueue(database, { isWorker: false })
  const hub = createBenchHub(database, { queue })
  await fillCatalogue(hub.db, skus, null)
  await settleDown(database)
  const stop = await startWorkers(database, 1)
  try {
    const result: Row[] = []
    for (const timeZone of timeZones) {
      for (const course of courses) {
        const name = `order pull, ${orders} orders of a shop in ${timeZone}, ${course.name}`
        result.push(...(await pull(hub, name, timeZone, course.ageMs)))
      }
    }
    return result
  } finally {
    await stop()
    await queue.stop()
    await database.drop()
  }
}

async function pull(
  hub: Hub & { queue: Queue },
  name: string,
  timeZone: string,
  ageMs: (index: number) => number,
): Promise<Row[]> {
  const sandbox = await startSandboxChild({ platform: 'woocommerce', rateScale: 1, timeZone })
  try {
    await sandbox.call('addGoods', goodsOf(numbersTo(skus), 10_000))
    const { id: connectionId } = await connect(hub, 'woocommerce', sandbox, 1, name)
    const placed = await sandbox.call(
      'placeOrders',
      numbersTo(orders).map((number) => ({ sku: skuOf(1 + (number % skus)), ageMs: ageMs(number - 1) })),
    )
    await sandbox.call('takeCounts')
    const startedAt = Date.now()
    await enqueueTask(hub.queue, { task: 'orders', connectionId })
    await until('the orders', async () => (await readOrders(hub, connectionId)).length >= orders)
    const seconds = (Date.now() - startedAt) / 1000
    await until('the last page', () => isComplete(hub, connectionId))
    const { orderLists } = await sandbox.call('takeCounts')
    const found = await readOrders(hub, connectionId)
    const held = new Map(found.map((row) => [row.externalId, row]))
    const missed = placed.filter((id) => !held.has(id)).length
    const twice = found.length - held.size + found.filter((row) => row.lines !== 1).length
    return [
      atMost(name, seconds, 15, 's'),
      atMost(`${name}, list calls`, orderLists, 3, 'calls'),
      atMost(`${name}, missed or twice`, missed + twice, 0, 'orders'),
    ]
  } finally {
    await sandbox.kill()
  }
}

const readOrders = (hub: Hub, connectionId: string) =>
  query<{ externalId: string; lines: number }>(
    hub.db,
    sql`
    select o.external_id as "externalId", (select count(*)::int from order_lines line where line.order_id = o.id) as lines
    from orders o where o.connection_id = ${connectionId}`,
  )

async function isComplete(hub: Hub, connectionId: string): Promise<boolean> {
  const found = await query(
    hub.db,
    sql`
    select 1 from cursors where connection_id = ${connectionId} and stream = 'orders' and is_complete`,
  )
  return found.length > 0
}

export const figures: Figure[] = [{ name: 'order pull', measure }]
