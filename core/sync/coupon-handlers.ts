import { inArray } from 'drizzle-orm'
import { readOver } from '../coupons/due.ts'
import { recordEnded, recordLive, recordNotEnded, recordRefused } from '../coupons/record.ts'
import { coupons } from '../db/schema/index.ts'
import type { Coupon, CouponRef } from '../sdk/model/coupon.ts'
import type { Handler } from './once-handlers.ts'
import type { OnceCall } from './once-request.ts'

const codeOf = (call: OnceCall): string => (call.input as { code: string }).code
/** The one instant of a coupon, back from JSON. */
const revive = (input: unknown): Coupon => {
  const coupon = input as Omit<Coupon, 'endsAt'> & { endsAt: string }
  return { ...coupon, endsAt: new Date(coupon.endsAt) }
}
const idsOf = (calls: readonly OnceCall[]): string[] => calls.map((call) => call.subject)

/** Making a coupon: always what was asked for first, so that it is recognised when it is looked for. */
export const createCouponHandler: Handler = {
  needsAnswer: true,
  load: async (_lane, calls) => new Map(calls.map((call) => [call.id, revive(call.input)])),
  tooLate: async ({ hub }, calls) => {
    const over = await readOver(hub.db, idsOf(calls), hub.clock.now())
    return new Set(calls.filter((call) => over.has(call.subject)).map((call) => call.id))
  },
  effect: async (tx, _lane, successes, act) => {
    for (const { call, output } of successes)
      await recordLive(tx, call.subject, (output as { externalId: string }).externalId, act)
  },
  refused: (tx, call, act, error) => recordRefused(tx, call.subject, error.message, act),
  nameOf: codeOf,
}

/** Ending a coupon, if it still is to end. */
export const endCouponHandler: Handler = {
  load: async ({ hub }, calls) => {
    const held = await hub.db
      .select()
      .from(coupons)
      .where(inArray(coupons.id, idsOf(calls)))
    const now = hub.clock.now()
    return new Map(
      calls.flatMap((call): [string, CouponRef][] => {
        const coupon = held.find(({ id }) => id === call.subject)
        if (coupon?.state !== 'live' || coupon.externalId === null || coupon.endsAt > now) return []
        return [[call.id, { externalId: coupon.externalId, code: coupon.code }]]
      }),
    )
  },
  effect: async (tx, _lane, successes, act) => {
    for (const { call } of successes) await recordEnded(tx, call.subject, act)
  },
  refused: (tx, call, _act, error) => recordNotEnded(tx, call.subject, error.message),
  told: (tx, _hub, { call }, act) => recordEnded(tx, call.subject, act),
  nameOf: codeOf,
}
