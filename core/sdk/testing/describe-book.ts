import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Booking, LabelFormat } from '../model/shipment.ts'
import { assertBooked, assertSameBooking } from './booked.ts'
import { book, bookingOf, checksOf, type Depot, liveShipments, maxParcelsOf } from './depot.ts'
import { assertFailsAs, failureOf } from './outcome.ts'
import { type Check, type CourierSubject, callsOf } from './subject.ts'

const unknownService = 'NO-SUCH-SERVICE'

/** What booking a shipment has to keep when the courier behaves. */
export function bookChecks(subject: CourierSubject): Check[] {
  const { bookShipment } = subject.connector.operations
  if (!bookShipment) return []
  const check = checksOf(subject, 'bookShipment')
  const many = maxParcelsOf(subject)
  return [
    check('a parcel is booked as it was asked, with its label', (depot) =>
      booksWell(depot, bookingOf(depot)),
    ),
    many > 1
      ? check(`${many} parcels are booked, each with its label, in order`, (depot) =>
          booksWell(depot, bookingOf(depot, 1, many)),
        )
      : check('more than one parcel is refused in clear words', (depot) => oneParcelOnly(depot)),
    ...subject.connector.labelFormats.map((format) =>
      check(`a label comes as ${format} when it is asked for`, (depot) => booksAs(depot, format)),
    ),
    check('a weight is rounded up to what the courier weighs in, never to nothing', lightParcel),
    check('a parcel of unknown size is booked, or refused in clear words', sizeUnknown),
    check('what the courier refuses is rejected in its words, and leaves nothing behind', refused),
    check('two bookings are two shipments', twoShipments),
    ...(bookShipment.find === 'repeatable'
      ? [check('booked again with the same key it is the same shipment', sameAgain)]
      : []),
    ...(typeof bookShipment.find !== 'function'
      ? []
      : [
          check('is not found before it ran, and found as it ran afterwards', findAgrees),
          check("another key's booking is not taken for this one", otherKey),
        ]),
    ...(subject.hasNoLabels
      ? [
          check('the README says why there are no labels', async () => {
            assert.match(await readFile(subject.readme, 'utf8'), /label/i)
          }),
        ]
      : []),
  ]
}

async function booksWell(depot: Depot, booking: Booking): Promise<void> {
  assertBooked(depot, booking, await book(depot, booking))
}

const booksAs = (depot: Depot, labelFormat: LabelFormat) =>
  booksWell(depot, { ...bookingOf(depot), labelFormat })

async function oneParcelOnly(depot: Depot): Promise<void> {
  const booking = { ...bookingOf(depot), parcels: bookingOf(depot, 1, 2).parcels }
  const failure = await assertFailsAs(() => book(depot, booking), ['rejected'], 'A shipment of two parcels')
  assert.match(failure!.message, /parcel|package|piece/i, 'The refusal has to say that it is about parcels.')
  assert.deepEqual(liveShipments(depot), [], 'What was refused is in the ledger.')
}

async function lightParcel(depot: Depot): Promise<void> {
  const booking = bookingOf(depot)
  const [parcel] = booking.parcels
  const items = parcel!.items.map((item) => ({ ...item, quantity: 1, weightGrams: 20 }))
  await booksWell(depot, { ...booking, parcels: [{ ...parcel!, weightGrams: 21, items }] })
}

async function sizeUnknown(depot: Depot): Promise<void> {
  const booking = bookingOf(depot)
  const unknown = { lengthMm: null, widthMm: null, heightMm: null }
  const sizeless = { ...booking, parcels: booking.parcels.map((parcel) => ({ ...parcel, ...unknown })) }
  const failure = await failureOf(() => booksWell(depot, sizeless))
  if (!failure) return
  assert.equal(failure.kind, 'rejected', `An unknown size is not ${failure.kind}: ${failure.message}`)
  assert.deepEqual(liveShipments(depot), [], 'What was refused is in the ledger.')
}

async function refused(depot: Depot): Promise<void> {
  const booking = bookingOf(depot)
  const spoiled = depot.subject.refusedBooking?.(booking) ?? { ...booking, service: unknownService }
  const isCall = callsOf(depot.subject)
  const failure = await assertFailsAs(() => book(depot, spoiled), ['rejected'], 'What the courier refuses')
  assert.deepEqual(depot.sandbox.shipments(), [], 'What was refused is in the ledger.')
  // What the connector refuses by itself is told in its own message; what the courier refused, in the courier's.
  const wasSent = depot.sandbox.calls.some((call) => call.status >= 400 && isCall(call))
  const words = failure!.vendorMessage ?? failure!.issues.map((issue) => issue.message).join(' ')
  assert(!wasSent || words.trim(), "The refusal lacks the courier's words (vendorMessage or issues).")
}

async function twoShipments(depot: Depot): Promise<void> {
  const [first, second] = [bookingOf(depot, 1), bookingOf(depot, 2)]
  const [one, two] = [await book(depot, first), await book(depot, second)]
  assertBooked(depot, first, one)
  assertBooked(depot, second, two)
  assert.notEqual(one.externalId, two.externalId, 'Two shipments have the same external id.')
  assert.notEqual(
    one.parcels[0]!.trackingNumber,
    two.parcels[0]!.trackingNumber,
    'Two parcels share a number.',
  )
}

export const findOf = async (depot: Depot, booking: Booking) => {
  const { find } = depot.operations.bookShipment!
  return typeof find !== 'function' ? null : find(depot.client, booking, booking.reference)
}

async function sameAgain(depot: Depot): Promise<void> {
  const booking = bookingOf(depot, 1, maxParcelsOf(depot.subject))
  const first = await book(depot, booking)
  assert.deepEqual(await book(depot, booking), first, 'Booking it again gives another shipment.')
}

async function findAgrees(depot: Depot): Promise<void> {
  const booking = bookingOf(depot, 1, maxParcelsOf(depot.subject))
  assert.equal(await findOf(depot, booking), null, 'The shipment is found though it was never booked.')
  const ran = await book(depot, booking)
  const found = await findOf(depot, booking)
  assert(found, 'The shipment was booked, but is not found.')
  assertSameBooking(found, ran)
  assertBooked(depot, booking, found, 'found')
}

async function otherKey(depot: Depot): Promise<void> {
  await book(depot, bookingOf(depot, 1))
  assert.equal(await findOf(depot, bookingOf(depot, 2)), null, "Another key's booking is taken for this one.")
}
