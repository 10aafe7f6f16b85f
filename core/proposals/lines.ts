import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { type DbOrTx, rows, type Tx } from '../db/client.ts'
import { proposalLines } from '../db/schema/index.ts'
import type { DiffLine } from './proposals.ts'

/** Keeps the whole diff of a proposal in place of the one before. */
export async function saveLines(tx: Tx, proposalId: string, diff: readonly DiffLine[]): Promise<void> {
  await tx.delete(proposalLines).where(eq(proposalLines.proposalId, proposalId))
  if (diff.length === 0) return
  const items = diff.map(({ subject, field, from, to }, position) => ({
    position,
    subject,
    field,
    was: from,
    becomes: to,
  }))
  await tx.execute(sql`
    insert into proposal_lines (proposal_id, position, subject, field, was, becomes)
    select ${proposalId}, item.* from ${rows(items, 'position int, subject text, field text, was jsonb, becomes jsonb')}`)
}

/** Lines of a proposal's diff in order, one more than `limit`, of one subject or all. */
export async function listLines(
  db: DbOrTx,
  proposalId: string,
  { after = -1, limit, subject }: { after?: number; limit: number; subject?: string | undefined },
) {
  return db
    .select({
      position: proposalLines.position,
      subject: proposalLines.subject,
      field: proposalLines.field,
      from: proposalLines.from,
      to: proposalLines.to,
    })
    .from(proposalLines)
    .where(
      and(
        eq(proposalLines.proposalId, proposalId),
        gt(proposalLines.position, after),
        subject === undefined ? undefined : eq(proposalLines.subject, subject),
      ),
    )
    .orderBy(asc(proposalLines.position))
    .limit(limit + 1)
}
