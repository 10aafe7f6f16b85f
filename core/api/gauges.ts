import { sql } from 'drizzle-orm'
import { query } from '../db/client.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import { deadLetterQueue, queues } from '../sync/queue.ts'
import type { ApiHub } from './context.ts'

/** Reads what is only known when asked: queue depth, freshness, buckets. */
export async function fillGauges(hub: ApiHub): Promise<void> {
  await fillQueues(hub)
  await fillFreshness(hub)
  await fillBuckets(hub)
}

async function fillQueues({ queue, metrics }: ApiHub): Promise<void> {
  metrics.queueDepth.reset()
  for (const name of [...Object.keys(queues), deadLetterQueue]) {
    const [stats] = await queue.boss.getQueueStats(name)
    if (!stats) continue
    metrics.queueDepth.set({ queue: name, state: 'ready' }, stats.readyCount)
    metrics.queueDepth.set({ queue: name, state: 'deferred' }, stats.deferredCount)
    metrics.queueDepth.set({ queue: name, state: 'active' }, stats.activeCount)
    metrics.queueDepth.set({ queue: name, state: 'failed' }, stats.failedCount)
  }
}

type FreshnessRow = { connection: string; aspect: Aspect; dirty: number; oldest: string | null }

/** Counts dirty rows only, by their partial index; a connection in step shows zeros, and what is ended waits for nothing. */
async function fillFreshness({ db, clock, metrics }: ApiHub): Promise<void> {
  const now = clock.now()
  const found = await query<FreshnessRow>(
    db,
    sql`
    select connection.id as connection, aspect.name as aspect, coalesce(waiting.dirty, 0)::int as dirty, waiting.oldest
    from connections connection cross join (values ('content'), ('price'), ('stock')) aspect(name)
    left join (
      select state.connection_id, state.aspect, count(*) as dirty, min(state.dirty_since) as oldest
      from listing_aspects state join listings listing on listing.id = state.listing_id and listing.status <> 'ended'
      where state.is_dirty group by 1, 2
    ) waiting on waiting.connection_id = connection.id and waiting.aspect = aspect.name`,
  )
  metrics.dirtyListings.reset()
  metrics.freshnessSeconds.reset()
  for (const { connection, aspect, dirty, oldest } of found) {
    const ageMs = oldest === null ? 0 : Math.max(0, now.getTime() - new Date(oldest).getTime())
    metrics.dirtyListings.set({ connection, aspect }, dirty)
    metrics.freshnessSeconds.set({ connection, aspect }, ageMs / 1000)
  }
}

type BucketRow = { connection: string; bucket: string; tokens: number; taken: string; refused: string }

async function fillBuckets({ db, metrics }: ApiHub): Promise<void> {
  const found = await query<BucketRow>(
    db,
    sql`
    select connection_id as connection, bucket, calls_taken as taken, calls_refused as refused,
           least(burst, tokens + per_second * extract(epoch from hub_now() - refilled_at))::float8 as tokens
    from rate_buckets`,
  )
  metrics.bucketTokens.reset()
  metrics.bucketCalls.reset()
  for (const { connection, bucket, tokens, taken, refused } of found) {
    metrics.bucketTokens.set({ connection, bucket }, tokens)
    metrics.bucketCalls.set({ connection, bucket, outcome: 'taken' }, Number(taken))
    metrics.bucketCalls.set({ connection, bucket, outcome: 'refused' }, Number(refused))
  }
}
