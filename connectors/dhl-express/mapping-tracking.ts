import {
  ConnectorError,
  type ParcelTracking,
  type TrackingEvent,
  type TrackingRef,
  type TrackingResult,
} from 'entrepot/sdk'
import { readTime } from './mapping-parties.ts'
import { type DhlEvent, type TrackedShipment, trackedShipment } from './schemas.ts'
import { meanings, shipmentCodes } from './tracking-codes.ts'

/** A waybill has ten digits; a piece has a licence plate such as JD014600004617230770. */
export const isWaybill = (trackingNumber: string): boolean => /^\d{10}$/.test(trackingNumber)

/** One result a parcel, in order, from the rows of the answers. A row that cannot be read spoils only its own. */
export function toTrackingResults(
  parcels: readonly TrackingRef[],
  rows: readonly unknown[],
): TrackingResult[] {
  const shipments = rows.flatMap((row) => {
    const parsed = trackedShipment.safeParse(row)
    return parsed.success ? [parsed.data] : []
  })
  return parcels.map(({ trackingNumber }) => {
    const tracking = shipments.map((shipment) => toTracking(shipment, trackingNumber)).find(Boolean)
    if (tracking) return { ok: true, tracking }
    const isUnreadable = rows.some((row) => JSON.stringify(row).includes(`"${trackingNumber}"`))
    return { ok: false, error: isUnreadable ? unreadable(trackingNumber) : notFound(trackingNumber) }
  })
}

const unreadable = (trackingNumber: string): ConnectorError =>
  new ConnectorError('unexpected', `What DHL Express tells of ${trackingNumber} cannot be read.`)

const notFound = (trackingNumber: string): ConnectorError =>
  new ConnectorError('not_found', `DHL Express does not know ${trackingNumber} (yet).`)

/** What is told of one parcel, or null when the shipment has no such piece. */
function toTracking(shipment: TrackedShipment, trackingNumber: string): ParcelTracking | null {
  const events = eventsOf(shipment, trackingNumber)
  if (!events) return null
  return {
    trackingNumber,
    events: events.map(toEvent),
    estimatedAt: readTime(shipment.estimatedDeliveryDate),
  }
}

/** One of several pieces may be delivered while another waits: only what customs did holds for all of them. */
function eventsOf({ shipmentTrackingNumber, events, pieces }: TrackedShipment, trackingNumber: string) {
  if (shipmentTrackingNumber === trackingNumber) return events
  const piece = pieces.find((entry) => entry.trackingNumber === trackingNumber)
  if (!piece) return null
  if (pieces.length === 1) return events
  return [...piece.events, ...events.filter(({ typeCode }) => shipmentCodes.has(typeCode ?? ''))]
}

function toEvent({ date, time = '00:00:00', GMTOffset = 'Z', ...event }: DhlEvent): TrackingEvent {
  const meaning = meanings.get(event.typeCode ?? '')
  return {
    at: new Date(`${date}T${time}${GMTOffset}`),
    state: meaning?.state ?? null,
    incident: meaning?.incident ?? null,
    code: event.typeCode ?? null,
    description: event.description.trim(),
    location: event.serviceArea[0]?.description ?? null,
  }
}
