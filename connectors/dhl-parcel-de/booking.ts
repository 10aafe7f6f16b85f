import { type BookedShipment, type Booking, ConnectorError, type ShipmentCancellation } from 'entrepot/sdk'
import { toBerlin } from './berlin-time.ts'
import type { DhlClient } from './client.ts'
import { numbersIn, toBooked } from './mapping-answer.ts'
import { maxShipments, toOrderRequest } from './mapping-order.ts'
import { isDone, refusalOf } from './refusal.ts'
import type { OrderAnswer } from './schemas.ts'
import { isPlausible } from './shipment-number.ts'

/** How many days back a closed shipment is looked for; it is cancelled soon after it was booked or not at all. */
const manifestDays = 4
const dayMs = 86_400_000

/**
 * Books every parcel as a shipment of DHL's, in one call. DHL makes what it can of a call and refuses the rest,
 * so several parcels are tried first, which changes nothing; should one be refused all the same, those that
 * were made are deleted again.
 */
export async function bookShipment(client: DhlClient, booking: Booking): Promise<BookedShipment> {
  const request = toOrderRequest(booking, client.settings, client.clock.now())
  if (request.shipments.length > 1) {
    const trial = await client.order(request, booking.labelFormat, true)
    if (!trial.items.every(isDone)) throw refusalOf('the shipments', 400, trial)
  }
  const answer = await client.order(request, booking.labelFormat, false)
  if (answer.items.length !== request.shipments.length)
    return fail('did not say what became of every shipment', answer)
  if (answer.items.every(isDone))
    return toBooked(answer.items) ?? fail('made the shipments without giving every number and label', answer)
  return takeBack(client, answer)
}

async function takeBack(client: DhlClient, answer: OrderAnswer): Promise<never> {
  const made = madeIn(answer)
  const refusal = refusalOf('the shipments', 200, answer)
  if (made.length === 0) throw refusal
  try {
    await cancelNumbers(client, made)
  } catch (cause) {
    throw new ConnectorError(
      'uncertain',
      `DHL refused a part of the booking and made ${made.join(', ')}, which could not be deleted. Delete them in the business customer portal, correct what was refused, and book again.`,
      { vendorMessage: refusal.vendorMessage, vendorCode: refusal.vendorCode, issues: refusal.issues, cause },
    )
  }
  throw refusal
}

const madeIn = ({ items }: OrderAnswer): string[] =>
  items.flatMap(({ shipmentNo }) => (shipmentNo === null ? [] : [shipmentNo]))

function fail(what: string, answer: OrderAnswer): never {
  const made = madeIn(answer)
  throw new ConnectorError(
    'uncertain',
    `DHL ${what}. ${made.length === 0 ? 'Look for the reference' : `Look for ${made.join(', ')}`} in the business customer portal before booking again.`,
  )
}

const numbersOf = ({ trackingNumbers, externalId }: ShipmentCancellation): readonly string[] =>
  trackingNumbers.length > 0 ? trackingNumbers : numbersIn(externalId)

/** What is deleted already counts as done. @throws ConnectorError `rejected` for what was closed at the end of its day. */
export async function cancelShipment(client: DhlClient, cancellation: ShipmentCancellation): Promise<true> {
  await cancelNumbers(client, numbersOf(cancellation))
  return true
}

export async function findCancellation(
  client: DhlClient,
  cancellation: ShipmentCancellation,
): Promise<true | null> {
  return (await standing(client, numbersOf(cancellation))).length === 0 ? true : null
}

async function cancelNumbers(client: DhlClient, numbers: readonly string[]): Promise<void> {
  const answer = await client.deleteOrders(numbers).catch(refusedAnswer)
  const isAll = answer.items.length === numbers.length && answer.items.every(isDone)
  if (isAll) return
  // DHL says the same of a shipment that was deleted, of one that was closed, and of one that never was.
  const mistyped = numbers.filter((number) => !isPlausible(number))
  const left = mistyped.length > 0 ? mistyped : await standing(client, numbers)
  if (left.length > 0) throw refusalOf(`the cancellation of ${left.join(', ')}`, 400, answer)
}

/** Those of the shipments that are not deleted: open ones, and those closed in the last days. */
async function standing(client: DhlClient, numbers: readonly string[]): Promise<string[]> {
  const open: string[] = []
  for (let start = 0; start < numbers.length; start += maxShipments) {
    const asked = numbers.slice(start, start + maxShipments)
    const { items } = await client.readOrders(asked).catch(refusedAnswer)
    open.push(
      ...asked.filter((number, index) =>
        items.some(
          (item, at) => isDone(item) && (item.shipmentNo ? item.shipmentNo === number : at === index),
        ),
      ),
    )
  }
  const closed = open.length === numbers.length ? [] : await closedLately(client)
  return numbers.filter((number) => open.includes(number) || closed.includes(number))
}

async function closedLately(client: DhlClient): Promise<string[]> {
  const closed: string[] = []
  for (let day = 0; day < manifestDays; day++) {
    const at = new Date(client.clock.now().getTime() - day * dayMs)
    closed.push(...(await client.readManifest(toBerlin(at).date)))
  }
  return closed
}

/** A refusal of single shipments is an answer too; one of the whole request stays a failure. */
function refusedAnswer(error: unknown): OrderAnswer {
  if (error instanceof ConnectorError && error.kind === 'not_found') return nothing
  const answer =
    error instanceof ConnectorError && error.kind === 'rejected' ? (error.cause as OrderAnswer) : null
  if (answer?.items?.length) return answer
  throw error
}
const nothing: OrderAnswer = { status: 404, title: 'Not found', detail: null, items: [] }
