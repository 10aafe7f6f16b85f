import type { Clock, TrackingIncident, TrackingState } from 'entrepot/sdk'
import { sandboxAccount } from './sandbox-gate.ts'
import { statusCodeFor } from './tracking-codes.ts'

export type LedgerParcel = { trackingNumber: string; weightGrams: number }
export type LedgerShipment = {
  externalId: string
  reference: string
  isReferenceOnPackages: boolean
  service: string
  /** Country of dispatch. */
  origin: string
  parcels: LedgerParcel[]
  isVoided: boolean
  destination: { country: string; postcode: string; city: string }
  price: { totalMinor: number; currency: string }
  bookedAt: Date
}
/** One line of a parcel's history. */
export type LedgerScan = { at: Date; type: string; code: string; statusCode: string; description: string }
export type LedgerPickup = { prn: string; reference: string; date: string; contact: string }

/** UPS's coarse type and words for each status code that the stand-in uses. */
const words: Readonly<Record<string, [type: string, description: string]>> = {
  '003': ['M', 'Shipper created a label, UPS has not received the package yet.'],
  '038': ['P', 'Picked up'],
  '005': ['I', 'Departed from Facility'],
  '006': ['I', 'Out For Delivery'],
  '017': ['D', 'Held for customer pickup'],
  '035': ['RS', 'Returning to sender'],
  '011': ['D', 'DELIVERED'],
  '034': ['D', 'Returned to sender'],
  '007': ['MV', 'The shipment information was voided.'],
  '068': ['X', 'Sent to lost and found'],
}

/** What UPS knows in the stand-in: shipments, the history of parcels, subscriptions and pickups. */
export function createLedger(clock: Clock) {
  const shipments: LedgerShipment[] = []
  const histories = new Map<string, LedgerScan[]>()
  const pickups: LedgerPickup[] = []
  let serial = 0

  const record = (trackingNumber: string, statusCode: string, at: Date): LedgerScan => {
    const [type, description] = words[statusCode] ?? ['X', `Exception ${statusCode}`]
    const scan = { at, type, code: '', statusCode, description }
    histories.set(trackingNumber, [...(histories.get(trackingNumber) ?? []), scan])
    return scan
  }

  return {
    shipments,
    histories,
    pickups,
    /** A 1Z number of the stand-in's account. */
    nextTrackingNumber: (service: string): string => {
      serial += 1
      const body = `${sandboxAccount}${service.padStart(2, '0')}${String(serial).padStart(7, '0')}`
      return `1Z${body}${checkDigit(body)}`
    },
    nextPrn: (): string => `29${String(++serial).padStart(9, '0')}`,
    announce: (trackingNumber: string) => record(trackingNumber, '003', clock.now()),
    void(shipment: LedgerShipment) {
      shipment.isVoided = true
      for (const { trackingNumber } of shipment.parcels) record(trackingNumber, '007', clock.now())
    },
    /** Whether the driver has it: from then on nothing can be voided. */
    hasTravelled: ({ parcels }: LedgerShipment): boolean =>
      parcels.some(({ trackingNumber }) =>
        histories.get(trackingNumber)?.some(({ type }) => type !== 'M' && type !== 'MV'),
      ),
    /** Records a scan; a mishap that the state's own code does not tell is a line of its own. */
    scan(
      trackingNumber: string,
      state: TrackingState,
      { incident, at = clock.now() }: { incident?: TrackingIncident; at?: Date },
    ): LedgerScan[] {
      if (!histories.has(trackingNumber)) throw new Error(`UPS never gave out ${trackingNumber}.`)
      const scans = state === 'in_transit' && incident ? [] : [record(trackingNumber, codeFor({ state }), at)]
      return incident ? [...scans, record(trackingNumber, codeFor({ incident }), at)] : scans
    },
  }
}
export type Ledger = ReturnType<typeof createLedger>

const codeFor = (word: Parameters<typeof statusCodeFor>[0]): string => statusCodeFor(word) ?? '013'

/** @see https://www.ups.com/us/en/support/tracking-support the last digit of a 1Z number */
function checkDigit(body: string): number {
  const values = [...body].map((char) => (/\d/.test(char) ? Number(char) : (char.charCodeAt(0) - 63) % 10))
  const sum = values.reduce((total, value, n) => total + value * (n % 2 === 0 ? 1 : 2), 0)
  return (10 - (sum % 10)) % 10
}
