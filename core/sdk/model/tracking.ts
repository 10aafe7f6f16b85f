/**
 * Where a parcel stands, in the order in which it gets there: a parcel only moves to the right.
 * - `announced`: the courier knows of it and has not got it.
 * - `collected`: the courier has it.
 * - `awaiting_pickup`: at a shop or locker, for the recipient to fetch.
 * - `returning`, `returned`: on its way back to the sender, and there.
 * - `lost`: the courier says that it cannot be found. It may still turn up: `delivered` and `returned` follow.
 */
export const trackingStates = [
  'announced',
  'collected',
  'in_transit',
  'out_for_delivery',
  'awaiting_pickup',
  'returning',
  'lost',
  'delivered',
  'returned',
] as const
export type TrackingState = (typeof trackingStates)[number]

/** The further of two states; news that come late or out of order move nothing back. */
export function laterState(present: TrackingState | null, told: TrackingState | null): TrackingState | null {
  if (present === null || told === null) return told ?? present
  return trackingStates.indexOf(told) > trackingStates.indexOf(present) ? told : present
}

/** Whether nothing more is to be expected of a parcel. */
export const isFinalState = (state: TrackingState | null): boolean =>
  state === 'delivered' || state === 'returned'

/** Whether the courier has, or had, the parcel. */
export const hasBegun = (state: TrackingState | null): boolean => state !== null && state !== 'announced'

/** What went wrong on the way. */
export const trackingIncidents = [
  'address_problem',
  'recipient_absent',
  'refused',
  'customs_hold',
  'payment_due',
  'damaged',
  'lost',
  'delayed',
  'weather',
  'security_hold',
  'other',
] as const
export type TrackingIncident = (typeof trackingIncidents)[number]

/** One scan, as the courier tells it. */
export type TrackingEvent = {
  /** The instant. Where the courier gives a local time without a zone, the place's own zone has to be known or UTC is taken. */
  at: Date
  /** Where the parcel stands after it; null where the event says nothing of that (a notice was sent). */
  state: TrackingState | null
  incident: TrackingIncident | null
  /** The courier's own code and words. */
  code: string | null
  description: string
  location: string | null
}

/** All that a courier tells of one parcel. Events may come in any order, and the same ones again. */
export type ParcelTracking = {
  trackingNumber: string
  events: readonly TrackingEvent[]
  /** When the courier expects to deliver it. */
  estimatedAt: Date | null
}
