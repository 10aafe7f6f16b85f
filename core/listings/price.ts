import { formatMoney, type Money, multiplyByBasisPoints } from '../lib/money.ts'
import type { SalePrice } from '../sdk/model/listing.ts'
import type { Term } from './quantity.ts'

export type PriceRule = {
  markupBasisPoints: number
  feeBasisPoints: number
  addMinor: number
  roundToMinor: number
  minusMinor: number
  marginBasisPoints: number
}

/** A connection without rule publishes the base price as it is. */
export const plainRule: PriceRule = {
  markupBasisPoints: 0,
  feeBasisPoints: 0,
  addMinor: 0,
  roundToMinor: 1,
  minusMinor: 0,
  marginBasisPoints: 0,
}

export type PriceInput = {
  base: Money | null
  rule: PriceRule
  cost: Money | null
  /** The promotion that wins at this instant, if any. */
  promotion: { amountMinor: number; startsAt: Date; endsAt: Date; source: string } | null
}

export type PriceOutcome =
  | { ok: true; price: Money; sale: SalePrice | null; floor: Money | null; terms: Term[] }
  | { ok: false; reason: 'price_missing' | 'price_below_floor'; message: string; terms: Term[] }

/**
 * The price to publish, with every term that led to it, or why there is none. The floor is cost plus margin,
 * where the cost is known in the price's currency; neither the price nor a sale price goes below it.
 */
export function computePrice(input: PriceInput): PriceOutcome {
  const { base, rule, cost, promotion } = input
  if (!base)
    return {
      ok: false,
      reason: 'price_missing',
      message: 'There is no base price in the currency of the connection.',
      terms: [],
    }
  const terms: Term[] = [{ label: 'base price', value: formatMoney(base) }]
  const money = (minor: number): Money => ({ minor, currency: base.currency })
  let minor = base.minor
  const step = (label: string, next: number) => {
    if (next === minor) return
    minor = next
    terms.push({ label, value: formatMoney(money(minor)) })
  }
  step(
    `markup of ${rule.markupBasisPoints / 100} %`,
    multiplyByBasisPoints(minor, 10_000 + rule.markupBasisPoints),
  )
  step(
    `platform fee of ${rule.feeBasisPoints / 100} %`,
    Math.ceil((minor * 10_000) / (10_000 - rule.feeBasisPoints)),
  )
  step(`plus ${formatMoney(money(rule.addMinor))}`, minor + rule.addMinor)
  step(
    `rounded up to ${formatMoney(money(rule.roundToMinor))}`,
    Math.ceil(minor / rule.roundToMinor) * rule.roundToMinor,
  )
  step(`minus ${formatMoney(money(rule.minusMinor))}`, minor - rule.minusMinor)
  const floor =
    cost && cost.currency === base.currency
      ? money(multiplyByBasisPoints(cost.minor, 10_000 + rule.marginBasisPoints))
      : null
  if (floor)
    terms.push({
      label: 'floor',
      value: formatMoney(floor),
      because: `cost ${formatMoney(cost!)} and a margin of ${rule.marginBasisPoints / 100} %`,
    })
  const lowest = Math.max(1, floor?.minor ?? 1)
  const refused = (what: string, value: number): PriceOutcome => ({
    ok: false,
    reason: 'price_below_floor',
    message: `The ${what} of ${formatMoney(money(value))} is below ${floor ? `the floor of ${formatMoney(floor)}` : 'one minor unit'}. Nothing was sent.`,
    terms,
  })
  if (minor < lowest) return refused('price', minor)
  if (!promotion || promotion.amountMinor >= minor)
    return { ok: true, price: money(minor), sale: null, floor, terms }
  if (promotion.amountMinor < lowest) return refused('promotional price', promotion.amountMinor)
  const sale: SalePrice = {
    price: money(promotion.amountMinor),
    startsAt: promotion.startsAt,
    endsAt: promotion.endsAt,
  }
  terms.push({ label: 'promotional price', value: formatMoney(sale.price), because: promotion.source })
  return { ok: true, price: money(minor), sale, floor, terms }
}
