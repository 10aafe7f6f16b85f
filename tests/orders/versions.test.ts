import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Db, query } from '../../core/db/client.ts'
import type { RemoteOrder, RemoteOrderStatus } from '../../core/sdk/model/order.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { addSource, importNow, later, openProblems, remoteOrder, statusOf } from '../support/orders.ts'

/** How far an order has come. A status may stand where it is or go up; only a cancelled order may come back. */
const rankOf: Readonly<Record<string, number>> = {
  cancelled: -1,
  pending_payment: 0,
  paid: 1,
  allocated: 1,
  shipped: 2,
  delivered: 3,
  completed: 4,
  refunded: 5,
}
const remoteStatuses: RemoteOrderStatus[] = [
  'pending_payment',
  'paid',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'refunded',
]

const detailOf = async (db: Db, externalId: string) => {
  const [row] = await query<{
    total: string
    lines: string
    charges: string
    parties: string[]
    events: string[]
  }>(
    db,
    sql`
    select o.total_minor as total,
      (select string_agg(line.external_id || ':' || line.quantity || ':' || line.cancelled_quantity, ' ' order by line.external_id) from order_lines line where line.order_id = o.id) as lines,
      (select coalesce(sum(amount_minor), 0) from order_charges where order_id = o.id) as charges,
      (select array_agg(from_status || '>' || to_status order by id) from order_events where order_id = o.id and kind = 'status') as events
    from orders o where o.external_id = ${externalId}`,
  )
  return row!
}

describe('versions of an order', () => {
  const database = useDatabase()

  test('an older version never overwrites a newer one', async () => {
    const { db } = database()
    const source = await addSource(db, 'late shop')
    await seed(createTestHub(database(), []), [{ sku: 'V', stock: 10 }])
    const first = remoteOrder('v1', [{ sku: 'V', quantity: 5 }])
    const second = later(first, { ...remoteOrder('v1', [{ sku: 'V', quantity: 2 }]), status: 'shipped' })
    await importNow(db, source, [second])
    const outcome = await importNow(db, source, [first])
    expect(outcome).toMatchObject({ imported: 0, changed: 0, same: 1 })
    expect(await statusOf(db, 'v1')).toBe('shipped')
    expect(await detailOf(db, 'v1')).toMatchObject({ total: '2000', lines: 'v1-1:2:0' })
  })

  test('two versions in one page count as the newer one', async () => {
    const { db } = database()
    const source = await addSource(db, 'double shop')
    const first = remoteOrder('v2', [{ sku: 'V' }])
    const second = later(first, { status: 'cancelled' })
    await importNow(db, source, [second, first, second])
    expect(await statusOf(db, 'v2')).toBe('cancelled')
  })

  test('the same external id on two connections is two orders', async () => {
    const { db } = database()
    const [one, two] = [await addSource(db, 'one'), await addSource(db, 'two')]
    await importNow(db, one, [remoteOrder('twin', [{ sku: 'V' }])])
    expect(await importNow(db, two, [remoteOrder('twin', [{ sku: 'V' }])])).toMatchObject({ imported: 1 })
  })

  test('a line that the platform no longer tells is kept as cancelled and gives its units back', async () => {
    const { db } = database()
    const source = await addSource(db, 'edited shop')
    const both = remoteOrder('v3', [{ sku: 'V' }, { sku: 'V', quantity: 2 }])
    await importNow(db, source, [both])
    await importNow(db, source, [later(both, { lines: both.lines.slice(0, 1), totalMinor: 1000 })])
    expect(await detailOf(db, 'v3')).toMatchObject({ total: '1000', lines: 'v3-1:1:0 v3-2:2:2' })
    expect(await findViolations(db, [])).toEqual([])
  })

  test('charges and payments of a new version take the place of the old ones', async () => {
    const { db } = database()
    const source = await addSource(db, 'charging shop')
    const charge = (amountMinor: number) => ({ kind: 'shipping' as const, label: 'Parcel', amountMinor })
    const order = {
      ...remoteOrder('v4', [{ sku: 'V' }]),
      charges: [charge(300), charge(200)],
      totalMinor: 1500,
    }
    await importNow(db, source, [order])
    await importNow(db, source, [later(order, { charges: [charge(100)], totalMinor: 1100 })])
    expect(await detailOf(db, 'v4')).toMatchObject({ total: '1100', charges: '100' })
  })

  test('an order that does not add up is taken as told and is a problem until it does', async () => {
    const { db } = database()
    const source = await addSource(db, 'miscounting shop')
    const wrong = { ...remoteOrder('v5', [{ sku: 'V' }]), totalMinor: 999 }
    await importNow(db, source, [wrong])
    expect(await detailOf(db, 'v5')).toMatchObject({ total: '999' })
    expect(await openProblems(db, 'order_totals', source.id)).toHaveLength(1)
    await importNow(db, source, [later(wrong, { totalMinor: 1000 })])
    expect(await openProblems(db, 'order_totals', source.id)).toEqual([])
  })

  test('in whatever order versions arrive, the newest figures stand and the status never moves backwards', async () => {
    const { db } = database()
    await seed(createTestHub(database(), []), [{ sku: 'SHUFFLED', stock: 20 }])
    const source = await addSource(db, 'shuffled shop')
    let made = 0
    const version = fc.record({
      status: fc.constantFrom(...remoteStatuses),
      quantity: fc.integer({ min: 1, max: 5 }),
      place: fc.nat(1000),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(version, { minLength: 2, maxLength: 7 }),
        fc.boolean(),
        async (plan, isOnePage) => {
          made += 1
          const id = `shuffle-${made}`
          const versions = plan.map(
            ({ status, quantity }, n): RemoteOrder => ({
              ...remoteOrder(id, [{ sku: 'SHUFFLED', quantity }], { status }),
              updatedAt: new Date(Date.UTC(2026, 2, 1, 10, n)),
            }),
          )
          const arriving = versions
            .map((order, n) => ({ order, place: plan[n]!.place }))
            .sort((a, b) => a.place - b.place)
            .map(({ order }) => order)
          if (isOnePage) await importNow(db, source, arriving)
          else
            for (const order of [...arriving, ...arriving.slice(0, 1)]) await importNow(db, source, [order])
          const state = await detailOf(db, id)
          expect(state.lines).toBe(`${id}-1:${plan.at(-1)!.quantity}:0`)
          for (const step of state.events ?? []) {
            const [from, to] = step.split('>') as [string, string]
            if (from !== 'cancelled') expect(rankOf[to]! >= rankOf[from]! || to === 'cancelled').toBe(true)
            if (to === 'cancelled') expect(rankOf[from]).toBeLessThan(rankOf.shipped!)
          }
          if (isOnePage) expect([plan.at(-1)!.status, 'allocated']).toContain(await statusOf(db, id))
          expect(await findViolations(db, [])).toEqual([])
        },
      ),
      { numRuns: 60, seed: 20260302 },
    )
  })
})
