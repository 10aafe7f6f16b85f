import { eq } from 'drizzle-orm'
import { findConnection } from '../connections/connections.ts'
import type { Db, Tx } from '../db/client.ts'
import { parcels, shippingQuotes } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { LabelFormat, ShipmentCancellation } from '../sdk/model/shipment.ts'
import type { Offer } from '../sdk/shipping.ts'
import { chooseCourier, lockShipment, type Shipment, startCancelling } from '../shipments/book.ts'
import { handOver } from '../shipments/hand-over.ts'
import { connectorOf, type Hub } from './hub.ts'
import { requestOnce } from './once-request.ts'
import { confirmShipment } from './shipment-confirm.ts'

export type BookingWish = {
  connectionId: string
  service: string
  labelFormat?: LabelFormat | undefined
  /** The price that is taken with it. */
  offer?: Offer | undefined
  explanation?: readonly string[] | undefined
}

/**
 * Asks a courier to book a planned shipment, once, whatever happens to the answer.
 * @throws NotFoundError, ConflictError when it is booked already or its price has expired, InputError for a
 * service or label format that the courier does not have.
 */
export async function requestBooking(
  tx: Tx,
  hub: Hub,
  shipmentId: string,
  wish: BookingWish,
  act: Act,
): Promise<Shipment> {
  const connection = await findConnection(tx, wish.connectionId)
  const connector = connectorOf(hub.connectors, connection)
  if (connector.kind !== 'courier' || !connector.operations.bookShipment)
    throw new ConflictError(`${connection.name} books no shipments.`)
  const service = connector
    .services(connector.settings.parse(connection.settings))
    .find(({ code }) => code === wish.service)
  if (!service) throw new InputError(`${connection.name} has no service "${wish.service}".`, 'service')
  const labelFormat = wish.labelFormat ?? connector.labelFormats[0]
  if (!labelFormat || !connector.labelFormats.includes(labelFormat))
    throw new InputError(
      `${connection.name} prints ${connector.labelFormats.join(', ') || 'no labels'}, not ${labelFormat}.`,
      'labelFormat',
    )
  if (wish.offer) assertOffer(wish.offer, connection.id, wish.service, act.now)
  const shipment = await chooseCourier(
    tx,
    shipmentId,
    {
      connectionId: connection.id,
      trackingConnectionId: connector.operations.pullTracking ? connection.id : null,
      carrier: connector.id,
      service: service.code,
      serviceName: service.name,
      labelFormat,
      offer: wish.offer ?? null,
      explanation: wish.explanation ??
        wish.offer?.explanation ?? [`${act.actor} chose it without asking for a price.`],
    },
    act,
  )
  const request = {
    connectionId: connection.id,
    operation: 'bookShipment' as const,
    key: shipmentId,
    subject: shipmentId,
    input: {},
  }
  await requestOnce(tx, [request], act)
  return shipment
}

function assertOffer(offer: Offer, connectionId: string, service: string, now: Date): void {
  if (offer.connectionId !== connectionId || offer.service !== service)
    throw new InputError('This price is for another courier or service.', 'offerId')
  if (offer.expiresAt && new Date(offer.expiresAt) <= now)
    throw new ConflictError(
      `The price expired at ${new Date(offer.expiresAt).toISOString()}. Ask for prices again.`,
    )
}

/** An offer of a quote that was kept. @throws NotFoundError */
export async function findOffer(db: Db | Tx, quoteId: string, offerId: string): Promise<Offer> {
  const [quote] = await db.select().from(shippingQuotes).where(eq(shippingQuotes.id, quoteId))
  const offer = quote?.offers.find(({ id }) => id === offerId)
  if (!offer) throw new NotFoundError(`There is no offer ${offerId} in the quote ${quoteId}.`)
  return offer
}

/** Cancels a shipment: at once while nobody has booked it, else with the courier. @throws ConflictError */
export async function requestCancelling(tx: Tx, hub: Hub, shipmentId: string, act: Act): Promise<Shipment> {
  const before = await lockShipment(tx, shipmentId)
  const shipment = await startCancelling(tx, shipmentId, act)
  if (shipment.state !== 'cancelling' || before.state === 'cancelling') return shipment
  const connection = await findConnection(tx, shipment.connectionId!)
  if (!connectorOf(hub.connectors, connection).operations.cancelShipment)
    throw new ConflictError(
      `${connection.name} cancels no shipments: do not hand it over, and its label is not charged.`,
    )
  const mine = await tx
    .select()
    .from(parcels)
    .where(eq(parcels.shipmentId, shipmentId))
    .orderBy(parcels.position)
  const input: ShipmentCancellation = {
    externalId: shipment.externalId!,
    trackingNumbers: mine.flatMap((parcel) => parcel.trackingNumber ?? []),
    reference: shipmentId,
  }
  const request = {
    connectionId: connection.id,
    operation: 'cancelShipment' as const,
    key: shipmentId,
    subject: shipmentId,
    input,
  }
  await requestOnce(tx, [request], act)
  return shipment
}

/** The courier has the parcels, says a person or a closed manifest. */
export async function requestHandOver(tx: Tx, hub: Hub, shipmentId: string, act: Act): Promise<boolean> {
  const isNew = await handOver(tx, shipmentId, act)
  if (isNew) await confirmShipment(tx, hub, shipmentId, 'hand_over', act)
  return isNew
}
