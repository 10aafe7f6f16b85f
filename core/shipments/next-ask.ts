import type { TrackingState } from '../sdk/model/tracking.ts'
import type { Shipment } from './book.ts'

const hour = 3_600_000
const day = 24 * hour

/** A parcel of which nothing was heard for so long is not asked about any more. */
export const forgottenAfterDays = 90

/** How often a parcel is asked about, by where it stands. */
const intervals: Readonly<Record<TrackingState, number>> = {
  announced: 2 * hour,
  collected: 3 * hour,
  in_transit: 3 * hour,
  out_for_delivery: hour / 2,
  awaiting_pickup: 6 * hour,
  returning: 12 * hour,
  lost: day,
  delivered: day,
  returned: day,
}

/** When a parcel is asked about next: never sooner than the courier allows, null once it is forgotten. */
export function nextAskAt(
  shipment: Pick<Shipment, 'bookedAt' | 'createdAt'>,
  state: TrackingState | null,
  minIntervalMs: number,
  now: Date,
): Date | null {
  const since = shipment.bookedAt ?? shipment.createdAt
  if (now.getTime() - since.getTime() > forgottenAfterDays * day) return null
  return new Date(now.getTime() + Math.max(minIntervalMs, intervals[state ?? 'announced']))
}
