import { and, desc, eq, isNull, like, lt, type SQL, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { type DbOrTx, rows, type Tx } from '../db/client.ts'
import { problems } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'

/** What can stop, with what it holds up and how it is resolved. One place, so that every door says the same. */
export const problemKinds = {
  auth: { holdsUp: 'the whole connection', remedy: 'Correct the credentials and resume the connection.' },
  unavailable: {
    holdsUp: 'syncing with this connection',
    remedy: 'Check that the shop can be reached; the hub goes on by itself when it answers.',
  },
  unexpected: {
    holdsUp: 'this item',
    remedy: 'Report it to whoever maintains the connector; it is tried again by itself.',
  },
  push_refused: {
    holdsUp: 'this aspect of the listing',
    remedy: 'Correct the value; a changed value is sent at once.',
  },
  creation_refused: {
    holdsUp: 'publishing this product',
    remedy: 'Correct the product and publish it again.',
  },
  needs_decision: { holdsUp: 'this call', remedy: 'Look on the platform whether it happened, then say so.' },
  filter_failed: { holdsUp: 'this aspect of the listing', remedy: 'Correct or disable the plugin.' },
  price_missing: {
    holdsUp: 'publishing a price',
    remedy: 'Set a base price in the currency of the connection.',
  },
  price_below_floor: { holdsUp: 'publishing a price', remedy: 'Raise the price, or lower cost or margin.' },
  unknown_sku: {
    holdsUp: 'allocating the orders that name it',
    remedy: 'Create the SKU or map it to one of ours; the orders heal by themselves.',
  },
  oversold: {
    holdsUp: 'shipping the order',
    remedy: 'Bring in stock, or cancel the line on the marketplace.',
  },
  unreadable: {
    holdsUp: 'importing this document',
    remedy: 'Correct it on the platform or report it; it is read again when it changes.',
  },
  listing_missing: { holdsUp: 'this listing', remedy: 'Publish it again or end it.' },
  listing_conflict: {
    holdsUp: 'binding this listing',
    remedy: 'Two remote listings claim one SKU: end one of them.',
  },
  order_gone: {
    holdsUp: 'the units reserved for the order',
    remedy: 'Restore the order on the platform, or cancel it there before it is deleted.',
  },
  booking_refused: {
    holdsUp: 'shipping these parcels',
    remedy: 'Correct what the courier complains of, or choose another service; then book again.',
  },
  coupon_refused: {
    holdsUp: 'this coupon: buyers cannot use it',
    remedy: 'Correct what the marketplace complains of, or choose a code that is free; then plan it again.',
  },
  coupon_not_ended: {
    holdsUp: 'the end of this coupon: buyers may still use it',
    remedy: 'End it on the marketplace; the hub asks again once a day.',
  },
  not_shippable: {
    holdsUp: 'shipping the order',
    remedy: 'Correct what is named, then ship the order again.',
  },
  parcel_lost: {
    holdsUp: 'the delivery',
    remedy: 'Make a claim with the courier in time, and send or refund the goods.',
  },
  parcel_damaged: {
    holdsUp: 'the delivery in good order',
    remedy: 'Ask the recipient for photographs, and make a claim with the courier in time.',
  },
  parcel_returned: {
    holdsUp: 'the delivery',
    remedy: 'Find out why, then send it again or refund the order.',
  },
  parcel_delayed: {
    holdsUp: 'the delivery',
    remedy: 'Ask the courier where it is; make a claim in time if it does not turn up.',
  },
  parcel_unexpected: {
    holdsUp: 'nothing',
    remedy: 'A cancelled label is in use: find out who sent it, before the courier charges for it.',
  },
  order_totals: {
    holdsUp: 'nothing',
    remedy: 'Compare the order on the platform: its lines and charges do not add up.',
  },
  plugin: { holdsUp: 'what the plugin does', remedy: 'Correct what the plugin complains of.' },
} as const
export type ProblemKind = keyof typeof problemKinds

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

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

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
