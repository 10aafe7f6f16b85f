import { and, eq, inArray } from 'drizzle-orm'
import { type DueCoupon, endNeverMade, fixEnds, readDueEnds, readDueStarts } from '../coupons/due.ts'
import type { Tx } from '../db/client.ts'
import { onceCalls } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { wakeForDatedPrices } from '../listings/dirty.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import { type Hub, systemAct } from './hub.ts'
import { onceProblemKey, requestOnce } from './once-request.ts'

const goodsProblemKey = (couponId: string) => `coupon:${couponId}`

/** After coupons were planned or changed: starts what is due, and has the workers look for the next to start or end. */
export async function followCoupons(tx: Tx, act: Act): Promise<void> {
  await startDueCoupons(tx, act)
  await wakeForDatedPrices(tx)
}

/** Asks marketplaces to make what has started and to end what is over. Each is asked for once. */
async function startDueCoupons(tx: Tx, act: Act): Promise<void> {
  const unmade = await endNeverMade(tx, act)
  const due = await readDueStarts(tx, act.now)
  const ready = due.filter(({ hasGoods }) => hasGoods)
  await requestOnce(
    tx,
    ready.map(({ id, connectionId, coupon }) => ({
      connectionId,
      operation: 'createCoupon' as const,
      key: id,
      subject: id,
      input: coupon,
    })),
    act,
  )
  await fixEnds(
    tx,
    ready.map(({ id }) => id),
  )
  await settleProblems(tx, [...unmade, ...ready.map(({ id }) => id)].map(goodsProblemKey), act)
  await raiseWithoutGoods(
    tx,
    due.filter(({ hasGoods }) => !hasGoods),
    act,
  )
  await requestOnce(
    tx,
    (await readDueEnds(tx, act.now)).map(({ id, connectionId, code }) => ({
      connectionId,
      operation: 'endCoupon' as const,
      key: id,
      subject: id,
      input: { code },
    })),
    act,
  )
}

/** A coupon for goods of which none is listed would be taken for one for all goods. */
const raiseWithoutGoods = (tx: Tx, found: readonly DueCoupon[], act: Act): Promise<void> =>
  raiseProblems(
    tx,
    found.map(({ id, connectionId, connection, coupon }) => ({
      kind: 'coupon_refused' as const,
      key: goodsProblemKey(id),
      connectionId,
      subject: id,
      message: `Coupon ${coupon.code} waits: none of the goods it is for is listed on ${connection}.`,
      remedy: 'Publish the goods; the coupon is made by itself as soon as one of them is listed.',
    })),
    act,
  )

/** What refused coupons complain of is over once nobody wants them any more. */
export async function settleCouponRefusals(tx: Tx, couponIds: readonly string[], act: Act): Promise<void> {
  const calls = await tx
    .select({ id: onceCalls.id })
    .from(onceCalls)
    .where(
      and(
        inArray(onceCalls.subject, [...couponIds]),
        eq(onceCalls.operation, 'createCoupon'),
        eq(onceCalls.state, 'refused'),
      ),
    )
  await settleProblems(
    tx,
    calls.map(({ id }) => onceProblemKey(id)),
    act,
  )
}

/** Starts and ends the coupons that are due, across restarts: what was missed while the hub was off is caught up. */
export async function tickCoupons(hub: Hub): Promise<void> {
  await transact(hub.db, (tx) => startDueCoupons(tx, systemAct(hub, 'schedule')))
}
