import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import type { MarketplaceOperations } from '../../core/sdk/connector.ts'
import { ConnectorError } from '../../core/sdk/errors.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { acquireLease, assertLease, releaseLease, renewLease } from '../../core/sync/leases.ts'
import { requestOnce } from '../../core/sync/once-request.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop, listAll } from '../support/fake-shop.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { remoteOrder } from '../support/orders.ts'

describe('a worker that lost its lease', () => {
  const database = useDatabase()
  let made = 0
  const begin = async (operations: MarketplaceOperations<unknown>) => {
    const hub = createTestHub(database(), [fakeShop(operations)])
    made += 1
    const connection = await connectFake(hub, `fake ${made}`)
    return { hub, connection, ids: await seed(hub, [{ sku: `F${made}`, stock: 5 }]) }
  }
  /** As if this worker had slept through its lease and another had begun. */
  const steal = (hub: Hub) => hub.db.execute(sql`update leases set token = token + 1, holder = 'thief'`)

  test('writes no push results', async () => {
    const { hub, connection, ids } = await begin({
      pushStock: {
        maxBatch: 10,
        run: async (_client, items) => {
          await steal(hub)
          return items.map(() => ({ ok: true as const }))
        },
      },
    })
    await listAll(hub, connection.id, ids)
    expect(await runTask(hub, 'stock', connection.id)).toEqual({ state: 'busy' })
    const [row] = await query<{ acknowledged: string }>(
      hub.db,
      sql`select acknowledged_revision as acknowledged from listing_aspects where connection_id = ${connection.id} and aspect = 'stock'`,
    )
    expect(Number(row?.acknowledged)).toBe(0)
  })

  test('writes no orders and no cursor', async () => {
    const { hub, connection } = await begin({
      pullOrders: {
        run: async () => {
          await steal(hub)
          return { items: [remoteOrder('stolen', [{ sku: 'F1' }])], next: 'later', more: false }
        },
      },
    })
    expect(await runTask(hub, 'orders', connection.id)).toEqual({ state: 'busy' })
    expect(await query(hub.db, sql`select 1 from orders where connection_id = ${connection.id}`)).toEqual([])
    expect(await query(hub.db, sql`select 1 from cursors where connection_id = ${connection.id}`)).toEqual([])
  })

  test.each([
    ['succeeded', null],
    ['was refused', new ConnectorError('rejected', 'No.')],
    ['was put off', new ConnectorError('unavailable', 'Later.')],
    ['is unclear', new ConnectorError('uncertain', 'Perhaps.')],
  ])('does not touch a call that another has finished, when its own %s', async (_word, error) => {
    const { hub, connection } = await begin({
      cancelOrder: {
        find: async () => null,
        run: async () => {
          await steal(hub)
          await hub.db.execute(
            sql`update once_calls set state = 'done', output = '"theirs"' where connection_id = ${connection.id}`,
          )
          if (error) throw error
          return true as const
        },
      },
    })
    await transact(hub.db, (tx) =>
      requestOnce(
        tx,
        [{ connectionId: connection.id, operation: 'cancelOrder', key: 'k', subject: 'none', input: {} }],
        testAct(),
      ),
    )
    await runTask(hub, 'once', connection.id)
    const rows = await query(
      hub.db,
      sql`select state, output from once_calls where connection_id = ${connection.id}`,
    )
    expect(rows).toEqual([{ state: 'done', output: 'theirs' }])
    expect(await query(hub.db, sql`select 1 from problems where connection_id = ${connection.id}`)).toEqual(
      [],
    )
  })
})

describe('a lease', () => {
  const database = useDatabase()
  const begin = async () => {
    const hub = createTestHub(database(), [fakeShop({})])
    return { hub, id: (await connectFake(hub, `lease ${Math.random()}`)).id }
  }

  test('is held by one worker, and by the next once it has expired or was given back', async () => {
    const { hub, id } = await begin()
    const first = await acquireLease(hub.db, id, 'orders', 'one')
    expect(await acquireLease(hub.db, id, 'orders', 'two')).toHaveProperty('busyUntil')
    await hub.db.execute(
      sql`update leases set expires_at = now() - interval '1 ms' where connection_id = ${id}`,
    )
    const second = await acquireLease(hub.db, id, 'orders', 'two')
    if (!('lease' in first) || !('lease' in second)) throw new Error('Both should have got it.')
    await expect(assertLease(hub.db, first.lease)).rejects.toThrow(/took over/)
    await expect(renewLease(hub.db, first.lease)).rejects.toThrow(/took over/)
    await releaseLease(hub.db, first.lease, { failures: 3, restMs: 60_000 })
    await assertLease(hub.db, second.lease)
    await releaseLease(hub.db, second.lease, { failures: 0, restMs: 0 })
    expect(await acquireLease(hub.db, id, 'orders', 'three')).toHaveProperty('lease')
  })

  test('that 20 workers want at once goes to one', async () => {
    const { hub, id } = await begin()
    const attempts = await Promise.all(
      Array.from({ length: 20 }, (_, n) => acquireLease(hub.db, id, 'stock', `worker ${n}`)),
    )
    expect(attempts.filter((attempt) => 'lease' in attempt)).toHaveLength(1)
  })

  test('rests after failures, and nobody takes it meanwhile', async () => {
    const { hub, id } = await begin()
    const attempt = await acquireLease(hub.db, id, 'price', 'one')
    if (!('lease' in attempt)) throw new Error('It should have got it.')
    await releaseLease(hub.db, attempt.lease, { failures: 1, restMs: 60_000 })
    expect(await acquireLease(hub.db, id, 'price', 'two')).toHaveProperty('restsUntil')
  })
})
