import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../../core/db/client.ts'
import { ensureFileConnection } from '../../../core/imports/file-connection.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import { undoProposal } from '../../../core/proposals/proposals.ts'
import { decisionsOf } from '../../../core/sync/appliers.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { slowSellers } from '../../../plugins/slow-sellers/index.ts'
import { useDatabase } from '../../support/database.ts'
import { createTestHub, seed, testAct } from '../../support/hub.ts'
import { importNow, remoteOrder } from '../../support/orders.ts'
import { migrate } from './support.ts'

const dayMs = 86_400_000

describe('bundles of a slow listing with what it is bought with', () => {
  const database = useDatabase()
  const clock = manualClock(new Date().toISOString())
  let hub: Hub

  beforeAll(async () => {
    await migrate(database())
    hub = createTestHub(database(), [], { clock, plugins: [slowSellers] })
    await hub.db.transaction((tx) =>
      savePluginSettings(
        tx,
        slowSellers,
        { settings: { ladder: ['bundle'], controlPercent: 0, capPercent: 0 } },
        testAct('boss'),
      ),
    )
    await seed(
      hub,
      ['MUG', 'SPOON', 'BOWL'].map((sku) => ({ sku, priceMinor: 2000, stock: sku === 'MUG' ? 300 : 5000 })),
    )
    const shop = await ensureFileConnection(hub.db, { name: 'Shop', currency: 'EUR', locale: 'en' })
    await publishProducts(hub.db, shop.id, 'all', testAct())
    await hub.db.execute(sql`update listings set status = 'live', external_id = id`)
    clock.advance(100 * dayMs)
    const at = (ago: number) => ({ placedAt: new Date(clock.now().getTime() - ago * dayMs) })
    const one = (sku: string) => ({ sku, quantity: 1 })
    const orders = [
      // The mug sells often; the spoon three times, each time with it, once with a bowl too; the bowl just that once.
      ...Array.from({ length: 95 }, (_, ago) =>
        remoteOrder(`M${ago}`, [{ sku: 'MUG', quantity: 2 }], at(ago + 1)),
      ),
      remoteOrder('S1', [one('SPOON'), one('MUG')], at(20)),
      remoteOrder('S2', [one('SPOON'), one('MUG')], at(30)),
      remoteOrder('S3', [one('SPOON'), one('MUG'), one('BOWL')], at(40)),
    ]
    await importNow(hub.db, { ...shop, ordersFrom: null }, orders)
    const context = hub.pluginContext('slow-sellers')
    for (const { id } of await query<{ id: string }>(hub.db, sql`select id from orders`)) {
      const told = { orderId: id, connectionId: shop.id }
      await slowSellers.on!['order.imported']!(told, context)
      await slowSellers.on!['order.imported']!(told, context)
    }
    await slowSellers.jobs![0]!.run(context)
  })

  test('are proposed with the number of orders, from enough orders only, and one click takes the proposal back', async () => {
    const verdicts = await query(
      hub.db,
      sql`select sku, verdict from slow_sellers_findings join slow_sellers_goods using (listing_id) order by 1`,
    )
    expect(verdicts).toEqual([
      { sku: 'BOWL', verdict: 'slow' },
      { sku: 'MUG', verdict: 'fine' },
      { sku: 'SPOON', verdict: 'slow' },
    ])
    const [found] = await query<{ id: string; status: string; diff: unknown }>(
      hub.db,
      sql`select id, status, diff from proposals`,
    )
    expect(found).toMatchObject({
      status: 'applied',
      diff: [{ subject: 'SPOON', field: 'bundle', from: null, to: 'bought together with MUG in 3 orders' }],
    })
    await undoProposal(hub.db, decisionsOf(hub).undo, found!.id, testAct('boss'))
    expect(await query(hub.db, sql`select kind, status from slow_sellers_steps`)).toEqual([
      { kind: 'bundle', status: 'undone' },
    ])
  })
})
