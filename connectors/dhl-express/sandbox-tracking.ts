import type { Clock, TrackingIncident, TrackingState } from 'entrepot/sdk'
import type { Ledger, LedgerEvent, LedgerShipment } from './sandbox-shipments.ts'
import { Refused } from './sandbox-wire.ts'

/** How DHL Express tells of a scan. What has no code of its own is not told, and cannot be scanned here. */
const scans: Partial<Record<TrackingState, [code: string, description: string]>> = {
  announced: ['104', 'Shipment information received'],
  collected: ['PU', 'Shipment picked up'],
  in_transit: ['DF', 'Shipment has departed from a DHL facility'],
  out_for_delivery: ['WC', 'Shipment is out with courier for delivery'],
  awaiting_pickup: ['CC', 'Awaiting collection by the consignee'],
  lost: ['DS', 'Destroyed / disposal'],
  delivered: ['OK', 'Delivered'],
  returned: ['RT', 'Returned to consignor'],
}
const incidents: Partial<Record<TrackingIncident, [code: string, description: string]>> = {
  address_problem: ['BA', 'Address information needed'],
  recipient_absent: ['NH', 'Delivery attempted; recipient not home'],
  refused: ['RD', 'Recipient refused delivery'],
  customs_hold: ['UD', 'Clearance event'],
  payment_due: ['HP', 'Available upon receipt of payment'],
  damaged: ['DD', 'Delivered damaged'],
  delayed: ['MD', 'Scheduled delivery missed'],
  other: ['OH', 'Shipment on hold'],
}

export function scanParcel(
  ledger: Ledger,
  number: string,
  state: TrackingState,
  { incident, at }: { incident?: TrackingIncident; at: Date },
): void {
  const shipment = ledger.find(number)
  if (!shipment) throw new Error(`DHL Express never gave out ${number}.`)
  const told = incident ? incidents[incident] : scans[state]
  if (!told) throw new Error(`DHL Express has no code that tells of ${incident ?? state}.`)
  const [code, description] = told
  const event = { at, code, description, place: 'LEIPZIG-DE' }
  for (const piece of shipment.pieces)
    if (number === shipment.waybill || piece.trackingNumber === number) piece.events.push(event)
}

/** Answers GET /tracking, by waybills, by pieces or by a reference. */
export function answerTracking(query: URLSearchParams, ledger: Ledger, clock: Clock, account: string) {
  const level = query.get('levelOfDetail') ?? 'shipment'
  const found = ledger.shipments.filter((shipment) => isAsked(shipment, query, account))
  if (found.length === 0) {
    const reference = query.get('shipmentReference')
    throw new Refused(
      404,
      reference === null ? 'No data found' : `No Shipments Found for ReferenceID | ${reference}`,
    )
  }
  return { shipments: found.map((shipment) => toShipment(shipment, level === 'all', clock)) }
}

function isAsked({ waybill, pieces, reference }: LedgerShipment, query: URLSearchParams, account: string) {
  const asked = query.get('shipmentReference')
  if (asked === null)
    return (
      query.getAll('shipmentTrackingNumber').includes(waybill) ||
      query.getAll('pieceTrackingNumber').some((number) => pieces.some((p) => p.trackingNumber === number))
    )
  const holder = query.get('shipperAccountNumber')
  if (holder === null) throw new Refused(400, 'Missing mandatory parameters: shipperAccountNumber')
  return holder === account && reference === asked
}

const estimatedDays = 3

function toShipment(
  { pieces, waybill, bookedAt, ...shipment }: LedgerShipment,
  hasPieces: boolean,
  clock: Clock,
) {
  // A scan of several pieces is one event of the shipment.
  const all = new Map(
    pieces.flatMap(({ events }) => events).map((event) => [`${event.at.getTime()}${event.code}`, event]),
  )
  const estimated = new Date(bookedAt.getTime() + estimatedDays * 86_400_000)
  return {
    shipmentTrackingNumber: waybill,
    status: 'Success',
    shipmentTimestamp: bookedAt.toISOString().slice(0, 19),
    productCode: shipment.product,
    description: 'Goods',
    shipperDetails: { name: '', postalAddress: { countryCode: shipment.from } },
    receiverDetails: { name: '', postalAddress: { countryCode: shipment.to } },
    totalWeight: pieces.reduce((sum, { weightKilograms }) => sum + weightKilograms, 0),
    unitOfMeasurements: 'metric',
    ...(shipment.reference ? { shipperReferences: [{ value: shipment.reference, typeCode: 'CU' }] } : {}),
    events: toEvents([...all.values()], clock),
    numberOfPieces: pieces.length,
    ...(hasPieces
      ? {
          pieces: pieces.map(({ trackingNumber, weightKilograms, events }, index) => ({
            number: index + 1,
            shipmentTrackingNumber: waybill,
            trackingNumber,
            weight: weightKilograms,
            unitOfMeasurements: 'metric',
            events: toEvents(events, clock),
          })),
        }
      : {}),
    estimatedDeliveryDate: `${estimated.toISOString().slice(0, 10)}T23:59:00`,
  }
}

/** What has happened by now, in order. */
const toEvents = (events: readonly LedgerEvent[], clock: Clock) =>
  events
    .filter(({ at }) => at <= clock.now())
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, code, description, place }) => ({
      date: at.toISOString().slice(0, 10),
      time: at.toISOString().slice(11, 19),
      typeCode: code,
      description,
      serviceArea: [{ code: place.slice(0, 3), description: place }],
    }))
