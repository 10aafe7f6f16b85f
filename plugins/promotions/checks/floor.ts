import { formatMoney } from 'entrepot/sdk'
import { type Goods, priced } from '../goods.ts'
import { type Check, type CheckInput, checkOf } from './check.ts'

/** No price below the floor. */
export function checkFloor({ campaign, goods }: CheckInput): Check {
  const below = goods.flatMap(({ sku, outcome }) =>
    !outcome.ok && outcome.reason === 'below_floor' ? [{ subject: sku, message: outcome.message }] : [],
  )
  const isLeftOut = campaign.belowFloor === 'leave-out'
  return checkOf('floor', 'Floor', {
    status: isLeftOut ? 'warning' : 'blocks',
    subjects: below,
    message: `${below.length} listings would cost less than their floor${isLeftOut ? ' and are left out' : ''}.`,
    fine: 'No price is below its floor.',
    numbers: { withoutFloor: goods.filter(({ floor }) => floor === null).length },
  })
}

/** What is left of each price after the cost of the goods. */
export function checkMargin({ goods, settings }: CheckInput): Check {
  const part = priced(goods)
  const thin = part.flatMap((item) => {
    const margin = marginOf(item)
    if (margin === null || margin >= settings.leastMarginBasisPoints) return []
    return [
      { subject: item.sku, message: `A margin of ${margin / 100} % at ${formatMoney(item.outcome.price)}.` },
    ]
  })
  const unknown = part.filter(({ cost }) => cost === null)
  const subjects = [
    ...thin,
    ...unknown.map(({ sku }) => ({
      subject: sku,
      message: 'Its cost is not known: neither margin nor floor is.',
    })),
  ]
  return checkOf('margin', 'Margin', {
    status: 'warning',
    subjects,
    message: `${thin.length} listings have a margin below ${settings.leastMarginBasisPoints / 100} %, of ${unknown.length} no cost is known.`,
    fine: `Every margin is at least ${settings.leastMarginBasisPoints / 100} %.`,
    numbers: { thin: thin.length, withoutCost: unknown.length },
  })
}

/** The share of the campaign price that is left after the cost, in basis points; null where the cost is not known. */
export function marginOf({ cost, outcome }: Pick<Goods, 'cost' | 'outcome'>): number | null {
  if (!cost || !outcome.ok) return null
  const { minor } = outcome.price
  return Math.round(((minor - cost.minor) * 10_000) / minor)
}
