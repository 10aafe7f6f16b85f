import { eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { returnEvents, returns } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'
import { type ReturnStatus, returnStatuses } from '../sdk/model/order.ts'

export type Return = typeof returns.$inferSelect

/** The status that is further on: a return never goes back. */
export const laterStatus = (a: ReturnStatus, b: ReturnStatus): ReturnStatus =>
  returnStatuses.indexOf(a) >= returnStatuses.indexOf(b) ? a : b

/** The return, locked, as the editor saw it. @throws NotFoundError, ConflictError when somebody changed it since. */
export async function lockReturn(tx: Tx, id: string, revision?: number): Promise<Return> {
  const [found] = await tx.select().from(returns).where(eq(returns.id, id)).for('update')
  if (!found) throw new NotFoundError(`There is no return ${id}.`)
  if (revision !== undefined && found.revision !== revision) {
    const [last] = await tx
      .select({ actor: returnEvents.actor, at: returnEvents.at })
      .from(returnEvents)
      .where(eq(returnEvents.returnId, id))
      .orderBy(returnEvents.id)
      .then((events) => events.slice(-1))
    throw new ConflictError(
      `Return ${id} was changed meanwhile${last ? `, by ${last.actor} at ${last.at.toISOString()}` : ''}. Look at it anew.`,
    )
  }
  return found
}

/** Moves a return on, or only raises its revision, and writes down what happened. */
export async function moveReturn(
  tx: Tx,
  held: Return,
  change: { to?: ReturnStatus; kind: string; detail?: string | null },
  act: Act,
): Promise<Return> {
  const { to = held.status, kind, detail = null } = change
  const [after] = await tx
    .update(returns)
    .set({
      status: to,
      revision: held.revision + 1,
      closedAt: to === 'closed' ? (held.closedAt ?? act.now) : held.closedAt,
    })
    .where(eq(returns.id, held.id))
    .returning()
  await tx.insert(returnEvents).values({
    returnId: held.id,
    kind,
    fromStatus: to === held.status ? null : held.status,
    toStatus: to === held.status ? null : to,
    detail,
    actor: act.actor,
    at: act.now,
  })
  return after!
}
