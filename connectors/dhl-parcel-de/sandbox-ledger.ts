import type { Clock, SandboxShipment } from 'entrepot/sdk'
import { externalIdOf } from './mapping-answer.ts'
import { gs1CheckDigit } from './shipment-number.ts'

export type LedgerEvent = {
  at: Date
  ice: string
  ric: string
  standard: string
  text: string
  isReturn: boolean
}

/** One shipment in DHL's sense: a parcel. */
export type LedgerParcel = {
  number: string
  /** The call that made it: parcels of one booking share it. */
  call: number
  reference: string
  service: string
  weightGrams: number
  shipDate: string
  hasCustoms: boolean
  state: 'open' | 'deleted' | 'closed'
  closedOn: string | null
  events: LedgerEvent[]
}

export type LedgerPickup = {
  orderId: string
  postcode: string
  date: string
  state: string
  order: Record<string, unknown>
  orderedAt: Date
}

/** DHL's books: what it made, deleted, closed and scanned. */
export type Ledger = {
  clock: Clock
  random: () => number
  parcels: Map<string, LedgerParcel>
  pickups: LedgerPickup[]
  calls: number
}

export const createLedger = (clock: Clock, random: () => number): Ledger => ({
  clock,
  random,
  parcels: new Map(),
  pickups: [],
  calls: 0,
})

/** A shipment number as DHL forms it: 20 digits, the last of them a check digit. */
export function nextNumber(ledger: Ledger): string {
  const body = `0034043433${String(100_000_000 + ledger.parcels.size + 1).slice(0, 9)}`
  return body + gs1CheckDigit(body)
}

/** The bookings: parcels that were made by one call with one reference. */
export function bookingsOf(ledger: Ledger): SandboxShipment[] {
  const groups = new Map<string, LedgerParcel[]>()
  for (const parcel of ledger.parcels.values()) {
    const key = `${parcel.call} ${parcel.reference} ${parcel.service}`
    groups.set(key, [...(groups.get(key) ?? []), parcel])
  }
  return [...groups.values()].map((parcels) => ({
    externalId: externalIdOf(parcels.map(({ number }) => number)),
    reference: parcels[0]!.reference,
    service: parcels[0]!.service,
    trackingNumbers: parcels.map(({ number }) => number),
    weightsGrams: parcels.map(({ weightGrams }) => weightGrams),
    isCancelled: parcels.every(({ state }) => state === 'deleted'),
    price: null,
  }))
}

/** Closes open shipments whose day has come, as DHL does in the evening. */
export function closeDay(ledger: Ledger, day: string): void {
  for (const parcel of ledger.parcels.values()) {
    if (parcel.state !== 'open' || parcel.shipDate > day) continue
    parcel.state = 'closed'
    parcel.closedOn = day
  }
}
