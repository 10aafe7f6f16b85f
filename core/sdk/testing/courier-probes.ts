import assert from 'node:assert/strict'
import { plainRequest } from './bookings.ts'
import {
  book,
  bookingOf,
  cancellationOf,
  countryOf,
  type Depot,
  firstStateOf,
  newParcel,
  newParcels,
  pickupOf,
  refOf,
  shipAtOf,
} from './depot.ts'
import type { Probe } from './probe.ts'
import { sendBatch } from './pushes.ts'

/** A request that every courier has a price for. */
export function requestOf(depot: Depot, parcels: Parameters<typeof plainRequest>[2] = [smallParcel]) {
  const plain = plainRequest(countryOf(depot.subject), shipAtOf(depot), parcels)
  return depot.subject.quoteRequest?.(plain) ?? plain
}
export const smallParcel = { weightGrams: 1800, lengthMm: 300, widthMm: 200, heightMm: 150 }

/** One call of each operation that a courier may have. */
export const courierProbes: readonly Probe[] = [
  {
    operation: 'quote',
    nature: 'read',
    prepare: async (depot: Depot) => async (client) => {
      const { quotes, notOffered } = await depot.operations.quote!(client, requestOf(depot))
      assert(quotes.length + notOffered.length > 0, 'quote gives neither a price nor a reason.')
    },
  },
  {
    operation: 'bookShipment',
    nature: 'once',
    async prepare(depot: Depot) {
      const booking = bookingOf(depot)
      return (client) => depot.operations.bookShipment!.run(client, booking, booking.reference)
    },
  },
  {
    operation: 'cancelShipment',
    nature: 'once',
    async prepare(depot: Depot) {
      const booking = bookingOf(depot)
      const input = cancellationOf(booking, await book(depot, booking))
      return (client) => depot.operations.cancelShipment!.run(client, input, 'onc_probe')
    },
  },
  {
    operation: 'pullTracking',
    nature: 'read',
    async prepare(depot: Depot) {
      const parcels = await newParcels(depot, 1)
      return async (client) => {
        const results = await depot.operations.pullTracking!.run(client, [refOf(depot, parcels.at(-1)!)])
        // Nobody asks twice about a parcel so soon; another costs nothing where parcels are booked elsewhere.
        if (!depot.operations.bookShipment) {
          parcels.push(await newParcel(depot, parcels.length + 1))
          depot.sandbox.scan(parcels.at(-1)!, firstStateOf(depot.subject))
        }
        return results
      }
    },
  },
  {
    operation: 'subscribeTracking',
    nature: 'repeatable',
    async prepare(depot: Depot) {
      const [number] = await newParcels(depot, 1)
      const push = depot.operations.subscribeTracking!
      return (client) => sendBatch(depot, push, [refOf(depot, number!)], client)
    },
  },
  {
    operation: 'pickup',
    nature: 'once',
    async prepare(depot: Depot) {
      const booking = bookingOf(depot)
      const booked = depot.operations.bookShipment ? await book(depot, booking) : { parcels: [] }
      const numbers = booked.parcels.map((parcel) => parcel.trackingNumber)
      return (client) => depot.operations.pickup!.run(client, pickupOf(depot, booking, numbers), 'onc_probe')
    },
  },
]
