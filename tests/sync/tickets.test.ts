import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { addPromotions } from '../../core/catalog/promotions.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { listProblems } from '../../core/problems/problems.ts'
import type { ItemResult } from '../../core/sdk/connector.ts'
import { ConnectorError } from '../../core/sdk/errors.ts'
import type { PriceChange, StockChange } from '../../core/sdk/model/listing.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop, listAll } from '../support/fake-shop.ts'
import { createTestHub, seed } from '../support/hub.ts'
import { openProblems } from '../support/orders.ts'

const ok: ItemResult = { ok: true }
const refused: ItemResult = {
  ok: false,
  error: new ConnectorError('rejected', 'Too many.', { vendorMessage: 'Quantity above the limit.' }),
}

describe('a push that is answered with a ticket', () => {
  const database = useDatabase()
  let made = 0
  /** A shop that takes 5 and more by feed, which it works off when the test says so, and fewer at once. */
  const begin = async () => {
    const clock = manualClock('2026-03-01T12:00:00Z')
    const shown = new Map<string, number>()
    const feeds: StockChange[][] = []
    const state = {
      isDone: false,
      verdict: (_item: StockChange): ItemResult => ok,
      settleError: null as Error | null,
    }
    const show = (items: readonly StockChange[]): ItemResult[] =>
      items.map((item) => {
        const verdict = state.verdict(item)
        if (verdict.ok) shown.set(item.ref.sku, item.quantity)
        return verdict
      })
    const hub = createTestHub(
      database(),
      [
        fakeShop({
          pushStock: {
            maxBatch: 1,
            run: async (_client, items) => show(items),
            bulk: {
              fromItems: 5,
              maxBatch: 1000,
              run: async (_client, items) => ({ ticket: String(feeds.push([...items])) }),
              settle: async (_client, ticket) => {
                if (state.settleError) throw state.settleError
                return state.isDone ? show(feeds[Number(ticket) - 1]!) : 'pending'
              },
            },
          },
        }),
      ],
      { clock },
    )
    made += 1
    const connection = await connectFake(hub, `ticketed ${made}`)
    const skus = Array.from({ length: 8 }, (_, n) => `T${made}-${n}`)
    const ids = await seed(
      hub,
      skus.map((sku) => ({ sku, stock: 10 })),
    )
    await listAll(hub, connection.id, ids)
    const push = () => runTask(hub, 'stock', connection.id)
    const set = (sku: string, onHand: number) =>
      transact(hub.db, async (tx) =>
        changeStock(
          tx,
          [{ variantId: ids.get(sku)!, warehouseId: await defaultWarehouse(tx), onHand, reason: 'count' }],
          'count',
          { actor: 'test', now: clock.now() },
        ),
      )
    const dirty = async () =>
      (
        await query<{ sku: string }>(
          hub.db,
          sql`
          select listing.external_id as sku from listing_aspects state join listings listing on listing.id = state.listing_id
          where state.connection_id = ${connection.id} and aspect = 'stock' and revision > acknowledged_revision order by 1`,
        )
      ).map((row) => row.sku)
    return { hub, connection, clock, skus, push, set, shown, feeds, state, dirty }
  }

  test('counts as acknowledged only when the platform says so', async () => {
    const { push, feeds, state, dirty, shown } = await begin()
    await push()
    await push()
    expect(feeds).toHaveLength(1)
    expect(await dirty()).toHaveLength(8)
    state.isDone = true
    await push()
    expect(await dirty()).toEqual([])
    expect(shown.size).toBe(8)
    expect(feeds).toHaveLength(1)
  })

  test('is believed item by item: the refused ones become problems, the others are done', async () => {
    const { push, state, dirty, skus, hub, connection } = await begin()
    state.verdict = ({ ref }) => (ref.sku === skus[3] ? refused : ok)
    await push()
    state.isDone = true
    await push()
    expect(await dirty()).toEqual([skus[3]])
    const [problem] = await listProblems(hub.db, { connectionId: connection.id })
    expect(problem).toMatchObject({ kind: 'push_refused', vendorMessage: 'Quantity above the limit.' })
    state.verdict = () => ok
    await push()
    expect(await dirty()).toEqual([skus[3]])
  })

  test('is never overtaken: a change meanwhile is sent after it is settled', async () => {
    const { push, set, state, skus, shown, dirty } = await begin()
    await push()
    await set(skus[0]!, 3)
    await push()
    expect(shown.size).toBe(0)
    state.isDone = true
    await push()
    await push()
    expect(shown.get(skus[0]!)).toBe(3)
    expect(await dirty()).toEqual([])
  })

  test('is not overtaken either by an item that had been refused before', async () => {
    const { push, set, state, skus, shown, dirty } = await begin()
    state.verdict = () => refused
    state.isDone = true
    await push()
    await push()
    state.verdict = () => ok
    state.isDone = false
    for (const sku of skus) await set(sku, 7)
    await push()
    await set(skus[0]!, 3)
    await push()
    expect(shown.size).toBe(0)
    state.isDone = true
    await push()
    await push()
    expect(shown.get(skus[0]!)).toBe(3)
    expect(await dirty()).toEqual([])
  })

  test('that the platform no longer knows is sent again, and holds up no other', async () => {
    const { push, state, skus, shown, dirty, set, hub, connection } = await begin()
    await push()
    state.settleError = new ConnectorError('not_found', 'There is no such feed.')
    expect(await push()).toMatchObject({ state: 'done' })
    state.settleError = null
    state.isDone = true
    await push()
    await push()
    expect(await dirty()).toEqual([])
    expect(shown.size).toBe(8)
    await set(skus[0]!, 2)
    await push()
    expect(shown.get(skus[0]!)).toBe(2)
    expect(await openProblems(hub.db, 'unexpected', connection.id)).toHaveLength(1)
  })

  test('whose answer nobody can read holds up no other item', async () => {
    const { push, state, hub, connection } = await begin()
    await push()
    state.settleError = new ConnectorError('unexpected', 'The report cannot be read.')
    const ids = await seed(hub, [{ sku: `EXTRA${made}`, stock: 4 }])
    await listAll(hub, connection.id, ids)
    expect(await push()).toMatchObject({ state: 'done', counts: { pushed: 1 } })
  })

  test('that is not settled within a day is told of and sent again', async () => {
    const { push, clock, feeds, hub, connection, state, dirty } = await begin()
    await push()
    clock.advance(25 * 3_600_000)
    await push()
    expect(feeds).toHaveLength(2)
    expect(await openProblems(hub.db, 'unexpected', connection.id)).toHaveLength(1)
    state.isDone = true
    await push()
    expect(await dirty()).toEqual([])
  })
})

