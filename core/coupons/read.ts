import { and, desc, eq, inArray, type SQL } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { coupons } from '../db/schema/index.ts'
import type { CouponState } from '../sdk/goods.ts'
import type { CouponStatus } from '../sdk/model/coupon.ts'

/** What became of coupons. */
export async function readCoupons(db: DbOrTx, ids: readonly string[]): Promise<CouponState[]> {
  if (ids.length === 0) return []
  const { id, code, connectionId, state, externalId, error } = coupons
  return db
    .select({ id, code, connectionId, state, externalId, error })
    .from(coupons)
    .where(inArray(coupons.id, [...ids]))
    .orderBy(coupons.id)
}

export type CouponFilter = {
  connectionId?: string | undefined
  state?: CouponStatus | undefined
  limit: number
  offset: number
}

/** All coupons, those that start last first. */
export async function listCoupons(db: DbOrTx, { connectionId, state, limit, offset }: CouponFilter) {
  const conditions: SQL[] = []
  if (connectionId) conditions.push(eq(coupons.connectionId, connectionId))
  if (state) conditions.push(eq(coupons.state, state))
  const found = await db
    .select()
    .from(coupons)
    .where(and(...conditions))
    .orderBy(desc(coupons.startsAt), coupons.id)
    .limit(limit)
    .offset(offset)
  return found.map(({ leastMinor, leastCurrency, latestEndsAt: _latest, createdAt: _created, ...row }) => ({
    ...row,
    least: leastMinor === null ? null : { minor: leastMinor, currency: leastCurrency! },
  }))
}
