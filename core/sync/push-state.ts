import { type SQL, sql } from 'drizzle-orm'
import { type Db, type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import { texts } from '../lib/sql.ts'
import type { Aspect, ListingRef } from '../sdk/model/listing.ts'
import { assertLease, type Lease } from './leases.ts'

/** A listing whose wanted revision of an aspect is not acknowledged. */
export type Dirty = {
  listingId: string
  revision: number
  attempts: number
  wasRefused: boolean
  acknowledgedValue: unknown
  acknowledgedFingerprint: string | null
  ref: ListingRef
}

type Row = {
  listing_id: string
  revision: string
  attempts: number
  was_refused: boolean
  acknowledged_value: unknown
  acknowledged_fingerprint: string | null
  external_id: string
  external_parent_id: string | null
  sku: string
}

/** What is not on the platform, or no longer, has nothing to push: it must not take a place in a claim. */
const isOnShelf = sql`exists (
  select 1 from listings shelf where shelf.id = state.listing_id and shelf.external_id is not null and shelf.status <> 'ended')`

/** The most urgent dirty listings of an aspect that may be tried now. Reads only what is dirty. */
export async function claimDirty(
  db: DbOrTx,
  connectionId: string,
  aspect: Aspect,
  now: Date,
  limit: number,
  after?: string,
): Promise<Dirty[]> {
  const order =
    after === undefined
      ? sql`state.urgency desc nulls last, state.dirty_since, state.listing_id`
      : sql`state.listing_id`
  const from = after === undefined ? sql`` : sql`and state.listing_id > ${after}`
  return readDirty(
    db,
    sql`
      select * from listing_aspects state
      where state.connection_id = ${connectionId} and state.aspect = ${aspect} and state.is_dirty
        and (state.not_before is null or state.not_before <= ${now.toISOString()}::timestamptz) and ${isOnShelf} ${from}
      order by ${order} limit ${limit}`,
    order,
  )
}

/** These listings of a connection as a push would claim them, dirty or not, refused or not. */
export const claimListings = (
  db: DbOrTx,
  connectionId: string,
  aspect: Aspect,
  listingIds: readonly string[],
): Promise<Dirty[]> =>
  readDirty(
    db,
    sql`
      select * from listing_aspects state
      where state.connection_id = ${connectionId} and state.aspect = ${aspect} and state.listing_id in (${texts(listingIds)}) and ${isOnShelf}`,
    sql`state.listing_id`,
  )

async function readDirty(db: DbOrTx, claimed: SQL, order: SQL): Promise<Dirty[]> {
  const found = await query<Row>(
    db,
    sql`
    select state.listing_id, state.revision, state.attempts, state.refused_revision is not null as was_refused, state.acknowledged_value,
           state.acknowledged_fingerprint, listing.external_id, listing.external_parent_id, variant.sku
    from (${claimed}) state
    join listings listing on listing.id = state.listing_id
    join variants variant on variant.id = listing.variant_id
    order by ${order}`,
  )
  return found.map((row) => ({
    listingId: row.listing_id,
    revision: Number(row.revision),
    attempts: row.attempts,
    wasRefused: row.was_refused,
    acknowledgedValue: row.acknowledged_value,
    acknowledgedFingerprint: row.acknowledged_fingerprint,
    ref: { externalId: row.external_id, externalParentId: row.external_parent_id, sku: row.sku },
  }))
}

/** How many listings of an aspect are dirty and may be tried, counted no further than `limit` if there is one. */
export async function countDirty(
  db: DbOrTx,
  connectionId: string,
  aspect: Aspect,
  now: Date,
  limit?: number,
): Promise<number> {
  const [row] = await query<{ dirty: number }>(
    db,
    sql`
    select count(*)::int as dirty from (
      select 1 from listing_aspects state where state.connection_id = ${connectionId} and state.aspect = ${aspect}
        and state.is_dirty and (state.not_before is null or state.not_before <= ${now.toISOString()}::timestamptz) and ${isOnShelf}
      limit ${limit ?? null}::int) counted`,
  )
  return row?.dirty ?? 0
}

/** When the next dirty listing that rests may be tried again, if any rests. */
export async function nextDue(
  db: DbOrTx,
  connectionId: string,
  aspect: Aspect,
  now: Date,
): Promise<Date | null> {
  const [row] = await query<{ at: string | null }>(
    db,
    sql`
    select min(not_before) as at from listing_aspects state
    where connection_id = ${connectionId} and aspect = ${aspect} and is_dirty
      and not_before > ${now.toISOString()}::timestamptz and ${isOnShelf}`,
  )
  return row?.at ? new Date(row.at) : null
}

/**
 * Called right before these are sent: until an answer is recorded nobody knows what the marketplace shows, so
 * that nothing counts as shown already. The value stays for the guard rails. @throws LeaseLostError
 */
export async function noteSending(
  db: Db,
  lease: Lease,
  aspect: Aspect,
  listingIds: readonly string[],
): Promise<void> {
  if (listingIds.length === 0) return
  await transact(db, async (tx) => {
    await assertLease(tx, lease)
    await tx.execute(sql`
      update listing_aspects state set acknowledged_fingerprint = null from ${rows(
        listingIds.map((id) => ({ id })),
        'id text',
      )} where state.listing_id = item.id and state.aspect = ${aspect} and state.acknowledged_fingerprint is not null`)
  })
}

export type Acknowledged = { listingId: string; revision: number; value: unknown; fingerprint: string }

/**
 * Records what the marketplace took: up to the revision that was sent, so that a change made meanwhile stays
 * dirty. @throws LeaseLostError when the lane is another's by now.
 */
export async function acknowledge(
  tx: DbOrTx,
  lease: Lease,
  aspect: Aspect,
  taken: readonly Acknowledged[],
  now: Date,
): Promise<void> {
  if (taken.length === 0) return
  await assertLease(tx, lease)
  await tx.execute(sql`
    update listing_aspects state set acknowledged_revision = item.revision, acknowledged_value = item.value, acknowledged_fingerprint = item.fingerprint,
      acknowledged_at = ${now.toISOString()}::timestamptz, attempts = 0, not_before = null, refused_revision = null,
      urgency = case when state.revision > item.revision then state.urgency else 0 end
    from ${rows(
      taken.map((t) => ({
        listing_id: t.listingId,
        revision: t.revision,
        value: t.value,
        fingerprint: t.fingerprint,
      })),
      'listing_id text, revision bigint, value jsonb, fingerprint text',
    )}
    where state.listing_id = item.listing_id and state.aspect = ${aspect} and state.acknowledged_revision < item.revision`)
}

export type Deferred = { listingId: string; revision: number; until: Date; isRefused: boolean }

/** Puts failed items aside until a later time. A refused one is tried at once when its value changes. */
export async function defer(
  tx: DbOrTx,
  lease: Lease,
  aspect: Aspect,
  items: readonly Deferred[],
): Promise<void> {
  if (items.length === 0) return
  await assertLease(tx, lease)
  const values = items.map((item) => ({
    listing_id: item.listingId,
    revision: item.revision,
    until: item.until,
    refused: item.isRefused,
  }))
  await tx.execute(sql`
    update listing_aspects state set attempts = state.attempts + 1,
      not_before = case when state.revision = item.revision or not item.refused then item.until end,
      refused_revision = case when item.refused then item.revision end
    from ${rows(values, 'listing_id text, revision bigint, until timestamptz, refused boolean')}
    where state.listing_id = item.listing_id and state.aspect = ${aspect}`)
}

/**
 * Holds items back while a ticket is open, refused before or not: a newer value must not be overtaken by the
 * older one in the feed.
 */
export async function holdForTicket(
  tx: Tx,
  aspect: Aspect,
  listingIds: readonly string[],
  until: Date,
): Promise<void> {
  await tx.execute(sql`
    update listing_aspects state set not_before = ${until.toISOString()}::timestamptz, refused_revision = null
    from ${rows(
      listingIds.map((id) => ({ id })),
      'id text',
    )} where state.listing_id = item.id and state.aspect = ${aspect}`)
}

/** The aspects of a connection that have something to push now. */
export async function dirtyAspects(db: Db): Promise<{ connectionId: string; aspect: Aspect }[]> {
  return query(
    db,
    sql`
    select connection.id as "connectionId", aspect.name as aspect
    from connections connection cross join (values ('content'), ('price'), ('stock')) aspect(name)
    where connection.status = 'active' and exists (
      select 1 from listing_aspects state where state.connection_id = connection.id and state.aspect = aspect.name
        and state.is_dirty and (state.not_before is null or state.not_before <= now()) and ${isOnShelf})`,
  )
}
