import { and, eq, inArray, sql } from 'drizzle-orm'
import { type DbOrTx, query, type Tx, texts } from '../db/client.ts'
import { orderLines, orders, returnEvents, returnLines, returns } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { newId } from '../lib/id.ts'
import type { RemoteReturn, Unreadable } from '../sdk/model/order.ts'
import { laterStatus, lockReturn, moveReturn } from './lock.ts'

/** What a page of returns came to. */
export type ReturnCounts = {
  imported: { id: string; orderId: string }[]
  changed: number
  same: number
  /** Those that fit no order here, as they came. */
  refused: Unreadable[]
}

type Source = { id: string; name: string }

/** The orders that these returns name and that are not here. */
export async function findUnknownOrders(
  db: DbOrTx,
  connectionId: string,
  told: readonly RemoteReturn[],
): Promise<string[]> {
  const wanted = [...new Set(told.map((entry) => entry.externalOrderId))]
  const known = await query<{ external_id: string }>(
    db,
    sql`select external_id from orders where connection_id = ${connectionId} and external_id in (${texts(wanted)})`,
  )
  const held = new Set(known.map((row) => row.external_id))
  return wanted.filter((id) => !held.has(id))
}

/**
 * Takes a page of returns in: new ones are written, newer versions move theirs on, older ones and repetitions
 * change nothing. What goods came back is counted here alone: a platform's "received" moves no stock of ours.
 */
export async function importReturns(
  tx: Tx,
  source: Source,
  told: readonly RemoteReturn[],
  act: Act,
): Promise<ReturnCounts> {
  const counts: ReturnCounts = { imported: [], changed: 0, same: 0, refused: [] }
  for (const entry of told.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1))) {
    const [held] = await tx
      .select()
      .from(returns)
      .where(and(eq(returns.connectionId, source.id), eq(returns.externalId, entry.externalId)))
    if (held) {
      if (await updateReturn(tx, source, held.id, entry, act)) counts.changed += 1
      else counts.same += 1
      continue
    }
    const made = await insertReturn(tx, source, entry, act)
    if ('reason' in made)
      counts.refused.push({ externalId: entry.externalId, raw: entry, reason: made.reason })
    else counts.imported.push(made)
  }
  return counts
}

async function insertReturn(
  tx: Tx,
  source: Source,
  told: RemoteReturn,
  act: Act,
): Promise<{ id: string; orderId: string } | { reason: string }> {
  const [order] = await tx
    .select({ id: orders.id, number: orders.number })
    .from(orders)
    .where(and(eq(orders.connectionId, source.id), eq(orders.externalId, told.externalOrderId)))
  if (!order) return { reason: `it is about order ${told.externalOrderId}, which is not here` }
  const known = await tx
    .select({ id: orderLines.id, externalId: orderLines.externalId })
    .from(orderLines)
    .where(
      and(
        eq(orderLines.orderId, order.id),
        inArray(
          orderLines.externalId,
          told.lines.map((line) => line.externalLineId),
        ),
      ),
    )
  const ids = new Map(known.map((line) => [line.externalId, line.id]))
  const strange = told.lines.find((line) => !ids.has(line.externalLineId))
  if (strange) return { reason: `order ${order.number} has no line ${strange.externalLineId}` }
  if (told.lines.length === 0) return { reason: 'it has no lines' }
  const id = newId('ret', act.now.getTime())
  await tx.insert(returns).values({
    id,
    orderId: order.id,
    connectionId: source.id,
    externalId: told.externalId,
    status: told.status,
    externalUpdatedAt: told.updatedAt,
    externalFingerprint: fingerprint(told),
    createdBy: act.actor,
    createdAt: act.now,
    closedAt: told.status === 'closed' ? act.now : null,
  })
  const units = Map.groupBy(told.lines, (line) => ids.get(line.externalLineId)!)
  await tx.insert(returnLines).values(
    [...units].map(([orderLineId, lines]) => ({
      returnId: id,
      orderLineId,
      quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
      reason: [...new Set(lines.map((line) => line.reason))].join('; '),
    })),
  )
  await tx.insert(returnEvents).values({
    returnId: id,
    kind: 'imported',
    toStatus: told.status,
    detail: `from ${source.name}`,
    actor: act.actor,
    at: act.now,
  })
  return { id, orderId: order.id }
}

/** Moves a return on by a newer version of it. Returns whether it was news. */
async function updateReturn(
  tx: Tx,
  source: Source,
  id: string,
  told: RemoteReturn,
  act: Act,
): Promise<boolean> {
  const held = await lockReturn(tx, id)
  const ageMs = told.updatedAt.getTime() - (held.externalUpdatedAt?.getTime() ?? 0)
  const print = fingerprint(told)
  if (ageMs < 0 || (ageMs === 0 && print === held.externalFingerprint)) return false
  await tx
    .update(returns)
    .set({ externalUpdatedAt: told.updatedAt, externalFingerprint: print })
    .where(eq(returns.id, id))
  const to = laterStatus(held.status, told.status)
  await moveReturn(tx, held, { to, kind: 'told', detail: `${source.name} says ${told.status}` }, act)
  return true
}
