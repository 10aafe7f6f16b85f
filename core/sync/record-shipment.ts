import { eq } from 'drizzle-orm'
import { findConnection } from '../connections/connections.ts'
import type { Tx } from '../db/client.ts'
import { shipments } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import type { Parcel } from '../sdk/model/shipment.ts'
import { recordBooked } from '../shipments/book.ts'
import { type LineUnits, planShipment } from '../shipments/plan.ts'
import { emitEvents } from './events.ts'
import { connectorOf, type Hub } from './hub.ts'
import { confirmShipment } from './shipment-confirm.ts'

export type RecordedShipment = {
  orderId: string
  /** The carrier in our word, as the one who is asked about the parcels knows it. */
  carrier: string
  /** Who is asked where the parcels are: the carrier's own connection, or one that tracks for others. */
  trackingConnectionId?: string | undefined
  warehouseId?: string | undefined
  parcels: readonly (Parcel & { trackingNumber: string; lines: readonly LineUnits[] })[]
}

/**
 * Takes note of a shipment that was booked outside of the hub: its units are taken, the marketplace is told, and
 * its parcels are followed like any other. @throws NotFoundError, ConflictError, InputError
 */
export async function recordShipment(tx: Tx, hub: Hub, input: RecordedShipment, act: Act): Promise<string> {
  const { orderId, carrier, warehouseId, parcels } = input
  const numbers = parcels.map((parcel) => parcel.trackingNumber)
  if (new Set(numbers).size < numbers.length)
    throw new InputError('Two parcels have the same tracking number.', 'parcels')
  const tracker = input.trackingConnectionId ? await findConnection(tx, input.trackingConnectionId) : null
  if (tracker && !connectorOf(hub.connectors, tracker).operations.pullTracking)
    throw new ConflictError(`${tracker.name} tells nothing of parcels.`)
  const packed = parcels.map(({ trackingNumber: _trackingNumber, ...parcel }) => parcel)
  const id = await planShipment(tx, { orderId, warehouseId, parcels: packed }, act)
  const explanation = [`${act.actor} took note of a shipment that was booked elsewhere.`]
  await tx
    .update(shipments)
    .set({ state: 'booking', carrier, trackingConnectionId: tracker?.id ?? null, explanation })
    .where(eq(shipments.id, id))
  const booked = numbers.map((trackingNumber) => ({ trackingNumber, documents: [] }))
  await recordBooked(tx, id, { externalId: numbers[0]!, parcels: booked, documents: [], price: null }, act)
  await confirmShipment(tx, hub, id, 'booking', act)
  await emitEvents(tx, hub, [{ event: 'shipment.booked', data: { shipmentId: id, orderId } }])
  return id
}
