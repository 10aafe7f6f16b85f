import { and, eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { coupons } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'

/** The marketplace has made it: buyers may use it. */
export async function recordLive(tx: Tx, id: string, externalId: string, act: Act): Promise<void> {
  const [row] = await tx
    .update(coupons)
    .set({ state: 'live', externalId, error: null, liveAt: act.now })
    .where(and(eq(coupons.id, id), eq(coupons.state, 'waiting')))
    .returning({ code: coupons.code })
  if (row)
    await appendAudit(tx, act, { action: 'coupon.made', subject: id, after: { code: row.code, externalId } })
}

export async function recordEnded(tx: Tx, id: string, act: Act): Promise<void> {
  const [row] = await tx
    .update(coupons)
    .set({ state: 'ended', error: null, endedAt: act.now })
    .where(and(eq(coupons.id, id), eq(coupons.state, 'live')))
    .returning({ code: coupons.code, externalId: coupons.externalId })
  if (row) await appendAudit(tx, act, { action: 'coupon.ended', subject: id, before: row })
}

/** The marketplace refused to make it. */
export async function recordRefused(tx: Tx, id: string, error: string, act: Act): Promise<void> {
  await tx
    .update(coupons)
    .set({ state: 'failed', error })
    .where(and(eq(coupons.id, id), eq(coupons.state, 'waiting')))
  await appendAudit(tx, act, { action: 'coupon.refused', subject: id, after: { error } })
}

/** The marketplace refused to end it: it stays live until its end there. */
export async function recordNotEnded(tx: Tx, id: string, error: string): Promise<void> {
  await tx.update(coupons).set({ error }).where(eq(coupons.id, id))
}
