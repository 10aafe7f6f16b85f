import { describe, expect, test } from 'vitest'
import { setBasePrices } from '../../core/catalog/prices.ts'
import { addPromotions } from '../../core/catalog/promotions.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { approveProposal, listProposals, rejectProposal } from '../../core/proposals/proposals.ts'
import { ConflictError } from '../../core/sdk/errors.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { appliers } from '../../core/sync/appliers.ts'
import { tickPromotions } from '../../core/sync/schedule.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop, listAll } from '../support/fake-shop.ts'
import { createTestHub, seed } from '../support/hub.ts'

describe('guard rails', () => {
  const database = useDatabase()
  let made = 0
  /** A hub whose fake shop shows what it was last told of each SKU. All is in step at the start. */
  const begin = async (count: number) => {
    const clock = manualClock('2026-03-01T12:00:00Z')
    const quantities = new Map<string, number>()
    const prices = new Map<string, number>()
    const hub = createTestHub(
      database(),
      [
        fakeShop({
          pushStock: {
            maxBatch: 100,
            run: async (_client, items) =>
              items.map(({ ref, quantity }) => {
                quantities.set(ref.sku, quantity)
                return { ok: true as const }
              }),
          },
          pushPrices: {
            maxBatch: 100,
            run: async (_client, items) =>
              items.map(({ ref, price, sale }) => {
                prices.set(ref.sku, sale?.price.minor ?? price.minor)
                return { ok: true as const }
              }),
          },
        }),
      ],
      { clock },
    )
    made += 1
    const connection = await connectFake(hub, `guarded ${made}`)
    const skus = Array.from({ length: count }, (_, n) => `G${made}-${n}`)
    const ids = await seed(
      hub,
      skus.map((sku) => ({ sku, stock: 10, priceMinor: 1000 })),
    )
    await listAll(hub, connection.id, ids)
    const act = (actor = 'test') => ({ actor, now: clock.now() })
    const push = async () => {
      await runTask(hub, 'stock', connection.id)
      await runTask(hub, 'price', connection.id)
    }
    const stock = (some: readonly string[], onHand: number) =>
      transact(hub.db, async (tx) => {
        const warehouseId = await defaultWarehouse(tx)
        const edits = some.map((sku) => ({ variantId: ids.get(sku)!, warehouseId, onHand, reason: 'count' }))
        await changeStock(tx, edits, 'count', act())
      })
    const reprice = (some: readonly string[], minor: number) =>
      transact(hub.db, (tx) =>
        setBasePrices(
          tx,
          some.map((sku) => ({
            variantId: ids.get(sku)!,
            price: { minor, currency: 'EUR' },
            source: 'test',
          })),
          act(),
        ),
      )
    const open = async () => (await listProposals(hub.db)).filter((row) => row.connectionId === connection.id)
    const approve = (id: string) => approveProposal(hub.db, appliers, id, act('boss'))
    const reject = (id: string) => transact(hub.db, (tx) => rejectProposal(tx, id, act('boss')))
    await push()
    return { hub, clock, skus, ids, quantities, prices, push, stock, reprice, open, approve, reject, act }
  }

  test('selling out more than the cap sends nothing and asks first, with the diff; approved, it goes out', async () => {
    const { skus, quantities, push, stock, open, approve } = await begin(100)
    await stock(skus.slice(0, 40), 0)
    await push()
    expect([...quantities.values()]).not.toContain(0)
    const [proposal, ...more] = await open()
    expect(more).toEqual([])
    expect(proposal).toMatchObject({ kind: 'caps_exceeded', costCalls: 1 })
    expect(proposal?.diff).toHaveLength(40)
    expect(proposal?.diff[0]).toMatchObject({ field: 'quantity', from: '10', to: '0' })
    await approve(proposal!.id)
    await push()
    expect([...quantities.values()].filter((quantity) => quantity === 0)).toHaveLength(40)
    expect(await open()).toEqual([])
  })

  test('selling out within the cap, or a few in any case, asks nobody', async () => {
    const { skus, quantities, push, stock, open } = await begin(60)
    await stock(skus.slice(0, 20), 0)
    await push()
    expect([...quantities.values()].filter((quantity) => quantity === 0)).toHaveLength(20)
    expect(await open()).toEqual([])
  })

  test('what was rejected is not proposed again and stays away, while other changes go out', async () => {
    const { skus, quantities, push, stock, open, reject } = await begin(100)
    await stock(skus.slice(0, 40), 0)
    await push()
    await reject((await open())[0]!.id)
    await push()
    await push()
    expect(await open()).toEqual([])
    await stock(skus.slice(50, 55), 3)
    await push()
    expect(quantities.get(skus[50]!)).toBe(3)
    expect([...quantities.values()]).not.toContain(0)
    await stock(skus.slice(40, 41), 0)
    await push()
    expect(quantities.get(skus[40]!)).toBe(0)
  })

  test('a rejected set is proposed anew when it changes', async () => {
    const { skus, push, stock, open, reject } = await begin(100)
    await stock(skus.slice(0, 40), 0)
    await push()
    await reject((await open())[0]!.id)
    await push()
    await stock(skus.slice(0, 40), 5)
    await stock(skus.slice(0, 41), 0)
    await push()
    expect((await open())[0]?.diff).toHaveLength(41)
  })

  test('repricing more than the cap waits for approval', async () => {
    const { skus, prices, push, reprice, open, approve } = await begin(60)
    await reprice(skus.slice(0, 40), 1100)
    await push()
    expect([...prices.values()]).not.toContain(1100)
    await approve((await open())[0]!.id)
    await push()
    expect([...prices.values()].filter((minor) => minor === 1100)).toHaveLength(40)
  })

  test('a price that moves too far waits for approval, and the others of its run do not', async () => {
    const { skus, prices, push, reprice, open, approve, clock } = await begin(3)
    await reprice([skus[0]!], 1600)
    await reprice([skus[1]!], 1200)
    await push()
    expect([prices.get(skus[0]!), prices.get(skus[1]!)]).toEqual([1000, 1200])
    const [proposal] = await open()
    expect(proposal).toMatchObject({
      kind: 'price_step',
      diff: [{ subject: skus[0], field: 'price', from: '10.00 EUR', to: '16.00 EUR' }],
    })
    await approve(proposal!.id)
    await expect(approve(proposal!.id)).rejects.toThrow(ConflictError)
    await push()
    expect(prices.get(skus[0]!)).toBe(1600)
    clock.advance(1000)
    expect(await open()).toEqual([])
  })

  test('an approval holds for its amount, once', async () => {
    const { skus, prices, push, reprice, open, approve } = await begin(1)
    await reprice([skus[0]!], 1600)
    await push()
    await approve((await open())[0]!.id)
    await reprice([skus[0]!], 1700)
    await push()
    expect(prices.get(skus[0]!)).toBe(1000)
    await reprice([skus[0]!], 1600)
    await push()
    expect(prices.get(skus[0]!)).toBe(1600)
    await reprice([skus[0]!], 1000)
    await push()
    await reprice([skus[0]!], 1600)
    await push()
    await reprice([skus[0]!], 1000)
    await push()
    expect(prices.get(skus[0]!)).toBe(1000)
    await reprice([skus[0]!], 1600)
    await push()
    expect(prices.get(skus[0]!)).toBe(1000)
  })

  test('a promotion that went out without approval is taken back without approval', async () => {
    const { hub, skus, ids, prices, push, open, clock, act } = await begin(1)
    await tickPromotions(hub)
    await transact(hub.db, (tx) =>
      addPromotions(
        tx,
        [
          {
            variantId: ids.get(skus[0]!)!,
            connectionId: null,
            price: { minor: 600, currency: 'EUR' },
            startsAt: new Date('2026-03-02T00:00:00Z'),
            endsAt: new Date('2026-03-03T00:00:00Z'),
            source: 'test',
          },
        ],
        act(),
      ),
    )
    clock.advance(12 * 3_600_000)
    await tickPromotions(hub)
    await push()
    expect(prices.get(skus[0]!)).toBe(600)
    clock.advance(24 * 3_600_000)
    await tickPromotions(hub)
    await push()
    expect(prices.get(skus[0]!)).toBe(1000)
    expect(await open()).toEqual([])
  })
})
