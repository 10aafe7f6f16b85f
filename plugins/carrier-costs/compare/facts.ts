import type { Offer, Place, TransitHistory } from 'entrepot/sdk'

/** Fewer parcels than these say nothing: a share of them is no probability. */
export const minimumSample = 30

/** How long it takes: measured on our own parcels, or as the courier says. Days of the calendar from hand-over. */
export type Days = { days: number; basis: 'measured' | 'stated' }
/** The share of parcels that came when promised; `basisPoints` is null below the least sample: there is no data. */
export type OnTime = { basisPoints: number | null; sample: number }

/** The history of an offer's lane and service; undefined where we have sent nothing that way. */
export const historyOf = (
  { carrier, service }: Pick<Offer, 'carrier' | 'service'>,
  { from, to }: { from: Place; to: Place },
  transit: readonly TransitHistory[],
): TransitHistory | undefined =>
  transit.find(
    (lane) =>
      lane.carrier === carrier &&
      lane.service === service &&
      lane.fromCountry === from.country &&
      lane.toCountry === to.country,
  )

export const onTimeOf = (history: TransitHistory | undefined): OnTime => {
  const sample = history?.promised ?? 0
  return { basisPoints: sample >= minimumSample ? history!.onTimeBasisPoints : null, sample }
}

const dayMs = 86_400_000

/** What half of our parcels took where enough were measured, else what the courier says; null where neither is known. */
export function daysOf(
  { transitDays, deliverBy }: Pick<Offer, 'transitDays' | 'deliverBy'>,
  history: TransitHistory | undefined,
  shipAt: Date,
): Days | null {
  if (history && history.delivered >= minimumSample)
    return { days: Math.round(history.medianDays * 10) / 10, basis: 'measured' }
  if (transitDays !== null) return { days: toCalendarDays(transitDays, shipAt), basis: 'stated' }
  if (deliverBy === null) return null
  return {
    days: Math.max(0, Math.ceil((asDate(deliverBy).getTime() - shipAt.getTime()) / dayMs)),
    basis: 'stated',
  }
}

/** Working days from Monday to Friday as days of the calendar; holidays are not known. */
export function toCalendarDays(workingDays: number, shipAt: Date): number {
  let days = 0
  for (let left = workingDays; left > 0; ) {
    days += 1
    const weekday = new Date(shipAt.getTime() + days * dayMs).getUTCDay()
    if (weekday !== 0 && weekday !== 6) left -= 1
  }
  return days
}

/**
 * Whether the offer arrives by then: as nine tenths of our parcels did where enough were measured, else as the
 * courier says; null where neither is known, or nothing is due.
 */
export function keepsDeadline(
  offer: Pick<Offer, 'transitDays' | 'deliverBy'>,
  history: TransitHistory | undefined,
  shipAt: Date,
  deadline: Date | null,
): boolean | null {
  if (deadline === null) return null
  if (history && history.delivered >= minimumSample)
    return shipAt.getTime() + history.p90Days * dayMs <= deadline.getTime()
  if (offer.deliverBy !== null) return asDate(offer.deliverBy) <= deadline
  if (offer.transitDays === null) return null
  return shipAt.getTime() + toCalendarDays(offer.transitDays, shipAt) * dayMs <= deadline.getTime()
}

/** Offers that were kept as JSON have their instants as text. */
const asDate = (instant: Date | string): Date => new Date(instant)
