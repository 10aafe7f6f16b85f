import { and, asc, eq, inArray } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  orderLines,
  orders,
  parcelItems,
  parcels,
  shipmentDocuments,
  shipments,
  trackingEvents,
} from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import { shownOfShipment } from './list.ts'

/** A shipment with its parcels, what lies in them, their scans and papers. @throws NotFoundError */
export async function readShipment(db: DbOrTx, id: string) {
  const [found] = await db
    .select({
      ...shownOfShipment,
      fromPlace: shipments.fromPlace,
      toPlace: shipments.toPlace,
      externalId: shipments.externalId,
      offer: shipments.offer,
      explanation: shipments.explanation,
      bookedCharges: shipments.bookedCharges,
      labelFormat: shipments.labelFormat,
      isSignatureRequired: shipments.isSignatureRequired,
    })
    .from(shipments)
    .leftJoin(orders, eq(orders.id, shipments.orderId))
    .where(eq(shipments.id, id))
  if (!found) throw new NotFoundError(`There is no shipment ${id}.`)
  const mine = await db
    .select()
    .from(parcels)
    .where(eq(parcels.shipmentId, id))
    .orderBy(asc(parcels.position))
  const ids = mine.map((parcel) => parcel.id)
  const items = await db
    .select({
      parcelId: parcelItems.parcelId,
      lineId: parcelItems.orderLineId,
      sku: orderLines.sku,
      title: orderLines.title,
      quantity: parcelItems.quantity,
    })
    .from(parcelItems)
    .innerJoin(orderLines, eq(orderLines.id, parcelItems.orderLineId))
    .where(inArray(parcelItems.parcelId, ids))
    .orderBy(asc(parcelItems.orderLineId))
  const events = await db
    .select()
    .from(trackingEvents)
    .where(inArray(trackingEvents.parcelId, ids))
    .orderBy(asc(trackingEvents.at), asc(trackingEvents.key))
  const documents = await db
    .select({
      id: shipmentDocuments.id,
      parcelId: shipmentDocuments.parcelId,
      kind: shipmentDocuments.kind,
      format: shipmentDocuments.format,
    })
    .from(shipmentDocuments)
    .where(eq(shipmentDocuments.shipmentId, id))
    .orderBy(asc(shipmentDocuments.id))
  return {
    ...found,
    documents,
    parcels: mine.map(({ shipmentId: _shipmentId, packagingId: _packagingId, askAt: _askAt, ...parcel }) => ({
      ...parcel,
      items: items
        .filter((item) => item.parcelId === parcel.id)
        .map(({ parcelId: _parcelId, ...item }) => item),
      events: events
        .filter((event) => event.parcelId === parcel.id)
        .map(({ parcelId: _parcelId, key: _key, seenAt: _seenAt, ...event }) => event),
    })),
  }
}

/** The booked shipments of a batch, in its order. */
export async function listShipmentIds(db: DbOrTx, batchId: string): Promise<string[]> {
  const found = await db
    .select({ id: shipments.id })
    .from(shipments)
    .where(and(eq(shipments.batchId, batchId), eq(shipments.state, 'booked')))
    .orderBy(asc(shipments.createdAt), asc(shipments.id))
  return found.map((row) => row.id)
}
