import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokenCache } from '../../core/connections/tokens.ts'
import { type Database, openDatabase, query } from '../../core/db/client.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { addSource } from '../support/orders.ts'
import { connectFast, platforms } from '../support/platforms.ts'

describe('an access token', () => {
  const database = useDatabase()
  const pools: Database[] = []
  beforeAll(async () => {
    for (let n = 0; n < 2; n += 1) pools.push(await openDatabase(database().url, { poolSize: 8 }))
  })
  afterAll(() => Promise.all(pools.map((pool) => pool.close())))

  test('is bought once although two hubs want it five times each at the same moment', async () => {
    const { id } = await addSource(database().db, 'tokens')
    const clock = manualClock('2026-03-01T12:00:00Z')
    const key = randomBytes(32)
    const caches = pools.map((pool) => createTokenCache(pool.db, id, key, clock))
    let bought = 0
    const buy = async () => {
      bought += 1
      return { value: `token ${bought}`, expiresAt: new Date(clock.now().getTime() + 60_000) }
    }
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => caches[n % 2]!.get('access', buy)))
    expect(new Set(all)).toEqual(new Set(['token 1']))
    clock.advance(61_000)
    const later = await Promise.all(Array.from({ length: 10 }, (_, n) => caches[n % 2]!.get('access', buy)))
    expect(new Set(later)).toEqual(new Set(['token 2']))
    expect(bought).toBe(2)
    await caches[0]!.drop('access', 'token 1')
    expect(await caches[1]!.get('access', buy)).toBe('token 2')
    await Promise.all([caches[0]!.drop('access', 'token 2'), caches[1]!.drop('access', 'token 2')])
    expect(await caches[0]!.get('access', buy)).toBe('token 3')
  })

  test('that was refused is given to nobody, not even while it is being forgotten', async () => {
    const { id } = await addSource(database().db, 'refused')
    const clock = manualClock('2026-03-01T12:00:00Z')
    const cache = createTokenCache(pools[0]!.db, id, randomBytes(32), clock)
    let bought = 0
    const buy = async () => {
      bought += 1
      return { value: `token ${bought}`, expiresAt: new Date('2026-03-02T12:00:00Z') }
    }
    for (let round = 1; round <= 20; round += 1) {
      const value = await cache.get('access', buy)
      const next = await Promise.all([
        cache.drop('access', value).then(() => cache.get('access', buy)),
        cache.get('access', buy),
        cache.drop('access', value).then(() => cache.get('access', buy)),
      ])
      expect(next[0]).not.toBe(value)
      expect(next[2]).not.toBe(value)
      expect(bought).toBe(round + 1)
    }
  })

  test('lies sealed in the database', async () => {
    const { id } = await addSource(database().db, 'sealed')
    const cache = createTokenCache(database().db, id, randomBytes(32), manualClock('2026-03-01T12:00:00Z'))
    await cache.get('access', async () => ({
      value: 'very-secret',
      expiresAt: new Date('2026-03-02T12:00:00Z'),
    }))
    const [row] = await query<{ sealed: Uint8Array }>(
      database().db,
      sql`select sealed from access_tokens where connection_id = ${id}`,
    )
    expect(Buffer.from(row!.sealed).toString('latin1')).not.toContain('very-secret')
  })
})

describe.each(platforms)(
  'what credentials bought on $name, expired in the middle of a run',
  ({ connector, create }) => {
    const database = useDatabase()
    const market = useSandbox(() => create())

    test('is bought anew, and nothing is lost', async () => {
      const hub = createTestHub(database(), [connector])
      const connection = await connectFast(hub, connector, market())
      await seed(
        hub,
        Array.from({ length: 6 }, (_, n) => ({ sku: `E-${n}`, stock: 9 })),
      )
      await publishProducts(hub.db, connection.id, 'all', testAct())
      let answers = 0
      market().faults.add({
        kind: 'slow',
        delayMs: 0,
        times: Number.POSITIVE_INFINITY,
        when: ({ path }) => {
          answers += path.includes('/auth/') ? 0 : 1
          if (answers % 20 === 8) market().expireTokens()
          return false
        },
      })
      await settle(hub, [connection])
      for (let n = 0; n < 6; n += 1) {
        market().placeOrder({ lines: [{ sku: `E-${n}`, quantity: 1 + n }] })
        expect(await runTask(hub, 'orders', connection.id)).toMatchObject({ state: 'done' })
      }
      await settle(hub, [connection])
      expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: market() }])).toEqual([])
    })
  },
)
