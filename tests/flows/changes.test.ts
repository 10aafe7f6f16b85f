import { beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../core/connections/connections.ts'
import { mappings } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { healUnknownSkus } from '../../core/orders/lines.ts'
import { listProblems } from '../../core/problems/problems.ts'
import type { MarketplaceSandbox } from '../../core/sdk/sandbox.ts'
import { setAllocation, setBundle } from '../../core/stock/allocation.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations, type Side } from '../support/oracle.ts'
import { openProblems, statusOf, stockOf } from '../support/orders.ts'
import { connectFast, passTime, platforms } from '../support/platforms.ts'

describe('one stock on two marketplaces', () => {
  const database = useDatabase()
  const [shop, market] = platforms.map(({ create }) => useSandbox(() => create())) as [
    ReturnType<typeof useSandbox>,
    ReturnType<typeof useSandbox>,
  ]
  let hub: Hub
  let connections: Connection[] = []
  let ids = new Map<string, string>()
  beforeAll(async () => {
    hub = createTestHub(
      database(),
      platforms.map(({ connector }) => connector),
    )
    connections = [
      await connectFast(hub, platforms[0]!.connector, shop()),
      await connectFast(hub, platforms[1]!.connector, market()),
    ]
    ids = await seed(hub, [
      { sku: 'POT', stock: 20 },
      { sku: 'LID', stock: 20 },
      { sku: 'SET', stock: 0 },
      { sku: 'ONE', stock: 1 },
      ...Array.from({ length: 8 }, (_, n) => ({ sku: `ROW-${n}`, stock: 10 })),
    ])
    await transact(hub.db, (tx) =>
      setBundle(
        tx,
        ids.get('SET')!,
        [
          { variantId: ids.get('POT')!, quantity: 1 },
          { variantId: ids.get('LID')!, quantity: 2 },
        ],
        testAct(),
      ),
    )
    for (const { id } of connections) await publishProducts(hub.db, id, 'all', testAct())
    await settle(hub, connections)
  })
  const sides = (): Side[] =>
    [shop(), market()].map((sandbox, n) => ({ connectionId: connections[n]!.id, sandbox }))
  const expectAllRight = async () => expect(await findViolations(hub.db, sides())).toEqual([])
  const setStock = (sku: string, onHand: number) =>
    transact(hub.db, async (tx) =>
      changeStock(
        tx,
        [{ variantId: ids.get(sku)!, warehouseId: await defaultWarehouse(tx), onHand, reason: 'count' }],
        'count',
        testAct(),
      ),
    )
  const shownOn = (sandbox: Pick<MarketplaceSandbox, 'listings'>, sku: string) =>
    sandbox.listings().find((listing) => listing.sku === sku)?.quantity

  test('a bundle sold on one lowers its components and itself on both', async () => {
    shop().placeOrder({ lines: [{ sku: 'SET', quantity: 3 }] })
    market().placeOrder({ lines: [{ sku: 'LID', quantity: 3 }] })
    await settle(hub, connections)
    await expectAllRight()
    for (const sandbox of [shop(), market()]) {
      expect([shownOn(sandbox, 'POT'), shownOn(sandbox, 'LID'), shownOn(sandbox, 'SET')]).toEqual([17, 11, 5])
    }
  })

  test('an allocation shows on its marketplace only, and a single unit is still offered', async () => {
    const limit = (shareBasisPoints: number | null, buffer: number) =>
      transact(hub.db, (tx) =>
        setAllocation(
          tx,
          { connectionId: connections[1]!.id, variantId: null, shareBasisPoints, cap: null, buffer },
          testAct(),
        ),
      )
    await limit(3000, 0)
    await settle(hub, connections)
    await expectAllRight()
    expect([shownOn(shop(), 'ONE'), shownOn(market(), 'ONE')]).toEqual([1, 1])
    expect([shownOn(shop(), 'POT'), shownOn(market(), 'POT')]).toEqual([17, 5])
    await limit(null, 0)
    await settle(hub, connections)
    await expectAllRight()
  })

  test('the last unit sold on both at once is held once, and the other order is told of', async () => {
    const orders = [shop(), market()].map((sandbox) =>
      sandbox.placeOrder({ lines: [{ sku: 'ONE', quantity: 1 }] }),
    )
    await settle(hub, connections)
    await expectAllRight()
    expect(await stockOf(hub.db, 'ONE')).toMatchObject({ reserved: 1, short: 1 })
    expect(await openProblems(hub.db, 'oversold')).toHaveLength(1)
    const statuses = await Promise.all(orders.map((order) => statusOf(hub.db, order.externalId)))
    expect(statuses.sort()).toEqual(['allocated', 'paid'])
    await setStock('ONE', 2)
    expect(await openProblems(hub.db, 'oversold')).toEqual([])
    await settle(hub, connections)
    await expectAllRight()
  })

  test.each([0, 1])('a change while a slow push is under way is pushed after it (platform %s)', async (n) => {
    const sandbox = [shop(), market()][n]!
    const connection = connections[n]!
    await setStock('ROW-0', 9)
    sandbox.faults.add({ kind: 'slow', delayMs: 200, when: ({ method }) => method !== 'GET' })
    const before = sandbox.calls.length
    const pushing = runTask(hub, 'stock', connection.id)
    while (!sandbox.calls.slice(before).some((call) => call.isWrite)) await systemClock.sleep(5)
    await setStock('ROW-0', 4)
    await pushing
    await settle(hub, connections)
    expect(shownOn(sandbox, 'ROW-0')).toBe(4)
    await expectAllRight()
  })

  test.each([0, 1])(
    'a refused value takes no other with it and is told in the words of the platform (%s)',
    async (n) => {
      const sandbox = [shop(), market()][n]!
      for (let row = 0; row < 8; row += 1) await setStock(`ROW-${row}`, 30 + n + row)
      const words = 'This listing is locked by the platform.'
      const externalId = sandbox.listings().find((listing) => listing.sku === 'ROW-5')!.externalId
      const errors = [{ code: 'Locked', message: words, details: '' }]
      const isSingle = n === 1
      sandbox.faults.add({
        kind: 'status',
        status: isSingle ? 400 : 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(isSingle ? { errors } : await batchAnswer(externalId, words)),
        when: ({ method, path }) =>
          (isSingle ? path.endsWith('/ROW-5') : path.endsWith('/products/batch')) && method !== 'GET',
      })
      await runTask(hub, 'stock', connections[n]!.id)
      const [problem, ...more] = await listProblems(hub.db, {
        connectionId: connections[n]!.id,
        kind: 'push_refused',
      })
      expect(more).toEqual([])
      expect(problem?.vendorMessage).toContain(words)
      expect(problem?.message).toContain('ROW-5')
      await setStock('ROW-5', 3)
      await settle(hub, connections)
      expect(await openProblems(hub.db, 'push_refused')).toEqual([])
      await reconcileAll()
      await expectAllRight()
    },
  )
  /** A WooCommerce batch in which one row failed; the others are what the shop would have stored. */
  async function batchAnswer(refusedId: string, words: string): Promise<object> {
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((row) => {
      const listing = shop()
        .listings()
        .find((candidate) => candidate.sku === `ROW-${row}`)!
      return listing.externalId === refusedId
        ? { id: Number(refusedId), error: { code: 'locked', message: words, data: { status: 400 } } }
        : { ...storedRow(listing.externalId), stock_quantity: 30 + row }
    })
    return { update: rows }
  }
  const storedRow = (externalId: string) => ({
    id: Number(externalId),
    name: 'Row',
    type: 'simple',
    status: 'publish',
    sku: `ROW`,
    regular_price: '19.90',
    sale_price: '',
    manage_stock: true,
    stock_status: 'instock',
    parent_id: 0,
    attributes: [],
    images: [],
    meta_data: [],
  })
  const reconcileAll = async () => {
    await settle(hub, connections, ['orders', 'reconcile', 'price', 'stock'])
    await passTime(hub.db)
  }

  test.each([0, 1])(
    'an order with an unknown SKU heals once the SKU is there, and lowers every listing (%s)',
    async (n) => {
      const sandbox = [shop(), market()][n]!
      const other = [market(), shop()][n]!
      const theirs = `THEIRS-${n}`
      if ('addProduct' in sandbox)
        (sandbox.addProduct as (product: object) => void)({
          sku: theirs,
          name: 'Theirs',
          price: '9.00',
          quantity: 9,
        })
      else
        (sandbox as unknown as { addListing(listing: object): void }).addListing({
          sku: theirs,
          title: 'Theirs',
          price: { minor: 900, currency: 'EUR' },
          quantity: 9,
        })
      const order = sandbox.placeOrder({ lines: [{ sku: theirs, quantity: 2 }] })
      await settle(hub, connections, ['orders', 'stock'])
      expect(await openProblems(hub.db, 'unknown_sku')).toEqual([
        `unknown_sku:${connections[n]!.id}:${theirs}`,
      ])
      expect(await statusOf(hub.db, order.externalId)).toBe('paid')
      await hub.db
        .insert(mappings)
        .values({ connectionId: connections[n]!.id, kind: 'sku', ours: 'ROW-7', theirs })
      const before = await stockOf(hub.db, 'ROW-7')
      expect(await healUnknownSkus(hub.db, testAct())).toBe(1)
      await settle(hub, connections, ['orders', 'stock'])
      expect(await openProblems(hub.db, 'unknown_sku')).toEqual([])
      expect(await statusOf(hub.db, order.externalId)).toBe('allocated')
      expect(shownOn(other, 'ROW-7')).toBe(before.onHand - before.reserved - 2)
    },
  )
})
