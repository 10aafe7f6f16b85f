import { describe, expect, test } from 'vitest'
import type { Db } from '../../core/db/client.ts'
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

describe('the stock behind an order', () => {
  const database = useDatabase()
  let made = 0
  const begin = async (stock: number) => {
    const { db } = database()
    made += 1
    const sku = `S${made}`
    const ids = await seed(createTestHub(database(), []), [{ sku, stock }])
    return { db, sku, variantId: ids.get(sku)!, source: await addSource(db, `shop of ${sku}`) }
  }
  const count = (db: Db, variantId: string, onHand: number, now = new Date()) =>
    transact(db, async (tx) =>
      changeStock(
        tx,
        [{ variantId, warehouseId: await defaultWarehouse(tx), onHand, reason: 'count' }],
        'count',
        {
          actor: 'test',
          now,
        },
      ),
    )

  test('a cancelled order gives its units back, once', async () => {
    const { db, sku, source } = await begin(5)
    const order = remoteOrder('c1', [{ sku, quantity: 3 }])
    await importNow(db, source, [order])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 5, reserved: 3 })
    const cancelled = later(order, { status: 'cancelled' })
    await importNow(db, source, [cancelled])
    await importNow(db, source, [cancelled, later(cancelled, { status: 'cancelled' })])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 5, reserved: 0, ledger: 0 })
    expect(await findViolations(db, [])).toEqual([])
  })

  test('a partial cancellation gives back only the difference', async () => {
    const { db, sku, source } = await begin(5)
    const order = remoteOrder('p1', [{ sku, quantity: 4 }])
    await importNow(db, source, [order])
    await importNow(db, source, [later(order, remoteOrder('p1', [{ sku, quantity: 4, cancelled: 3 }]))])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 5, reserved: 1, held: 1 })
    expect(await findViolations(db, [])).toEqual([])
  })

  test('a shipped order takes its units from the shelf and holds nothing', async () => {
    const { db, sku, source } = await begin(5)
    const order = remoteOrder('s1', [{ sku, quantity: 2 }])
    await importNow(db, source, [order])
    await importNow(db, source, [later(order, { status: 'shipped' })])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 3, reserved: 0, ledger: 0 })
    await importNow(db, source, [later(order, { status: 'completed' })])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 3, reserved: 0 })
  })

  test('an order that is first seen when it has left still takes its units, once', async () => {
    const { db, sku, source } = await begin(5)
    const order = remoteOrder('s2', [{ sku, quantity: 2 }], { status: 'completed' })
    await importNow(db, source, [order])
    await importNow(db, source, [later(order, { refundedMinor: 1 })])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 3, reserved: 0, held: 0 })
  })

  test('an order reopened after its cancellation reserves again', async () => {
    const { db, sku, source } = await begin(5)
    const order = remoteOrder('r1', [{ sku, quantity: 3 }])
    const cancelled = later(order, { status: 'cancelled' })
    await importNow(db, source, [order])
    await importNow(db, source, [cancelled])
    await importNow(db, source, [later(cancelled, { status: 'paid' })])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 5, reserved: 3, held: 3 })
    expect(await statusOf(db, 'r1')).toBe('allocated')
  })

  test('an order placed before stock was counted takes nothing from it', async () => {
    const { db, sku, source } = await begin(5)
    await importNow(db, { ...source, ordersFrom: new Date('2026-03-02T00:00:00Z') }, [
      remoteOrder('h1', [{ sku, quantity: 3 }], { status: 'paid' }),
      remoteOrder('h2', [{ sku, quantity: 3 }], { status: 'completed' }),
    ])
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 5, reserved: 0, short: 0 })
  })

  test('an unpaid order holds units only where the platform holds them too', async () => {
    const { db, sku, source } = await begin(5)
    await importNow(db, source, [
      remoteOrder('u1', [{ sku }], { status: 'pending_payment', isStockHeld: false }),
      remoteOrder('u2', [{ sku, quantity: 2 }], { status: 'pending_payment', isStockHeld: true }),
    ])
    expect(await stockOf(db, sku)).toMatchObject({ reserved: 2 })
  })

  test('a count below what is reserved gives up the latest reservations and says so', async () => {
    const { db, sku, variantId, source } = await begin(5)
    const at = (minute: number) => ({ placedAt: new Date(Date.UTC(2026, 2, 1, 10, minute)) })
    await importNow(db, source, [
      remoteOrder('g1', [{ sku, quantity: 2 }], at(1)),
      remoteOrder('g3', [{ sku, quantity: 2 }], at(3)),
      remoteOrder('g2', [{ sku, quantity: 1 }], at(2)),
    ])
    await count(db, variantId, 2)
    expect(await stockOf(db, sku)).toEqual({ onHand: 2, reserved: 2, ledger: 2, held: 2, short: 3 })
    expect(await openProblems(db, 'oversold', source.id)).toHaveLength(2)
    expect(await findViolations(db, [])).toEqual([])
    await transact(db, (tx) => reviewAllocated(tx, { actor: 'test', now: new Date() }))
    expect([await statusOf(db, 'g1'), await statusOf(db, 'g2'), await statusOf(db, 'g3')]).toEqual([
      'allocated',
      'paid',
      'paid',
    ])
    await count(db, variantId, 5)
    expect(await stockOf(db, sku)).toMatchObject({ reserved: 5, short: 0 })
    expect(await openProblems(db, 'oversold', source.id)).toEqual([])
  })

  test('an order that grows beyond the stock is no longer called allocated', async () => {
    const { db, sku, source } = await begin(2)
    const order = remoteOrder('a1', [{ sku, quantity: 2 }])
    await importNow(db, source, [order])
    expect(await statusOf(db, 'a1')).toBe('allocated')
    await importNow(db, source, [later(order, remoteOrder('a1', [{ sku, quantity: 3 }]))])
    expect(await statusOf(db, 'a1')).toBe('paid')
    expect(await stockOf(db, sku)).toMatchObject({ reserved: 2, short: 1 })
  })

  test('what would fall below zero is refused and changes nothing', async () => {
    const { db, sku, variantId } = await begin(2)
    const take = transact(db, async (tx) =>
      changeStock(
        tx,
        [{ variantId, warehouseId: await defaultWarehouse(tx), delta: -3, reason: 'broken' }],
        'adjust',
        { actor: 'test', now: new Date() },
      ),
    )
    await expect(take).rejects.toThrow(/negative/)
    expect(await stockOf(db, sku)).toMatchObject({ onHand: 2 })
  })
})
