import { eq, sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AmazonSandbox } from '../../connectors/amazon/sandbox.ts'
import { signedUrl } from '../../connectors/woocommerce/oauth.ts'
import type { WooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { listings } from '../../core/db/schema/index.ts'
import type { Connector } from '../../core/sdk/connector.ts'
import type { ListingRef, RemoteListing } from '../../core/sdk/model/listing.ts'
import type { MarketplaceSandbox } from '../../core/sdk/sandbox.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { openProblems, statusOf, stockOf } from '../support/orders.ts'
import { connectFast, platforms } from '../support/platforms.ts'

/** Puts a listing on the platform's shelf that the hub knows nothing of. */
function addByHand(market: MarketplaceSandbox, sku: string, quantity: number): void {
  const minor = { minor: 700, currency: 'EUR' }
  if ('addProduct' in market)
    (market as WooCommerceSandbox).addProduct({ sku, name: `Hand-made ${sku}`, price: '7.00', quantity })
  else (market as AmazonSandbox).addListing({ sku, title: `Hand-made ${sku}`, price: minor, quantity })
}

describe.each(platforms)('reconciling with $name', ({ connector, create }) => {
  const database = useDatabase()
  const market = useSandbox(() => create())
  let hub: Hub
  let connection: Connection
  beforeAll(async () => {
    hub = createTestHub(database(), [connector])
    connection = await connectFast(hub, connector, market())
    await seed(hub, [
      { sku: 'CUP', stock: 10 },
      { sku: 'TEE-S', key: 'TEE', options: { Size: 'S' }, stock: 5 },
      { sku: 'TEE-M', key: 'TEE', options: { Size: 'M' }, stock: 5 },
    ])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
  })
  beforeEach(() => settle(hub, [connection], ['orders', 'reconcile', 'content', 'price', 'stock']))

  const refOf = async (sku: string): Promise<ListingRef> => {
    const [row] = await hub.db
      .select()
      .from(listings)
      .where(eq(listings.externalId, idOf(sku)))
    return { externalId: row!.externalId!, externalParentId: row!.externalParentId, sku }
  }
  const idOf = (sku: string) =>
    market()
      .listings()
      .find((listing) => listing.sku === sku)!.externalId
  const shownOf = (sku: string) =>
    market()
      .listings()
      .find((listing) => listing.sku === sku)
  const clientOf = async () => hub.openClient(await current(), true)
  const current = async (): Promise<Connection> => {
    const [row] = await hub.db.query.connections.findMany()
    return row!
  }
  const repair = () => settle(hub, [connection], ['orders', 'reconcile', 'content', 'price', 'stock'])
  const writes = () => market().calls.filter((call) => call.isWrite).length
  const expectAllRight = async () =>
    expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: market() }])).toEqual([])

  test('changes nothing where nothing differs, however often', async () => {
    const before = writes()
    await repair()
    await repair()
    expect(writes()).toBe(before)
  })

  test.each(['CUP', 'TEE-M'])('takes back a stock of %s that somebody changed there', async (sku) => {
    const change = { ref: await refOf(sku), quantity: 77, acknowledgedQuantity: null }
    await connector.operations.pushStock!.run(await clientOf(), [change])
    expect(shownOf(sku)?.quantity).toBe(77)
    await repair()
    await expectAllRight()
  })

  test.each(['CUP', 'TEE-M'])('takes back a price of %s that somebody changed there', async (sku) => {
    const change = { ref: await refOf(sku), price: { minor: 1800, currency: 'EUR' }, sale: null }
    await connector.operations.pushPrices!.run(await clientOf(), [change])
    expect(shownOf(sku)?.price?.minor).toBe(1800)
    await repair()
    await expectAllRight()
  })

  test('pushes what should have been pushed although nothing marked it', async () => {
    await hub.db.execute(sql`
      update listing_aspects set acknowledged_value = '{"quantity": 1}', acknowledged_fingerprint = 'wrong' where aspect = 'stock'`)
    await hub.db.execute(sql`
      update base_prices set amount_minor = 2090 where variant_id = (select id from variants where sku = 'CUP')`)
    await repair()
    expect(shownOf('CUP')?.price?.minor).toBe(2090)
    await expectAllRight()
  })

  test('binds a listing that somebody made by hand with a SKU of ours, and sets it right', async () => {
    await seed(hub, [{ sku: 'HAND', stock: 3, priceMinor: 900 }])
    addByHand(market(), 'HAND', 99)
    await repair()
    expect(shownOf('HAND')?.quantity).toBe(3)
    await expectAllRight()
    expect(await openProblems(hub.db, 'listing_conflict')).toEqual([])
  })

  test('keeps a listing with a SKU that nobody knows for a person, until the SKU is there', async () => {
    addByHand(market(), 'STRANGER', 4)
    await repair()
    const unbound = () =>
      query<{ sku: string }>(
        hub.db,
        sql`select sku from unbound_listings where connection_id = ${connection.id}`,
      )
    expect((await unbound()).map((row) => row.sku)).toEqual(['STRANGER'])
    expect(shownOf('STRANGER')?.quantity).toBe(4)
    await seed(hub, [{ sku: 'STRANGER', stock: 6, priceMinor: 900 }])
    await repair()
    expect(await unbound()).toEqual([])
    expect(shownOf('STRANGER')?.quantity).toBe(6)
  })

  /** The same platform, whose reading shows only what `isShown` lets through. */
  const half = (isShown: (listing: RemoteListing) => boolean): Connector => ({
    ...connector,
    operations: {
      ...connector.operations,
      pullListings: {
        run: async (client, after) => {
          const page = await connector.operations.pullListings!.run(client, after)
          return { ...page, items: page.items.filter(isShown) }
        },
      },
    },
  })

  test('tells of a listing that is gone there, deletes nothing here, and stops telling when it is back', async () => {
    const blind = createTestHub(database(), [half((listing) => listing.sku !== 'CUP')])
    await runTask(blind, 'reconcile', connection.id)
    expect(await openProblems(hub.db, 'listing_missing', connection.id)).toHaveLength(1)
    await expectAllRight()
    await repair()
    expect(await openProblems(hub.db, 'listing_missing', connection.id)).toEqual([])
  })

  test('a listing that is gone there is published again when a person asks for it', async () => {
    const blind = createTestHub(database(), [half((listing) => listing.sku !== 'CUP')])
    await runTask(blind, 'reconcile', connection.id)
    await publishProducts(hub.db, connection.id, 'all', testAct())
    expect(await openProblems(hub.db, 'listing_missing', connection.id)).toEqual([])
    const [draft] = await hub.db.select().from(listings).where(eq(listings.status, 'draft'))
    expect(draft).toMatchObject({ externalId: null })
    // The shop had it all the while: it is found, and not made twice.
    await settle(hub, [connection])
    expect(
      market()
        .listings()
        .filter((listing) => listing.sku === 'CUP'),
    ).toHaveLength(1)
    await expectAllRight()
  })

  test('does not believe an empty reading', async () => {
    const before = writes()
    const blind = createTestHub(database(), [half(() => false)])
    await runTask(blind, 'reconcile', connection.id)
    await runTask(blind, 'stock', connection.id)
    expect(await openProblems(hub.db, 'listing_missing', connection.id)).toEqual([`missing:${connection.id}`])
    expect(writes()).toBe(before)
    await repair()
    expect(await openProblems(hub.db, 'listing_missing', connection.id)).toEqual([])
    await expectAllRight()
  })

  test('goes round no circle that a platform leads it in', async () => {
    const circle: Connector = {
      ...connector,
      operations: {
        ...connector.operations,
        pullListings: { run: async () => ({ items: [], next: 'x', more: true }) },
      },
    }
    const outcome = await runTask(createTestHub(database(), [circle]), 'reconcile', connection.id)
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'unexpected' } })
    await hub.db.execute(sql`update leases set not_before = null`)
  })

  test('calls a listing that it cannot read unreadable and not missing', async () => {
    const blurred: Connector = {
      ...connector,
      operations: {
        ...connector.operations,
        pullListings: {
          run: async (client, after) => {
            const page = await connector.operations.pullListings!.run(client, after)
            const [odd] = page.items.filter((listing) => listing.sku === 'CUP')
            const items = page.items.filter((listing) => listing !== odd)
            const unreadable = odd
              ? [{ externalId: odd.externalId, raw: { odd: true }, reason: 'it is odd' }]
              : []
            return { ...page, items, unreadable }
          },
        },
      },
    }
    await runTask(createTestHub(database(), [blurred]), 'reconcile', connection.id)
    expect(await openProblems(hub.db, 'listing_missing', connection.id)).toEqual([])
    expect(await openProblems(hub.db, 'unreadable', connection.id)).toHaveLength(1)
    await repair()
    expect(await openProblems(hub.db, 'unreadable', connection.id)).toEqual([])
  })

  test('finds out about an order that was cancelled without a word', async () => {
    const order = market().placeOrder({ lines: [{ sku: 'TEE-S', quantity: 2 }] })
    await repair()
    expect(await stockOf(hub.db, 'TEE-S')).toMatchObject({ reserved: 2 })
    await hub.db.execute(sql`update cursors set cursor = null, updated_at = now()`)
    const deaf: Connector = {
      ...connector,
      operations: {
        ...connector.operations,
        pullOrders: { run: async () => ({ items: [], next: null, more: false }) },
      },
    }
    market().cancelOrder(order.externalId)
    await runTask(createTestHub(database(), [deaf]), 'reconcile', connection.id)
    expect(await statusOf(hub.db, order.externalId)).toBe('cancelled')
    expect(await stockOf(hub.db, 'TEE-S')).toMatchObject({ reserved: 0 })
  })

  test.runIf(connector.id === 'woocommerce')(
    'learns from a refused push that a product was deleted',
    async () => {
      const { credentials } = market().connection(market().url)
      const address = new URL(`${market().url}/wp-json/wc/v3/products/${idOf('CUP')}?force=true`)
      const keys = credentials as { consumerKey: string; consumerSecret: string }
      const answer = await fetch(signedUrl('DELETE', address, keys, new Date()), { method: 'DELETE' })
      expect(answer.status).toBe(200)
      await seed(hub, [{ sku: 'CUP', stock: 8, priceMinor: 2090 }])
      await runTask(hub, 'stock', connection.id)
      expect(await openProblems(hub.db, 'listing_missing', connection.id)).toHaveLength(1)
      const kept = await query(
        hub.db,
        sql`select 1 from listings l join variants v on v.id = l.variant_id where v.sku = 'CUP'`,
      )
      expect(kept).toHaveLength(1)
    },
  )
})
