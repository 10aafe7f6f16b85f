import {
  type BookedShipment,
  type Booking,
  ConnectorError,
  type LabelFormat,
  type Once,
  type QuoteAnswer,
  type QuoteRequest,
  type ShipmentCancellation,
} from 'entrepot/sdk'
import type { UpsClient } from './client.ts'
import { toBookedShipment, toRecovered, toRecoveryRequest, toShipRequest } from './mapping-booking.ts'
import { toQuoteAnswer, toRateRequest } from './mapping-quote.ts'
import { codes, hasCode, isNotOffered } from './refusals.ts'

/** All prices come from one call; what was not asked for is left out of its answer. */
export async function quote(client: UpsClient, request: QuoteRequest): Promise<QuoteAnswer> {
  try {
    return toQuoteAnswer(await client.rate(toRateRequest(request, client.settings)), request)
  } catch (error) {
    if (!(error instanceof ConnectorError && isNotOffered(error))) throw error
    const reason = error.vendorMessage ?? error.message
    return { quotes: [], notOffered: (request.services ?? [null]).map((service) => ({ service, reason })) }
  }
}

export const bookShipment: Once<UpsClient, Booking, BookedShipment> = {
  async run(client, booking) {
    const results = await client.ship(toShipRequest(booking, client.settings), booking.reference)
    const booked = toBookedShipment(results)
    if (booked.parcels.length !== booking.parcels.length)
      throw new ConnectorError(
        'uncertain',
        `UPS booked ${booked.externalId} with ${booked.parcels.length} parcels instead of ${booking.parcels.length}.`,
      )
    return booked
  },
  async find(client, booking) {
    const { accountNumber } = client.settings
    const by = { reference: booking.reference, accountNumber }
    const recovery = await recover(client, by, booking.labelFormat)
    if (!recovery) return null
    const candidates = recovery.TrackingCandidate.map(({ TrackingNumber }) => TrackingNumber)
    return candidates.length === 0 ? toRecovered(recovery) : gather(client, candidates, booking)
  },
}

/** Null where nothing stands under this reference: never booked, or voided since. */
async function recover(client: UpsClient, by: Parameters<typeof toRecoveryRequest>[0], format: LabelFormat) {
  try {
    const of = 'reference' in by ? by.reference : by.trackingNumber
    return await client.recoverLabels(toRecoveryRequest(by, format), of)
  } catch (error) {
    if (hasCode(error, codes.labelNotFound, codes.labelOfVoided)) return null
    throw error
  }
}

/** Where a reference fits several packages UPS names them only: each one's labels are asked for. */
async function gather(
  client: UpsClient,
  candidates: readonly string[],
  { reference, labelFormat }: Booking,
): Promise<BookedShipment | null> {
  const found: BookedShipment[] = []
  for (const trackingNumber of candidates) {
    const recovery = await recover(client, { trackingNumber }, labelFormat)
    const shipment = recovery && toRecovered(recovery)
    if (shipment) found.push(shipment)
  }
  const [first] = found
  if (!first) return null
  const others = found.filter(({ externalId }) => externalId !== first.externalId)
  if (others.length > 0)
    throw new ConnectorError(
      'unexpected',
      `UPS has several shipments with the reference ${reference}: ${first.externalId} and ${others[0]!.externalId}. Void all but one on ups.com.`,
    )
  const parcels = new Map(
    found.flatMap(({ parcels }) => parcels).map((parcel) => [parcel.trackingNumber, parcel]),
  )
  return { ...first, parcels: [...parcels.values()] }
}

export const cancelShipment: Once<UpsClient, ShipmentCancellation, true> = {
  async run(client, { externalId }) {
    try {
      const { SummaryResult, PackageLevelResults } = await client.voidShipment(externalId)
      const kept = PackageLevelResults.filter(({ Status }) => Status.Code !== '1')
      if (SummaryResult.Status.Code === '1' && kept.length === 0) return true
      const names = kept.map(({ TrackingNumber }) => TrackingNumber).join(', ') || externalId
      throw new ConnectorError('rejected', `UPS did not void ${names}.`, {
        vendorMessage: kept[0]?.Status.Description ?? SummaryResult.Status.Description,
      })
    } catch (error) {
      if (hasCode(error, codes.alreadyVoided)) return true
      throw error
    }
  },
  /** UPS refuses the labels of a voided shipment by a code of its own: the one place that says it plainly. */
  async find(client, { externalId }) {
    try {
      await client.recoverLabels(toRecoveryRequest({ trackingNumber: externalId }, 'pdf'), externalId)
      return null
    } catch (error) {
      if (hasCode(error, codes.labelOfVoided)) return true
      if (error instanceof ConnectorError && ['rejected', 'not_found'].includes(error.kind)) return null
      throw error
    }
  },
}
