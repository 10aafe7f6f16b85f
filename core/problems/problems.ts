import { and, desc, eq, isNull, like, lt, type SQL, sql } from 'drizzle-orm'
import { appendAudit, appendAudits } from '../audit/audit.ts'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { problems } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { escapeLike, texts } from '../lib/sql.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'
import { type ProblemKind, problemKinds } from './kinds.ts'

export type { ProblemKind }

export type NewProblem = {
  kind: ProblemKind
  /** One open problem a key. */
  key: string
  message: string
  connectionId?: string | null
  subject?: string | null
  vendorMessage?: string | null | undefined
  field?: string | null | undefined
  detail?: Record<string, unknown>
  /** Instead of the words of its kind: only plugins know theirs. */
  holdsUp?: string
  remedy?: string
}

/** Opens problems, or counts them as seen once more where they are open already. */
export async function raiseProblems(tx: DbOrTx, found: readonly NewProblem[], act: Act): Promise<void> {
  if (found.length === 0) return
  const unique = new Map(found.map((problem) => [problem.key, problem]))
  const items = [...unique.values()].map((problem) => ({
    id: newId('prb', act.now.getTime()),
    kind: problem.kind,
    key: problem.key,
    connection_id: problem.connectionId ?? null,
    subject: problem.subject ?? null,
    message: problem.message.slice(0, 4000),
    vendor_message: problem.vendorMessage?.slice(0, 4000) ?? null,
    field: problem.field ?? null,
    holds_up: problem.holdsUp ?? problemKinds[problem.kind].holdsUp,
    remedy: problem.remedy ?? problemKinds[problem.kind].remedy,
    detail: problem.detail ?? {},
  }))
  const columns =
    'id text, kind text, key text, connection_id text, subject text, message text, vendor_message text, field text, holds_up text, remedy text, detail jsonb'
  await tx.execute(sql`
    insert into problems (id, kind, key, connection_id, subject, message, vendor_message, field, holds_up, remedy, detail, since, last_seen_at)
    select item.*, ${act.now.toISOString()}::timestamptz, ${act.now.toISOString()}::timestamptz
    from ${rows(items, columns)}
    order by item.key
    on conflict (key) where resolved_at is null do update
    set times_seen = problems.times_seen + 1, last_seen_at = excluded.last_seen_at, message = excluded.message,
        vendor_message = excluded.vendor_message, field = excluded.field, detail = excluded.detail,
        holds_up = excluded.holds_up, remedy = excluded.remedy`)
}

/** Closes the open problems with these keys: what they told of is over. */
export async function settleProblems(tx: DbOrTx, keys: readonly string[], act: Act): Promise<void> {
  if (keys.length === 0) return
  await tx.execute(sql`
    update problems set resolved_at = ${act.now.toISOString()}::timestamptz, resolved_by = ${act.actor}
    where resolved_at is null and key in (select item.key from ${rows(
      keys.map((key) => ({ key })),
      'key text',
    )})`)
}

/** Closes the open problems whose key starts so and that nobody has seen since. */
export async function settleProblemsUnseen(tx: DbOrTx, prefix: string, since: Date, act: Act): Promise<void> {
  await tx
    .update(problems)
    .set({ resolvedAt: act.now, resolvedBy: act.actor })
    .where(
      and(
        isNull(problems.resolvedAt),
        like(problems.key, `${escapeLike(prefix)}%`),
        lt(problems.lastSeenAt, since),
      ),
    )
}

export type ProblemFilter = {
  kind?: string
  connectionId?: string
  subject?: string
  limit?: number
  offset?: number
}

/** The open problems, newest first. */
export async function listProblems(db: DbOrTx, filter: ProblemFilter = {}) {
  const conditions: SQL[] = [isNull(problems.resolvedAt)]
  if (filter.kind) conditions.push(eq(problems.kind, filter.kind))
  if (filter.connectionId) conditions.push(eq(problems.connectionId, filter.connectionId))
  if (filter.subject) conditions.push(eq(problems.subject, filter.subject))
  return db
    .select()
    .from(problems)
    .where(and(...conditions))
    .orderBy(desc(problems.lastSeenAt), problems.id)
    .limit(filter.limit ?? 100)
    .offset(filter.offset ?? 0)
}

/** A person says that a problem is dealt with. It opens again if it is seen again. */
export async function resolveProblem(tx: Tx, id: string, act: Act): Promise<void> {
  const [found] = await tx.select().from(problems).where(eq(problems.id, id)).for('update')
  if (!found) throw new NotFoundError(`There is no problem ${id}.`)
  if (found.resolvedAt) throw new ConflictError(`Problem ${id} was resolved already, by ${found.resolvedBy}.`)
  await tx.update(problems).set({ resolvedAt: act.now, resolvedBy: act.actor }).where(eq(problems.id, id))
  await appendAudit(tx, act, { action: 'problem.resolved', subject: id, before: { message: found.message } })
}

/**
 * A person says that problems are dealt with, all at once. Those that are resolved already, gone, or wait for a
 * decision stay as they are. Returns the ids that are resolved by this.
 */
export async function resolveProblems(tx: Tx, ids: readonly string[], act: Act): Promise<Set<string>> {
  const resolved = await query<{ id: string; message: string }>(
    tx,
    sql`
    update problems set resolved_at = ${act.now.toISOString()}::timestamptz, resolved_by = ${act.actor}
    where id in (${texts(ids)}) and resolved_at is null and kind <> ${askingKind}
    returning id, message`,
  )
  await appendAudits(
    tx,
    act,
    resolved.map(({ id, message }) => ({ action: 'problem.resolved', subject: id, before: { message } })),
  )
  return new Set(resolved.map(({ id }) => id))
}

/** The kind that only a decision resolves: until then its call can neither go on nor be dropped. */
export const askingKind: ProblemKind = 'needs_decision'

/** Opens problems again that a person has resolved; what was seen again meanwhile is open already. Returns their ids. */
export async function reopenProblems(tx: Tx, ids: readonly string[], act: Act): Promise<Set<string>> {
  const opened = await query<{ id: string }>(
    tx,
    sql`
    update problems set resolved_at = null, resolved_by = null
    where id in (select max(id) from problems where id in (${texts(ids)}) group by key) and resolved_at is not null
      and not exists (select 1 from problems other where other.key = problems.key and other.resolved_at is null)
    returning id`,
  )
  await appendAudits(
    tx,
    act,
    opened.map(({ id }) => ({ action: 'problem.reopened', subject: id })),
  )
  return new Set(opened.map(({ id }) => id))
}
