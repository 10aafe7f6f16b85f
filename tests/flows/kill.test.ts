import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../core/connections/connections.ts'
import type { Db } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask, type Task } from '../../core/sync/tasks.ts'
import { type BreakableDatabase, openBreakable } from '../support/breakable.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { connectFast, passTime, platforms } from '../support/platforms.ts'

/** More statements than any of these runs makes. */
const most = 400

describe.each(platforms)('a worker of $name killed at any statement', ({ connector, create }) => {
  const database = useDatabase()
  const market = useSandbox(() => create())
  let breakable: BreakableDatabase
  let doomed: Hub
  let heir: Hub
  let connection: Connection
  let ids: Map<string, string>
  beforeAll(async () => {
    breakable = openBreakable(database().url)
    doomed = createTestHub(breakable, [connector], { holder: 'doomed' })
    heir = createTestHub(database(), [connector], { holder: 'heir' })
    connection = await connectFast(heir, connector, market())
    ids = await seed(heir, [
      { sku: 'CUP', stock: 5000 },
      { sku: 'TEE-S', key: 'TEE', options: { Size: 'S' }, stock: 5000 },
      { sku: 'TEE-M', key: 'TEE', options: { Size: 'M' }, stock: 5000 },
    ])
    await publishProducts(heir.db, connection.id, 'all', testAct())
    await settle(heir, [connection])
  })
  afterAll(() => breakable.close())

  /** Kills a run of `task` at its first statement, its second, and so on, until one comes through. */
  async function killEverywhere(task: Task, prepare: (round: number) => Promise<void>): Promise<number> {
    for (let round = 1; round < most; round += 1) {
      await prepare(round)
      breakable.breakAt(round)
      const outcome = await runTask(doomed, task, connection.id).catch((error: unknown) => error)
      const isDead = breakable.isBroken()
      breakable.heal()
      await passTime(heir.db)
      await runTask(heir, task, connection.id)
      const isWhole = task !== 'orders' || !isDead || round % 10 === 0
      if (isWhole) await settle(heir, [connection], ['once', 'orders', 'stock'])
      const { orders, listings } = market()
      const sandbox = isWhole ? { orders, listings } : { orders }
      const wrong = await findViolations(heir.db, [{ connectionId: connection.id, sandbox }])
      expect(wrong, `killed at statement ${round}`).toEqual([])
      if (isDead) continue
      expect(outcome).toMatchObject({ state: 'done' })
      return round
    }
    throw new Error('The run never came through.')
  }
  const setStock = (db: Db, sku: string, onHand: number) =>
    transact(db, async (tx) =>
      changeStock(
        tx,
        [{ variantId: ids.get(sku)!, warehouseId: await defaultWarehouse(tx), onHand, reason: 'count' }],
        'count',
        testAct(),
      ),
    )

  test('loses and doubles no order', async () => {
    let open: string | null = null
    const rounds = await killEverywhere('orders', async () => {
      market().placeOrder({ lines: [{ sku: 'CUP', quantity: 2 }] })
      if (open) market().cancelOrder(open)
      open = market().placeOrder({
        lines: [
          { sku: 'CUP', quantity: 1 },
          { sku: 'TEE-S', quantity: 1 },
        ],
        shippingMinor: 490,
      }).externalId
    })
    expect(rounds).toBeGreaterThan(20)
  })

  test('leaves no listing with another quantity than the hub has', async () => {
    const rounds = await killEverywhere('stock', async (round) => {
      await setStock(heir.db, 'CUP', 6000 - round)
      await setStock(heir.db, 'TEE-M', 4000 + round)
    })
    expect(rounds).toBeGreaterThan(10)
  })

  test('lists no product twice', async () => {
    const rounds = await killEverywhere('once', async (round) => {
      await seed(heir, [
        { sku: `NEW-${round}`, stock: round },
        { sku: `FAM-${round}-S`, key: `FAM-${round}`, options: { Size: 'S' } },
        { sku: `FAM-${round}-M`, key: `FAM-${round}`, options: { Size: 'M' } },
      ])
      await publishProducts(heir.db, connection.id, 'all', testAct())
    })
    expect(rounds).toBeGreaterThan(10)
    expect(market().listings()).toHaveLength(3 + rounds * 3)
  })
})
