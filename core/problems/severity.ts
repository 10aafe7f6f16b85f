import type { ProblemKind } from './problems.ts'

/**
 * How much a problem weighs. `stops`: a whole connection stands still. `costs`: an order, a buyer or money is at
 * stake. `holds`: one item waits. `tells`: nothing waits.
 */
export const severities = ['stops', 'costs', 'holds', 'tells'] as const
export type Severity = (typeof severities)[number]

const byKind: Record<ProblemKind, Severity> = {
  auth: 'stops',
  unavailable: 'stops',
  oversold: 'costs',
  unknown_sku: 'costs',
  unreadable: 'costs',
  needs_decision: 'costs',
  not_shippable: 'costs',
  booking_refused: 'costs',
  order_gone: 'costs',
  coupon_not_ended: 'costs',
  parcel_lost: 'costs',
  parcel_damaged: 'costs',
  parcel_returned: 'costs',
  parcel_delayed: 'costs',
  unexpected: 'holds',
  push_refused: 'holds',
  creation_refused: 'holds',
  filter_failed: 'holds',
  price_missing: 'holds',
  price_below_floor: 'holds',
  listing_missing: 'holds',
  listing_conflict: 'holds',
  coupon_refused: 'holds',
  plugin: 'holds',
  parcel_unexpected: 'tells',
  order_totals: 'tells',
}

/** How much a problem of this kind weighs; one that this version does not know holds up its item. */
export const severityOf = (kind: string): Severity => byKind[kind as ProblemKind] ?? 'holds'
