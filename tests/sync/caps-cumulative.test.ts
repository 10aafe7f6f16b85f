import { expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { approveProposal, listProposals } from '../../core/proposals/proposals.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { appliers } from '../../core/sync/appliers.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'

const database = useDatabase()
const shop = useSandbox(() =>
  createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
)

test('a bad file that sells everything out batch by batch is stopped at the cap all the same', async () => {
  const hub = createTestHub(database(), [woocommerce])
  const connection = await connect(hub, woocommerce, shop())
  const skus = Array.from({ length: 100 }, (_, index) => `S${index}`)
  const variants = await seed(
    hub,
    skus.map((sku) => ({ sku })),
  )
  await publishProducts(hub.db, connection.id, 'all', testAct())
  await settle(hub, [connection])
  const sellOut = (from: number, to: number) =>
    hub.db.transaction(async (tx) => {
      const warehouseId = await defaultWarehouse(tx)
      const edits = skus
        .slice(from, to)
        .map((sku) => ({ variantId: variants.get(sku)!, warehouseId, onHand: 0, reason: 'bad file' }))
      await changeStock(tx, edits, 'import', testAct())
    })
  const soldOut = () =>
    shop()
      .listings()
      .filter((listing) => listing.quantity === 0).length
  for (let from = 0; from < 100; from += 10) {
    await sellOut(from, from + 10)
    await runTask(hub, 'stock', connection.id)
  }
  expect(soldOut()).toBe(30)
  const [proposal] = await listProposals(hub.db)
  expect(proposal).toMatchObject({ kind: 'caps_exceeded' })
  expect(proposal?.diff).toHaveLength(70)
  await approveProposal(hub.db, appliers, proposal!.id, testAct())
  await settle(hub, [connection])
  expect(soldOut()).toBe(100)
})
