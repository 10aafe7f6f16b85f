import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { listings, mappings } from '../../core/db/schema/index.ts'
import { newId } from '../../core/lib/id.ts'
import { healUnknownSkus } from '../../core/orders/lines.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
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

describe('an order with a SKU that nobody knows', () => {
  const database = useDatabase()

  test('is kept whole, is a problem, and heals when the SKU is created', async () => {
    const { db } = database()
    const source = await addSource(db, 'shop 1')
    await seed(createTestHub(database(), []), [{ sku: 'KNOWN', stock: 5 }])
    await importNow(db, source, [
      remoteOrder('k1', [
        { sku: 'KNOWN', quantity: 2 },
        { sku: 'NEW', quantity: 3 },
      ]),
    ])
    const lines = await query(db, sql`select 1 from order_lines where sku in ('KNOWN', 'NEW')`)
    expect(lines).toHaveLength(2)
    expect(await statusOf(db, 'k1')).toBe('paid')
    expect(await stockOf(db, 'KNOWN')).toMatchObject({ reserved: 2 })
    expect(await openProblems(db, 'unknown_sku', source.id)).toEqual([`unknown_sku:${source.id}:NEW`])
    await seed(createTestHub(database(), []), [{ sku: 'NEW', stock: 5 }])
    expect(await healUnknownSkus(db, testAct())).toBe(1)
    expect(await stockOf(db, 'NEW')).toMatchObject({ reserved: 3 })
    expect(await statusOf(db, 'k1')).toBe('allocated')
    expect(await openProblems(db, 'unknown_sku', source.id)).toEqual([])
    expect(await findViolations(db, [])).toEqual([])
    expect(await healUnknownSkus(db, testAct())).toBe(0)
  })

  test('heals when the SKU is mapped to one of ours, for that connection only', async () => {
    const { db } = database()
    const [mapped, other] = [await addSource(db, 'shop 2'), await addSource(db, 'shop 3')]
    await seed(createTestHub(database(), []), [{ sku: 'OURS', stock: 5 }])
    for (const source of [mapped, other])
      await importNow(db, source, [remoteOrder(`m-${source.name}`, [{ sku: 'THEIRS' }])])
    await db.insert(mappings).values({ connectionId: mapped.id, kind: 'sku', ours: 'OURS', theirs: 'THEIRS' })
    expect(await healUnknownSkus(db, testAct())).toBe(1)
    expect(await stockOf(db, 'OURS')).toMatchObject({ reserved: 1 })
    expect(await openProblems(db, 'unknown_sku', mapped.id)).toEqual([])
    expect(await openProblems(db, 'unknown_sku', other.id)).toHaveLength(1)
  })

  test('heals when the listing that its line names is bound, with no SKU on the line at all', async () => {
    const { db } = database()
    const source = await addSource(db, 'shop 4')
    const ids = await seed(createTestHub(database(), []), [{ sku: 'BOUND', stock: 5 }])
    const order = remoteOrder('l1', [{ sku: 'x' }])
    const line = { ...order.lines[0]!, sku: null, externalListingId: 'ext-9' }
    await importNow(db, source, [{ ...order, lines: [line] }])
    expect(await openProblems(db, 'unknown_sku', source.id)).toHaveLength(1)
    await db.insert(listings).values({
      id: newId('lst'),
      connectionId: source.id,
      variantId: ids.get('BOUND')!,
      externalId: 'ext-9',
      status: 'live',
    })
    expect(await healUnknownSkus(db, testAct())).toBe(1)
    expect(await stockOf(db, 'BOUND')).toMatchObject({ reserved: 1 })
    expect(await openProblems(db, 'unknown_sku', source.id)).toEqual([])
  })

  test('takes no stock when it was cancelled before the SKU was created', async () => {
    const { db } = database()
    const source = await addSource(db, 'shop 5')
    const order = remoteOrder('k5', [{ sku: 'LATE' }])
    await importNow(db, source, [order])
    await importNow(db, source, [later(order, { status: 'cancelled' })])
    await seed(createTestHub(database(), []), [{ sku: 'LATE', stock: 5 }])
    await healUnknownSkus(db, testAct())
    expect(await stockOf(db, 'LATE')).toMatchObject({ reserved: 0 })
    expect(await openProblems(db, 'unknown_sku', source.id)).toEqual([])
  })
})
