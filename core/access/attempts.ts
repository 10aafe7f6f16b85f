import { createHash } from 'node:crypto'
import { eq, lt, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { authAttempts } from '../db/schema/index.ts'
import { TooManyError } from '../sdk/errors.ts'

const minuteMs = 60_000

/** How often one may try to prove who one is, counted together by all processes. */
const rules = {
  /** Passwords for one e-mail address, from anywhere. */
  account: { max: 10, windowMs: 15 * minuteMs },
  /** Anything from one network address: an office may share one. */
  address: { max: 100, windowMs: 15 * minuteMs },
} as const
type Kind = keyof typeof rules

/** What is counted is not told by the key: people type passwords into the wrong field. */
const keyOf = (kind: Kind, subject: string) =>
  `${kind}:${createHash('sha256').update(subject).digest('base64url')}`

export type Attempt = { kind: Kind; subject: string }

/** Thrown when the last allowed attempt was spent before. `isFirst` is true once, for the audit log. */
export class LockedError extends TooManyError {
  readonly isFirst: boolean
  constructor(retryAt: Date, now: Date, isFirst: boolean) {
    const minutes = Math.max(1, Math.ceil((retryAt.getTime() - now.getTime()) / minuteMs))
    super(`Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`, retryAt)
    this.isFirst = isFirst
  }
}

/** Counts an attempt before its outcome is known, so that parallel guesses count too. @throws LockedError */
export async function takeAttempt(db: DbOrTx, { kind, subject }: Attempt, now: Date): Promise<void> {
  const { max, windowMs } = rules[kind]
  const isOver = sql`${authAttempts.since} <= ${new Date(now.getTime() - windowMs).toISOString()}::timestamptz`
  const [row] = await db
    .insert(authAttempts)
    .values({ key: keyOf(kind, subject), count: 1, since: now })
    .onConflictDoUpdate({
      target: authAttempts.key,
      set: {
        count: sql`case when ${isOver} then 1 else ${authAttempts.count} + 1 end`,
        since: sql`case when ${isOver} then excluded.since else ${authAttempts.since} end`,
      },
    })
    .returning({ count: authAttempts.count, since: authAttempts.since })
  const { count, since } = row!
  if (count > max) throw new LockedError(new Date(since.getTime() + windowMs), now, count === max + 1)
  if (count === 1)
    await db.delete(authAttempts).where(lt(authAttempts.since, new Date(now.getTime() - 24 * 60 * minuteMs)))
}

/** Takes back what a success proved to be no guess: all of an account, one of an address. */
export async function forgiveAttempts(db: DbOrTx, attempts: readonly Attempt[]): Promise<void> {
  for (const { kind, subject } of attempts) {
    const isIt = eq(authAttempts.key, keyOf(kind, subject))
    if (kind === 'account') await db.delete(authAttempts).where(isIt)
    else
      await db
        .update(authAttempts)
        .set({ count: sql`greatest(${authAttempts.count} - 1, 0)` })
        .where(isIt)
  }
}
