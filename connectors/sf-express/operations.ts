import {
  type BookedShipment,
  type Booking,
  ConnectorError,
  type QuoteAnswer,
  type QuoteRequest,
  type ShipmentCancellation,
  type TrackingRef,
  type TrackingResult,
} from 'entrepot/sdk'
import type { SfClient } from './client.ts'
import { alreadyBooked, alreadyCancelled } from './errors.ts'
import { isDeclined, toOrder, toPrintJobs, toWaybills } from './mapping-booking.ts'
import { reasonAgainst, toQuoteAnswer, toQuoteMessage } from './mapping-quotes.ts'
import { phoneEndOf, toTracking } from './mapping-tracking.ts'
import type { Order, PrintFile } from './schemas.ts'

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof ConnectorError && error.vendorCode === code

/** Books, or finds what was booked under this reference before, and prints. */
export async function bookShipment(client: SfClient, booking: Booking): Promise<BookedShipment> {
  const order = await client.createOrder(toOrder(booking, client.settings)).catch((error: unknown) => {
    if (hasCode(error, alreadyBooked)) return client.readOrder(booking.reference)
    throw error
  })
  return toBooked(client, order, booking)
}

/** What was booked under the reference; an order that SF declined is no booking. */
export async function findShipment(client: SfClient, booking: Booking): Promise<BookedShipment | null> {
  const order = await readOrNull(client, booking.reference)
  return order === null || isDeclined(order) ? null : toBooked(client, order, booking)
}

const readOrNull = (client: SfClient, reference: string): Promise<Order | null> =>
  client.readOrder(reference).catch((error: unknown) => {
    // With a status it is the address that was not found.
    if (error instanceof ConnectorError && error.kind === 'not_found' && error.status === undefined)
      return null
    throw error
  })

async function toBooked(client: SfClient, order: Order, booking: Booking): Promise<BookedShipment> {
  const waybills = toWaybills(order, booking.parcels.length)
  const labels = await printLabels(client, waybills)
  return {
    externalId: waybills[0]!,
    parcels: waybills.map((trackingNumber) => ({
      trackingNumber,
      documents: (labels.get(trackingNumber) ?? []).map((base64) => ({
        kind: 'label',
        format: 'pdf',
        base64,
      })),
    })),
    documents: [],
    price: null,
  }
}

/** The pages of each waybill's label, in base64. */
async function printLabels(client: SfClient, waybills: readonly string[]): Promise<Map<string, string[]>> {
  const pages = new Map<string, string[]>()
  try {
    for (const job of toPrintJobs(waybills, client.settings)) {
      const files = await client.printLabels(job)
      for (const file of files.toSorted((a, b) => a.seqNo - b.seqNo || a.pageNo - b.pageNo)) {
        const base64 = (await download(client, file)).toString('base64')
        pages.set(file.waybillNo, [...(pages.get(file.waybillNo) ?? []), base64])
      }
    }
  } catch (error) {
    throw whileBooked(error, waybills[0]!)
  }
  const missing = waybills.filter((waybill) => !pages.has(waybill))
  if (missing.length === 0) return pages
  throw whileBooked(
    new ConnectorError('unexpected', `SF Express printed no label of ${missing.join(', ')}.`),
    waybills[0]!,
  )
}

/** The link's own token is minutes old: its refusal says nothing of the connection. */
const download = (client: SfClient, file: PrintFile): Promise<Buffer> =>
  client.download(file).catch((error: unknown) => {
    if (error instanceof ConnectorError && (error.kind === 'auth' || error.kind === 'not_found'))
      throw new ConnectorError(
        'unavailable',
        `SF Express does not give out the label of ${file.waybillNo} yet.`,
        { cause: error, status: error.status },
      )
    throw error
  })

/** A shipment that was booked stays booked when its label is refused, so the hub must not take it for refused. */
function whileBooked(error: unknown, waybill: string): unknown {
  if (!(error instanceof ConnectorError)) return error
  if (error.kind !== 'rejected' && error.kind !== 'not_found' && error.kind !== 'unexpected') return error
  return new ConnectorError(
    'uncertain',
    `SF Express booked ${waybill}, but did not print it: ${error.message} Check the label template of the connection.`,
    { vendorCode: error.vendorCode, vendorMessage: error.vendorMessage, cause: error },
  )
}

export async function cancelShipment(client: SfClient, { reference }: ShipmentCancellation): Promise<true> {
  try {
    const { resStatus } = await client.cancelOrder(reference)
    if (resStatus === '2') return true
    throw new ConnectorError(
      'rejected',
      `SF Express did not cancel ${reference}: its number and waybill do not belong together (status ${resStatus}).`,
      { vendorCode: resStatus },
    )
  } catch (error) {
    if (hasCode(error, alreadyCancelled)) return true
    throw error
  }
}

/** One call for all parcels that the same phone may ask about. */
export async function pullTracking(
  client: SfClient,
  parcels: readonly TrackingRef[],
): Promise<TrackingResult[]> {
  const byPhone = Map.groupBy(parcels, (parcel) => phoneEndOf(parcel.recipientPhone))
  const answers: unknown[] = []
  for (const [phoneEnd, refs] of byPhone) {
    answers.push(
      ...(await client.searchRoutes([...new Set(refs.map((ref) => ref.trackingNumber))], phoneEnd)),
    )
  }
  return parcels.map((parcel) => toTracking(parcel, answers))
}

/** Named products are asked for one by one: asked for all, SF leaves out those that need a contract. */
export async function quote(client: SfClient, request: QuoteRequest): Promise<QuoteAnswer> {
  const { settings } = client
  const wanted = request.services ?? Object.keys(settings.products)
  const reason = reasonAgainst(request)
  if (reason) return { quotes: [], notOffered: wanted.map((service) => ({ service, reason })) }
  const offers = []
  for (const product of request.services ?? [''])
    offers.push(...(await client.queryPrices(toQuoteMessage(request, product, settings))))
  return toQuoteAnswer(offers, wanted, settings)
}

/** Asks about an order that cannot be: SF checks code, signature and permission before it looks. */
export async function check(client: SfClient): Promise<string> {
  await readOrNull(client, 'entrepot-connection-check')
  const { apiUrl, partnerId } = client.settings
  return `Reached SF Express at ${new URL(apiUrl).host} as customer ${partnerId}; it accepts the checkword.`
}
