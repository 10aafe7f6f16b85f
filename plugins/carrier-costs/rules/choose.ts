import {
  formatMoney,
  type HubServices,
  type Offer,
  type PluginContext,
  type ShippingChoice,
  type ShippingQuestion,
  type TransitHistory,
} from 'entrepot/sdk'
import type { Convert } from '../exchange/convert.ts'
import { dayMs, dayOf } from './arrival.ts'
import { matchRule, type RuleMatch } from './match-rule.ts'
import { type Candidate, type Picked, pickOffer } from './pick-offer.ts'
import type { Rule, RuleSet } from './rule-set.ts'

export type Decision = {
  /** Rules up to the one that decides, each with why. */
  tried: { id: string; name: string; match: RuleMatch }[]
  rule: Rule | null
  /** Null where no rule decides: the hub chooses. */
  choice: ShippingChoice | null
}

type Source = { version: number; rules: RuleSet }

/** The first rule whose conditions hold chooses among the offers. */
export async function decideService(
  { version, rules }: Source,
  question: ShippingQuestion,
  context: Needs,
  convert: Convert,
): Promise<Decision> {
  const day = dayOf(question.request.shipAt)
  const tried: Decision['tried'] = []
  for (const [index, rule] of rules.rules.entries()) {
    const { order } = question
    const orderValueMinor =
      order && rule.currency && rule.when.orderValueMinor
        ? await convert(order.totalMinor, order.currency, rule.currency, day)
        : null
    const match = matchRule(rule, { question, orderValueMinor })
    tried.push({ id: rule.id, name: rule.name, match })
    if (!match.isMatch) continue
    const why = `Rule ${index + 1} "${rule.name}" (${rule.id}, version ${version}) decides: ${match.because.join('; ')}.`
    return { tried, rule, choice: await chooseBy(rule, why, question, context, convert) }
  }
  return { tried, rule: null, choice: null }
}

type Needs = { clock: PluginContext['clock']; services: TransitReader }
type TransitReader = { readTransit: HubServices['readTransit'] }

async function chooseBy(
  rule: Rule,
  why: string,
  question: ShippingQuestion,
  context: Needs,
  convert: Convert,
): Promise<ShippingChoice> {
  const { request, offers, shipBy, deliverBy, order } = question
  const { shipAt } = request
  const currency = rule.currency ?? order?.currency ?? mostCommonCurrency(offers)
  if (currency === null)
    return { offerId: null, explanation: [why, 'No price was offered at all.', ...sayUnavailable(question)] }
  const now = context.clock.now()
  const picked = pickOffer(rule, {
    offers: await Promise.all(
      offers.map(async (offer) => ({
        offer,
        amountMinor: await convert(offer.totalMinor, offer.currency, currency, dayOf(shipAt)),
      })),
    ),
    currency,
    shipAt,
    shipBy,
    deliverBy,
    fromCountry: request.from.country,
    toCountry: request.to.country,
    transit: rule.onTime ? await readTransit(context.services, now, rule.onTime.withinDays) : [],
    now,
  })
  return {
    offerId: picked.best?.offer.id ?? null,
    explanation: [why, ...sayPick(rule, picked, currency), ...sayUnavailable(question)],
  }
}

function sayPick(rule: Rule, { best, candidates, leftOut }: Picked, currency: string): string[] {
  const out = leftOut.map(({ offer, reason }) => `${nameOf(offer)} is left out: ${reason}.`)
  if (!best) return ['No offer is left that the rule allows.', ...out]
  const compared = candidates.map((one) => sayCandidate(one, currency)).join('; ')
  return [
    `${nameOf(best.offer)} wins: ${sayWhy(rule, best, currency)}.`,
    `Compared ${candidates.length} in ${currency} by ${objectives[rule.objective.kind]}: ${compared}.`,
    ...out,
  ]
}

const objectives = {
  cheapest: 'price',
  fastest: 'days on the way',
  bestValue: 'price and days together',
} as const

function sayWhy({ objective }: Rule, { amountMinor, days, score }: Candidate, currency: string): string {
  const money = (minor: number) => formatMoney({ minor, currency })
  if (objective.kind === 'cheapest') return `the cheapest at ${money(amountMinor)}`
  if (objective.kind === 'fastest') return `the fastest with ${days} days, at ${money(amountMinor)}`
  return `the best value, ${money(amountMinor)} and ${days} days at ${money(objective.pricePerDayMinor)} each make ${money(score)}`
}

function sayCandidate({ offer, amountMinor, days, onTime }: Candidate, currency: string): string {
  const price = formatMoney({ minor: amountMinor, currency })
  const own = formatMoney({ minor: offer.totalMinor, currency: offer.currency })
  const more = [
    ...(offer.currency === currency ? [] : [`from ${own}`]),
    days === null ? 'days not known' : `${days} days`,
    ...(onTime ? [onTime] : []),
  ]
  return `${nameOf(offer)} ${price} (${more.join(', ')})`
}

const sayUnavailable = ({ unavailable }: ShippingQuestion): string[] =>
  unavailable.map(
    ({ source, service, reason }) =>
      `${source.name}${service ? ` ${service}` : ''} offers nothing: ${reason}`,
  )

const nameOf = (offer: Offer): string => `${offer.source.name} ${offer.serviceName}`

function mostCommonCurrency(offers: readonly Offer[]): string | null {
  const counts = Map.groupBy(offers, ({ currency }) => currency)
  return [...counts].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))[0]?.[0] ?? null
}

/** A day's orders are chosen for one after another: what parcels took is read once in a while, not for each. */
const keptMs = 300_000
const kept = new WeakMap<object, Map<number, { at: number; transit: Promise<TransitHistory[]> }>>()

function readTransit(services: TransitReader, now: Date, withinDays: number): Promise<TransitHistory[]> {
  const held = kept.get(services) ?? new Map()
  kept.set(services, held)
  const known = held.get(withinDays)
  if (known && Math.abs(now.getTime() - known.at) < keptMs) return known.transit
  const transit = services.readTransit(new Date(now.getTime() - withinDays * dayMs))
  held.set(withinDays, { at: now.getTime(), transit })
  transit.catch(() => held.delete(withinDays))
  return transit
}
