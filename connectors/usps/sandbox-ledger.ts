import type { Clock, SandboxShipment, TrackingIncident, TrackingState } from 'entrepot/sdk'
import type { Priced } from './sandbox-prices.ts'
import { codeFor } from './tracking-codes.ts'

export type Scan = { code: string; text: string; at: Date }
export type SandboxLabel = {
  trackingNumber: string
  key: string
  /** The request, to tell a repetition from another request under the same key. */
  request: string
  reference: string
  service: string
  weightGrams: number
  mailingDate: string
  priced: Priced
  metadata: object
  image: { contentType: string; file: string; base64: string }
  reprints: number
  isCancelled: boolean
}

/** USPS's words for its codes, as far as the stand-in scans. */
const texts: Readonly<Record<string, string>> = {
  GX: 'Shipping Label Created, USPS Awaiting Item',
  '03': 'USPS in possession of item',
  '06': 'Forwarded',
  OF: 'Out for Delivery',
  '14': 'Arrived at Pickup Point',
  '04': 'Refused',
  '02': 'Notice Left (No Authorized Recipient Available)',
  '11': 'Dead Mail/Disposed by Post Office',
  '01': 'Delivered, Front Door/Porch',
  '08': 'Missent',
  '05': 'Undeliverable as Addressed',
}

/** What the stand-in knows: labels by key and by number, and the scans of every parcel. */
export function createLedger(clock: Clock) {
  const labels: SandboxLabel[] = []
  const scans = new Map<string, Scan[]>()
  let numbers = 0

  const scansOf = (trackingNumber: string): Scan[] => {
    const known = scans.get(trackingNumber)
    if (!known) throw new Error(`USPS never gave out ${trackingNumber}.`)
    return known
  }
  const announce = (trackingNumber: string) =>
    scans.set(trackingNumber, [{ code: 'GX', text: texts.GX!, at: clock.now() }])

  return {
    labels,
    scans,
    announce,
    nextNumber(isAbroad: boolean): string {
      numbers += 1
      const serial = String(numbers)
      return isAbroad ? `EZ${serial.padStart(9, '0')}US` : `92346903619809${serial.padStart(8, '0')}`
    },
    addLabel(label: SandboxLabel): void {
      labels.push(label)
      announce(label.trackingNumber)
    },
    scan(
      trackingNumber: string,
      state: TrackingState,
      { incident, at = clock.now() }: { incident?: TrackingIncident; at?: Date } = {},
    ): void {
      const code = codeFor(state, incident ?? null)
      if (!code) throw new Error(`USPS has no event code for ${incident ?? state}.`)
      const text = state === 'returned' ? 'Delivered, To Original Sender' : (texts[code] ?? 'In Transit')
      scansOf(trackingNumber).push({ code, text, at })
    },
    /** Told to the manifest at 00:30 central time after the mailing date, or with the first scan by hand. */
    isManifested: ({ trackingNumber, mailingDate }: SandboxLabel): boolean =>
      scansOf(trackingNumber).length > 1 ||
      clock.now().getTime() > Date.parse(`${mailingDate}T00:00:00Z`) + 30.5 * 3_600_000,
    /** USPS knows labels only; those of one reference are one shipment. */
    shipments: (): SandboxShipment[] =>
      [...Map.groupBy(labels, ({ reference }) => reference)].map(([reference, group]) => ({
        externalId: group[0]!.trackingNumber,
        reference,
        service: group[0]!.service,
        trackingNumbers: group.map(({ trackingNumber }) => trackingNumber),
        weightsGrams: group.map(({ weightGrams }) => weightGrams),
        isCancelled: group.every(({ isCancelled }) => isCancelled),
        price: {
          totalMinor: group.reduce((sum, { priced }) => sum + priced.totalMinor, 0),
          currency: 'USD',
        },
      })),
  }
}
export type Ledger = ReturnType<typeof createLedger>
