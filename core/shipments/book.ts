import { and, asc, eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { orderEvents, parcels, shipmentDocuments, shipments } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { BookedShipment, LabelFormat, ShippingDocument } from '../sdk/model/shipment.ts'
import type { Offer } from '../sdk/shipping.ts'

export type Shipment = typeof shipments.$inferSelect

/** The shipment, locked. @throws NotFoundError */
export async function lockShipment(tx: Tx, id: string): Promise<Shipment> {
  const [found] = await tx.select().from(shipments).where(eq(shipments.id, id)).for('update')
  if (!found) throw new NotFoundError(`There is no shipment ${id}.`)
  return found
}

export type Chosen = {
  connectionId: string
  trackingConnectionId: string | null
  carrier: string
  service: string
  serviceName: string
  labelFormat: LabelFormat
  offer: Offer | null
  explanation: readonly string[]
}

/** Says with whom a planned shipment goes; from now on its booking waits to be made. @throws ConflictError */
export async function chooseCourier(tx: Tx, id: string, chosen: Chosen, act: Act): Promise<Shipment> {
  const shipment = await lockShipment(tx, id)
  if (shipment.state !== 'planned' && shipment.state !== 'refused')
    throw new ConflictError(`Shipment ${id} is ${shipment.state}: it cannot be booked again.`)
  const { offer } = chosen
  const [after] = await tx
    .update(shipments)
    .set({
      ...chosen,
      explanation: [...chosen.explanation],
      state: 'booking',
      quotedMinor: offer?.totalMinor ?? null,
      quotedCurrency: offer?.currency ?? null,
      promisedAt: offer?.deliverBy ? new Date(offer.deliverBy) : null,
    })
    .where(eq(shipments.id, id))
    .returning()
  await appendAudit(tx, act, {
    action: 'shipment.booking_requested',
    subject: id,
    after: {
      connectionId: chosen.connectionId,
      service: chosen.service,
      offer,
      explanation: chosen.explanation,
    },
  })
  return after!
}

/** Writes down what the courier booked. Told twice it changes nothing. */
export async function recordBooked(tx: Tx, id: string, booked: BookedShipment, act: Act): Promise<boolean> {
  const shipment = await lockShipment(tx, id)
  if (shipment.state !== 'booking') return false
  const mine = await tx
    .select()
    .from(parcels)
    .where(eq(parcels.shipmentId, id))
    .orderBy(asc(parcels.position))
  if (booked.parcels.length !== mine.length)
    throw new InputError(
      `Shipment ${id} has ${mine.length} parcels, and ${booked.parcels.length} tracking numbers came for them.`,
      'booking.trackingNumbers',
    )
  await tx
    .update(shipments)
    .set({
      state: 'booked',
      externalId: booked.externalId,
      bookedAt: act.now,
      bookedMinor: booked.price?.totalMinor ?? null,
      bookedCurrency: booked.price?.currency ?? null,
      bookedCharges: booked.price ? [...booked.price.charges] : null,
    })
    .where(eq(shipments.id, id))
  const isTracked = shipment.trackingConnectionId !== null
  for (const [index, { trackingNumber, documents }] of booked.parcels.entries()) {
    const parcel = mine[index]!
    await tx
      .update(parcels)
      .set({ trackingNumber, state: 'announced', askAt: isTracked ? act.now : null })
      .where(eq(parcels.id, parcel.id))
    await storeDocuments(tx, id, parcel.id, documents, act)
  }
  await storeDocuments(tx, id, null, booked.documents, act)
  await noteOnOrder(
    tx,
    shipment,
    'shipment_booked',
    `${shipment.carrier} ${booked.parcels.map((parcel) => parcel.trackingNumber).join(', ')}`,
    act,
  )
  return true
}

async function storeDocuments(
  tx: Tx,
  shipmentId: string,
  parcelId: string | null,
  documents: readonly ShippingDocument[],
  act: Act,
): Promise<void> {
  if (documents.length === 0) return
  await tx.insert(shipmentDocuments).values(
    documents.map(({ kind, format, base64 }) => ({
      id: newId('doc', act.now.getTime()),
      shipmentId,
      parcelId,
      kind,
      format,
      bytes: Buffer.from(base64, 'base64'),
      createdAt: act.now,
    })),
  )
}

/** The courier refused the booking: its units may ship otherwise. */
export async function recordRefused(tx: Tx, id: string, act: Act): Promise<void> {
  const [refused] = await tx
    .update(shipments)
    .set({ state: 'refused' })
    .where(and(eq(shipments.id, id), eq(shipments.state, 'booking')))
    .returning()
  if (refused) await noteOnOrder(tx, refused, 'shipment_refused', `${refused.carrier} refused ${id}`, act)
}

/** A shipment that is not booked needs no courier to be cancelled; one that is waits for the courier. */
export async function startCancelling(tx: Tx, id: string, act: Act): Promise<Shipment> {
  const shipment = await lockShipment(tx, id)
  if (shipment.state === 'planned' || shipment.state === 'refused') {
    await recordCancelled(tx, id, act)
    return { ...shipment, state: 'cancelled' }
  }
  if (shipment.state === 'cancelled' || shipment.state === 'cancelling') return shipment
  if (shipment.state === 'booking')
    throw new ConflictError(`Shipment ${id} is being booked. Cancel it when the courier has answered.`)
  if (shipment.handedOverAt)
    throw new ConflictError(`Shipment ${id} is with the courier already: it cannot be cancelled.`)
  await tx.update(shipments).set({ state: 'cancelling' }).where(eq(shipments.id, id))
  return { ...shipment, state: 'cancelling' }
}

/** The courier does not cancel: the shipment stays booked. */
export async function recordNotCancelled(tx: Tx, id: string): Promise<void> {
  await tx
    .update(shipments)
    .set({ state: 'booked' })
    .where(and(eq(shipments.id, id), eq(shipments.state, 'cancelling')))
}

/** Nothing of it travels: its units are open again, its labels void. */
export async function recordCancelled(tx: Tx, id: string, act: Act): Promise<void> {
  const shipment = await lockShipment(tx, id)
  if (shipment.state === 'cancelled') return
  await tx.update(shipments).set({ state: 'cancelled', cancelledAt: act.now }).where(eq(shipments.id, id))
  await tx.update(parcels).set({ askAt: null }).where(eq(parcels.shipmentId, id))
  await noteOnOrder(tx, shipment, 'shipment_cancelled', id, act)
  await appendAudit(tx, act, { action: 'shipment.cancelled', subject: id, before: { state: shipment.state } })
}

async function noteOnOrder(
  tx: DbOrTx,
  shipment: Pick<Shipment, 'orderId'>,
  kind: string,
  detail: string,
  act: Act,
): Promise<void> {
  if (shipment.orderId === null) return
  await tx
    .insert(orderEvents)
    .values({ orderId: shipment.orderId, kind, detail, actor: act.actor, at: act.now })
}