describe('reduced prices that are answered with a ticket', () => {
  const database = useDatabase()

  test('are asked about with instants, as they were sent: no text takes their place on the way through the database', async () => {
    const clock = manualClock('2026-03-01T12:00:00Z')
    const sent: PriceChange[][] = []
    const settled: PriceChange[][] = []
    const hub = createTestHub(
      database(),
      [
        fakeShop({
          pushPrices: {
            maxBatch: 1000,
            run: async (_client, items) => ({ ticket: String(sent.push([...items])) }),
            settle: async (_client, _ticket, items) => {
              settled.push([...items])
              return items.map(() => ok)
            },
          },
        }),
      ],
      { clock },
    )
    const connection = await connectFake(hub, 'reduced')
    const ids = await seed(hub, [{ sku: 'CUP', priceMinor: 2000, stock: 1 }])
    await listAll(hub, connection.id, ids)
    const hour = (count: number) => new Date(clock.now().getTime() + count * 3_600_000)
    const sale = { price: { minor: 1500, currency: 'EUR' }, startsAt: hour(-1), endsAt: hour(1) }
    const promotion = {
      ...sale,
      variantId: ids.get('CUP')!,
      connectionId: null,
      source: 'test',
      approvedBy: 'boss',
    }
    await transact(hub.db, (tx) => addPromotions(tx, [promotion], { actor: 'test', now: clock.now() }))
    for (let round = 0; round < 2; round += 1) await runTask(hub, 'price', connection.id)
    expect(sent[0]).toMatchObject([{ sale }])
    expect(settled).toEqual(sent)
    expect(await listProblems(hub.db, { connectionId: connection.id })).toEqual([])
  })
})
