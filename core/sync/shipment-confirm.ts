import { and, asc, eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { connections, orders, parcelItems, parcels } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { lockShipment, type Shipment } from '../shipments/book.ts'
import type { Hub } from './hub.ts'
import { requestShipmentConfirmation } from './order-requests.ts'

/**
 * Tells the marketplace of a shipment's parcels, each with its own tracking number and units, if this is the
 * moment at which the connection wants to be told. Asking again tells nothing twice.
 */
export async function confirmShipment(
  tx: Tx,
  hub: Pick<Hub, 'connectors'>,
  shipmentId: string,
  moment: 'booking' | 'hand_over',
  act: Act,
): Promise<Shipment> {
  const shipment = await lockShipment(tx, shipmentId)
  if (shipment.orderId === null) return shipment
  const [channel] = await tx
    .select({ connector: connections.connector, confirmAt: connections.confirmAt })
    .from(orders)
    .innerJoin(connections, eq(connections.id, orders.connectionId))
    .where(eq(orders.id, shipment.orderId))
  if (channel!.confirmAt !== moment || !hub.connectors.get(channel!.connector)?.operations.confirmShipment)
    return shipment
  const rows = await tx
    .select({ parcel: parcels, item: parcelItems })
    .from(parcels)
    .innerJoin(parcelItems, eq(parcelItems.parcelId, parcels.id))
    .where(and(eq(parcels.shipmentId, shipmentId)))
    .orderBy(asc(parcels.position))
  for (const inside of Map.groupBy(rows, ({ parcel }) => parcel.id).values()) {
    const { trackingNumber } = inside[0]!.parcel
    if (trackingNumber === null) continue
    const told = {
      carrier: shipment.carrier!,
      trackingNumber,
      service: shipment.serviceName,
      shippedAt: shipment.handedOverAt ?? act.now,
      warehouseId: shipment.warehouseId,
      lines: inside.map(({ item }) => ({ lineId: item.orderLineId, quantity: item.quantity })),
    }
    await requestShipmentConfirmation(tx, hub.connectors, shipment.orderId, told, act)
  }
  return shipment
}
