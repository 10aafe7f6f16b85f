import { type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query, rows } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { instant } from '../lib/sql.ts'
import type { Aspect } from '../sdk/model/listing.ts'

/** The channel on which a commit tells the workers that there is something to do. Payload: a wake-up. */
export const wakeChannel = 'entrepot_wake'

/** Tells the workers, once this transaction commits, that `task` of a connection has work. */
export async function wake(
  tx: DbOrTx,
  wakeUps: readonly { task: string; connectionId: string }[],
): Promise<void> {
  if (wakeUps.length === 0) return
  const payloads = [...new Set(wakeUps.map((up) => `${up.task}:${up.connectionId}`))]
  await tx.execute(
    sql`select pg_notify(${wakeChannel}, item.payload) from ${rows(
      payloads.map((payload) => ({ payload })),
      'payload text',
    )}`,
  )
}

/** The wake-up of changed dated prices and coupons: their next start or end may be another. */
export const datedPricesWake = 'dated-prices'

/** Tells the workers, once this transaction commits, to look for the next start or end of a dated price or coupon. */
export async function wakeForDatedPrices(tx: DbOrTx): Promise<void> {
  await tx.execute(sql`select pg_notify(${wakeChannel}, ${datedPricesWake})`)
}

/** A variant whose published value may have changed. A falling stock is urgent: it could be oversold. */
export type Touched = { variantId: string; isFalling?: boolean }

/**
 * Raises the wanted revision of an aspect for every listing of these variants, and of the bundles that hold
 * them. What is dirty is the queue: a worker is woken when the transaction commits, and a sweep finds it if
 * none was alive.
 */
export async function markDirty(
  tx: DbOrTx,
  aspect: Aspect,
  touched: readonly Touched[],
  act: Act,
  options: { connectionId?: string } = {},
): Promise<void> {
  if (touched.length === 0) return
  const urgencies = new Map<string, number>()
  for (const { variantId, isFalling } of touched) {
    urgencies.set(variantId, Math.max(urgencies.get(variantId) ?? 0, isFalling ? 2 : 0))
  }
  const items = [...urgencies].map(([variantId, urgency]) => ({ variant_id: variantId, urgency }))
  const only =
    options.connectionId === undefined ? sql`` : sql`and listing.connection_id = ${options.connectionId}`
  const marked = await query<{ connection_id: string }>(
    tx,
    sql`
    with item as materialized (select * from ${rows(items, 'variant_id text, urgency int')}),
    affected as (
      select item.variant_id, item.urgency from item
      union all
      select bundle.bundle_id, item.urgency from item join bundle_components bundle on bundle.component_id = item.variant_id
    ),
    target as materialized (
      select listing.id, max(affected.urgency) as urgency
      from affected join listings listing on listing.variant_id = affected.variant_id
      where listing.status <> 'ended' ${only}
      group by listing.id
    ),
    locked as materialized (
      select state.listing_id, target.urgency
      from listing_aspects state join target on target.id = state.listing_id
      where state.aspect = ${aspect}
      order by state.listing_id
      for update of state
    ),
    changed as (
      update listing_aspects state
      set dirty_since = case when state.revision > state.acknowledged_revision then state.dirty_since else ${act.now.toISOString()}::timestamptz end,
          revision = state.revision + 1,
          urgency = greatest(case when state.revision > state.acknowledged_revision then state.urgency else 0 end, locked.urgency),
          not_before = case when state.refused_revision is null then state.not_before end
      from locked
      where state.listing_id = locked.listing_id and state.aspect = ${aspect}
      returning state.connection_id
    )
    select distinct connection_id from changed`,
  )
  await wake(
    tx,
    marked.map((row) => ({ task: aspect, connectionId: row.connection_id })),
  )
}

/**
 * Raises the wanted revision of an aspect for the listings that `select` names by `id`, in one statement whatever
 * their number. Returns how many.
 */
export async function markListingsDirty(
  tx: DbOrTx,
  aspect: Aspect,
  connectionId: string,
  select: SQL,
  act: Act,
): Promise<number> {
  const [row] = await query<{ marked: number }>(
    tx,
    sql`
    with target as materialized (${select}),
    locked as materialized (
      select state.listing_id from listing_aspects state join target on target.id = state.listing_id
      where state.aspect = ${aspect} order by state.listing_id for update of state
    ),
    changed as (
      update listing_aspects state
      set dirty_since = case when state.revision > state.acknowledged_revision then state.dirty_since else ${instant(act.now)} end,
          revision = state.revision + 1, not_before = case when state.refused_revision is null then state.not_before end
      from locked where state.listing_id = locked.listing_id and state.aspect = ${aspect}
      returning 1
    )
    select count(*)::int as marked from changed`,
  )
  const marked = row?.marked ?? 0
  if (marked > 0) await wake(tx, [{ task: aspect, connectionId }])
  return marked
}
