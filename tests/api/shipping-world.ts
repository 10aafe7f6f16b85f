import { eq } from 'drizzle-orm'
import { rateCard } from '../../connectors/rate-card/index.ts'
import type { WooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { addConnection } from '../../core/connections/connections.ts'
import { orderLines, orders, shippingQuotes } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { newId } from '../../core/lib/id.ts'
import type { RunningSandbox } from '../../core/sdk/sandbox.ts'
import { placeOf } from '../../core/shipments/plan-read.ts'
import { runBatch, startBatch } from '../../core/sync/batch.ts'
import { requestBooking } from '../../core/sync/shipment-requests.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { plan, prepare, sender } from '../shipments/support.ts'
import { settle, testAct } from '../support/hub.ts'
import type { TestApi } from './support.ts'
import type { World } from './world.ts'

export type ShippingWorld = {
  courierId: string
  service: string
  warehouseAddress: typeof sender
  plannedIds: string[]
  bookedId: string
  batchId: string
  quoteId: string
  recordable: { orderId: string; lineId: string }
}

/** Shipments in every state, with a courier that needs no network. */
export async function makeShipping(
  { hub }: TestApi,
  world: World,
  shop: RunningSandbox<WooCommerceSandbox>,
): Promise<ShippingWorld> {
  const service = 'day'
  const settings = {
    carrierName: 'Kurier Klein',
    numberPrefix: 'KK',
    services: [{ code: service, name: 'Same day' }],
  }
  const courier = await transact(hub.db, (tx) =>
    addConnection(tx, hub.key, rateCard, { name: 'Kurier', settings, credentials: {} }, testAct()),
  )
  await prepare(hub)
  const book = (id: string) =>
    transact(hub.db, (tx) => requestBooking(tx, hub, id, { connectionId: courier.id, service }, testAct()))
  const [line] = await hub.db.select().from(orderLines).where(eq(orderLines.orderId, world.orderId))
  const lines = [{ lineId: line!.id, quantity: 1 }]
  const plannedIds = [await plan(hub, world.orderId, { lines })]
  const bookedId = await plan(hub, world.orderId, { lines })
  await book(bookedId)
  const placed = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] })
  const elsewhere = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] })
  await settle(hub, [world.connection], ['orders'])
  const [order] = await hub.db.select().from(orders).where(eq(orders.externalId, placed.externalId))
  const [other] = await hub.db.select().from(orders).where(eq(orders.externalId, elsewhere.externalId))
  const [otherLine] = await hub.db.select().from(orderLines).where(eq(orderLines.orderId, other!.id))
  const recordable = { orderId: other!.id, lineId: otherLine!.id }
  const batchId = await startBatch(hub, [order!.id], { connectionId: courier.id, service }, testAct())
  await runBatch(hub, { batchId })
  await runTask(hub, 'once', courier.id)
  const quoteId = newId('quo')
  await hub.db.insert(shippingQuotes).values({
    id: quoteId,
    request: {
      from: placeOf(sender),
      to: placeOf(sender),
      parcels: [{ weightGrams: 500, lengthMm: null, widthMm: null, heightMm: null }],
      shipAt: new Date(),
      declaredValue: null,
    },
    offers: [],
    unavailable: [],
  })
  return {
    courierId: courier.id,
    service,
    warehouseAddress: sender,
    plannedIds,
    bookedId,
    batchId,
    quoteId,
    recordable,
  }
}
