import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import type { OrderSource } from '../../core/orders/source.ts'
import type { RemoteOrder } from '../../core/sdk/model/order.ts'
import { setBundle } from '../../core/stock/allocation.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { addSource, importNow, later, openProblems, remoteOrder, stockOf } from '../support/orders.ts'

const seedOfRun = 20260301

describe('whatever is ordered, in whatever order', () => {
  const database = useDatabase()
  const pools: Database[] = []
  beforeAll(async () => {
    for (let n = 0; n < 4; n += 1) pools.push(await openDatabase(database().url, { poolSize: 1 }))
  })
  afterAll(() => Promise.all(pools.map((pool) => pool.close())))
  let made = 0
  const next = () => {
    made += 1
    return `P${made}`
  }

  test('never more is reserved than is on hand, and nothing stays free while an order lacks it', async () => {
    const { db } = database()
    const hub = createTestHub(database(), [])
    const plan = fc.record({
      stock: fc.integer({ min: 0, max: 30 }),
      wanted: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ stock, wanted }) => {
        const sku = next()
        await seed(hub, [{ sku, stock }])
        const source = await addSource(db, sku)
        await Promise.all(
          wanted.map((quantity, n) =>
            importNow(pools[n % pools.length]!.db, source, [remoteOrder(`${sku}-${n}`, [{ sku, quantity }])]),
          ),
        )
        const asked = wanted.reduce((sum, quantity) => sum + quantity, 0)
        const reserved = Math.min(stock, asked)
        expect(await stockOf(db, sku)).toEqual({
          onHand: stock,
          reserved,
          ledger: reserved,
          held: reserved,
          short: asked - reserved,
        })
      }),
      { numRuns: 25, seed: seedOfRun },
    )
  })

  test('any course of sales, cancellations, shipments, counts and bundles leaves the records in agreement', async () => {
    const { db } = database()
    const hub = createTestHub(database(), [])
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('order'),
          of: fc.nat(2),
          units: fc.integer({ min: 1, max: 4 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('cancel'), of: fc.nat(20), units: fc.constant(0) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('reopen'), of: fc.nat(20), units: fc.constant(0) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('ship'), of: fc.nat(20), units: fc.constant(0) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('count'),
          of: fc.nat(1),
          units: fc.integer({ min: 0, max: 12 }),
        }),
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const skus = [next(), next(), next()]
        const ids = await seed(hub, [
          { sku: skus[0]!, stock: 6 },
          { sku: skus[1]!, stock: 6 },
          { sku: skus[2]!, stock: 0 },
        ])
        const source = await addSource(db, skus[0]!)
        await transact(db, (tx) =>
          setBundle(
            tx,
            ids.get(skus[2]!)!,
            [
              { variantId: ids.get(skus[0]!)!, quantity: 1 },
              { variantId: ids.get(skus[1]!)!, quantity: 2 },
            ],
            testAct(),
          ),
        )
        const orders: RemoteOrder[] = []
        for (const { kind, of, units } of steps) await play(source, skus, ids, orders, kind, of, units)
        expect(await findViolations(db, [])).toEqual([])
        const short = [await stockOf(db, skus[0]!), await stockOf(db, skus[1]!)]
        for (const level of short) expect(Math.min(level.short, level.onHand - level.reserved)).toBe(0)
        expect((await openProblems(db, 'oversold', source.id)).length > 0).toBe(
          short.some((level) => level.short > 0) || (await stockOf(db, skus[2]!)).short > 0,
        )
      }),
      { numRuns: 40, seed: seedOfRun },
    )
  })

  async function play(
    source: OrderSource,
    skus: readonly string[],
    ids: ReadonlyMap<string, string>,
    orders: RemoteOrder[],
    kind: string,
    of: number,
    units: number,
  ): Promise<void> {
    const { db } = database()
    if (kind === 'order') {
      const order = remoteOrder(`${skus[0]}-${orders.length}`, [{ sku: skus[of]!, quantity: units }])
      orders.push(order)
      await importNow(db, source, [order])
    } else if (kind === 'count') {
      await transact(db, async (tx) =>
        changeStock(
          tx,
          [
            {
              variantId: ids.get(skus[of]!)!,
              warehouseId: await defaultWarehouse(tx),
              onHand: units,
              reason: 'count',
            },
          ],
          'count',
          testAct(),
        ),
      )
    } else if (orders.length > 0) {
      const index = of % orders.length
      const status = ({ cancel: 'cancelled', reopen: 'paid', ship: 'shipped' } as const)[kind as 'cancel']
      orders[index] = later(orders[index]!, { status })
      await importNow(db, source, [orders[index]!])
    }
  }
})
