import { isCoupon } from '../campaign.ts'
import { priced } from '../goods.ts'
import { type Check, type CheckInput, checkOf } from './check.ts'

/** A coupon is for so many goods of a marketplace at most. */
const mostCouponGoods = 1000

/** Whether the hub can do this kind of promotion on each marketplace. Dated prices it can on all. */
export function checkKind({ campaign: { kind }, connections, goods }: CheckInput): Check {
  const part = priced(goods)
  const subjects = !isCoupon(kind)
    ? []
    : connections.flatMap(({ id, name, canCoupon, currency }) => {
        const count = part.filter(({ connectionId }) => connectionId === id).length
        const complain = (message: string) => [{ subject: name, message }]
        if (!canCoupon) return complain('No coupon can be made there through the hub.')
        if (count > mostCouponGoods)
          return complain(`${count} listings; a coupon is for ${mostCouponGoods}. Narrow the scope.`)
        return kind.kind === 'threshold' && kind.least.currency !== currency
          ? complain(`It sells in ${currency}; the least basket is in ${kind.least.currency}.`)
          : []
      })
  return checkOf('kind', 'Kind of promotion', {
    status: 'blocks',
    subjects,
    message: `A ${kind.kind} cannot be started on ${subjects.length} of ${connections.length} marketplaces.`,
    fine: isCoupon(kind) ? 'Every marketplace takes the code.' : 'Every marketplace takes dated prices.',
  })
}
