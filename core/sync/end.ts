import { and, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Connection } from '../connections/connections.ts'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { listings } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { wake } from '../listings/dirty.ts'
import { raiseProblems } from '../problems/problems.ts'
import { type Applier, propose } from '../proposals/proposals.ts'
import type { ConnectorError } from '../sdk/errors.ts'
import { failurePolicy } from '../sdk/failure-policy.ts'
import type { ListingRef } from '../sdk/model/listing.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease } from './leases.ts'
import { requestOnce } from './once-request.ts'

/** Fewer listings than this may always be ended without asking. */
const smallestAlarm = 20

type EndPayload = { connectionId: string; listingIds: string[]; reason: string }

/**
 * Takes listings off the shelf. More than the connection's cap at once becomes a proposal instead.
 * Returns the id of the proposal, or null when they will be ended.
 */
export async function requestEnding(
  tx: Tx,
  connection: Connection,
  listingIds: readonly string[],
  reason: string,
  act: Act,
): Promise<string | null> {
  const { live, allowed } = await readCap(tx, connection)
  const payload: EndPayload = { connectionId: connection.id, listingIds: [...listingIds], reason }
  if (listingIds.length > allowed) {
    const diff = listingIds.map((subject) => ({ subject, field: 'status', from: 'live', to: 'ended' }))
    const title = `End ${listingIds.length} of ${live} listings on ${connection.name}`
    return propose(
      tx,
      {
        kind: 'end_listings',
        key: `end:${connection.id}:${fingerprint([...listingIds].sort())}`,
        connectionId: connection.id,
        title,
        reason: `${reason}. At most ${connection.maxEndedBasisPoints / 100} % may be ended at once without approval.`,
        diff,
        payload,
        costCalls: listingIds.length,
      },
      act,
    )
  }
  await markEnding(tx, payload, act)
  return null
}

/** How many listings of a connection are live, and how many of them may be ended without asking. */
async function readCap(tx: Tx, connection: Connection): Promise<{ live: number; allowed: number }> {
  const [row] = await query<{ live: number }>(
    tx,
    sql`select count(*)::int as live from listings where connection_id = ${connection.id} and status = 'live'`,
  )
  const live = row?.live ?? 0
  return {
    live,
    allowed: Math.max(smallestAlarm, Math.floor((live * connection.maxEndedBasisPoints) / 10_000)),
  }
}

/** Whether so many listings are too many to end without approval. */
export const isEndingCapped = async (tx: Tx, connection: Connection, count: number): Promise<boolean> =>
  count > (await readCap(tx, connection)).allowed

/** Lets listings leave the shelf, whatever their number. */
export async function markEnding(
  tx: Tx,
  { connectionId, listingIds, reason }: EndPayload,
  act: Act,
): Promise<void> {
  await tx.execute(sql`
    update listings set status = case when listings.external_id is null then 'ended' else listings.status end,
      ending_since = case when listings.external_id is not null then ${act.now.toISOString()}::timestamptz end from ${rows(
        listingIds.map((id) => ({ id })),
        'id text',
      )}
    where listings.id = item.id and listings.connection_id = ${connectionId} and listings.ending_since is null and listings.status <> 'ended'`)
  await appendAudit(tx, act, {
    action: 'listings.ending',
    subject: connectionId,
    after: { listingIds, reason },
  })
  await wake(tx, [{ task: 'once', connectionId }])
}

/** Approved: the listings are ended whatever their number. */
export const applyEndListings: Applier = async (tx, proposal, act) => {
  const payload = proposal.payload as EndPayload
  await markEnding(tx, payload, act)
  return payload
}

/** Taken back: what has not left the shelf yet stays, what has is put back with the values of now. */
export async function takeBackEnding(
  tx: Tx,
  { connectionId, listingIds }: Pick<EndPayload, 'connectionId' | 'listingIds'>,
  act: Act,
): Promise<void> {
  await tx
    .update(listings)
    .set({ endingSince: null })
    .where(
      and(
        eq(listings.connectionId, connectionId),
        inArray(listings.id, [...listingIds]),
        ne(listings.status, 'ended'),
      ),
    )
  await relist(tx, connectionId, listingIds, act)
}

