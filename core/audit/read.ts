import { and, desc, eq, lt } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { auditLog } from '../db/schema/index.ts'

export type AuditFilter = { subject?: string | undefined; before?: number | undefined; limit: number }

/** Who changed what, newest first. One row more than `limit`. */
export async function listAudit(db: DbOrTx, { subject, before, limit }: AuditFilter) {
  return db
    .select({
      id: auditLog.id,
      at: auditLog.at,
      actor: auditLog.actor,
      action: auditLog.action,
      subject: auditLog.subject,
      before: auditLog.before,
      after: auditLog.after,
    })
    .from(auditLog)
    .where(
      and(
        subject === undefined ? undefined : eq(auditLog.subject, subject),
        before === undefined ? undefined : lt(auditLog.id, before),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit + 1)
}

/** ", by whom and when" of the last change of something, for the person whose change came too late; empty if unknown. */
export async function describeLastChange(db: DbOrTx, subject: string): Promise<string> {
  const [last] = await listAudit(db, { subject, limit: 0 })
  return last ? `, by ${last.actor} at ${last.at.toISOString()}` : ''
}
