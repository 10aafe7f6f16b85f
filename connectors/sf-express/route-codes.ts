import type { TrackingIncident, TrackingState } from 'entrepot/sdk'

/** What a code says: where the parcel stands (null: nothing of that), and what went wrong. */
export type Meaning = { state: TrackingState | null; incident: TrackingIncident | null }

/**
 * SF's operation codes. "99/2" is code 99 with reason 2, and goes before the bare code. What is not listed
 * (a parcel that goes on under a new number, a note) has no state; its words are kept.
 * @see https://open.sf-express.com/developSupport/734349?activeIndex=589678
 */
export const routeCodes: readonly (readonly [TrackingState | null, TrackingIncident | null, string])[] = [
  ['announced', null, '647 127 138'],
  ['collected', null, '50 51 54 43 129 188 214 607 651 655 656 700 701 850 851 950'],
  [
    'in_transit',
    null,
    '30 31 36 10 11 14 41 46 64 65 86 87 88 89 96 97 105 106 123 136 137 147 186 187 189 190 208 302 304 305 ' +
      '3036 405 406 407 570 571 604 605 606 623 626 627 643 649 657 921 930 931 932',
  ],
  ['in_transit', 'customs_hold', '18 15 16 17 612 614 619 620 621'],
  ['in_transit', 'payment_due', '613'],
  ['in_transit', 'delayed', '77 66 833'],
  ['out_for_delivery', null, '44 34 47 122 204 211 212 630 633 634 677 844 847 880 933'],
  ['awaiting_pickup', null, '125 130 632 642 678 33/83 33/85 70/83 70/85'],
  ['returning', null, '99/2 631'],
  ['lost', 'lost', '8000/6'],
  ['delivered', null, '80 128 658 679 935 8000'],
  ['returned', null, '215 660'],
  [null, 'other', '70 33 72 131 611 870 934 99 648 8000/2 70/46'],
]

const meanings = new Map<string, Meaning>(
  routeCodes.flatMap(([state, incident, codes]) =>
    codes.split(' ').map((code) => [code, { state, incident }] as const),
  ),
)

/** What SF's code says; a code that nobody knows says nothing. */
export const meaningOf = (opCode: string, reasonCode: string | null): Meaning =>
  meanings.get(`${opCode}/${reasonCode}`) ?? meanings.get(opCode) ?? { state: null, incident: null }
