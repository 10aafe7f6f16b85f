import { type BookedShipment, type Booking, ConnectorError, type ShipmentCancellation } from 'entrepot/sdk'
import type { UspsClient, UspsLabel } from './client.ts'
import { bookedShipment, trackingNumberOf } from './mapping-booked.ts'
import { labelRequests } from './mapping-label.ts'

/**
 * Buys one label a parcel, each under a key that is made of the reference and the parcel's place. What stopped
 * halfway goes on where it stopped when it is run again: USPS gives a label that was bought under a key again,
 * and charges nothing for it.
 * @throws ConnectorError that names the labels which are bought already.
 */
export async function bookShipment(
  client: UspsClient,
  booking: Booking,
  key: string,
): Promise<BookedShipment> {
  const labels: UspsLabel[] = []
  for (const { api, key: parcelKey, body } of labelRequests(booking, key, client.settings)) {
    try {
      labels.push(await client.createLabel(api, parcelKey, body))
    } catch (error) {
      throw naming(labels, booking.parcels.length, error)
    }
  }
  return bookedShipment(labels, booking.labelFormat)
}

/**
 * The error, with the labels before it in its message: nobody else knows that they are paid for. What is unclear of
 * one parcel among several is `unavailable`, because running it again is harmless and settles it, while looking
 * would only tell that the shipment is not whole.
 */
function naming(labels: readonly UspsLabel[], count: number, error: unknown): unknown {
  if (count === 1 || !(error instanceof ConnectorError)) return error
  const bought = labels.map(({ metadata }) => trackingNumberOf(metadata)).join(', ') || 'none'
  const { message, vendorMessage, vendorCode, status, retryAfterMs, issues } = error
  return new ConnectorError(
    ['uncertain', 'unexpected'].includes(error.kind) ? 'unavailable' : error.kind,
    `Parcel ${labels.length + 1} of ${count}: ${message} Bought before it: ${bought}. Booking again under the same reference takes over what is bought and pays only for the rest; if you give it up, cancel with USPS.`,
    { vendorMessage, vendorCode, status, retryAfterMs, issues, cause: error },
  )
}

/**
 * The labels that were bought for this booking; null as long as one of them is missing: `bookShipment` completes
 * it without buying the others twice. USPS prints a label again three times, until its mailing date.
 */
export async function findShipment(
  client: UspsClient,
  booking: Booking,
  key: string,
): Promise<BookedShipment | null> {
  const requests = labelRequests(booking, key, client.settings)
  const labels: UspsLabel[] = []
  for (const request of requests) {
    const label = await unlessNotFound(client.reprintLabel(request.api, request.key, request.reprint))
    if (label === null) return null
    labels.push(label)
  }
  return bookedShipment(labels, booking.labelFormat)
}

const unlessNotFound = <Answer>(answer: Promise<Answer>): Promise<Answer | null> =>
  answer.catch((error: unknown) => {
    if (error instanceof ConnectorError && error.kind === 'not_found') return null
    throw error
  })

/** International labels carry the numbers of the world's posts (S10). */
const isInternational = (trackingNumber: string) => /^[A-Z]{2}\d{9}[A-Z]{2}$/.test(trackingNumber)

/** Takes every label back: cancelled where it is not manifested yet, else a refund is asked for. */
export async function cancelShipment(
  client: UspsClient,
  { trackingNumbers }: ShipmentCancellation,
): Promise<true> {
  for (const trackingNumber of trackingNumbers) {
    try {
      await client.cancelLabel(isInternational(trackingNumber) ? 'abroad' : 'home', trackingNumber)
    } catch (error) {
      if (!isAlreadyCancelled(error)) throw mayHaveHappened(error)
    }
  }
  return true
}

/** "A refund request for this order has already been submitted today": an earlier try came through. */
const isAlreadyCancelled = (error: unknown): boolean =>
  error instanceof ConnectorError &&
  error.status === 400 &&
  /already (been )?(submitted|cancell?ed)/i.test(error.vendorMessage ?? '')

/** An answer to a cancellation that cannot be read says nothing of whether it was done. */
const mayHaveHappened = (error: unknown): unknown =>
  error instanceof ConnectorError && error.kind === 'unexpected'
    ? new ConnectorError('uncertain', error.message, { status: error.status, cause: error })
    : error