/** Ends what is to be ended on the platform; a refusal becomes a problem and is not tried again by itself. */
export async function runEndings(lane: Lane): Promise<void> {
  const operation = lane.connector.operations.endListing
  if (!operation) return
  for (;;) {
    const due = await readEnding(lane.hub.db, lane.connection.id, operation.maxBatch)
    if (due.length === 0) return
    lane.run.assertWanted()
    for (const group of Map.groupBy(due, (item) => operation.groupBy?.(item.ref) ?? '').values()) {
      const results = await operation.run(
        lane.client,
        group.map((item) => item.ref),
      )
      if (!Array.isArray(results))
        throw new Error(`${lane.connector.name} ends listings by ticket, which the hub does not do.`)
      await recordEndings(lane, group, results)
    }
  }
}

type Ending = { id: string; ref: ListingRef }

async function readEnding(db: DbOrTx, connectionId: string, limit: number): Promise<Ending[]> {
  const found = await db
    .select({
      id: listings.id,
      externalId: listings.externalId,
      externalParentId: listings.externalParentId,
      sku: sql<string>`(select sku from variants where variants.id = ${listings.variantId})`,
    })
    .from(listings)
    .where(
      and(
        eq(listings.connectionId, connectionId),
        isNotNull(listings.endingSince),
        isNotNull(listings.externalId),
        ne(listings.status, 'ended'),
      ),
    )
    .orderBy(listings.id)
    .limit(limit)
  return found.map((row) => ({
    id: row.id,
    ref: { externalId: row.externalId!, externalParentId: row.externalParentId, sku: row.sku },
  }))
}

async function recordEndings(
  lane: Lane,
  group: readonly Ending[],
  results: readonly ({ ok: true } | { ok: false; error: ConnectorError })[],
): Promise<void> {
  const act = systemAct(lane.hub, `sync:${lane.connection.name}`)
  const fatal = results.find((result) => !result.ok && failurePolicy[result.error.kind].stops !== 'item')
  if (fatal && !fatal.ok) throw fatal.error
  const done = group.map((item, index) => ({
    id: item.id,
    ended: results[index]!.ok || isGone(results[index]!),
  }))
  await transact(lane.hub.db, async (tx) => {
    await assertLease(tx, lane.lease)
    await tx.execute(sql`
      update listings set status = case when item.ended then 'ended' else listings.status end, ending_since = case when item.ended then listings.ending_since end
      from ${rows(done, 'id text, ended boolean')} where listings.id = item.id`)
    await raiseProblems(
      tx,
      group.flatMap((item, index) => {
        const result = results[index]!
        if (result.ok || isGone(result)) return []
        return [
          {
            kind: 'push_refused' as const,
            key: `end:${item.id}`,
            connectionId: lane.connection.id,
            subject: item.id,
            message: `${lane.connection.name} refused to end the listing of ${item.ref.sku}: ${result.error.message}`,
            vendorMessage: result.error.vendorMessage,
          },
        ]
      }),
      act,
    )
  })
  count(lane, 'ended', done.filter((item) => item.ended).length)
}

/** What is not there any more is ended. */
const isGone = (result: { ok: true } | { ok: false; error: { kind: string } }): boolean =>
  !result.ok && result.error.kind === 'not_found'

/**
 * Puts ended listings back on the shelf: they are created anew with the values of now. A platform that keeps
 * an ended listing revives it under the same SKU. Listings that are not ended stay as they are.
 */
export async function relist(
  tx: Tx,
  connectionId: string,
  listingIds: readonly string[],
  act: Act,
): Promise<number> {
  const items = rows(
    listingIds.map((id) => ({ id })),
    'id text',
  )
  const revived = await query<{ id: string; product_id: string }>(
    tx,
    sql`
    update listings listing set status = 'draft', external_id = null, ending_since = null
    from ${items} join listings old on old.id = item.id join variants variant on variant.id = old.variant_id
    where listing.id = item.id and listing.connection_id = ${connectionId} and listing.status = 'ended'
    returning listing.id, variant.product_id`,
  )
  await tx.execute(sql`delete from listing_aspects where listing_id in (select item.id from ${items}) and exists (
    select 1 from listings where listings.id = listing_id and listings.external_id is null)`)
  const byProduct = Map.groupBy(revived, (row) => row.product_id)
  const requests = [...byProduct].map(([productId, mine]) => ({
    connectionId,
    operation: 'createListing' as const,
    key: `${productId}:${mine[0]!.id}:${act.now.getTime()}`,
    subject: productId,
    input: { productId },
  }))
  await requestOnce(tx, requests, act)
  await appendAudit(tx, act, { action: 'listings.relisted', subject: connectionId, after: { listingIds } })
  return revived.length
}
