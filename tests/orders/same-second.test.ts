import { expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { addConnection } from '../../core/connections/connections.ts'
import { importOrders } from '../../core/orders/import.ts'
import type { RemoteOrder } from '../../core/sdk/model/order.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, testAct } from '../support/hub.ts'

const database = useDatabase()
const second = new Date('2026-03-01T12:00:00Z')

const order = (status: RemoteOrder['status']): RemoteOrder => ({
  externalId: '1',
  number: '1',
  status,
  externalStatus: status,
  isStockHeld: true,
  placedAt: second,
  updatedAt: second,
  paidAt: second,
  currency: 'EUR',
  totalMinor: 0,
  refundedMinor: 0,
  lines: [],
  charges: [],
  payments: [],
  buyer: null,
  shipTo: null,
  shippingService: null,
  shipBy: null,
  deliverBy: null,
})

test('two changes within the second that a shop counts in are both taken', async () => {
  const hub = createTestHub(database(), [woocommerce])
  const settings = { url: 'https://shop.example', currency: 'EUR', locale: 'en' }
  const credentials = { consumerKey: 'ck_1234', consumerSecret: 'cs_1234' }
  const connection = await hub.db.transaction((tx) =>
    addConnection(tx, hub.key, woocommerce, { name: 'shop', settings, credentials }, testAct()),
  )
  const take = (told: RemoteOrder) =>
    hub.db.transaction((tx) => importOrders(tx, connection, [told], testAct()))
  expect(await take(order('paid'))).toMatchObject({ imported: 1 })
  expect(await take(order('paid'))).toMatchObject({ same: 1 })
  expect(await take(order('cancelled'))).toMatchObject({ changed: 1 })
  const [row] = await hub.db.query.orders.findMany()
  expect(row?.status).toBe('cancelled')
})
