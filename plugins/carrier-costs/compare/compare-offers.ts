import type { Offer, OfferSource, Place, TransitHistory, Unavailable } from 'entrepot/sdk'
import type { Rates } from '../exchange/rates.ts'
import { type Days, daysOf, historyOf, keepsDeadline, minimumSample, type OnTime, onTimeOf } from './facts.ts'
import { paretoSet } from './pareto.ts'
import { scoreAll, scoreRule } from './score.ts'

/** An offer beside the others. */
export type ComparedOffer = Offer & {
  /** In the comparison's currency, with the day of the rate (null where none was needed); null where there is no rate. */
  compared: { totalMinor: number; rateDay: string | null; ratePath: readonly string[] } | null
  transit: Days | null
  keepsDeadline: boolean | null
  onTime: OnTime
  score: number | null
  isCheapest: boolean
  isFastest: boolean
  isBestValue: boolean
  /** Nothing else is cheaper, faster or more reliable without being worse in another of these. */
  isPareto: boolean
}

export type Comparison = {
  currency: string
  deadline: Date | null
  /** Cheapest first; those without an exchange rate last, in their own currency. */
  offers: ComparedOffer[]
  notOffered: { source: OfferSource; service: string | null; reason: string }[]
  scoreRule: string
  minimumSample: number
}

export type Question = {
  offers: readonly Offer[]
  unavailable: readonly Unavailable[]
  request: { from: Place; to: Place; shipAt: Date }
  currency: string
  deadline: Date | null
  rates: Pick<Rates, 'convert'>
  transit: readonly TransitHistory[]
}

/** Sets offers side by side. Nothing is dropped: what has no rate or no history is shown so, and counts as unknown. */
export function compareOffers(question: Question): Comparison {
  const { request, currency, deadline, rates, transit, unavailable } = question
  const weighed = question.offers.map((offer) => {
    const money = rates.convert({ minor: offer.totalMinor, currency: offer.currency }, currency)
    const history = historyOf(offer, request, transit)
    const days = daysOf(offer, history, request.shipAt)
    const onTime = onTimeOf(history)
    return {
      offer,
      compared: money && { totalMinor: money.minor, rateDay: money.day, ratePath: money.path },
      transit: days,
      keepsDeadline: keepsDeadline(offer, history, request.shipAt, deadline),
      onTime,
      cost: money?.minor ?? null,
      days: days?.days ?? null,
    }
  })
  const merits = weighed.map(({ cost, days, onTime }) => ({ cost, days, onTime: onTime.basisPoints }))
  const scores = scoreAll(merits)
  const pareto = new Set(paretoSet(merits))
  const cheapest = lowest(merits.map(({ cost }) => cost))
  const fastest = lowest(merits.map(({ days }) => days))
  const best = lowest(scores.map((score) => score && -score))
  const offers = weighed.map(({ offer, cost, days, ...facts }, index): ComparedOffer => {
    const score = scores[index]!
    return {
      ...offer,
      ...facts,
      score,
      isCheapest: cost !== null && cost === cheapest,
      isFastest: days !== null && days === fastest,
      isBestValue: score !== null && -score === best,
      isPareto: pareto.has(merits[index]!),
    }
  })
  const notOffered = unavailable.map(({ source, service, reason }) => ({ source, service, reason }))
  return { currency, deadline, offers: offers.sort(byPrice), notOffered, scoreRule, minimumSample }
}

const lowest = (values: readonly (number | null)[]): number | null =>
  values.reduce((least, value) => (value !== null && (least === null || value < least) ? value : least), null)

const byPrice = (a: ComparedOffer, b: ComparedOffer): number => {
  if (!a.compared || !b.compared)
    return (
      Number(!a.compared) - Number(!b.compared) ||
      (a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : a.totalMinor - b.totalMinor)
    )
  return a.compared.totalMinor - b.compared.totalMinor || (a.id < b.id ? -1 : 1)
}

/** The currency that most offers have, the first by the alphabet of equally many. */
export function mostCommonCurrency(offers: readonly Pick<Offer, 'currency'>[]): string | null {
  const groups = [...Map.groupBy(offers, ({ currency }) => currency)]
  return groups.sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))[0]?.[0] ?? null
}
