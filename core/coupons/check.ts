import type { Connection } from '../connections/connections.ts'
import { formatMoney } from '../lib/money.ts'
import type { Connector } from '../sdk/connector.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import type { CouponPlan } from '../sdk/goods.ts'

const mostVariants = 1000

/** Whether coupons can be made through a connector: one that could not be taken back is none. */
export const canCoupon = (connector: Connector | undefined): boolean =>
  connector?.operations.createCoupon !== undefined && connector.operations.endCoupon !== undefined

/** @throws InputError naming what does not fit */
export function assertPlan(
  plan: CouponPlan,
  connection: Pick<Connection, 'name' | 'currency'>,
  now: Date,
): void {
  const { code, basisPoints, least, variantIds, usageLimit, startsAt, endsAt } = plan
  const refuse = (field: keyof CouponPlan, words: string): never => {
    throw new InputError(`Coupon ${code} on ${connection.name}: ${words}`, field)
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$/.test(code))
    refuse('code', 'a code has 2 to 40 letters, digits, hyphens and underscores.')
  if (!Number.isInteger(basisPoints) || basisPoints < 1 || basisPoints > 10_000)
    refuse('basisPoints', `it must take off 0.01 to 100 percent, not ${basisPoints / 100}.`)
  if (least && (!Number.isSafeInteger(least.minor) || least.minor <= 0))
    refuse('least', 'the least basket must be above zero.')
  if (least && least.currency !== connection.currency)
    refuse(
      'least',
      `the least basket is ${formatMoney(least)}, the connection sells in ${connection.currency}.`,
    )
  if (variantIds && (variantIds.length === 0 || variantIds.length > mostVariants))
    refuse(
      'variantIds',
      `it is for 1 to ${mostVariants} variants, or for all goods; not for ${variantIds.length}.`,
    )
  if (usageLimit !== null && (!Number.isSafeInteger(usageLimit) || usageLimit < 1))
    refuse('usageLimit', 'it must be usable at least once.')
  if (endsAt <= startsAt) refuse('endsAt', 'it must end after it starts.')
  if (endsAt <= now) refuse('endsAt', 'its end has passed already.')
}

type Taken = Pick<CouponPlan, 'connectionId' | 'code' | 'startsAt' | 'endsAt'>

/** One coupon a code and time on a marketplace. @throws ConflictError */
export function assertFree(plans: readonly CouponPlan[], taken: readonly Taken[]): void {
  plans.forEach((plan, index) => {
    const other = [...taken, ...plans.slice(0, index)].find(
      (one) =>
        one.connectionId === plan.connectionId &&
        one.code.toLowerCase() === plan.code.toLowerCase() &&
        one.startsAt < plan.endsAt &&
        plan.startsAt < one.endsAt,
    )
    if (other)
      throw new ConflictError(
        `The code ${plan.code} is planned already, until ${other.endsAt.toISOString()}. Choose another code or time.`,
      )
  })
}
