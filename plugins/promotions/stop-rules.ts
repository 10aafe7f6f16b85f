import { formatMoney } from 'entrepot/sdk'
import { type Campaign, isCoupon } from './campaign.ts'

/** Goods whose campaign price holds, with the figures of now. */
export type RunningGoods = {
  listingId: string
  sku: string
  currency: string
  priceMinor: number
  costMinor: number | null
  floorMinor: number | null
  available: number
}

export type Running = {
  campaign: Pick<Campaign, 'kind' | 'stopRules' | 'budget'>
  goods: readonly RunningGoods[]
  /** By currency: what was given away so far. */
  discountMinor: Readonly<Record<string, number>>
  unitsSold: number
  /** Units that were to be sold by now; null where there is no data. */
  unitsPlanned: number | null
  hours: number
  answers: Answers
}

export type StopRule = 'below-floor' | 'stock' | 'margin' | 'budget' | 'under-plan'

/** Stops that were asked for: of some listings, or (null) of all. Open ones wait for a person; the others were refused. */
export type Answers = readonly { rule: string; listingIds: readonly string[] | null; isOpen: boolean }[]

/** Goods to stop, or all of them, and why. */
export type Stop = {
  rule: StopRule
  listingIds: string[] | null
  reason: string
}

/** What must stop now. What is not known stops nothing. */
export function findStops(running: Running): Stop[] {
  const { answers } = running
  const whole = [stopForBudget(running), stopUnderPlan(running)].filter(
    (stop) => stop !== null && !answers.some(({ rule }) => rule === stop.rule),
  )
  if (whole.length > 0) return whole.slice(0, 1) as Stop[]
  const { stockBelow, marginBelowBasisPoints: margin } = running.campaign.stopRules
  const stops = [
    ofGoods(
      'below-floor',
      running,
      ({ priceMinor, floorMinor }) => floorMinor !== null && priceMinor < floorMinor,
      'cost less than their floor of now',
    ),
    ofGoods(
      'stock',
      running,
      ({ available }) => stockBelow !== null && available < stockBelow,
      `have fewer than ${stockBelow} units free to sell`,
    ),
    ofGoods(
      'margin',
      running,
      (item) => margin !== null && isThin(item, margin),
      `have a margin below ${(margin ?? 0) / 100} %`,
    ),
  ]
  const found = stops.filter((stop) => stop !== null)
  // A coupon cannot be taken from some of its goods.
  return isCoupon(running.campaign.kind)
    ? found.slice(0, 1).map((stop) => ({ ...stop, listingIds: null }))
    : found
}

const isThin = ({ priceMinor, costMinor }: RunningGoods, least: number): boolean =>
  costMinor !== null && (priceMinor - costMinor) * 10_000 < least * priceMinor

function ofGoods(
  rule: Stop['rule'],
  { campaign, goods, answers }: Running,
  isHit: (item: RunningGoods) => boolean,
  what: string,
): Stop | null {
  const mine = answers.filter((answer) => answer.rule === rule)
  if (isCoupon(campaign.kind) && mine.length > 0) return null
  const refused = new Set(mine.filter(({ isOpen }) => !isOpen).flatMap(({ listingIds }) => listingIds ?? []))
  const hit = goods.filter((item) => isHit(item) && !refused.has(item.listingId))
  const open = new Set(mine.filter(({ isOpen }) => isOpen).flatMap(({ listingIds }) => listingIds ?? []))
  if (hit.every(({ listingId }) => open.has(listingId))) return null
  const named = hit
    .slice(0, 5)
    .map(({ sku }) => sku)
    .join(', ')
  return {
    rule,
    listingIds: hit.map(({ listingId }) => listingId).sort(),
    reason: `${hit.length} listings ${what}: ${named}${hit.length > 5 ? ' and others' : ''}.`,
  }
}

function stopForBudget({ campaign, discountMinor }: Running): Stop | null {
  const { budget, stopRules } = campaign
  const spent = budget ? (discountMinor[budget.currency] ?? 0) : 0
  if (!budget || !stopRules.isBudgetKept || spent < budget.minor) return null
  const given = formatMoney({ minor: spent, currency: budget.currency })
  return {
    rule: 'budget',
    listingIds: null,
    reason: `Discounts of ${given} were given; the budget is ${formatMoney(budget)}.`,
  }
}

function stopUnderPlan({ campaign, unitsSold, unitsPlanned, hours }: Running): Stop | null {
  const rule = campaign.stopRules.salesUnderPlan
  if (!rule || unitsPlanned === null || hours < rule.afterHours) return null
  if (unitsSold * 10_000 >= unitsPlanned * rule.shareBasisPoints) return null
  return {
    rule: 'under-plan',
    listingIds: null,
    reason: `${unitsSold} units were sold in ${Math.floor(hours)} hours; ${Math.round(unitsPlanned)} were planned, and less than ${rule.shareBasisPoints / 100} % of that stops it.`,
  }
}
