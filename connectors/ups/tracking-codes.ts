import type { TrackingIncident, TrackingState } from 'entrepot/sdk'

type Meaning = { state: TrackingState | null; incident: TrackingIncident | null }

/** Ours on the left; UPS's detail status codes on the right. */
const codesByState: Readonly<Record<TrackingState, string>> = {
  announced: '003 043 044 045 065',
  collected: '038',
  in_transit: '005 010 012 014 016 019 025 039 057',
  out_for_delivery: '006 021',
  awaiting_pickup: '017 040',
  returning: '035 036 037',
  lost: '',
  delivered: '011 026',
  returned: '034 067',
}

/** What holds a parcel up while UPS has it. */
const codesByIncident: Readonly<Record<TrackingIncident, string>> = {
  address_problem: '050',
  recipient_absent: '022 023 024 060 061 066',
  refused: '064',
  customs_hold: '058',
  payment_due: '062',
  damaged: '059',
  lost: '',
  delayed: '046 047 048 049',
  weather: '032 051 052 053',
  security_hold: '',
  other: '013 029 030 069',
}

/** Notices: somebody asked for something, and the parcel stands where it stood. */
const notices = '000 007 018 020 027 028 033 041 042 054 055 056 063'

const entries = (codes: string, meaning: Meaning) =>
  codes
    .split(' ')
    .filter((code) => code !== '')
    .map((code) => [code, meaning] as const)

/** @see https://developer.ups.com/api/reference/tracking/appendix package status codes */
const byStatusCode = new Map<string, Meaning>([
  ...Object.entries(codesByState).flatMap(([state, codes]) =>
    entries(codes, { state: state as TrackingState, incident: null }),
  ),
  ...Object.entries(codesByIncident).flatMap(([incident, codes]) =>
    entries(codes, { state: 'in_transit', incident: incident as TrackingIncident }),
  ),
  ...entries(notices, { state: null, incident: null }),
  ['068', { state: 'lost', incident: 'lost' }],
])

/** Single events whose two letters say more than the status beside them. */
const byActivityCode: Readonly<Record<string, Meaning>> = {
  FS: { state: 'delivered', incident: null },
  OT: { state: 'out_for_delivery', incident: null },
  SR: { state: 'in_transit', incident: null },
}

/** The coarse types, for codes we do not know. D is no state: it also stands for "on the vehicle". */
const byType: Readonly<Record<string, Meaning>> = {
  M: { state: 'announced', incident: null },
  P: { state: 'collected', incident: null },
  I: { state: 'in_transit', incident: null },
  O: { state: 'out_for_delivery', incident: null },
  RS: { state: 'returning', incident: null },
}

/** What UPS says of a parcel, in our words. What is not in the tables moves nothing. */
export function meaningOf(status: { type?: string; code?: string; statusCode?: string }): Meaning {
  const known =
    byActivityCode[status.code ?? ''] ??
    byStatusCode.get(status.statusCode ?? '') ??
    byType[status.type ?? '']
  const meaning = known ?? { state: null, incident: null }
  return status.type === 'X' && meaning.incident === null ? { ...meaning, incident: 'other' } : meaning
}

/** A status code for each of our words, for the stand-in; null where UPS has none. */
export const statusCodeFor = (
  word: { state: TrackingState } | { incident: TrackingIncident },
): string | null => {
  if ('state' in word && word.state === 'lost') return '068'
  const codes = 'state' in word ? codesByState[word.state] : codesByIncident[word.incident]
  return codes.split(' ')[0] || ('incident' in word && word.incident === 'lost' ? '068' : null)
}
