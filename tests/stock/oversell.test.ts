import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, type Db, openDatabase, query } from '../../core/db/client.ts'
import type { OrderSource } from '../../core/orders/source.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed } from '../support/hub.ts'
import { stockViolations } from '../support/oracle.ts'
import { addSource, importNow, openProblems, remoteOrder, stockOf } from '../support/orders.ts'

const importers = 16
/** One importer takes orders one by one, the others in pages. */
const pageSizeOf = (importer: number) => (importer === 0 ? 1 : 25)

/** What must hold when more was wanted than there is: exactly what there is, in every record of it. */
async function expectExactly(db: Db, sku: string, units: number, attempts: number): Promise<void> {
  expect(await stockOf(db, sku)).toEqual({
    onHand: units,
    reserved: units,
    ledger: units,
    held: units,
    short: attempts - units,
  })
  expect(await stockViolations(db)).toEqual([])
  expect(await openProblems(db, 'oversold')).toHaveLength(attempts - units)
}

/** A reserve as people write it first: read the level, decide, write it back. */
async function reserveNaively(db: Db, variantId: string, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await db.transaction(async (tx) => {
      const [level] = await query<{ on_hand: string; reserved: string; warehouse_id: string }>(
        tx,
        sql`select on_hand, reserved, warehouse_id from stock_levels where variant_id = ${variantId}`,
      )
      if (Number(level!.reserved) >= Number(level!.on_hand)) {
        await tx.execute(
          sql`insert into shortfalls (order_line_id, variant_id, quantity, since) values (${line}, ${variantId}, 1, now())`,
        )
        return
      }
      await tx.execute(
        sql`update stock_levels set reserved = ${Number(level!.reserved) + 1} where variant_id = ${variantId}`,
      )
      await tx.execute(
        sql`insert into reservations (order_line_id, variant_id, warehouse_id, held) values (${line}, ${variantId}, ${level!.warehouse_id}, 1)`,
      )
      await tx.execute(sql`
        insert into stock_movements (variant_id, warehouse_id, reserved, kind, reason, actor, at)
        values (${variantId}, ${level!.warehouse_id}, 1, 'reserve', 'naive', 'test', now())`)
    })
  }
}

describe('many importers on one stock', () => {
  const database = useDatabase()
  const pools: Database[] = []
  beforeAll(async () => {
    for (let n = 0; n < importers; n += 1) pools.push(await openDatabase(database().url, { poolSize: 1 }))
  })
  afterAll(() => Promise.all(pools.map((pool) => pool.close())))

  test('16 importers and 10,000 orders for 1,000 units hold exactly 1,000 and call the rest oversold', async () => {
    const { db } = database()
    await seed(createTestHub(database(), []), [{ sku: 'LAMP', stock: 1000 }])
    const sources: OrderSource[] = []
    for (let n = 0; n < importers; n += 1) sources.push(await addSource(db, `shop ${n}`))
    const each = 10_000 / importers
    await Promise.all(
      pools.map(async (pool, n) => {
        const pageSize = pageSizeOf(n)
        for (let from = 0; from < each; from += pageSize) {
          const page = Array.from({ length: Math.min(pageSize, each - from) }, (_, index) =>
            remoteOrder(`${n}-${from + index}`, [{ sku: 'LAMP' }]),
          )
          await importNow(pool.db, sources[n]!, page)
        }
      }),
    )
    await expectExactly(db, 'LAMP', 1000, 10_000)
  })

  test('the same assertions catch a reserve that reads before it writes', async () => {
    const { db } = database()
    const ids = await seed(createTestHub(database(), []), [{ sku: 'NAIVE', stock: 100 }])
    const source = await addSource(db, 'naive shop')
    const orders = Array.from({ length: 800 }, (_, n) =>
      remoteOrder(`naive-${n}`, [{ sku: 'NAIVE' }], { status: 'pending_payment', isStockHeld: false }),
    )
    await importNow(db, source, orders)
    const lines = await query<{ id: string }>(
      db,
      sql`select id from order_lines where sku = 'NAIVE' order by id`,
    )
    await Promise.all(
      pools.map((pool, n) =>
        reserveNaively(
          pool.db,
          ids.get('NAIVE')!,
          lines.filter((_, index) => index % importers === n).map((line) => line.id),
        ),
      ),
    )
    await expect(expectExactly(db, 'NAIVE', 100, 800)).rejects.toThrow()
    expect((await stockViolations(db)).join()).toContain('NAIVE: 100 on hand')
  })
})
