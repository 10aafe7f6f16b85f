import { asc, eq } from 'drizzle-orm'
import type { DbOrTx, Tx } from '../db/client.ts'
import { orderLines, orders, parcelItems, parcels, shipments, shippingQuotes } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { QuoteRequest } from '../sdk/model/shipment.ts'
import type { Offer, ShippingQuestion, Unavailable } from '../sdk/shipping.ts'
import { lockShipment } from './book.ts'
import { packOrder } from './plan.ts'
import { placeOf, readRecipient, readSender } from './plan-read.ts'

/** What prices are asked for: an order as it would be packed now. @throws NotFoundError, ConflictError, InputError */
export async function readShippingRequest(
  tx: Tx,
  input: { orderId: string; warehouseId?: string | undefined },
  now: Date,
): Promise<QuoteRequest> {
  const { order, packed, declaredMinor } = await packOrder(tx, { orderId: input.orderId })
  const sender = await readSender(tx, order.id, input.warehouseId)
  const recipient = await readRecipient(tx, order)
  return {
    from: placeOf(sender.address),
    to: placeOf(recipient),
    parcels: packed.map(({ items: _items, packagingId: _packagingId, ...parcel }) => parcel),
    shipAt: now,
    declaredValue: { minor: declaredMinor, currency: order.currency },
  }
}

/** What prices are asked for: a shipment as it is planned. @throws NotFoundError */
export async function readPlannedRequest(tx: Tx, shipmentId: string): Promise<QuoteRequest> {
  const shipment = await lockShipment(tx, shipmentId)
  const mine = await tx
    .select()
    .from(parcels)
    .where(eq(parcels.shipmentId, shipmentId))
    .orderBy(asc(parcels.position))
  const { declaredMinor: minor, declaredCurrency: currency } = shipment
  return {
    from: shipment.fromPlace,
    to: shipment.toPlace,
    parcels: mine.map(({ weightGrams, lengthMm, widthMm, heightMm }) => ({
      weightGrams,
      lengthMm,
      widthMm,
      heightMm,
    })),
    shipAt: shipment.shipAt,
    declaredValue: minor === null || currency === null ? null : { minor, currency },
  }
}

async function readSkus(tx: Tx, shipmentId: string): Promise<string[]> {
  const found = await tx
    .selectDistinct({ sku: orderLines.sku })
    .from(parcelItems)
    .innerJoin(parcels, eq(parcels.id, parcelItems.parcelId))
    .innerJoin(orderLines, eq(orderLines.id, parcelItems.orderLineId))
    .where(eq(parcels.shipmentId, shipmentId))
  return found.flatMap((row) => row.sku ?? []).sort()
}

/** What a choice of service for an order may depend on, beside its parcels and the offers. @throws NotFoundError */
export async function readShippingFacts(
  tx: DbOrTx,
  orderId: string,
): Promise<Pick<ShippingQuestion, 'shipBy' | 'deliverBy' | 'order'>> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, orderId))
  if (!order) throw new NotFoundError(`There is no order ${orderId}.`)
  const lines = await tx
    .selectDistinct({ sku: orderLines.sku })
    .from(orderLines)
    .where(eq(orderLines.orderId, orderId))
  return toFacts(order, lines.flatMap((line) => line.sku ?? []).sort())
}

function toFacts(order: typeof orders.$inferSelect, skus: string[]) {
  const { id, connectionId, currency, totalMinor, shippingService, shipBy, deliverBy } = order
  return { shipBy, deliverBy, order: { id, connectionId, currency, totalMinor, shippingService, skus } }
}

/** Keeps what was offered, so that an offer can be taken by its id. Returns the quote's id. */
export async function keepQuote(
  tx: Tx,
  request: QuoteRequest,
  answer: { offers: readonly Offer[]; unavailable: readonly Unavailable[] },
  orderId: string | null,
  act: Act,
): Promise<string> {
  const id = newId('quo', act.now.getTime())
  await tx.insert(shippingQuotes).values({
    id,
    orderId,
    request,
    offers: [...answer.offers],
    unavailable: [...answer.unavailable],
    createdAt: act.now,
  })
  return id
}

/** What a choice of service for a planned shipment may depend on, beside the offers. @throws NotFoundError */
export async function readOrderFacts(
  tx: Tx,
  shipmentId: string,
): Promise<Pick<ShippingQuestion, 'shipBy' | 'deliverBy' | 'order'>> {
  const [row] = await tx
    .select({ shipment: shipments, order: orders })
    .from(shipments)
    .leftJoin(orders, eq(orders.id, shipments.orderId))
    .where(eq(shipments.id, shipmentId))
  if (!row) throw new NotFoundError(`There is no shipment ${shipmentId}.`)
  const { order, shipment } = row
  if (!order) return { shipBy: shipment.shipBy, deliverBy: null, order: null }
  return toFacts(order, await readSkus(tx, shipmentId))
}

/** A quote that was kept. @throws NotFoundError */
export async function readKeptQuote(db: DbOrTx, id: string): Promise<typeof shippingQuotes.$inferSelect> {
  const [found] = await db.select().from(shippingQuotes).where(eq(shippingQuotes.id, id))
  if (!found) throw new NotFoundError(`There is no quote ${id}.`)
  return found
}
