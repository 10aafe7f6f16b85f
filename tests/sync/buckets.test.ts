import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { createLimiter } from '../../core/sdk/sandbox.ts'
import { type BucketOwner, hasToken, takeToken } from '../../core/sync/buckets.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { addSource } from '../support/orders.ts'
import { platforms } from '../support/platforms.ts'

const source = 'https://limits.example'

describe('a rate bucket', () => {
  const database = useDatabase()
  const pools: Database[] = []
  beforeAll(async () => {
    for (let n = 0; n < 3; n += 1) pools.push(await openDatabase(database().url, { poolSize: 5 }))
    // To open a connection, or to prepare a statement, takes longer than the slack that a call is given on its way.
    const wide = await ownerOf(1000, 100)
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => (await take(wide, n % 2 === 0, n % 3)).settle({})),
    )
  })
  afterAll(() => Promise.all(pools.map((pool) => pool.close())))
  const ownerOf = async (perSecond: number, burst: number): Promise<BucketOwner> => ({
    connectionId: (await addSource(database().db, `limited ${Math.random()}`)).id,
    rateScale: 1,
    buckets: { calls: { perSecond, burst, source } },
  })
  const take = (owner: BucketOwner, isUrgent: boolean, pool = 0) =>
    takeToken(pools[pool]!.db, systemClock, owner, 'calls', 1, isUrgent)

  test.each([true, false])(
    'lets three processes together never exceed rate and burst (urgent: %s)',
    async (isUrgent) => {
      const owner = await ownerOf(40, 5)
      // Half a token for what the way there adds to one call and not to another.
      const limiter = createLimiter(40, 5.5, systemClock)
      const refused: number[] = []
      await Promise.all(
        Array.from({ length: 36 }, async (_, n) => {
          const { settle: done } = await take(owner, isUrgent, n % 3)
          const turn = limiter.take()
          if (!turn.ok) refused.push(turn.waitMs)
          await done({})
        }),
      )
      expect(refused).toEqual([])
    },
  )

  test('lets an urgent call stand behind one that waits in the background, at most', async () => {
    const owner = await ownerOf(20, 1)
    await take(owner, true)
    const order: string[] = []
    const background = Array.from({ length: 10 }, () =>
      take(owner, false, 1).then(() => order.push('background')),
    )
    await take(owner, true, 2).then(() => order.push('urgent'))
    expect(order.filter((word) => word === 'background').length).toBeLessThanOrEqual(1)
    await Promise.all(background)
    expect(order).toHaveLength(11)
  })

  test('keeps silent as long as the platform asks, in every process', async () => {
    const owner = await ownerOf(1000, 10)
    const { settle: done } = await take(owner, true)
    const told = Date.now()
    await done({ retryAfterMs: 300 })
    expect(await hasToken(pools[1]!.db, owner.connectionId, 'calls')).toBe(false)
    await Promise.all([take(owner, true, 1), take(owner, false, 2)])
    expect(Date.now() - told).toBeGreaterThanOrEqual(299)
    expect(await hasToken(pools[1]!.db, owner.connectionId, 'calls')).toBe(true)
  })

  test('learns a rate that the platform tells', async () => {
    const owner = await ownerOf(1, 1)
    const { settle: done } = await take(owner, true)
    await done({ perSecond: 200 })
    const start = Date.now()
    await take(owner, true)
    await take(owner, true)
    expect(Date.now() - start).toBeLessThan(500)
  })

  test('names the bucket that a connector does not declare', async () => {
    const owner = await ownerOf(1, 1)
    await expect(takeToken(pools[0]!.db, systemClock, owner, 'other', 1, true)).rejects.toThrow(/"other"/)
  })
})

describe.each(platforms)('the published limits of $name', ({ connector }) => {
  const database = useDatabase()
  const scale = 40
  const market = useSandbox(() =>
    platforms.find((platform) => platform.connector === connector)!.createLimited(scale),
  )

  test('are never exceeded in a quiet run of several workers', async () => {
    const hubs = ['a', 'b', 'c'].map((holder) => createTestHub(database(), [connector], { holder }))
    const [hub] = hubs
    const connection = await connect(hub!, connector, market())
    await hub!.db.execute(sql`update connections set rate_scale = ${scale}`)
    await seed(
      hub!,
      Array.from({ length: 12 }, (_, n) => ({ sku: `L-${n}` })),
    )
    await publishProducts(hub!.db, connection.id, 'all', testAct())
    await Promise.all(
      hubs.map((one, n) => runTask(one, (['once', 'orders', 'reconcile'] as const)[n]!, connection.id)),
    )
    await settle(hub!, [connection], ['once', 'orders', 'content', 'price', 'stock'])
    expect(market().calls.filter((call) => call.status === 429)).toEqual([])
    expect(market().listings()).toHaveLength(12)
  })
})
