import { and, asc, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
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
import type { Shipment } from './book.ts'

export type ShipmentFilter = {
  state?: Shipment['state'] | undefined
  orderId?: string | undefined
  batchId?: string | undefined
  connectionId?: string | undefined
  after?: string | undefined
  limit: number
}

const summary = {
  id: shipments.id,
  orderId: shipments.orderId,
  orderNumber: orders.number,
  batchId: shipments.batchId,
  connectionId: shipments.connectionId,
  carrier: shipments.carrier,
  service: shipments.service,
  serviceName: shipments.serviceName,
  state: shipments.state,
  quotedMinor: shipments.quotedMinor,
  quotedCurrency: shipments.quotedCurrency,
  bookedMinor: shipments.bookedMinor,
  bookedCurrency: shipments.bookedCurrency,
  shipAt: shipments.shipAt,
  shipBy: shipments.shipBy,
  promisedAt: shipments.promisedAt,
  bookedAt: shipments.bookedAt,
  handedOverAt: shipments.handedOverAt,
  deliveredAt: shipments.deliveredAt,
  cancelledAt: shipments.cancelledAt,
  createdAt: shipments.createdAt,
  trackingNumbers: sql<
    string[]
  >`coalesce((select array_agg(tracking_number order by position) filter (where tracking_number is not null) from parcels where shipment_id = ${shipments.id}), '{}')`,
}

/** Shipments, the newest first; one more than `limit`, so that the caller sees whether another page follows. */
export async function listShipments(db: DbOrTx, filter: ShipmentFilter) {
  const conditions: SQL[] = []
  if (filter.state) conditions.push(eq(shipments.state, filter.state))
  if (filter.orderId) conditions.push(eq(shipments.orderId, filter.orderId))
  if (filter.batchId) conditions.push(eq(shipments.batchId, filter.batchId))
  if (filter.connectionId) conditions.push(eq(shipments.connectionId, filter.connectionId))
  if (filter.after) conditions.push(lt(shipments.id, filter.after))
  return db
    .select(summary)
    .from(shipments)
    .leftJoin(orders, eq(orders.id, shipments.orderId))
    .where(and(...conditions))
    .orderBy(desc(shipments.id))
    .limit(filter.limit + 1)
}

/** A shipment with its parcels, what lies in them, their scans and papers. @throws NotFoundError */
export async function readShipment(db: DbOrTx, id: string) {
  const [found] = await db
    .select({
      ...summary,
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
