import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { type Db, query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { reviewAllocated } from '../../core/orders/allocate.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import {
  addSource,
  importNow,
  later,
  openProblems,
  remoteOrder,
  statusOf,
  stockOf,
} from '../support/orders.ts'

const minute = (n: number) => new Date(Date.UTC(2026, 2, 1, 12, n))

describe('orders that wait for stock', () => {
  const database = useDatabase()
  let made = 0
  const begin = async (stock: number) => {
    const { db } = database()
    made += 1
    const sku = `W${made}`
    const ids = await seed(createTestHub(database(), []), [{ sku, stock }])
    return { db, sku, variantId: ids.get(sku)!, source: await addSource(db, `shop of ${sku}`) }
  }
  const receive = (db: Db, variantId: string, delta: number) =>
    transact(db, async (tx) =>
      changeStock(
        tx,
        [{ variantId, warehouseId: await defaultWarehouse(tx), delta, reason: 'delivery' }],
        'receive',
        {
          actor: 'test',
          now: minute(50),
        },
      ),
    )
  const shortOf = async (db: Db, externalId: string): Promise<number> => {
    const [row] = await query<{ units: string }>(
      db,
      sql`
      select coalesce(sum(short.quantity), 0) as units from shortfalls short join order_lines line on line.id = short.order_line_id
      join orders o on o.id = line.order_id where o.external_id = ${externalId}`,
    )
    return Number(row!.units)
  }

  test('stock that comes in goes to the order that waits longest, and its problem closes', async () => {
    const { db, sku, variantId, source } = await begin(0)
    await importNow(db, source, [remoteOrder('old', [{ sku, quantity: 2 }])], minute(1))
    await importNow(db, source, [remoteOrder('new', [{ sku, quantity: 2 }])], minute(2))
    expect(await openProblems(db, 'oversold', source.id)).toHaveLength(2)
    await receive(db, variantId, 3)
    expect([await shortOf(db, 'old'), await shortOf(db, 'new')]).toEqual([0, 1])
    expect(await openProblems(db, 'oversold', source.id)).toHaveLength(1)
    await transact(db, (tx) => reviewAllocated(tx, { actor: 'test', now: minute(51) }))
    expect([await statusOf(db, 'old'), await statusOf(db, 'new')]).toEqual(['allocated', 'paid'])
    await receive(db, variantId, 1)
    expect(await openProblems(db, 'oversold', source.id)).toEqual([])
    expect(await findViolations(db, [])).toEqual([])
  })

  test('an order keeps its place in the queue when its platform changes it meanwhile', async () => {
    const { db, sku, variantId, source } = await begin(0)
    const first = remoteOrder('first', [{ sku }])
    await importNow(db, source, [first], minute(1))
    await importNow(db, source, [remoteOrder('second', [{ sku }])], minute(2))
    await importNow(db, source, [later(first, { shippingService: 'express' })], minute(3))
    await receive(db, variantId, 1)
    expect([await shortOf(db, 'first'), await shortOf(db, 'second')]).toEqual([0, 1])
  })

  test('an order that got part of its units keeps its place for the rest', async () => {
    const { db, sku, variantId, source } = await begin(0)
    await importNow(db, source, [remoteOrder('big', [{ sku, quantity: 3 }])], minute(1))
    await importNow(db, source, [remoteOrder('small', [{ sku }])], minute(2))
    await receive(db, variantId, 1)
    await receive(db, variantId, 1)
    expect([await shortOf(db, 'big'), await shortOf(db, 'small')]).toEqual([1, 1])
  })

  test('units that a cancellation gives back go to the order that waits, not back on sale', async () => {
    const { db, sku, source } = await begin(2)
    const holder = remoteOrder('holder', [{ sku, quantity: 2 }])
    await importNow(db, source, [holder], minute(1))
    await importNow(db, source, [remoteOrder('waiter', [{ sku }])], minute(2))
    expect(await shortOf(db, 'waiter')).toBe(1)
    await importNow(db, source, [later(holder, { status: 'cancelled' })], minute(3))
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 2, reserved: 1, short: 0 })
    expect(await openProblems(db, 'oversold', source.id)).toEqual([])
    expect(await findViolations(db, [])).toEqual([])
  })

  test('an order that has left waits for nothing: what comes in later is free to sell', async () => {
    const { db, sku, variantId, source } = await begin(0)
    const order = remoteOrder('left', [{ sku }])
    await importNow(db, source, [order], minute(1))
    await importNow(db, source, [later(order, { status: 'shipped' })], minute(2))
    expect(await openProblems(db, 'oversold', source.id)).toEqual([])
    await receive(db, variantId, 4)
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 4, reserved: 0, short: 0 })
  })

  test('cancelling an order that waits closes its problem', async () => {
    const { db, sku, source } = await begin(0)
    const order = remoteOrder('gone', [{ sku }])
    await importNow(db, source, [order], minute(1))
    await importNow(db, source, [later(order, { status: 'cancelled' })], minute(2))
    expect(await stockOf(db, sku)).toMatchObject({ short: 0 })
    expect(await openProblems(db, 'oversold', source.id)).toEqual([])
  })
})
