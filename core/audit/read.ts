import { and, eq, gte, lt, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { type ListOrder, type ListSorts, readPage } from '../db/keyset.ts'
import { auditLog } from '../db/schema/index.ts'

export const auditSorts = {
  by: { at: { by: auditLog.at, type: 'timestamptz' } },
  keys: [{ by: auditLog.id, type: 'bigint' }],
} satisfies ListSorts<string>
export type AuditSort = keyof typeof auditSorts.by

export type AuditFilter = {
  subject?: string | undefined
  actor?: string | undefined
  action?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

const conditionsOf = ({ subject, actor, action, from, to }: AuditFilter) =>
  and(
    subject === undefined ? undefined : eq(auditLog.subject, subject),
    actor === undefined ? undefined : eq(auditLog.actor, actor),
    action === undefined ? undefined : eq(auditLog.action, action),
    from === undefined ? undefined : gte(auditLog.at, from),
    to === undefined ? undefined : lt(auditLog.at, to),
  )

/** Who changed what, newest first unless another order is given. One row more than `limit`. */
export async function listAudit(
  db: DbOrTx,
  { limit, ...filter }: AuditFilter & { limit: number },
  order: ListOrder<AuditSort> = { field: 'at', isDescending: true, after: null, limit },
) {
  return readPage(auditSorts, order, ({ place, where, orderBy, limit: rows }) =>
    db
      .select({
        id: auditLog.id,
        at: auditLog.at,
        actor: auditLog.actor,
        action: auditLog.action,
        subject: auditLog.subject,
        before: auditLog.before,
        after: auditLog.after,
        place,
      })
      .from(auditLog)
      .where(and(where, conditionsOf(filter)))
      .orderBy(...orderBy)
      .limit(rows),
  )
}

/** The statement whose rows are counted for a list. */
export const auditRows = (db: DbOrTx, filter: AuditFilter, most: number) =>
  db.select({ one: sql`1` }).from(auditLog).where(conditionsOf(filter)).limit(most)

/** ", by whom and when" of the last change of something, for the person whose change came too late; empty if unknown. */
export async function describeLastChange(db: DbOrTx, subject: string): Promise<string> {
  const [last] = await listAudit(db, { subject, limit: 1 })
  return last ? `, by ${last.actor} at ${last.at.toISOString()}` : ''
}
