import { eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { appendAudit } from '../audit/audit.ts'
import { type Db, type DbOrTx, query, type Tx } from '../db/client.ts'
import { hubState } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { instant } from '../lib/sql.ts'
import { ConflictError } from '../sdk/errors.ts'

/** How long calls and runs are kept. What failed is kept longer than what worked. */
export const retentionSchema = z.strictObject({
  successDays: z.int().min(1).max(90),
  failureDays: z.int().min(1).max(365),
  /** Never more calls than this, whatever their age. */
  mostCalls: z.int().min(1_000).max(20_000_000),
  /** Runs, and calls counted by the hour. */
  runDays: z.int().min(7).max(730),
})
export type Retention = z.infer<typeof retentionSchema>
export type KeptRetention = Retention & { revision: number }

const usual: KeptRetention = {
  successDays: 7,
  failureDays: 30,
  mostCalls: 1_000_000,
  runDays: 90,
  revision: 0,
}
const stateKey = 'call_log_retention'
const prunedKey = 'call_log_pruned_at'

/** How often old rows are taken away. */
const pruneEveryMs = 3_600_000
/** Rows taken away by one statement: nobody waits long for one. */
export const chunk = 10_000

/** The retention in force, with the revision that a change must name. */
export async function readRetention(db: DbOrTx): Promise<KeptRetention> {
  const [row] = await db.select().from(hubState).where(eq(hubState.key, stateKey))
  return row ? (row.value as KeptRetention) : usual
}

/** @throws ConflictError when somebody else changed it meanwhile. */
export async function setRetention(tx: Tx, change: KeptRetention, act: Act): Promise<KeptRetention> {
  await tx.insert(hubState).values({ key: stateKey, value: usual }).onConflictDoNothing()
  const [row] = await tx.select().from(hubState).where(eq(hubState.key, stateKey)).for('update')
  const before = row!.value as KeptRetention
  if (before.revision !== change.revision)
    throw new ConflictError(
      `The retention was changed meanwhile: revision ${before.revision}, not ${change.revision}. Read it again.`,
    )
  const after = { ...change, revision: before.revision + 1 }
  await tx.update(hubState).set({ value: after }).where(eq(hubState.key, stateKey))
  await appendAudit(tx, act, { action: 'retention.set', subject: 'call_log', before, after })
  return after
}

/** Takes the hourly turn to take old rows away: the retention in force, or null when it is not time yet. */
export async function takePruneTurn(db: Db, now: Date): Promise<Retention | null> {
  const [due] = await query<{ key: string }>(
    db,
    sql`
    insert into hub_state (key, value) values (${prunedKey}, ${JSON.stringify(now.toISOString())}::text::jsonb)
    on conflict (key) do update set value = excluded.value
    where (hub_state.value #>> '{}')::timestamptz <= ${instant(new Date(now.getTime() - pruneEveryMs))}
    returning key`,
  )
  return due ? readRetention(db) : null
}

/** Takes away calls that are older, or more, than the retention says. Returns how many rows. */
export async function pruneCalls(db: Db, retention: Retention, now: Date): Promise<number> {
  const before = (days: number) => instant(new Date(now.getTime() - days * 86_400_000))
  const [most] = await query<{ id: string }>(
    db,
    sql`select id from http_calls order by id desc offset ${retention.mostCalls} limit 1`,
  )
  const pick = (table: SQL, old: SQL) =>
    sql`delete from ${table} where ctid = any(array(select ctid from ${table} where ${old} limit ${chunk}))`
  const calls = sql`http_calls`
  return deleteInChunks(db, [
    pick(calls, sql`at < ${before(retention.successDays)} and failure is null`),
    pick(calls, sql`at < ${before(retention.failureDays)}`),
    pick(calls, sql`id <= ${most?.id ?? 0}::bigint`),
    pick(sql`call_hours`, sql`hour < ${before(retention.runDays)}`),
  ])
}

/** Runs each statement until it finds less than a chunk. Returns how many rows went. */
export async function deleteInChunks(db: Db, statements: readonly SQL[]): Promise<number> {
  let gone = 0
  for (const statement of statements) {
    for (let count = chunk; count === chunk; ) {
      ;({ count } = (await db.execute(statement)) as unknown as { count: number })
      gone += count
    }
  }
  return gone
}
