import { type AuditContext, type AuditCounts, auditAll, auditListings } from './audit.ts'
import { moveMark, readMark } from './mark.ts'
import { dropResults } from './results.ts'

/** Transactions that began before the last look may commit after it; what is read twice is not judged twice. */
const overlapMs = 120_000

/** Judges listings of products that changed since the last time; all listings the first time. */
export async function auditChanges(context: AuditContext): Promise<AuditCounts> {
  const { db, clock } = context
  const startedAt = clock.now()
  const mark = await readMark(db)
  if (mark === null) return auditAll(context)
  const counts = await auditListings(context, { changedAfter: new Date(mark.getTime() - overlapMs) })
  await moveMark(db, startedAt)
  return counts
}

/** Judges one listing, whatever changed on it. */
export async function auditOne(context: AuditContext, listingId: string): Promise<void> {
  const { listings } = await auditListings(context, { listingIds: [listingId] })
  if (listings === 0) await dropResults(context.db, [listingId])
}
