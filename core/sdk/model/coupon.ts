import type { Money } from './money.ts'

/** A code that buyers enter to get a percentage off. It works from when it is created until `endsAt`. */
export type Coupon = {
  /** Letters, digits, hyphens and underscores. Marketplaces do not tell capitals from small letters. */
  code: string
  /** What is taken off, in hundredths of a percent: 1250 is 12.5 %. From 1 to 10000. */
  basisPoints: number
  /** The least value of a basket that it works for; null: any. */
  least: Money | null
  /** The listings whose goods it is for; empty: all goods of the shop. */
  externalIds: readonly string[]
  /** Not for goods that have a sale price already. */
  excludesReduced: boolean
  /** How many orders may use it in all; null: any number. */
  usageLimit: number | null
  endsAt: Date
}

/** A coupon as the marketplace knows it. */
export type CouponRef = { externalId: string; code: string }

/** `waiting` for its start, or for the marketplace; `failed`: the marketplace refused it, so it never was. */
export const couponStatuses = ['waiting', 'live', 'ended', 'failed'] as const
export type CouponStatus = (typeof couponStatuses)[number]
