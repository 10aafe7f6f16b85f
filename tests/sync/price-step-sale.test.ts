import { expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import { addPromotions } from '../../core/catalog/promotions.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { listProposals } from '../../core/proposals/proposals.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'

const database = useDatabase()
const shop = useSandbox(() =>
  createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
)

test('a regular price that jumps behind a sale needs approval, although the buyer pays the same today', async () => {
  const hub = createTestHub(database(), [woocommerce])
  const connection = await connect(hub, woocommerce, shop())
  const variantId = (await seed(hub, [{ sku: 'CUP', priceMinor: 10_000 }])).get('CUP')!
  const act = testAct()
  const price = (minor: number) => ({ minor, currency: 'EUR' })
  await hub.db.transaction((tx) =>
    addPromotions(
      tx,
      [
        {
          variantId,
          connectionId: null,
          price: price(6000),
          startsAt: new Date(0),
          endsAt: new Date('2100-01-01'),
          source: 'sale',
        },
      ],
      act,
    ),
  )
  await publishProducts(hub.db, connection.id, 'all', act)
  await settle(hub, [connection])
  await hub.db.transaction((tx) =>
    setBasePrices(tx, [{ variantId, price: price(1_000_000), source: 'typo' }], testAct()),
  )
  await settle(hub, [connection])
  expect(await listProposals(hub.db)).toMatchObject([
    { kind: 'price_step', diff: [{ from: '100.00 EUR', to: '10000.00 EUR' }] },
  ])
})
