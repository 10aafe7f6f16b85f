import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { instant } from '../lib/sql.ts'
import type { FailureKind } from '../sdk/errors.ts'
import type { Aspect } from '../sdk/model/listing.ts'

/** Dirty listings are counted for each look up to here; beyond it stands what was counted last. */
const countedAtOnce = 1_000

export type AspectState = {
  aspect: Aspect
  /** Listings on the marketplace, when they were last counted. */
  listings: number
  dirty: number
  /** Of these, refused by the marketplace: they wait for a change. */
  refused: number
  /** Since when the oldest of the others waits. */
  oldestDirtySince: Date | null
  /** When a push of it last ended well. */
  lastPushAt: Date | null
  countedAt: Date | null
}

export type BucketState = {
  bucket: string
  perSecond: number
  burst: number
  tokens: number
  blockedUntil: Date | null
  /** Of the last 24 hours. */
  calls: number
  refused: number
  waitedMs: number
}

export type ConnectionState = {
  id: string
  name: string
  connector: string
  status: 'active' | 'observing' | 'paused'
  pausedReason: string | null
  /** When orders were last read to the end, and since when they are behind if they are. */
  ordersReadAt: Date | null
  areOrdersComplete: boolean
  reconciledAt: Date | null
  aspects: AspectState[]
  buckets: BucketState[]
  failures: { failure: FailureKind; count: number }[]
}

type Texts<Row, Instants extends keyof Row> = Omit<Row, Instants> & { [Name in Instants]: string | null }

const date = (text: string | null): Date | null => (text === null ? null : new Date(text))

/** Every connection as it stands: how fresh, how far behind, what of its limits is used, what failed in a day. */
export async function readConnectionStates(db: DbOrTx, now: Date): Promise<ConnectionState[]> {
  const since = dayBefore(now)
  const [found, aspects, buckets, failures] = await Promise.all([
    readRows(db),
    readAspects(db),
    readBuckets(db, now),
    query<{ connectionId: string; failure: FailureKind; count: number }>(
      db,
      sql`select connection_id as "connectionId", failure, count(*)::int as count from http_calls
        where failure is not null and at >= ${since} group by 1, 2 order by 3 desc`,
    ),
  ])
  const of = <Row extends { connectionId: string }>(rows: readonly Row[], id: string) =>
    rows.filter((row) => row.connectionId === id).map(({ connectionId: _, ...row }) => row)
  return found.map((row) => ({
    ...row,
    ordersReadAt: date(row.ordersReadAt),
    reconciledAt: date(row.reconciledAt),
    aspects: of(aspects, row.id),
    buckets: of(buckets, row.id),
    failures: of(failures, row.id),
  }))
}

type Row = Omit<ConnectionState, 'aspects' | 'buckets' | 'failures'>

const lastRun = (task: string) => sql`(
  select run.finished_at from sync_runs run where run.connection_id = connection.id and run.task = ${task} and run.outcome = 'done'
  order by run.id desc limit 1)`

const readRows = (db: DbOrTx) =>
  query<Texts<Row, 'ordersReadAt' | 'reconciledAt'>>(
    db,
    sql`
    select connection.id, connection.name, connection.connector, connection.status, connection.paused_reason as "pausedReason",
      read.updated_at as "ordersReadAt", coalesce(read.is_complete, true) as "areOrdersComplete", ${lastRun('reconcile')} as "reconciledAt"
    from connections connection left join cursors read on read.connection_id = connection.id and read.stream = 'orders'
    order by connection.name`,
  )

/** Dirty rows are found by their partial index; what is off the shelf waits for nothing. */
async function readAspects(db: DbOrTx): Promise<(AspectState & { connectionId: string })[]> {
  const found = await query<
    Texts<AspectState & { connectionId: string }, 'oldestDirtySince' | 'lastPushAt' | 'countedAt'>
  >(
    db,
    sql`
    select connection.id as "connectionId", aspect.name as aspect, coalesce(counted.listings, 0) as listings,
      case when waiting.dirty > ${countedAtOnce} then greatest(waiting.dirty, counted.dirty) else waiting.dirty end as dirty,
      case when waiting.dirty > ${countedAtOnce} then greatest(waiting.refused, counted.refused) else waiting.refused end as refused,
      case when waiting.dirty > ${countedAtOnce} then least(waiting.oldest, counted.oldest_dirty_since) else waiting.oldest end as "oldestDirtySince",
      (select run.finished_at from sync_runs run where run.connection_id = connection.id and run.task = 'push:' || aspect.name and run.outcome = 'done'
        order by run.id desc limit 1) as "lastPushAt",
      counted.counted_at as "countedAt"
    from connections connection cross join (values ('content'), ('price'), ('stock')) aspect(name)
    left join listing_counts counted on counted.connection_id = connection.id and counted.aspect = aspect.name
    cross join lateral (
      select count(*)::int as dirty, count(unsent.refused_revision)::int as refused,
        min(unsent.dirty_since) filter (where unsent.refused_revision is null) as oldest from (
        select state.dirty_since, state.refused_revision from listing_aspects state
        where state.connection_id = connection.id and state.aspect = aspect.name and state.is_dirty and exists (
          select 1 from listings shelf where shelf.id = state.listing_id and shelf.external_id is not null and shelf.status <> 'ended')
        limit ${countedAtOnce + 1}
      ) unsent
    ) waiting
    order by 1, 2`,
  )
  return found.map((row) => ({
    ...row,
    listings: Math.max(row.listings, row.dirty),
    oldestDirtySince: date(row.oldestDirtySince),
    lastPushAt: date(row.lastPushAt),
    countedAt: date(row.countedAt),
  }))
}

const dayBefore = (now: Date) => instant(new Date(now.getTime() - 24 * 3_600_000))

/** The rate buckets of all connections as they stand, with what was used of them in a day. */
export async function readBuckets(
  db: DbOrTx,
  now: Date,
): Promise<(BucketState & { connectionId: string })[]> {
  const found = await query<Texts<BucketState & { connectionId: string }, 'blockedUntil'>>(
    db,
    sql`
    select bucket.connection_id as "connectionId", bucket.bucket, bucket.per_second as "perSecond", bucket.burst,
      least(bucket.burst, bucket.tokens + bucket.per_second * extract(epoch from hub_now() - bucket.refilled_at))::float8 as tokens,
      case when bucket.blocked_until > hub_now() then bucket.blocked_until end as "blockedUntil",
      coalesce(used.calls, 0)::float8 as calls, coalesce(used.refused, 0)::float8 as refused, coalesce(used.waited_ms, 0)::float8 as "waitedMs"
    from rate_buckets bucket left join (
      select connection_id, bucket, sum(calls) as calls, sum(calls) filter (where outcome = 'rate_limited') as refused, sum(waited_ms) as waited_ms
      from call_hours where hour >= ${dayBefore(now)} group by 1, 2
    ) used on used.connection_id = bucket.connection_id and used.bucket = bucket.bucket
    order by 1, 2`,
  )
  return found.map((row) => ({ ...row, blockedUntil: date(row.blockedUntil) }))
}
