import assert from 'node:assert/strict'
import type { Once } from '../connector.ts'
import type { TrackingResult } from '../courier.ts'
import type { SandboxShipment } from '../courier-sandbox.ts'
import type {
  BookedShipment,
  Booking,
  PickupRequest,
  ShipmentCancellation,
  TrackingRef,
} from '../model/shipment.ts'
import {
  laterState,
  type ParcelTracking,
  type TrackingIncident,
  type TrackingState,
  trackingStates,
} from '../model/tracking.ts'
import { plainBooking } from './bookings.ts'
import { inStage, type Stage, settled } from './stage.ts'
import type { Check, CourierSubject } from './subject.ts'

/** A running courier with a client on it. */
export type Depot = Stage<CourierSubject>

/** Makes the checks of one theme, each on a fresh courier. */
export const checksOf =
  (subject: CourierSubject, theme: string) =>
  (guarantee: string, visit: (depot: Depot) => Promise<void>): Check => ({
    theme,
    guarantee,
    run: () => inStage(subject, visit),
  })

export const countryOf = (subject: CourierSubject) => subject.country ?? 'US'
export const maxParcelsOf = (subject: CourierSubject): number => subject.maxParcels ?? 2
export const unknownNumberOf = (subject: CourierSubject): string =>
  subject.unknownTrackingNumber ?? '999999999999'

/** When the parcels are handed over: tomorrow at noon. */
export const shipAtOf = (depot: Depot): Date => {
  const day = new Date(depot.clock.now().getTime() + 86_400_000)
  return new Date(day.setUTCHours(12, 0, 0, 0))
}

export const settingsOf = ({ subject: { connector }, connection }: Depot) =>
  connector.settings.parse(connection.settings)

/** The n-th booking, as the courier wants it. */
export function bookingOf(depot: Depot, n = 1, count = 1): Booking {
  const { connector } = depot.subject
  const [service] = connector.services(settingsOf(depot))
  const plain: Booking = {
    ...plainBooking(countryOf(depot.subject), shipAtOf(depot), n, count),
    service: service?.code ?? '',
    labelFormat: connector.labelFormats[0] ?? 'pdf',
  }
  return depot.subject.booking?.(plain) ?? plain
}

/** An operation that happens once. A booking's reference is also its key. */
export const onceOf = <Input, Output>(once: Once<unknown, Input, Output> | undefined) =>
  once ?? assert.fail('The courier lacks this operation.')

/** Runs a booking and waits until the courier has it. */
export async function book(depot: Depot, booking: Booking): Promise<BookedShipment> {
  const { bookShipment } = depot.operations
  const booked = await onceOf<Booking, BookedShipment>(bookShipment).run(
    depot.client,
    booking,
    booking.reference,
  )
  await settled(depot)
  return booked
}

/** What the courier's own ledger holds and did not take back. */
export const liveShipments = (depot: Depot): SandboxShipment[] =>
  depot.sandbox.shipments().filter((shipment) => !shipment.isCancelled)

export const cancellationOf = (booking: Booking, booked: BookedShipment): ShipmentCancellation => ({
  externalId: booked.externalId,
  trackingNumbers: booked.parcels.map((parcel) => parcel.trackingNumber),
  reference: booking.reference,
})

/** A request to fetch these parcels tomorrow afternoon. */
export function pickupOf(depot: Depot, booking: Booking, trackingNumbers: readonly string[]): PickupRequest {
  const readyAt = shipAtOf(depot)
  return {
    reference: booking.reference,
    from: booking.from,
    readyAt,
    closesAt: new Date(readyAt.getTime() + 5 * 3_600_000),
    parcels: booking.parcels,
    trackingNumbers,
    instructions: null,
  }
}

export const scannableOf = (subject: CourierSubject): readonly TrackingState[] =>
  subject.scannable ?? trackingStates

/** What to ask about a number by, as the hub knows it. */
export function refOf(depot: Depot, trackingNumber: string): TrackingRef {
  const { to } = bookingOf(depot)
  const ref = { trackingNumber, carrier: null, recipientPostcode: to.postcode, recipientPhone: to.phone }
  return depot.subject.trackingRef?.(ref) ?? ref
}

/** A number that nobody has scanned yet: of a shipment booked here or, where nothing is booked, elsewhere. */
export async function newParcel(depot: Depot, n: number): Promise<string> {
  if (depot.operations.bookShipment)
    return (await book(depot, bookingOf(depot, n))).parcels[0]!.trackingNumber
  const { trackingNumber } = depot.subject
  assert(trackingNumber, 'A courier without bookShipment needs `trackingNumber` in describeCourier.')
  depot.sandbox.announce(trackingNumber(n))
  return trackingNumber(n)
}

/** `count` parcels of as many shipments, each collected. */
export async function newParcels(depot: Depot, count: number): Promise<string[]> {
  const numbers: string[] = []
  for (let n = 1; n <= count; n++) numbers.push(await newParcel(depot, n))
  for (const number of numbers) scan(depot, number, firstStateOf(depot.subject))
  return numbers
}

/** The first state that says that the courier has the parcel. */
export const firstStateOf = (subject: CourierSubject): TrackingState =>
  scannableOf(subject).find((state) => state !== 'announced') ??
  assert.fail('`scannable` names no state of a parcel that travels.')

/** Lets an hour pass and scans the parcel; gives when. */
export function scan(depot: Depot, number: string, state: TrackingState, incident?: TrackingIncident): Date {
  depot.clock.advance(3_600_000)
  depot.sandbox.scan(number, state, incident ? { incident } : {})
  return depot.clock.now()
}

/** Asks about parcels as the hub does: not too soon, at most `maxBatch` a call. */
export async function ask(depot: Depot, refs: readonly TrackingRef[]): Promise<TrackingResult[]> {
  const { maxBatch, minIntervalMs, run } = depot.operations.pullTracking!
  depot.clock.advance(minIntervalMs)
  const results: TrackingResult[] = []
  for (let start = 0; start < refs.length; start += maxBatch) {
    const batch = refs.slice(start, start + maxBatch)
    const answers = await run(depot.client, batch)
    assert.equal(answers.length, batch.length, 'pullTracking has to give one result for each parcel.')
    results.push(...answers)
  }
  return results
}

/** What is told of the number in the place where it was asked about. */
export function trackingIn(result: TrackingResult | undefined, number: string): ParcelTracking {
  assert(result, `There is no result for ${number}.`)
  assert(result.ok, `${number} has to be told, but: ${result.ok ? '' : result.error.message}`)
  assert.equal(result.tracking.trackingNumber, number, 'A result stands in the place of another parcel.')
  return result.tracking
}

export const tellOf = async (depot: Depot, number: string): Promise<ParcelTracking> =>
  trackingIn((await ask(depot, [refOf(depot, number)]))[0], number)

/** Where a parcel stands after all that was told of it, in whatever order. */
export const stateOf = ({ events }: ParcelTracking): TrackingState | null =>
  events.reduce<TrackingState | null>((present, { state }) => laterState(present, state), null)
