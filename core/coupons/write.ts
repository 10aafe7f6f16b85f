import { and, eq, inArray, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { connections, coupons } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { texts } from '../lib/sql.ts'
import type { Connector } from '../sdk/connector.ts'
import { InputError } from '../sdk/errors.ts'
import type { CouponPlan } from '../sdk/goods.ts'
import { assertFree, assertPlan, canCoupon } from './check.ts'

type Owner = { source: string; approvedBy: string }

/** Plans coupons. @throws InputError, ConflictError; nothing is planned then */
export async function addCoupons(
  tx: Tx,
  connectors: ReadonlyMap<string, Connector>,
  plans: readonly CouponPlan[],
  { source, approvedBy }: Owner,
  act: Act,
): Promise<string[]> {
  if (plans.length === 0) return []
  const known = await tx
    .select()
    .from(connections)
    .where(inArray(connections.id, [...new Set(plans.map((plan) => plan.connectionId))]))
  for (const plan of plans) {
    const connection = known.find(({ id }) => id === plan.connectionId)
    if (!connection) throw new InputError(`There is no connection ${plan.connectionId}.`, 'connectionId')
    if (!canCoupon(connectors.get(connection.connector)))
      throw new InputError(`${connection.name} has no coupons that the hub could make.`, 'connectionId')
    assertPlan(plan, connection, act.now)
  }
  assertFree(plans, await readOpen(tx, plans))
  const items = plans.map(({ least, variantIds, ...plan }) => ({
    ...plan,
    id: newId('cpn', act.now.getTime()),
    leastMinor: least?.minor ?? null,
    leastCurrency: least?.currency ?? null,
    variantIds: variantIds ? [...new Set(variantIds)] : null,
    latestEndsAt: plan.endsAt,
    source,
    approvedBy,
    createdAt: act.now,
  }))
  await tx.insert(coupons).values(items)
  const ids = items.map(({ id }) => id)
  await appendAudit(tx, act, { action: 'coupons.added', subject: source, after: { ids, coupons: plans } })
  return ids
}

const readOpen = (db: DbOrTx, plans: readonly CouponPlan[]) =>
  db
    .select()
    .from(coupons)
    .where(
      and(
        inArray(coupons.state, ['waiting', 'live']),
        sql`lower(${coupons.code}) in (${texts(plans.map(({ code }) => code.toLowerCase()))})`,
      ),
    )

type Moved = { ids: readonly string[]; source: string }

/** Moves the end of coupons of one source; others' are left alone. @throws InputError when it is later than planned */
export async function endCoupons(tx: Tx, { ids, source }: Moved, endsAt: Date, act: Act): Promise<void> {
  const mine = await lockOpen(tx, { ids, source })
  const late = mine.find(({ latestEndsAt }) => latestEndsAt < endsAt)
  if (late)
    throw new InputError(
      `Coupon ${late.code} can end until ${late.latestEndsAt.toISOString()}, as planned or as the marketplace was told; not later.`,
      'endsAt',
    )
  const moved = mine.map(({ id }) => id)
  await tx.update(coupons).set({ endsAt }).where(inArray(coupons.id, moved))
  await appendAudit(tx, act, {
    action: 'coupons.end_moved',
    subject: source,
    before: mine.map(({ id, endsAt: before }) => ({ id, endsAt: before })),
    after: { ids: moved, endsAt },
  })
}

/** Takes coupons of one source back. Those that the marketplace refused are over, too: their ids are returned. */
export async function removeCoupons(tx: Tx, { ids, source }: Moved, act: Act): Promise<string[]> {
  const mine = (await lockOpen(tx, { ids, source })).map(({ id }) => id)
  await tx
    .update(coupons)
    .set({ endsAt: sql`least(${coupons.endsAt}, ${act.now.toISOString()}::timestamptz)` })
    .where(inArray(coupons.id, mine))
  const failed = await tx
    .update(coupons)
    .set({ state: 'ended', endedAt: act.now })
    .where(and(inArray(coupons.id, [...ids]), eq(coupons.source, source), eq(coupons.state, 'failed')))
    .returning({ id: coupons.id })
  const over = failed.map(({ id }) => id)
  await appendAudit(tx, act, {
    action: 'coupons.removed',
    subject: source,
    before: { ids: [...mine, ...over] },
  })
  return over
}

const lockOpen = (tx: Tx, { ids, source }: Moved) =>
  tx
    .select()
    .from(coupons)
    .where(
      and(
        inArray(coupons.id, [...ids]),
        eq(coupons.source, source),
        inArray(coupons.state, ['waiting', 'live']),
      ),
    )
    .for('update')
