import assert from 'node:assert/strict'
import type { FailureKind } from '../errors.ts'
import type { BookedShipment, Booking } from '../model/shipment.ts'
import type { Fault } from '../sandbox.ts'
import { assertBooked } from './booked.ts'
import { book, bookingOf, checksOf, type Depot, liveShipments, maxParcelsOf } from './depot.ts'
import { findOf } from './describe-book.ts'
import { failureOf } from './outcome.ts'
import { inStage, settled } from './stage.ts'
import { type Check, type CourierSubject, callsOf, isOffline } from './subject.ts'

const faults: readonly { what: string; fault: Fault }[] = [
  { what: 'a lost answer', fault: { kind: 'lost_answer' } },
  { what: 'a lost request', fault: { kind: 'lost_request' } },
  { what: 'garbage for an answer', fault: { kind: 'garbage' } },
  { what: 'a 500', fault: { kind: 'status', status: 500 } },
]

/** What booking has to keep when any of its calls goes wrong: never two live shipments, never none that is told of. */
export function lostBookingChecks(subject: CourierSubject): Check[] {
  if (!subject.connector.operations.bookShipment || isOffline(subject)) return []
  const check = checksOf(subject, 'bookShipment')
  return faults.map(({ what, fault }) =>
    check(`${what}, to any of its calls, neither hides nor doubles it`, async (depot) => {
      const calls = await countCalls(depot)
      for (let nth = 1; nth <= calls; nth++) {
        await inStage(subject, (other) => failsAt(other, { ...fault }, nth))
      }
    }),
  )
}

const pairOf = (depot: Depot) => bookingOf(depot, 1, maxParcelsOf(depot.subject))

async function countCalls(depot: Depot): Promise<number> {
  const isCall = callsOf(depot.subject)
  await book(depot, pairOf(depot))
  const calls = depot.sandbox.calls.filter(isCall).length
  assert(calls > 0, 'Booking a shipment made no call that isApiPath recognises.')
  return calls
}

/** Lets the n-th call fail, then does what the hub does: look, and run again if it is not there. */
async function failsAt(depot: Depot, fault: Fault, nth: number): Promise<void> {
  let calls = 0
  const isCall = callsOf(depot.subject)
  depot.sandbox.faults.add({ ...fault, when: (request) => isCall(request) && ++calls === nth })
  const booking = pairOf(depot)
  let booked: BookedShipment | null = null
  const failure = await failureOf(async () => {
    booked = await book(depot, booking)
  })
  await settled(depot)
  if (!failure) return assertBooked(depot, booking, booked as unknown as BookedShipment)
  assert(
    ['uncertain', 'unavailable', 'unexpected'].includes(failure.kind),
    `A call that fails in the middle of a booking is not ${failure.kind}: ${failure.message}`,
  )
  const isThere = liveShipments(depot).length > 0
  if (depot.operations.bookShipment!.find === 'unsupported') {
    assert(
      !isThere || failure.kind === 'uncertain',
      `The shipment was booked and cannot be looked for, so the failure is not ${failure.kind}.`,
    )
    return
  }
  await asHubGoesOn(depot, booking, failure.kind)
}

/** Only what is unclear is looked for first; after the other words the hub runs it again. */
async function asHubGoesOn(depot: Depot, booking: Booking, kind: FailureKind): Promise<void> {
  const wasLive = liveShipments(depot).length > 0
  const found = kind === 'unavailable' ? null : await findOf(depot, booking)
  if (found) return assertBooked(depot, booking, found, 'found')
  const mayRepeat = kind === 'unavailable' || depot.operations.bookShipment!.find === 'repeatable'
  assert(mayRepeat || !wasLive, 'The shipment was booked, but looking does not find it.')
  // An answer to a repeated request may be the first one's, without its price.
  assertBooked(depot, booking, await book(depot, booking), wasLive ? 'found' : 'ran')
}
