import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { setBasePrices } from '../../core/catalog/prices.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { listProblems } from '../../core/problems/problems.ts'
import type { ItemResult, MarketplaceOperations } from '../../core/sdk/connector.ts'
import { ConnectorError } from '../../core/sdk/errors.ts'
import type { StockChange } from '../../core/sdk/model/listing.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop, listAll } from '../support/fake-shop.ts'
import { createTestHub, seed } from '../support/hub.ts'
import { openProblems } from '../support/orders.ts'
import { passTime } from '../support/platforms.ts'

const ok: ItemResult = { ok: true }
const dayMs = 86_400_000

describe('the push of stock', () => {
  const database = useDatabase()
  let made = 0
  /** A hub with a fake shop and these many listed SKUs, `prefix`-0 and on. */
  const begin = async (
    count: number,
    run: (items: readonly StockChange[]) => ItemResult[] | Promise<ItemResult[]>,
    options: {
      maxBatch?: number
      plugins?: PluginDefinition[]
      groupBy?: (item: StockChange) => string
    } = {},
  ) => {
    const clock = manualClock('2026-03-01T12:00:00Z')
    const arrived: { sku: string; quantity: number }[] = []
    const pushStock = {
      maxBatch: options.maxBatch ?? 100,
      ...(options.groupBy ? { groupBy: options.groupBy } : {}),
      run: async (_client: unknown, items: readonly StockChange[]) => {
        arrived.push(...items.map(({ ref, quantity }) => ({ sku: ref.sku, quantity })))
        return run(items)
      },
    }
    const operations: MarketplaceOperations<unknown> = { pushStock }
    const plugins = options.plugins ?? []
    const hub = createTestHub(database(), [fakeShop(operations)], { clock, plugins })
    made += 1
    const prefix = `P${made}`
    const connection = await connectFake(hub, prefix)
    const skus = Array.from({ length: count }, (_, n) => `${prefix}-${n}`)
    const ids = await seed(
      hub,
      skus.map((sku) => ({ sku, stock: 10 })),
    )
    await listAll(hub, connection.id, ids)
    const push = () => runTask(hub, 'stock', connection.id)
    const set = (sku: string, onHand: number) => setStock(hub, ids.get(sku)!, onHand)
    return { hub, connection, skus, ids, push, set, arrived, clock }
  }
  const setStock = (hub: Hub, variantId: string, onHand: number) =>
    transact(hub.db, async (tx) =>
      changeStock(
        tx,
        [{ variantId, warehouseId: await defaultWarehouse(tx), onHand, reason: 'count' }],
        'count',
        { actor: 'test', now: hub.clock.now() },
      ),
    )
  const dirty = async (hub: Hub, connectionId: string): Promise<number> => {
    const [row] = await query<{ dirty: number }>(
      hub.db,
      sql`
      select count(*)::int as dirty from listing_aspects where connection_id = ${connectionId} and aspect = 'stock' and revision > acknowledged_revision`,
    )
    return row!.dirty
  }
  const rejected = (issue = 'No more than 999.') =>
    new ConnectorError('rejected', 'It was refused.', {
      vendorMessage: issue,
      issues: [{ field: 'stock_quantity', code: 'E1', message: issue, severity: 'error' }],
    })

  test('sends a stock that falls before those that rise', async () => {
    const { skus, push, set, arrived, connection, hub } = await begin(40, (items) => items.map(() => ok), {
      maxBatch: 1,
    })
    await push()
    arrived.length = 0
    for (const sku of skus.slice(1)) await set(sku, 12)
    await set(skus[0]!, 3)
    await push()
    expect(arrived.slice(0, 4).map((item) => item.sku)).toContain(skus[0])
    expect(arrived).toHaveLength(40)
    expect(await dirty(hub, connection.id)).toBe(0)
  })

  test('starts with a small claim and makes no call more for it, however groups are mixed', async () => {
    const sizes: number[] = []
    const { skus, ids, hub, push, arrived } = await begin(
      200,
      (items) => {
        sizes.push(items.length)
        return items.map(() => ok)
      },
      { groupBy: ({ ref }) => (Number(ref.sku.split('-')[1]) % 2 === 0 ? 'products' : 'variations') },
    )
    await transact(hub.db, async (tx) => {
      const warehouseId = await defaultWarehouse(tx)
      const edits = skus.map((sku) => ({
        variantId: ids.get(sku)!,
        warehouseId,
        onHand: 9,
        reason: 'counted',
      }))
      await changeStock(tx, edits, 'count', { actor: 'test', now: hub.clock.now() })
    })
    await push()
    expect(sizes).toEqual([100, 100])
    expect(new Set(arrived.map(({ sku }) => sku)).size).toBe(200)
  })

  test('loses nobody when one row of a hundred is refused by itself', async () => {
    const { push, hub, connection, skus } = await begin(100, (items) =>
      items.map(({ ref }) => (ref.sku.endsWith('-41') ? { ok: false, error: rejected() } : ok)),
    )
    expect(await push()).toMatchObject({ state: 'done', counts: { pushed: 99, refused: 1 } })
    expect(await dirty(hub, connection.id)).toBe(1)
    const [problem] = await listProblems(hub.db, { connectionId: connection.id })
    expect(problem).toMatchObject({
      kind: 'push_refused',
      vendorMessage: 'No more than 999.',
      field: 'stock_quantity',
    })
    expect(problem?.message).toContain(skus[41])
    expect(problem?.message).toContain('quantity 10')
  })

  test('halves a batch that is refused whole until the row at fault stands alone', async () => {
    let calls = 0
    const { push, hub, connection } = await begin(100, (items) => {
      calls += 1
      if (items.some(({ ref }) => ref.sku.endsWith('-41'))) throw rejected()
      return items.map(() => ok)
    })
    expect(await push()).toMatchObject({ state: 'done', counts: { pushed: 99, refused: 1 } })
    expect(await dirty(hub, connection.id)).toBe(1)
    expect(calls).toBeLessThan(20)
  })

  test('believes no answer with fewer results than items', async () => {
    const { push, hub, connection } = await begin(4, (items) => (items.length > 1 ? [ok] : [ok]))
    await push()
    expect(await dirty(hub, connection.id)).toBe(0)
    const broken = await begin(2, () => [])
    await broken.push()
    expect(await dirty(broken.hub, broken.connection.id)).toBe(2)
    expect(await openProblems(hub.db, 'unexpected', broken.connection.id)).toHaveLength(2)
  })

  test('does not repeat a hopeless value for a day, and sends a changed one at once', async () => {
    const { push, set, skus, arrived, clock, hub, connection } = await begin(1, (items) =>
      items.map(({ quantity }) => (quantity === 10 ? { ok: false, error: rejected() } : ok)),
    )
    for (let hour = 0; hour < 23; hour += 1) {
      await push()
      clock.advance(3_600_000)
    }
    expect(arrived).toHaveLength(1)
    clock.advance(2 * 3_600_000)
    await push()
    expect(arrived).toHaveLength(2)
    await set(skus[0]!, 9)
    await push()
    expect(arrived.at(-1)).toEqual({ sku: skus[0], quantity: 9 })
    expect(await openProblems(hub.db, 'push_refused', connection.id)).toEqual([])
    expect(clock.now().getTime() - Date.parse('2026-03-01T12:00:00Z')).toBeLessThan(2 * dayMs)
  })

  test('sends a value again that changed while it was under way', async () => {
    let change = async (): Promise<void> => {}
    const { push, set, skus, arrived, hub, connection } = await begin(1, async (items) => {
      await change()
      return items.map(() => ok)
    })
    change = async () => {
      change = async () => {}
      await set(skus[0]!, 4)
    }
    await push()
    expect(arrived.map((item) => item.quantity)).toEqual([10, 4])
    expect(await dirty(hub, connection.id)).toBe(0)
  })

  test('sends a refused value again that changed while it was being refused', async () => {
    let change = async (): Promise<void> => {}
    const { push, set, skus, arrived } = await begin(1, async (items) => {
      await change()
      return items.map(({ quantity }) => (quantity === 10 ? { ok: false, error: rejected() } : ok))
    })
    change = async () => {
      change = async () => {}
      await set(skus[0]!, 4)
    }
    await push()
    expect(arrived.map((item) => item.quantity)).toEqual([10, 4])
  })

  test('sends a value again that came back to the acknowledged one after an answer was lost', async () => {
    const shown = new Map<string, number>()
    let isLost = false
    const { push, set, skus, hub } = await begin(1, (items) => {
      for (const { ref, quantity } of items) shown.set(ref.sku, quantity)
      if (isLost) throw new ConnectorError('unavailable', 'The answer was lost.')
      return items.map(() => ok)
    })
    await push()
    isLost = true
    await set(skus[0]!, 4)
    expect(await push()).toMatchObject({ state: 'failed' })
    isLost = false
    await set(skus[0]!, 10)
    await passTime(hub.db)
    await push()
    expect(shown.get(skus[0]!)).toBe(10)
  })

  test('sends nothing for a value that is acknowledged already', async () => {
    const { push, set, skus, arrived } = await begin(1, (items) => items.map(() => ok))
    await push()
    await set(skus[0]!, 4)
    await set(skus[0]!, 10)
    expect(await push()).toMatchObject({ counts: { unchanged: 1 } })
    expect(arrived).toHaveLength(1)
  })

  test('stops only the item whose plugin throws, and names the plugin', async () => {
    const plugin: PluginDefinition = {
      id: 'picky',
      name: 'Picky',
      filter: {
        'stock.push': (quantity, { sku }) => {
          if (sku.endsWith('-1')) throw new Error('I do not like it')
          return sku.endsWith('-2') ? -5 : quantity - 1
        },
      },
    }
    const { push, hub, connection, arrived, skus } = await begin(3, (items) => items.map(() => ok), {
      plugins: [plugin],
    })
    await push()
    expect(arrived).toEqual([{ sku: skus[0], quantity: 9 }])
    const problems = await listProblems(hub.db, { connectionId: connection.id })
    expect(problems.map((problem) => problem.kind)).toEqual(['filter_failed', 'filter_failed'])
    expect(problems.map((problem) => problem.message).join()).toContain(
      'Plugin picky stopped it: I do not like it',
    )
  })

  test('carries what was acknowledged, for platforms that compare before they set', async () => {
    const seen: (number | null)[] = []
    const { push, set, skus } = await begin(1, (items) => {
      seen.push(...items.map((item) => item.acknowledgedQuantity))
      return items.map(() => ok)
    })
    await push()
    await set(skus[0]!, 7)
    await push()
    await set(skus[0]!, 5)
    await push()
    expect(seen).toEqual([null, 10, 7])
  })

  test('leaves a price below the floor or of nothing at home', async () => {
    const prices: number[] = []
    const hub = createTestHub(database(), [
      fakeShop({
        pushPrices: {
          maxBatch: 10,
          run: async (_client, items) => {
            prices.push(...items.map((item) => item.price.minor))
            return items.map(() => ok)
          },
        },
      }),
    ])
    const connection = await connectFake(hub, 'priced')
    const ids = await seed(hub, [
      { sku: 'CHEAP', priceMinor: 400 },
      { sku: 'DEAR', priceMinor: 900 },
    ])
    await hub.db.execute(
      sql`update variants set cost_minor = 500, cost_currency = 'EUR' where sku in ('CHEAP', 'DEAR')`,
    )
    await listAll(hub, connection.id, ids)
    await runTask(hub, 'price', connection.id)
    expect(prices).toEqual([900])
    expect(await openProblems(hub.db, 'price_below_floor', connection.id)).toHaveLength(1)
    const nothing = transact(hub.db, (tx) =>
      setBasePrices(
        tx,
        [{ variantId: ids.get('DEAR')!, price: { minor: 0, currency: 'EUR' }, source: 'test' }],
        { actor: 'test', now: new Date() },
      ),
    )
    await expect(nothing).rejects.toThrow(/more than zero/)
  })
})
