import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { listings, onceCalls } from '../../core/db/schema/index.ts'
import { systemClock } from '../../core/lib/clock.ts'
import type { Marketplace } from '../../core/sdk/connector.ts'
import { ConnectorError } from '../../core/sdk/errors.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { requestOnce } from '../../core/sync/once-request.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { claimDirty, countDirty, nextDue } from '../../core/sync/push-state.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'

/** WooCommerce, but a look for this order's cancellation fails. */
const shortSighted: Marketplace = {
  ...woocommerce,
  operations: {
    ...woocommerce.operations,
    cancelOrder: {
      run: async (_client, { externalOrderId }) => {
        if (externalOrderId === 'gone') throw new ConnectorError('uncertain', 'The answer was lost.')
        return true
      },
      find: async () => {
        throw new ConnectorError('not_found', 'There is no such order.')
      },
    },
  },
}

describe('nothing stalls a lane', () => {
  const database = useDatabase()
  const shop = useSandbox(() =>
    createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
  )
  let hub: Hub
  let connection: Connection
  let variants: Map<string, string>

  beforeAll(async () => {
    hub = createTestHub(database(), [shortSighted])
    connection = await connect(hub, shortSighted, shop())
    const skus = Array.from({ length: 40 }, (_, index) => ({ sku: `S${index}`, stock: 10 }))
    variants = await seed(hub, skus)
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
  })

  const setStock = (sku: string, onHand: number) =>
    hub.db.transaction(async (tx) => {
      const warehouseId = await defaultWarehouse(tx)
      await changeStock(
        tx,
        [{ variantId: variants.get(sku)!, warehouseId, onHand, reason: 'counted' }],
        'count',
        testAct(),
      )
    })

  test('ended listings with unsent changes take no place in a claim, and nothing comes due for them', async () => {
    for (let index = 0; index < 20; index += 1) await setStock(`S${index}`, 1)
    await hub.db
      .update(listings)
      .set({ status: 'ended' })
      .where(sql`${listings.variantId} in (select id from variants where sku ~ '^S1?[0-9]$')`)
    await setStock('S39', 3)
    const now = hub.clock.now()
    const claimed = await claimDirty(hub.db, connection.id, 'stock', now, 5)
    expect(claimed.map((item) => item.ref.sku)).toEqual(['S39'])
    expect(await countDirty(hub.db, connection.id, 'stock', now)).toBe(1)
    await hub.db.execute(
      sql`update listing_aspects set not_before = now() - interval '1 hour' where revision > acknowledged_revision`,
    )
    expect(await nextDue(hub.db, connection.id, 'stock', now)).toBeNull()
    await settle(hub, [connection])
    expect(
      shop()
        .listings()
        .find((listing) => listing.sku === 'S39')?.quantity,
    ).toBe(3)
  })

  test('a look that fails for one call holds up no other', async () => {
    const ask = (key: string) => ({
      connectionId: connection.id,
      operation: 'cancelOrder' as const,
      key,
      subject: 'ord_none',
      input: { externalOrderId: key, reason: 'asked' },
    })
    await hub.db.transaction((tx) => requestOnce(tx, [ask('gone')], testAct()))
    await runTask(hub, 'once', connection.id)
    await hub.db.update(onceCalls).set({ notBefore: null }).where(eq(onceCalls.key, 'gone'))
    expect(await runTask(hub, 'once', connection.id)).toMatchObject({ state: 'done' })
    const [call] = await hub.db.select().from(onceCalls).where(eq(onceCalls.key, 'gone'))
    expect(call).toMatchObject({ state: 'uncertain', attempts: 2 })
    expect(call?.notBefore).not.toBeNull()
  })
})
