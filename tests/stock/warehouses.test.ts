import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { type Db, query } from '../../core/db/client.ts'
import { warehouses } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { newId } from '../../core/lib/id.ts'
import { changeStock } from '../../core/stock/change.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { addSource, importNow, later, remoteOrder } from '../support/orders.ts'

describe('several warehouses', () => {
  const database = useDatabase()
  let made = 0
  /** A SKU with these units in warehouses of falling priority. */
  const begin = async (units: readonly number[], inactive: readonly number[] = []) => {
    const { db } = database()
    made += 1
    const sku = `M${made}`
    const ids = await seed(createTestHub(database(), []), [{ sku, stock: 0 }])
    const places = units.map((_, n) => ({
      id: newId('whs'),
      code: `W${made}-${n}`,
      name: `Warehouse ${n}`,
      priority: 10 + n,
      isActive: !inactive.includes(n),
    }))
    await db.insert(warehouses).values(places)
    await transact(db, (tx) =>
      changeStock(
        tx,
        units.map((onHand, n) => ({
          variantId: ids.get(sku)!,
          warehouseId: places[n]!.id,
          onHand,
          reason: 'opening',
        })),
        'count',
        testAct(),
      ),
    )
    return { db, sku, source: await addSource(db, `shop ${made}`), prefix: `W${made}-` }
  }
  const reservedIn = async (db: Db, prefix: string): Promise<number[]> => {
    const rows = await query<{ reserved: string }>(
      db,
      sql`
      select level.reserved from warehouses w join stock_levels level on level.warehouse_id = w.id
      where w.code like ${`${prefix}%`} order by w.priority`,
    )
    return rows.map((row) => Number(row.reserved))
  }

  test('an order takes all of it from the first warehouse that has enough', async () => {
    const { db, sku, source, prefix } = await begin([2, 5, 5])
    await importNow(db, source, [remoteOrder('w1', [{ sku, quantity: 4 }])])
    expect(await reservedIn(db, prefix)).toEqual([0, 4, 0])
  })

  test('an order that no warehouse has whole takes from several, by priority', async () => {
    const { db, sku, source, prefix } = await begin([2, 3, 3])
    const order = remoteOrder('w2', [{ sku, quantity: 6 }])
    await importNow(db, source, [order])
    expect(await reservedIn(db, prefix)).toEqual([2, 3, 1])
    await importNow(db, source, [later(order, remoteOrder('w2', [{ sku, quantity: 6, cancelled: 4 }]))])
    expect((await reservedIn(db, prefix)).reduce((sum, units) => sum + units, 0)).toBe(2)
    expect(await findViolations(db, [])).toEqual([])
  })

  test('a closed warehouse gives nothing', async () => {
    const { db, sku, source, prefix } = await begin([5, 1], [0])
    await importNow(db, source, [remoteOrder('w3', [{ sku, quantity: 2 }])])
    expect(await reservedIn(db, prefix)).toEqual([0, 1])
  })
})
