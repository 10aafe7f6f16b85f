import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../core/db/client.ts'
import { listings } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { newId } from '../../core/lib/id.ts'
import { desiredQuantities } from '../../core/listings/desired.ts'
import { computeQuantity } from '../../core/listings/quantity.ts'
import { type Allocation, setAllocation } from '../../core/stock/allocation.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { addSource, importNow, remoteOrder } from '../support/orders.ts'

const whole = { shareBasisPoints: null, cap: null, buffer: 0 }

describe('how much of the stock a connection may show', () => {
  const database = useDatabase()
  let db: Db
  let shops: string[] = []
  let ids: Map<string, string>
  beforeAll(async () => {
    db = database().db
    ids = await seed(createTestHub(database(), []), [
      { sku: 'A', stock: 10 },
      { sku: 'ONE', stock: 1 },
      { sku: 'NONE', stock: 0 },
    ])
    shops = [(await addSource(db, 'first')).id, (await addSource(db, 'second')).id]
    for (const connectionId of shops) {
      for (const [sku, variantId] of ids)
        await db
          .insert(listings)
          .values({ id: newId('lst'), connectionId, variantId, externalId: sku, status: 'live' })
    }
  })
  const allow = (allocation: Partial<Allocation> & { connectionId: string }) =>
    transact(db, (tx) => setAllocation(tx, { variantId: null, ...whole, ...allocation }, testAct()))
  const shown = async (connectionId: string): Promise<Record<string, number>> => {
    const all = await db.select().from(listings)
    const own = all.filter((listing) => listing.connectionId === connectionId)
    const quantities = await desiredQuantities(
      db,
      own.map((listing) => listing.id),
    )
    return Object.fromEntries(
      own.map((listing) => [listing.externalId, quantities.get(listing.id)!.quantity]),
    )
  }

  test('share, buffer and cap apply in this order, and a single unit is not rounded away by a share', async () => {
    await allow({ connectionId: shops[0]!, shareBasisPoints: 5000, cap: 3, buffer: 1 })
    expect(await shown(shops[0]!)).toEqual({ A: 3, ONE: 0, NONE: 0 })
    await allow({ connectionId: shops[0]!, shareBasisPoints: 100 })
    expect(await shown(shops[0]!)).toEqual({ A: 1, ONE: 1, NONE: 0 })
    await allow({ connectionId: shops[0]! })
  })

  test("a SKU's own rule takes the place of the connection's", async () => {
    await allow({ connectionId: shops[0]!, cap: 2 })
    await allow({ connectionId: shops[0]!, variantId: ids.get('A')!, cap: 5 })
    expect(await shown(shops[0]!)).toEqual({ A: 5, ONE: 1, NONE: 0 })
    await allow({ connectionId: shops[0]! })
    await allow({ connectionId: shops[0]!, variantId: ids.get('A')! })
  })

  test('reserved units are shown nowhere', async () => {
    const source = await addSource(db, 'third')
    await importNow(db, source, [remoteOrder('o1', [{ sku: 'A', quantity: 4 }])])
    expect(await shown(shops[0]!)).toMatchObject({ A: 6 })
    expect(await shown(shops[1]!)).toMatchObject({ A: 6 })
  })

  test('shares beyond 100 % are refused and change nothing', async () => {
    await allow({ connectionId: shops[0]!, shareBasisPoints: 6000 })
    const second = allow({ connectionId: shops[1]!, shareBasisPoints: 4001 })
    await expect(second).rejects.toThrow(/100.01 %: first 60 %/)
    expect(await shown(shops[1]!)).toMatchObject({ A: 6 })
    await allow({ connectionId: shops[1]!, shareBasisPoints: 4000 })
    expect(await shown(shops[1]!)).toMatchObject({ A: 2 })
  })

  test("a SKU's own share counts against the general shares of the others", async () => {
    await allow({ connectionId: shops[0]!, shareBasisPoints: 6000 })
    await allow({ connectionId: shops[1]!, shareBasisPoints: 4000 })
    const tooMuch = allow({ connectionId: shops[1]!, variantId: ids.get('ONE')!, shareBasisPoints: 5000 })
    await expect(tooMuch).rejects.toThrow(/110 %/)
    await allow({ connectionId: shops[1]!, shareBasisPoints: null })
    await allow({ connectionId: shops[1]!, variantId: ids.get('ONE')!, shareBasisPoints: 4000 })
    await expect(allow({ connectionId: shops[0]!, shareBasisPoints: 7000 })).rejects.toThrow(/110 %/)
  })

  test.each([
    [{ shareBasisPoints: 0 }, 'share'],
    [{ shareBasisPoints: 10_001 }, 'share'],
    [{ cap: -1 }, 'cap'],
    [{ buffer: 0.5 }, 'buffer'],
  ])('an impossible rule is refused: %o', async (rule, word) => {
    await expect(allow({ connectionId: shops[0]!, ...rule })).rejects.toThrow(word)
  })

  test('a quantity is never negative, never above the pool or the cap, and never nothing by a share alone', () => {
    const input = fc.record({
      pools: fc.array(
        fc.record({
          label: fc.constant('w'),
          onHand: fc.nat(1000),
          reserved: fc.nat(1000),
          unitsPer: fc.integer({ min: 1, max: 5 }),
        }),
        { maxLength: 4 },
      ),
      isBundle: fc.boolean(),
      shareBasisPoints: fc.option(fc.integer({ min: 1, max: 10_000 })),
      cap: fc.option(fc.nat(50)),
      buffer: fc.nat(20),
    })
    fc.assert(
      fc.property(input, (given) => {
        const { quantity } = computeQuantity(given)
        const free = given.pools.map((pool) =>
          Math.floor(Math.max(0, pool.onHand - pool.reserved) / pool.unitsPer),
        )
        const pool = given.isBundle ? Math.min(...free) : free.reduce((sum, units) => sum + units, 0)
        const most = free.length === 0 ? 0 : pool
        expect(quantity).toBeGreaterThanOrEqual(0)
        expect(quantity).toBeLessThanOrEqual(Math.min(most, given.cap ?? Number.POSITIVE_INFINITY))
        if (most > 0 && given.buffer === 0 && given.cap !== 0) expect(quantity).toBeGreaterThan(0)
      }),
    )
  })
})
