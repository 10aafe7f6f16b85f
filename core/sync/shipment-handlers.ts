import type { Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { InputError } from '../sdk/errors.ts'
import type { BookedShipment } from '../sdk/model/shipment.ts'
import { recordBooked, recordCancelled, recordNotCancelled, recordRefused } from '../shipments/book.ts'
import { loadBookings } from '../shipments/booking.ts'
import { emitEvents } from './events.ts'
import type { Hub } from './hub.ts'
import type { Handler } from './once-handlers.ts'
import { confirmShipment } from './shipment-confirm.ts'

/** Writes a booking down, with all that follows from it. */
async function takeBooked(
  tx: Tx,
  hub: Pick<Hub, 'connectors' | 'plugins' | 'queue'>,
  shipmentId: string,
  booked: BookedShipment,
  act: Act,
): Promise<void> {
  if (!(await recordBooked(tx, shipmentId, booked, act))) return
  const { orderId } = await confirmShipment(tx, hub, shipmentId, 'booking', act)
  await emitEvents(tx, hub, [{ event: 'shipment.booked', data: { shipmentId, orderId } }])
}

/** Booking: the input is read when the call is made, so that no personal data waits in the queue. */
export const bookShipmentHandler: Handler = {
  load: async (lane, calls) => {
    const bookings = await loadBookings(
      lane.hub.db,
      calls.map((call) => call.subject),
    )
    return new Map(
      calls.flatMap((call) => (bookings.has(call.subject) ? [[call.id, bookings.get(call.subject)]] : [])),
    )
  },
  effect: async (tx, lane, successes, act) => {
    for (const { call, output } of successes)
      await takeBooked(tx, lane.hub, call.subject, output as BookedShipment, act)
  },
  /** Labels are kept with the shipment, not a second time with the call. */
  summary: (output) => {
    const { externalId, parcels, price } = output as BookedShipment
    return { externalId, trackingNumbers: parcels.map((parcel) => parcel.trackingNumber), price }
  },
  refused: (tx, call, act) => recordRefused(tx, call.subject, act),
  told: async (tx, hub, { call, decision }, act) => {
    const { booking } = decision
    if (!booking)
      throw new InputError('Give the tracking numbers of the booking, as the courier shows them.', 'booking')
    const parcels = booking.trackingNumbers.map((trackingNumber) => ({ trackingNumber, documents: [] }))
    const externalId = booking.externalId ?? booking.trackingNumbers[0]!
    await takeBooked(tx, hub, call.subject, { externalId, parcels, documents: [], price: null }, act)
  },
}

export const cancelShipmentHandler: Handler = {
  load: async (_lane, calls) => new Map(calls.map((call) => [call.id, call.input])),
  effect: async (tx, _lane, successes, act) => {
    for (const { call } of successes) await recordCancelled(tx, call.subject, act)
  },
  refused: (tx, call) => recordNotCancelled(tx, call.subject),
  told: (tx, _hub, { call }, act) => recordCancelled(tx, call.subject, act),
}
