import type { Offer } from 'entrepot/sdk'

export const dayMs = 86_400_000

/** When an offer arrives: as the courier says, or counted from its working days (Monday to Friday, in UTC). */
export type Arrival = { at: Date; isCounted: boolean }

export function arrivalOf(offer: Offer, shipAt: Date): Arrival | null {
  if (offer.deliverBy) return { at: new Date(offer.deliverBy), isCounted: false }
  return offer.transitDays === null
    ? null
    : { at: addWorkingDays(shipAt, offer.transitDays), isCounted: true }
}

/** Calendar days from the day it is handed over to the day it arrives. */
export const daysOnTheWay = (arrival: Arrival, shipAt: Date): number =>
  Math.max(0, Math.round((startOfDay(arrival.at) - startOfDay(shipAt)) / dayMs))

/** Whether it arrives in time. A counted arrival is a day, not an hour: it keeps a deadline of that day. */
export const isInTime = ({ at, isCounted }: Arrival, deliverBy: Date): boolean =>
  isCounted ? startOfDay(at) <= startOfDay(deliverBy) : at <= deliverBy

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

const startOfDay = (at: Date): number => Date.parse(dayOf(at))

function addWorkingDays(from: Date, days: number): Date {
  let at = startOfDay(from)
  for (let left = days; left > 0; ) {
    at += dayMs
    const weekday = new Date(at).getUTCDay()
    if (weekday !== 0 && weekday !== 6) left -= 1
  }
  return new Date(at)
}
