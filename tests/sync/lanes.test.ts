import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { replaceCredentials, resumeConnection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { ConnectorError, type FailureKind } from '../../core/sdk/errors.ts'
import { startSandbox } from '../../core/sdk/sandbox.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop } from '../support/fake-shop.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { openProblems } from '../support/orders.ts'
import { connectFast, passTime, platforms } from '../support/platforms.ts'

describe('a lane whose platform fails', () => {
  const database = useDatabase()
  const minuteMs = 60_000

  test.each<FailureKind>(['rejected', 'not_found', 'unexpected', 'unavailable', 'uncertain', 'rate_limited'])(
    'tries again within minutes, however often and in whatever way (%s) it failed',
    async (kind) => {
      const error = new ConnectorError(kind, 'Something is wrong.')
      const hub = createTestHub(database(), [fakeShop({ pullOrders: { run: () => Promise.reject(error) } })])
      const { id } = await connectFake(hub, `failing ${kind}`)
      for (let failures = 0; failures < 30; failures += 1) {
        const outcome = await runTask(hub, 'orders', id)
        if (outcome.state !== 'failed') throw new Error(`It is ${outcome.state}.`)
        expect(outcome.until.getTime() - Date.now()).toBeLessThanOrEqual(15 * minuteMs)
        expect(await runTask(hub, 'orders', id)).toMatchObject({ state: 'waiting' })
        await passTime(hub.db)
      }
    },
  )

  test('waits as long as the platform asks', async () => {
    const error = new ConnectorError('rate_limited', 'Wait.', { retryAfterMs: 30 * minuteMs })
    const hub = createTestHub(database(), [fakeShop({ pullOrders: { run: () => Promise.reject(error) } })])
    const { id } = await connectFake(hub, 'asking')
    const outcome = await runTask(hub, 'orders', id)
    if (outcome.state !== 'failed') throw new Error(`It is ${outcome.state}.`)
    expect(outcome.until.getTime() - Date.now()).toBeGreaterThan(29 * minuteMs)
  })

  test('does not stop the other lanes of its connection', async () => {
    let pushed = 0
    const hub = createTestHub(database(), [
      fakeShop({
        pullOrders: { run: () => Promise.reject(new ConnectorError('unexpected', 'Garbage.')) },
        pullListings: {
          run: async () => {
            pushed += 1
            return { items: [], next: null, more: false }
          },
        },
      }),
    ])
    const { id } = await connectFake(hub, 'half')
    expect(await runTask(hub, 'orders', id)).toMatchObject({ state: 'failed' })
    expect(await runTask(hub, 'reconcile', id)).toMatchObject({ state: 'done' })
    expect(pushed).toBe(1)
  })

  test('that cannot be reached becomes a problem after some failures, and heals by itself', async () => {
    const shop = await startSandbox(
      createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1e6 }),
    )
    const hub = createTestHub(database(), [woocommerce])
    const { id } = await connect(hub, woocommerce, shop, 'moving shop')
    await shop.close()
    for (let failures = 0; failures < 4; failures += 1) {
      expect(await runTask(hub, 'orders', id)).toMatchObject({
        state: 'failed',
        error: { kind: 'unavailable' },
      })
      await passTime(hub.db)
    }
    expect(await openProblems(hub.db, 'unavailable', id)).toEqual([])
    await runTask(hub, 'orders', id)
    await passTime(hub.db)
    expect(await openProblems(hub.db, 'unavailable', id)).toHaveLength(1)
    const again = await startSandbox(shop, Number(new URL(shop.url).port))
    expect(await runTask(hub, 'orders', id)).toMatchObject({ state: 'done' })
    expect(await openProblems(hub.db, 'unavailable', id)).toEqual([])
    await again.close()
  })
})

describe.each(platforms)('credentials that $name does not accept', ({ name, connector, create }) => {
  const database = useDatabase()
  const market = useSandbox(() => create())

  test('pause the connection with a problem; resumed, everything goes on where it stood', async () => {
    const hub = createTestHub(database(), [connector])
    const connection = await connectFast(hub, connector, market())
    const ids = await seed(hub, [{ sku: 'LOCK', stock: 9 }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    market().faults.add({ kind: 'status', status: 401, times: Number.POSITIVE_INFINITY })
    market().placeOrder({ lines: [{ sku: 'LOCK', quantity: 2 }] })
    expect(await runTask(hub, 'orders', connection.id)).toMatchObject({
      state: 'failed',
      error: { kind: 'auth' },
    })
    const problems = await openProblems(hub.db, 'auth', connection.id)
    expect(problems).toEqual([`auth:${connection.id}`])
    await transact(hub.db, async (tx) =>
      changeStock(
        tx,
        [
          {
            variantId: ids.get('LOCK')!,
            warehouseId: await defaultWarehouse(tx),
            onHand: 20,
            reason: 'count',
          },
        ],
        'count',
        testAct(),
      ),
    )
    const calls = market().calls.length
    for (const task of ['orders', 'stock', 'price', 'once', 'reconcile'] as const)
      expect(await runTask(hub, task, connection.id)).toEqual({ state: 'paused' })
    expect(market().calls.length).toBe(calls)

    market().faults.clear()
    await transact(hub.db, (tx) => resumeConnection(tx, connection.id, testAct()))
    await settle(hub, [connection])
    expect(await openProblems(hub.db, 'auth', connection.id)).toEqual([])
    expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: market() }])).toEqual([])
    expect(name).not.toBe('')
  })

  test('are found out by the connection test', async () => {
    const hub = createTestHub(database(), [connector])
    const connection = await connectFast(hub, connector, market(), 'wrong')
    const { credentials } = market().connection(market().url)
    const wrong = Object.fromEntries(
      Object.entries(credentials).map(([field, value]) => [field, `${value}x`]),
    )
    await transact(hub.db, (tx) =>
      replaceCredentials(tx, hub.key, connector, connection.id, wrong, testAct()),
    )
    const [row] = await query<{ revision: number }>(
      hub.db,
      sql`select revision from connections where id = ${connection.id}`,
    )
    const client = await hub.openClient({ ...connection, revision: Number(row!.revision) }, true)
    await expect(connector.check(client)).rejects.toMatchObject({ kind: 'auth' })
  })

  test('replaced by one process are used by every other', async () => {
    const [one, two] = [createTestHub(database(), [connector]), createTestHub(database(), [connector])]
    const connection = await connectFast(one, connector, market(), 'rotated')
    const { credentials } = market().connection(market().url)
    const wrong = Object.fromEntries(
      Object.entries(credentials).map(([field, value]) => [field, `${value}x`]),
    )
    await transact(one.db, (tx) =>
      replaceCredentials(tx, one.key, connector, connection.id, wrong, testAct()),
    )
    expect(await runTask(two, 'orders', connection.id)).toMatchObject({
      state: 'failed',
      error: { kind: 'auth' },
    })
    await transact(one.db, async (tx) => {
      await replaceCredentials(tx, one.key, connector, connection.id, credentials, testAct())
      await resumeConnection(tx, connection.id, testAct())
    })
    expect(await runTask(two, 'orders', connection.id)).toMatchObject({ state: 'done' })
  })
})
