import { formatMoney } from 'entrepot/sdk'
import { isCoupon } from '../campaign.ts'
import { type PricedGoods, priced } from '../goods.ts'
import { type Check, type CheckInput, checkOf, type OtherPrice } from './check.ts'

/** Dated prices that hold at the same time, and which of them wins. */
export function checkConflicts({ campaign, goods, others }: CheckInput): Check {
  const byVariant = Map.groupBy(others, ({ variantId }) => variantId)
  let lost = 0
  const subjects = priced(goods).flatMap((item) =>
    (byVariant.get(item.variantId) ?? [])
      .filter((other) => overlaps(item, other))
      .map((other) => {
        const isWon = !isCoupon(campaign.kind) && wins(campaign.priority, item, other)
        if (!isWon) lost += 1
        const message = isCoupon(campaign.kind)
          ? tellCoupon(other)
          : tell(campaign.priority, item, other, isWon)
        return { subject: item.sku, message }
      }),
  )
  return checkOf('conflicts', 'Other campaigns', {
    status: 'warning',
    subjects,
    message: `${subjects.length} prices overlap with others; ${lost} of them lose while both hold.`,
    fine: 'No other dated price holds for these goods in that time.',
    numbers: { lost },
  })
}

const overlaps = ({ connectionId, currency, period }: PricedGoods, other: OtherPrice): boolean =>
  (other.connectionId === null || other.connectionId === connectionId) &&
  other.currency === currency &&
  other.startsAt < period.endsAt &&
  other.endsAt > period.startsAt

/** As the hub decides: the highest priority, then the lowest price. */
const wins = (priority: number, item: PricedGoods, other: OtherPrice): boolean =>
  priority === other.priority ? item.outcome.price.minor <= other.minor : priority > other.priority

/** A coupon is made so that it leaves out what has a reduced price. */
const tellCoupon = ({ minor, currency, source }: OtherPrice): string =>
  `It costs ${formatMoney({ minor, currency })} by ${source} for a while: the code takes nothing off it then.`

function tell(priority: number, item: PricedGoods, other: OtherPrice, isWon: boolean): string {
  const theirs = formatMoney({ minor: other.minor, currency: other.currency })
  const why =
    priority === other.priority
      ? `both have the priority ${priority}, and the lower price wins`
      : `${priority} against ${other.priority} in priority`
  const from = new Date(Math.max(item.period.startsAt.getTime(), other.startsAt.getTime())).toISOString()
  return `${formatMoney(item.outcome.price)} ${isWon ? 'wins over' : 'gives way to'} ${theirs} of ${other.source} from ${from}: ${why}.`
}
