import assert from 'node:assert/strict'
import type { BookedShipment, Booking, LabelFormat, ShippingDocument } from '../model/shipment.ts'
import { assertPrice } from './charges.ts'
import { type Depot, liveShipments } from './depot.ts'
import { isOffline } from './subject.ts'

/** How a document of each format begins. */
const beginnings: Record<LabelFormat, Buffer> = {
  pdf: Buffer.from('%PDF-'),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  zpl: Buffer.from('^XA'),
}
/** The most that rounding up to a courier's unit may add to a parcel's weight. */
const roundingGrams = 1000

/**
 * Asserts that the courier's own ledger holds this booking, once, as it was asked and as it was answered.
 * What was looked up may lack the price: it may be nowhere to be read again.
 */
export function assertBooked(
  depot: Depot,
  booking: Booking,
  booked: BookedShipment,
  how: 'ran' | 'found' = 'ran',
): void {
  const numbers = booked.parcels.map((parcel) => parcel.trackingNumber)
  assert.equal(numbers.length, booking.parcels.length, 'bookShipment has to give one entry a parcel.')
  assert.equal(new Set(numbers).size, numbers.length, 'Each parcel needs a tracking number of its own.')
  assert(numbers.every((number) => number.trim()) && booked.externalId.trim(), 'An id is empty.')
  assertDocuments(depot, booking, booked)
  if (booked.price) assertPrice(booked.price, 'The price of the booking')
  if (isOffline(depot.subject)) return
  const held = onlyLive(depot, booking)
  assert.equal(booked.externalId, held.externalId, 'The shipment was given another external id.')
  assert.deepEqual(numbers, [...held.trackingNumbers], "The tracking numbers are not the ledger's, in order.")
  assert.equal(held.service, booking.service, 'Another service was booked.')
  if (held.price && (how === 'ran' || booked.price)) {
    const { totalMinor, currency } = booked.price ?? {}
    assert.deepEqual({ totalMinor, currency }, held.price, 'The price is not what the courier will charge.')
  }
  for (const [index, { weightGrams }] of booking.parcels.entries()) {
    const grams = held.weightsGrams[index]
    assert(
      grams !== undefined && grams >= weightGrams && grams <= weightGrams + roundingGrams,
      `Parcel ${index + 1} weighs ${weightGrams} g and was booked with ${grams} g: round up, and no further.`,
    )
  }
}

/** The one shipment of this reference that the ledger holds. */
export function onlyLive(depot: Depot, { reference }: Booking) {
  const held = liveShipments(depot).filter((shipment) => shipment.reference === reference)
  const all = depot.sandbox.shipments().map((shipment) => shipment.reference)
  assert.equal(
    held.length,
    1,
    `The ledger has to hold ${reference} exactly once, but holds it ${held.length} times among: ${all.join(', ') || 'nothing'}.`,
  )
  return held[0]!
}

/** Asserts that each parcel has its label, and that every document is what it says. */
function assertDocuments({ subject }: Depot, booking: Booking, booked: BookedShipment): void {
  const labels = booked.parcels.map((parcel) => parcel.documents.filter(({ kind }) => kind === 'label'))
  const all = [...booked.parcels.flatMap((parcel) => parcel.documents), ...booked.documents]
  for (const document of all) assertReadable(document)
  if (subject.hasNoLabels) {
    assert.deepEqual(labels.flat(), [], '`hasNoLabels` is said of a courier that gives labels.')
    return
  }
  for (const [index, own] of labels.entries()) {
    assert.equal(
      own.length,
      1,
      `Parcel ${index + 1} needs one label, but has ${own.length}; see hasNoLabels.`,
    )
    assert.equal(own[0]!.format, booking.labelFormat, 'A label comes in another format than was asked for.')
  }
  const prints = new Set(labels.flat().map((label) => label.base64))
  assert.equal(prints.size, labels.length, 'Two parcels have the same label.')
}

function assertReadable({ kind, format, base64 }: ShippingDocument): void {
  const bytes = Buffer.from(base64, 'base64')
  assert.match(base64, /^[A-Za-z0-9+/]+={0,2}$/, `The ${kind} is no base64.`)
  const start = format === 'zpl' ? Buffer.from(bytes.toString('latin1').trimStart()) : bytes
  assert(
    start.subarray(0, beginnings[format].length).equals(beginnings[format]),
    `The ${kind} is no ${format}.`,
  )
}

/** Asserts that two answers tell the same shipment with the same papers. */
export function assertSameBooking(found: BookedShipment, ran: BookedShipment): void {
  const told = ({ externalId, parcels, documents }: BookedShipment) => ({
    externalId,
    parcels: parcels.map((parcel) => ({
      trackingNumber: parcel.trackingNumber,
      documents: parcel.documents.map(({ kind, format }) => ({ kind, format })),
    })),
    documents: documents.map(({ kind, format }) => ({ kind, format })),
  })
  assert.deepEqual(told(found), told(ran), 'run and find do not agree.')
}
