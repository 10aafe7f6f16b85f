import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { type DbOrTx, query, type Tx } from '../db/client.ts'
import { auditLog } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { canonicalJson } from '../lib/crypto.ts'

/** Held while a row is appended, so that the chain has one end. */
const chainLock = 7_203_002
const firstHash = '0'.repeat(64)

export type AuditEntry = { action: string; subject: string; before?: unknown; after?: unknown }

/** Writes who did what, in the change's own transaction. Each row's hash covers the row before it. */
export const appendAudit = (tx: Tx, act: Act, entry: AuditEntry): Promise<void> =>
  appendAudits(tx, act, [entry])

/** Writes several entries of one act, in order. */
export async function appendAudits(tx: Tx, act: Act, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await tx.execute(sql`select pg_advisory_xact_lock(${chainLock})`)
  const [last] = await query<{ hash: string }>(tx, sql`select hash from audit_log order by id desc limit 1`)
  let previousHash = last?.hash ?? firstHash
  const chained = entries.map((entry) => {
    const row = {
      at: act.now,
      actor: act.actor,
      action: entry.action,
      subject: entry.subject,
      before: entry.before ?? null,
      after: entry.after ?? null,
    }
    const hash = hashOf(previousHash, row)
    const link = { ...row, previousHash, hash }
    previousHash = hash
    return link
  })
  await tx.insert(auditLog).values(chained)
}

type Row = { at: Date; actor: string; action: string; subject: string; before: unknown; after: unknown }
const hashOf = (previousHash: string, row: Row): string =>
  createHash('sha256')
    .update(previousHash + canonicalJson(JSON.parse(JSON.stringify(row))))
    .digest('hex')

/** The id of the first row whose hash does not fit what it says, or null when the chain is whole. */
export async function findBrokenAudit(db: DbOrTx): Promise<number | null> {
  let previousHash = firstHash
  let after = 0
  for (;;) {
    const page = await db
      .select()
      .from(auditLog)
      .where(sql`${auditLog.id} > ${after}`)
      .orderBy(auditLog.id)
      .limit(1000)
    for (const { id, previousHash: told, hash, ...row } of page) {
      if (told !== previousHash || hash !== hashOf(previousHash, row)) return id
      previousHash = hash
      after = id
    }
    if (page.length === 0) return null
  }
}
