import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { query } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { openProblems, stockOf } from '../support/orders.ts'

describe('orders that cannot be taken', () => {
  const database = useDatabase()
  const shop = useSandbox(() =>
    createWooCommerceSandbox({
      clock: systemClock,
      currency: 'EUR',
      rateScale: 1000,
      customStatuses: ['in-the-oven'],
    }),
  )

  test('are kept raw as problems, hold up no other order, and are taken once they can be read', async () => {
    const hub = createTestHub(database(), [woocommerce])
    const connection = await connect(hub, woocommerce, shop())
    await seed(hub, [{ sku: 'CAKE', stock: 50 }])
    shop().addProduct({ sku: 'CAKE', name: 'Cake', price: '10.00', quantity: 50 })
    shop().addProduct({ sku: 'NUL', name: 'Cake \u0000 with a hole', price: '10.00', quantity: 50 })
    shop().addProduct({ sku: 'HUGE', name: 'Crumbs', price: '0.01', quantity: 9_000_000_000 })
    shop().placeOrder({ lines: [{ sku: 'CAKE', quantity: 1 }] })
    const odd = shop().placeOrder({ lines: [{ sku: 'CAKE', quantity: 2 }] })
    shop().setOrderStatus(odd.externalId, 'in-the-oven')
    const nul = shop().placeOrder({ lines: [{ sku: 'NUL', quantity: 1 }] })
    const huge = shop().placeOrder({ lines: [{ sku: 'HUGE', quantity: 3_000_000_000 }] })
    shop().placeOrder({ lines: [{ sku: 'CAKE', quantity: 4 }] })

    expect(await runTask(hub, 'orders', connection.id)).toMatchObject({
      state: 'done',
      counts: { imported: 2, unreadable: 3 },
    })
    expect(await stockOf(hub.db, 'CAKE')).toMatchObject({ reserved: 5 })
    const keyOf = (id: string) => `unreadable:${connection.id}:order:${id}`
    expect(await openProblems(hub.db, 'unreadable')).toEqual(
      [odd, nul, huge].map((order) => keyOf(order.externalId)).sort(),
    )
    const kept = await query<{ key: string; raw: unknown }>(
      hub.db,
      sql`select key, raw from unreadable_documents where key = ${odd.externalId}`,
    )
    // It could be read but for its state, which nobody has mapped: kept as the connector told it.
    expect(kept[0]?.raw).toMatchObject({ externalId: odd.externalId, externalStatus: 'in-the-oven' })

    shop().setOrderStatus(odd.externalId, 'processing')
    await runTask(hub, 'orders', connection.id)
    expect(await stockOf(hub.db, 'CAKE')).toMatchObject({ reserved: 7 })
    expect(await openProblems(hub.db, 'unreadable')).toEqual(
      [nul, huge].map((order) => keyOf(order.externalId)).sort(),
    )
    const theirs = {
      orders: () =>
        shop()
          .orders()
          .filter((order) => order.lines[0]?.sku === 'CAKE'),
    }
    expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: theirs }])).toEqual([])
  })
})
