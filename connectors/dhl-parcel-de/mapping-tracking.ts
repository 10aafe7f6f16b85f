import { ConnectorError, type TrackingEvent, type TrackingRef, type TrackingResult } from 'entrepot/sdk'
import { fromBerlin } from './berlin-time.ts'
import { incidentOf, stateOf } from './tracking-codes.ts'
import type { Piece, PieceEvent, TrackingAnswer } from './tracking-xml.ts'

/** Codes of the whole answer; `0` is well. */
const answerCodes = { notFound: '100', loginFailed: '5' } as const

/** One result a parcel, in order. @throws ConnectorError where the question itself failed. */
export function toTrackingResults(refs: readonly TrackingRef[], answer: TrackingAnswer): TrackingResult[] {
  const { code, error } = answer
  if (code !== '0' && code !== answerCodes.notFound) {
    throw new ConnectorError(
      code === answerCodes.loginFailed ? 'auth' : 'rejected',
      `DHL refused to track: ${error ?? 'no explanation'} (code ${code}).`,
      { vendorCode: code, vendorMessage: error ?? `code ${code}` },
    )
  }
  return refs.map(({ trackingNumber }) => {
    const piece = answer.pieces.find((candidate) => isAbout(candidate, trackingNumber))
    if (!piece) return { ok: false, error: unknown(trackingNumber, code, error ?? undefined) }
    const status = piece['error-status'] ?? '0'
    if (status !== '0') return { ok: false, error: unknown(trackingNumber, status, piece.status) }
    return toTracking(trackingNumber, piece)
  })
}

/** Numbers are told with leading zeroes or without. */
const isAbout = (piece: Piece, trackingNumber: string): boolean => {
  const bare = (number: string | undefined) => number?.replace(/^0+/, '')
  return [piece['searched-piece-code'], piece['piece-code']].some(
    (number) => bare(number) === bare(trackingNumber),
  )
}

const unknown = (trackingNumber: string, code: string, words: string | undefined) =>
  new ConnectorError('not_found', `DHL does not know parcel ${trackingNumber}: ${words ?? 'no data'}.`, {
    vendorCode: code,
    vendorMessage: words ?? 'no data',
  })

function toTracking(trackingNumber: string, piece: Piece): TrackingResult {
  const events: TrackingEvent[] = []
  for (const event of piece.events) {
    const at = fromBerlin(event['event-timestamp'])
    if (!at) {
      const message = `DHL tells an event of parcel ${trackingNumber} at "${event['event-timestamp']}", which is no time.`
      return { ok: false, error: new ConnectorError('unexpected', message) }
    }
    events.push(toEvent(event, at))
  }
  return { ok: true, tracking: { trackingNumber, events, estimatedAt: null } }
}

function toEvent(event: PieceEvent, at: Date): TrackingEvent {
  const { ice = '', ric = '', 'standard-event-code': standard = '' } = event
  const place = [event['event-location'], event['event-country']].filter(Boolean).join(', ')
  return {
    at,
    state: stateOf(ice, ric, standard, event.ruecksendung === 'true'),
    incident: incidentOf(ice, ric),
    code: [ice, ric].filter(Boolean).join('/') || standard || null,
    description: event['event-text'] || event['event-status'] || '',
    location: place || null,
  }
}
