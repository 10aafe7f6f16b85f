import { describe, expect, test } from 'vitest'
import { amazon } from '../../connectors/amazon/index.ts'
import { createAmazonSandbox } from '../../connectors/amazon/sandbox.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { findLedgerGaps } from '../../core/stock/levels.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'

describe('one catalogue, two marketplaces', () => {
  const database = useDatabase()
  const shop = useSandbox(() =>
    createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
  )
  const market = useSandbox(() =>
    createAmazonSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
  )

  test('what is published on both sells on both, and stock falls everywhere at once', async () => {
    const hub = createTestHub(database(), [woocommerce, amazon])
    const connections = [await connect(hub, woocommerce, shop()), await connect(hub, amazon, market())]
    await seed(hub, [
      { sku: 'CUP', stock: 10 },
      { sku: 'TEE-S', key: 'TEE', options: { Size: 'S' }, stock: 5 },
      { sku: 'TEE-M', key: 'TEE', options: { Size: 'M' }, stock: 5 },
    ])
    for (const connection of connections) await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, connections)
    for (const sandbox of [shop(), market()]) {
      const shown = Object.fromEntries(
        sandbox
          .listings()
          .filter((l) => l.quantity !== null)
          .map((l) => [l.sku, l.quantity]),
      )
      expect(shown).toMatchObject({ CUP: 10, 'TEE-S': 5, 'TEE-M': 5 })
    }
    shop().placeOrder({ lines: [{ sku: 'CUP', quantity: 3 }] })
    market().placeOrder({ lines: [{ sku: 'TEE-M', quantity: 2 }] })
    await settle(hub, connections)
    for (const sandbox of [shop(), market()]) {
      const shown = Object.fromEntries(sandbox.listings().map((l) => [l.sku, l.quantity]))
      expect(shown).toMatchObject({ CUP: 7, 'TEE-S': 5, 'TEE-M': 3 })
    }
    expect(await findLedgerGaps(hub.db)).toEqual([])
    const writesBefore = [shop(), market()].map(
      (sandbox) => sandbox.calls.filter((call) => call.isWrite).length,
    )
    await settle(hub, connections, ['once', 'orders', 'content', 'price', 'stock', 'reconcile'])
    expect([shop(), market()].map((sandbox) => sandbox.calls.filter((call) => call.isWrite).length)).toEqual(
      writesBefore,
    )
  })
})
