import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { setBasePrices } from '../../core/catalog/prices.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import type { Fault } from '../../core/sdk/sandbox.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { decideOnce } from '../../core/sync/decide.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask, type Task } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { connectFast, passTime, platforms, seededRandom } from '../support/platforms.ts'

const rounds = 40
const tasks: readonly Task[] = ['once', 'orders', 'stock', 'price', 'content', 'reconcile']

/** Everything a bad day brings, one of them in three calls of ten. */
const storm: readonly Fault[] = [
  { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, body: '<h1>Briefly unavailable for scheduled maintenance.</h1>' },
  { kind: 'lost_answer' },
  { kind: 'lost_request' },
  { kind: 'garbage' },
  { kind: 'half_answer' },
]

describe.each(platforms)('a storm of failures on $name', ({ connector, create }) => {
  const database = useDatabase()
  const random = seededRandom(7)
  const market = useSandbox(() => create(random))
  let hub: Hub
  let connection: Connection
  const skus = Array.from({ length: 12 }, (_, n) => `STORM-${n}`)
  let ids: Map<string, string>
  beforeAll(async () => {
    hub = createTestHub(database(), [connector])
    connection = await connectFast(hub, connector, market())
    ids = await seed(hub, [
      ...skus.map((sku) => ({ sku, stock: 40 })),
      ...['S', 'M', 'L'].map((size) => ({
        sku: `ROBE-${size}`,
        key: 'ROBE',
        options: { Size: size },
        stock: 9,
      })),
    ])
  })
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!

  /** Buyers buy and give back, and the company counts and reprices. */
  async function live(): Promise<void> {
    const shown = market()
      .listings()
      .filter((listing) => (listing.quantity ?? 0) > 2)
    for (let n = 0; n < 3 && shown.length > 0; n += 1)
      market().placeOrder({ lines: [{ sku: pick(shown).sku, quantity: 1 }] })
    const open = market()
      .orders()
      .filter((order) => !order.isCancelled)
    if (open.length > 3 && random() < 0.5) market().cancelOrder(pick(open).externalId)
    await transact(hub.db, async (tx) => {
      const variantId = ids.get(pick(skus))!
      const warehouseId = await defaultWarehouse(tx)
      await changeStock(tx, [{ variantId, warehouseId, delta: 2, reason: 'found' }], 'adjust', testAct())
      const minor = 1500 + Math.floor(random() * 500)
      await setBasePrices(tx, [{ variantId, price: { minor, currency: 'EUR' }, source: 'test' }], testAct())
    })
  }

  /** What the storm left to people: they look again, and publish again what was refused. */
  async function answerQuestions(): Promise<void> {
    const asked = await query<{ id: string }>(
      hub.db,
      sql`select id from once_calls where state = 'needs_decision'`,
    )
    for (const { id } of asked)
      await transact(hub.db, (tx) => decideOnce(tx, hub, id, { happened: true }, testAct()))
    await publishProducts(hub.db, connection.id, 'all', testAct())
  }

  test('costs no order and no unit, and leaves every listing right and there once', async () => {
    await publishProducts(hub.db, connection.id, 'all', testAct())
    for (const fault of storm)
      market().faults.add({ ...fault, times: Number.POSITIVE_INFINITY, probability: 0.05 })
    for (let round = 0; round < rounds; round += 1) {
      if (round > 3) await live()
      for (const task of tasks) await runTask(hub, task, connection.id)
      await passTime(hub.db)
    }
    const failed = market().calls.filter((call) => call.status >= 400).length
    expect(failed).toBeGreaterThan(20)
    market().faults.clear()
    await passTime(hub.db)
    await answerQuestions()
    await settle(hub, [connection], ['once', 'orders', 'content', 'price', 'stock'])
    expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: market() }])).toEqual([])
    const open = await query(
      hub.db,
      sql`select operation, state, error from once_calls where state not in ('done', 'abandoned')`,
    )
    expect(open).toEqual([])
    expect(market().listings()).toHaveLength(15)
  })
})
