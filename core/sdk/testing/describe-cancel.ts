import assert from 'node:assert/strict'
import type { Booking, ShipmentCancellation } from '../model/shipment.ts'
import { onlyLive } from './booked.ts'
import {
  book,
  bookingOf,
  cancellationOf,
  checksOf,
  type Depot,
  liveShipments,
  unknownNumberOf,
} from './depot.ts'
import { assertFailsAs, failureOf } from './outcome.ts'
import { settled } from './stage.ts'
import { type Check, type CourierSubject, isOffline, writesOf } from './subject.ts'

const key = 'onc_cancel_1'

/** What taking a shipment back has to keep. */
export function cancelChecks(subject: CourierSubject): Check[] {
  const { cancelShipment } = subject.connector.operations
  if (!cancelShipment) return []
  const check = checksOf(subject, 'cancelShipment')
  return [
    check('cancels this shipment and no other', cancelsOne),
    check('cancelling twice is no failure', async (depot) => {
      const { input } = await booked(depot, 1)
      await cancel(depot, input)
      await cancel(depot, input)
    }),
    check('a shipment that was never booked is not_found or rejected', unknown),
    ...(isOffline(subject) ? [] : [check('a lost answer neither hides it nor undoes it', lostAnswer)]),
    ...(typeof cancelShipment.find !== 'function'
      ? []
      : [check('is not found before it ran, and found afterwards', findAgrees)]),
  ]
}

async function booked(depot: Depot, n: number): Promise<{ booking: Booking; input: ShipmentCancellation }> {
  assert(depot.operations.bookShipment, 'A courier that cancels has to book, too, to be tested.')
  const booking = bookingOf(depot, n)
  return { booking, input: cancellationOf(booking, await book(depot, booking)) }
}

async function cancel(depot: Depot, input: ShipmentCancellation): Promise<void> {
  await depot.operations.cancelShipment!.run(depot.client, input, key)
  await settled(depot)
}

async function findOf(depot: Depot, input: ShipmentCancellation): Promise<true | null> {
  const { find } = depot.operations.cancelShipment!
  return typeof find !== 'function' ? null : find(depot.client, input, key)
}

function assertCancelled(depot: Depot, booking: Booking): void {
  if (isOffline(depot.subject)) return
  const held = depot.sandbox.shipments().filter((shipment) => shipment.reference === booking.reference)
  assert(
    held.every((shipment) => shipment.isCancelled),
    `${booking.reference} is still live in the courier's ledger.`,
  )
}

async function cancelsOne(depot: Depot): Promise<void> {
  const [first, second] = [await booked(depot, 1), await booked(depot, 2)]
  await cancel(depot, first.input)
  assertCancelled(depot, first.booking)
  if (!isOffline(depot.subject)) onlyLive(depot, second.booking)
}

async function unknown(depot: Depot): Promise<void> {
  const input = {
    externalId: depot.subject.unknownExternalId ?? '999999999',
    trackingNumbers: [unknownNumberOf(depot.subject)],
    reference: bookingOf(depot, 9).reference,
  }
  await booked(depot, 1)
  await assertFailsAs(
    () => cancel(depot, input),
    ['not_found', 'rejected'],
    'A shipment that was never booked',
  )
  if (!isOffline(depot.subject))
    assert.equal(liveShipments(depot).length, 1, 'Another shipment was cancelled.')
}

async function lostAnswer(depot: Depot): Promise<void> {
  const { booking, input } = await booked(depot, 1)
  depot.sandbox.faults.add({ kind: 'lost_answer', when: writesOf(depot.subject) })
  const failure = await failureOf(() => cancel(depot, input))
  await settled(depot)
  if (failure) {
    assert(
      ['uncertain', 'unavailable'].includes(failure.kind),
      `A lost answer to a cancellation is not ${failure.kind}: ${failure.message}`,
    )
    const isSupported = typeof depot.operations.cancelShipment!.find === 'function'
    if (failure.kind === 'unavailable') await cancel(depot, input)
    else if (isSupported) assert.equal(await findOf(depot, input), true, 'It is cancelled, but is not found.')
  }
  assertCancelled(depot, booking)
}

async function findAgrees(depot: Depot): Promise<void> {
  const { input } = await booked(depot, 1)
  assert.equal(await findOf(depot, input), null, 'The cancellation is found though it never ran.')
  await cancel(depot, input)
  assert.equal(await findOf(depot, input), true, 'The shipment is cancelled, but is not found to be.')
}
