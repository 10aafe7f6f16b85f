import { sql } from 'drizzle-orm'
import { type Db, query } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import type { Bucket } from '../sdk/connector.ts'
import type { LimitNews } from '../sdk/http.ts'

export type BucketOwner = {
  connectionId: string
  rateScale: number
  buckets: Readonly<Record<string, Bucket>>
}

/** Timers may fire a little early; a call must not. */
const timerSlackMs = 2

type Take = { wait_ms: number; was_full: boolean; is_taken: boolean; per_second: number }

/**
 * Takes tokens from a shared bucket and waits until the call may go out. Urgent calls get their place in the
 * queue at once (tokens go negative); others wait until tokens are really there, so that they never stand
 * before an urgent one for longer than one call.
 */
export async function takeToken(
  db: Db,
  clock: Clock,
  owner: BucketOwner,
  bucket: string,
  cost: number,
  isUrgent: boolean,
): Promise<{ settle(news: LimitNews): Promise<void> }> {
  for (;;) {
    const take =
      (await tryTake(db, owner.connectionId, bucket, cost, isUrgent)) ??
      (await createBucket(db, owner, bucket))
    if (take === null) continue
    if (take.wait_ms > 0) await clock.sleep(take.wait_ms + timerSlackMs)
    if (take.is_taken) return { settle: (news) => settleTake(db, owner.connectionId, bucket, take, news) }
  }
}

/** Whether a call could go out now without waiting. Takes nothing. */
export async function hasToken(db: Db, connectionId: string, bucket: string): Promise<boolean> {
  const [row] = await query<{ ok: boolean }>(
    db,
    sql`
    select least(burst, tokens + per_second * extract(epoch from hub_now() - refilled_at)) >= 1
       and coalesce(blocked_until <= hub_now(), true) as ok
    from rate_buckets where connection_id = ${connectionId} and bucket = ${bucket}`,
  )
  return row?.ok ?? true
}

/** One statement: whoever locks the row first is first, in whatever process. */
async function tryTake(
  db: Db,
  connectionId: string,
  bucket: string,
  cost: number,
  isUrgent: boolean,
): Promise<Take | null> {
  const [row] = await query<Take>(
    db,
    sql`
    with present as materialized (
      select hub_now() as now, least(burst, tokens + per_second * extract(epoch from hub_now() - refilled_at)) as available, burst,
             greatest(0, coalesce(extract(epoch from blocked_until - hub_now()), 0)) as blocked
      from rate_buckets where connection_id = ${connectionId} and bucket = ${bucket} for update
    ),
    taken as (
      update rate_buckets b set tokens = present.available - ${cost}::float8, refilled_at = present.now, calls_taken = b.calls_taken + 1
      from present where b.connection_id = ${connectionId} and b.bucket = ${bucket}
        and (${isUrgent} or (present.available >= ${cost}::float8 and present.blocked = 0))
      returning b.tokens, b.per_second
    )
    select coalesce((select 1000 * greatest(present.blocked, -taken.tokens / taken.per_second, 0) from taken),
                    1000 * greatest(present.blocked, (${cost}::float8 - present.available) / b.per_second, 0))::float8 as wait_ms,
           present.available >= present.burst as was_full, exists (select 1 from taken) as is_taken, b.per_second
    from present, rate_buckets b where b.connection_id = ${connectionId} and b.bucket = ${bucket}`,
  )
  return row ?? null
}

async function createBucket(db: Db, owner: BucketOwner, bucket: string): Promise<null> {
  const published = owner.buckets[bucket]
  if (!published) throw new Error(`The connector declares no bucket "${bucket}".`)
  await db.execute(sql`
    insert into rate_buckets (connection_id, bucket, per_second, burst, tokens, refilled_at)
    values (${owner.connectionId}, ${bucket}, ${published.perSecond * owner.rateScale}, ${published.burst}, ${published.burst}, hub_now())
    on conflict do nothing`)
  return null
}

/**
 * Learns from the answer. The platform's bucket starts to refill when the first call reaches it, not when we
 * send it: after a call into a full bucket ours starts at the answer, so that it never runs ahead of theirs.
 */
async function settleTake(
  db: Db,
  connectionId: string,
  bucket: string,
  { was_full: wasFull, per_second: perSecond }: Take,
  news: LimitNews,
): Promise<void> {
  const isSameRate = news.perSecond === undefined || news.perSecond === perSecond
  if (!wasFull && news.retryAfterMs === undefined && isSameRate) return
  await db.execute(sql`
    update rate_buckets set
      refilled_at = case when ${wasFull} or ${news.retryAfterMs !== undefined} then greatest(refilled_at, hub_now()) else refilled_at end,
      tokens = case when ${news.retryAfterMs !== undefined} then least(tokens, 0) else tokens end,
      blocked_until = case when ${news.retryAfterMs !== undefined} then greatest(blocked_until, hub_now() + ${news.retryAfterMs ?? 0}::float8 * interval '1 millisecond') else blocked_until end,
      calls_refused = calls_refused + ${news.retryAfterMs === undefined ? 0 : 1},
      per_second = coalesce(${news.perSecond ?? null}::float8, per_second)
    where connection_id = ${connectionId} and bucket = ${bucket}
      and (${wasFull} or ${news.retryAfterMs !== undefined} or per_second is distinct from ${news.perSecond ?? null}::float8)`)
}
