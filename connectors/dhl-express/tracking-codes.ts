import type { TrackingIncident, TrackingState } from 'entrepot/sdk'

type Meaning = { state: TrackingState | null; incident: TrackingIncident | null }

const codesByState: Record<TrackingState, string> = {
  announced: '104',
  collected: 'PU SA',
  in_transit: '102 AD AF AR BR CR DF FD IC PL SM TP TR',
  out_for_delivery: 'WC',
  awaiting_pickup: 'CC',
  // DHL Express tells when a parcel is back, and nothing of the way back.
  returning: '',
  lost: '',
  delivered: '101 OK',
  returned: 'RT',
}

/** Where a parcel that met with something still is in DHL's hands; `DD` reached its recipient, `DS` nobody. */
const codesByIncident: Record<TrackingIncident, string> = {
  address_problem: 'BA CM',
  recipient_absent: 'CA NH',
  refused: 'RD',
  customs_hold: 'BN CD UD',
  payment_due: 'HP',
  damaged: '',
  lost: '',
  delayed: 'MC MD MS',
  weather: '',
  security_hold: '',
  other: 'ND OH PD SS',
}

/** What stands apart: both a state and an incident, or an incident that says nothing of the place. */
const special: Record<string, Meaning> = {
  DD: { state: 'delivered', incident: 'damaged' },
  // Destroyed: nobody will get it.
  DS: { state: 'lost', incident: 'other' },
  103: { state: null, incident: 'other' },
}

const listed = (codes: string) => codes.split(' ').filter(Boolean)

/** What each code means. One that is not here (closed, service changed, response received, paid) moves nothing. */
export const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...Object.entries(codesByState).flatMap(([state, codes]) =>
    listed(codes).map((code) => [code, { state: state as TrackingState, incident: null }] as const),
  ),
  ...Object.entries(codesByIncident).flatMap(([incident, codes]) =>
    listed(codes).map(
      (code) => [code, { state: 'in_transit', incident: incident as TrackingIncident }] as const,
    ),
  ),
  ...Object.entries(special),
])

/** Codes that DHL tells of the whole shipment and not of each piece: what customs do with it. */
export const shipmentCodes: ReadonlySet<string> = new Set(listed('BN BR CD CR HP IC PY RR UD'))
