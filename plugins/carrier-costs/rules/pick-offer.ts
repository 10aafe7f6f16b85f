import { formatMoney, type Offer, type TransitHistory } from 'entrepot/sdk'
import { arrivalOf, dayOf, daysOnTheWay, isInTime } from './arrival.ts'
import type { Rule } from './rule-set.ts'

/** An offer with its price in the currency of comparison; null where nothing converts it. */
export type PricedOffer = { offer: Offer; amountMinor: number | null }

export type PickQuestion = {
  offers: readonly PricedOffer[]
  currency: string
  shipAt: Date
  shipBy: Date | null
  deliverBy: Date | null
  fromCountry: string
  toCountry: string
  transit: readonly TransitHistory[]
  now: Date
}

export type Candidate = {
  offer: Offer
  amountMinor: number
  /** Calendar days on the way; null where nobody says. */
  days: number | null
  /** What the objective compares: the least wins. */
  score: number
  onTime: string | null
}
export type Picked = {
  best: Candidate | null
  candidates: Candidate[]
  leftOut: { offer: Offer; reason: string }[]
}

/** Applies a rule that decides: sorts out what it forbids, and orders the rest. The order of the offers is nothing. */
export function pickOffer(rule: Rule, question: PickQuestion): Picked {
  const candidates: Candidate[] = []
  const leftOut: Picked['leftOut'] = []
  for (const priced of question.offers) {
    const candidate = consider(rule, priced, question)
    if (typeof candidate === 'string') leftOut.push({ offer: priced.offer, reason: candidate })
    else candidates.push(candidate)
  }
  candidates.sort(
    (a, b) =>
      a.score - b.score ||
      a.amountMinor - b.amountMinor ||
      (a.days ?? Infinity) - (b.days ?? Infinity) ||
      byId(a.offer, b.offer),
  )
  leftOut.sort((a, b) => byId(a.offer, b.offer))
  return { best: candidates[0] ?? null, candidates, leftOut }
}

const byId = (a: Offer, b: Offer): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** The candidate, or why the offer is none. */
function consider(
  rule: Rule,
  { offer, amountMinor }: PricedOffer,
  question: PickQuestion,
): Candidate | string {
  const { currency, shipAt, now } = question
  const money = (minor: number) => formatMoney({ minor, currency })
  if (offer.connectionId === null) return 'it is a price for comparison; no courier connection books it'
  if (offer.expiresAt && new Date(offer.expiresAt) <= now) return 'its price has expired'
  if (!isAllowed(rule, offer)) return `the rule does not allow ${offer.carrier} ${offer.service}`
  if (amountMinor === null) return `its price is in ${offer.currency}, and nothing converts it to ${currency}`
  if (rule.maxPriceMinor !== null && amountMinor > rule.maxPriceMinor)
    return `${money(amountMinor)} is above the rule's ${money(rule.maxPriceMinor)}`
  const late = lateness(rule, offer, question)
  if (late) return late
  const onTime = rule.onTime ? findOnTime(rule.onTime, offer, question) : null
  if (onTime && !onTime.isEnough) return onTime.says
  const arrival = arrivalOf(offer, shipAt)
  const days = arrival && daysOnTheWay(arrival, shipAt)
  if (days === null && rule.objective.kind !== 'cheapest')
    return 'it does not say how long it takes, and the rule compares that'
  return {
    offer,
    amountMinor,
    days,
    score: scoreOf(rule, amountMinor, days ?? 0),
    onTime: onTime?.says ?? null,
  }
}

export const isAllowed = ({ services }: Rule, offer: Offer): boolean =>
  services === 'all' ||
  services.some(
    ({ carrier, service }) => carrier === offer.carrier && (service === null || service === offer.service),
  )

function lateness(rule: Rule, offer: Offer, { shipAt, shipBy, deliverBy }: PickQuestion): string | null {
  if (!rule.mustKeepDeadline) return null
  if (shipBy && shipAt > shipBy)
    return `it is handed over ${dayOf(shipAt)}, after the ship-by of ${dayOf(shipBy)}`
  if (!deliverBy) return null
  const arrival = arrivalOf(offer, shipAt)
  if (!arrival)
    return rule.unknownArrival === 'allow'
      ? null
      : `it does not say when it arrives, and ${dayOf(deliverBy)} has to be kept`
  return isInTime(arrival, deliverBy) ? null : `it arrives ${dayOf(arrival.at)}, after ${dayOf(deliverBy)}`
}

function findOnTime(
  wanted: NonNullable<Rule['onTime']>,
  offer: Offer,
  { transit, fromCountry, toCountry }: PickQuestion,
): { isEnough: boolean; says: string } {
  const history = transit.find(
    (row) =>
      row.carrier === offer.carrier &&
      row.service === offer.service &&
      row.fromCountry === fromCountry &&
      row.toCountry === toCountry,
  )
  const promised = history?.promised ?? 0
  const share = history?.onTimeBasisPoints ?? null
  if (share === null || promised < wanted.minSample) {
    const says = `no data on being in time: ${promised} parcels with a promise from ${fromCountry} to ${toCountry}, ${wanted.minSample} are needed`
    return { isEnough: wanted.withoutData === 'allow', says }
  }
  const says = `${percent(share)} of ${promised} in time`
  return share >= wanted.minBasisPoints
    ? { isEnough: true, says }
    : { isEnough: false, says: `only ${says}, the rule wants ${percent(wanted.minBasisPoints)}` }
}

function scoreOf({ objective }: Rule, amountMinor: number, days: number): number {
  if (objective.kind === 'cheapest') return amountMinor
  return objective.kind === 'fastest' ? days : amountMinor + days * objective.pricePerDayMinor
}

export const percent = (basisPoints: number): string =>
  `${Math.trunc(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')} %`
