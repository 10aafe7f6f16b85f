import type { TrackingIncident, TrackingState } from 'entrepot/sdk'

type Meaning = { state: TrackingState | null; incident: TrackingIncident | null }

/**
 * Our word on the left, USPS's event codes on the right. A code that does not stand here gives no state.
 * @see https://postalpro.usps.com/pub199 Appendix G-4
 */
const codesOfState: Readonly<Record<TrackingState, readonly string[]>> = {
  announced: ['GX', 'MA', 'TM'],
  collected: ['03', 'OA', 'PA'],
  in_transit: [
    '06',
    '07',
    '08',
    '10',
    '15',
    'A1',
    'EF',
    'NT',
    'PC',
    'SF',
    'T1',
    'TL',
    '42',
    '80',
    '81',
    '82',
  ],
  out_for_delivery: ['OF'],
  awaiting_pickup: ['14', '16'],
  returning: ['04', '05', '09', '21', '22', '23', '24', '25', '26', '27', '28', '29', '31'],
  // The mail recovery centre has it: it could be neither delivered nor returned.
  lost: ['11'],
  delivered: ['01', '17', '43'],
  returned: [],
}

/** As above; what stands here and not above says nothing of where the parcel is. */
const codesOfIncident: Readonly<Record<TrackingIncident, readonly string[]>> = {
  address_problem: ['05', '06', '21', '22', '23', '24', '25', '26', '28'],
  recipient_absent: ['02', '30', '51', '52', '53', '54', '55', '56', '27', '31'],
  refused: ['04'],
  customs_hold: [],
  payment_due: [],
  damaged: [],
  lost: ['11'],
  delayed: ['08', '15', '71', 'DX'],
  weather: [],
  security_hold: [],
  other: ['09', '29', '44'],
}

/** What only the words tell apart: the code for a delivery also stands for one back to the sender. */
const words: readonly { code: string; says: RegExp; meaning: Meaning }[] = [
  {
    code: '01',
    says: /original sender|returned? to sender/i,
    meaning: { state: 'returned', incident: null },
  },
  { code: '14', says: /notice left/i, meaning: { state: null, incident: 'recipient_absent' } },
]

/**
 * What USPS's category of the whole parcel says of its newest scan, where that scan's code is unknown.
 * Our word on the left.
 */
const categoriesOfState: Readonly<Partial<Record<TrackingState, readonly string[]>>> = {
  announced: ['Pre-Shipment'],
  collected: ['Accepted'],
  in_transit: ['In Transit', 'In-Transit'],
  out_for_delivery: ['Out for Delivery'],
  awaiting_pickup: ['Available for Pickup'],
  delivered: ['Delivered'],
}

const reversed = <Word extends string>(table: Readonly<Partial<Record<Word, readonly string[]>>>) =>
  new Map(
    (Object.entries(table) as [Word, readonly string[]][]).flatMap(([word, codes]) =>
      codes.map((code) => [code, word] as const),
    ),
  )
const stateOf = reversed(codesOfState)
const incidentOf = reversed(codesOfIncident)
const categoryState = reversed(categoriesOfState)

/** What a scan means. `category` is USPS's word for the whole parcel and given for its newest scan only. */
export function meaningOf(code: string, text: string, category: string | null): Meaning {
  const special = words.find((entry) => entry.code === code && entry.says.test(text))
  if (special) return special.meaning
  if (!stateOf.has(code) && !incidentOf.has(code))
    return { state: categoryState.get(category ?? '') ?? null, incident: null }
  return { state: stateOf.get(code) ?? null, incident: incidentOf.get(code) ?? null }
}

/** A code that says these words of ours, for the stand-in to scan with; undefined where USPS has none. */
export function codeFor(state: TrackingState, incident: TrackingIncident | null): string | undefined {
  if (state === 'returned') return '01'
  if (incident === null) return codesOfState[state][0]
  const candidates = codesOfIncident[incident]
  return candidates.find((code) => codesOfState[state].includes(code)) ?? candidates[0]
}
