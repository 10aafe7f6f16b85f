import { and, eq, sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import { orders } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { wake } from '../listings/dirty.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import type { Page } from '../sdk/connector.ts'
import { ConnectorError } from '../sdk/errors.ts'
import { aspects, type ListingStatus, type RemoteListing } from '../sdk/model/listing.ts'
import { adopt, forgetUnseen } from './adopt.ts'
import { loadDesired } from './aspects.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease } from './leases.ts'
import { readOrders } from './pull.ts'
import { remoteValue } from './remote-value.ts'
import { keepUnreadable, settleReadable } from './unreadable.ts'

const pageSize = 1000
/** Orders asked about by id in one go. */
const orderBatch = 100

/**
 * Compares the whole platform with the hub and repairs what anything missed: listings bound to no variant,
 * values somebody changed there, values we should have pushed, orders that fell silent. It deletes nothing.
 */
export async function reconcile(lane: Lane): Promise<void> {
  if (lane.connector.operations.pullListings) await compareListings(lane)
  await recompute(lane)
  await askAboutSilentOrders(lane)
}

async function compareListings(lane: Lane): Promise<void> {
  const startedAt = lane.hub.clock.now()
  let after: string | null = null
  let seen = 0
  for (;;) {
    lane.run.assertWanted()
    const page = await lane.connector.operations.pullListings!.run(lane.client, after)
    if (page.more && page.next === after)
      throw new ConnectorError(
        'unexpected',
        `${lane.connector.name} says that more listings wait but gives the same cursor again.`,
      )
    await transact(lane.hub.db, (tx) => takePage(tx, lane, page))
    seen += page.items.length + (page.unreadable?.length ?? 0)
    after = page.next
    if (!page.more) break
  }
  count(lane, 'seen', seen)
  await tellMissing(lane, startedAt, seen)
  if (seen > 0) await transact(lane.hub.db, (tx) => forgetUnseen(tx, lane, startedAt, actOf(lane)))
}

const actOf = (lane: Lane): Act => systemAct(lane.hub, `reconcile:${lane.connection.name}`)

async function takePage(tx: Tx, lane: Lane, page: Page<RemoteListing>): Promise<void> {
  const act = actOf(lane)
  const { connection } = lane
  const unreadable = page.unreadable ?? []
  await assertLease(tx, lane.lease)
  await takeListings(tx, lane, page.items, act)
  await settleReadable(
    tx,
    connection,
    'listing',
    page.items.map((listing) => listing.externalId),
    act,
  )
  await keepUnreadable(tx, connection, 'listing', unreadable, act)
  await tx.execute(sql`
    update listings set seen_at = ${act.now.toISOString()}::timestamptz
    from ${rows(
      unreadable.map((listing) => ({ id: listing.externalId })),
      'id text',
    )} where listings.connection_id = ${connection.id} and listings.external_id = item.id`)
}

type Known = { listing_id: string; external_id: string; currency: string; status: ListingStatus }

async function takeListings(tx: Tx, lane: Lane, remote: readonly RemoteListing[], act: Act): Promise<void> {
  const connectionId = lane.connection.id
  const items = remote.map((listing) => ({ external_id: listing.externalId, sku: listing.sku }))
  const known = await query<Known>(
    tx,
    sql`
    select listing.id as listing_id, listing.external_id, listing.status from ${rows(items, 'external_id text, sku text')}
    join listings listing on listing.connection_id = ${connectionId} and listing.external_id = item.external_id order by listing.id for update of listing`,
  )
  const byExternalId = new Map(known.map((row) => [row.external_id, row]))
  await noteSeen(
    tx,
    remote.filter((listing) => byExternalId.has(listing.externalId)),
    byExternalId,
    act,
  )
  await noteDrift(tx, lane, remote, byExternalId, act)
  await adopt(
    tx,
    lane,
    remote.filter((listing) => !byExternalId.has(listing.externalId)),
    act,
  )
}

async function noteSeen(
  tx: Tx,
  seen: readonly RemoteListing[],
  known: ReadonlyMap<string, Known>,
  act: Act,
): Promise<void> {
  const items = seen.map((listing) => ({
    id: known.get(listing.externalId)!.listing_id,
    status: listing.status,
    issues: listing.issues,
    parent: listing.externalParentId,
  }))
  await tx.execute(sql`
    update listings set seen_at = ${act.now.toISOString()}::timestamptz, status = item.status, issues = item.issues, external_parent_id = item.parent
    from ${rows(items, 'id text, status text, issues jsonb, parent text')} where listings.id = item.id`)
  await settleProblems(
    tx,
    items.map((item) => missingKey(item.id)),
    act,
  )
}

const missingKey = (listingId: string) => `missing:${listingId}`

/**
 * What the platform shows takes the place of what it acknowledged, for listings that are in step: so the next
 * push sees the difference and closes it. A price under a sale of ours is left alone: the platform shows it.
 */
async function noteDrift(
  tx: Tx,
  lane: Lane,
  remote: readonly RemoteListing[],
  known: ReadonlyMap<string, Known>,
  act: Act,
): Promise<void> {
  for (const aspect of ['stock', 'price'] as const) {
    const items = remote.flatMap((listing) => {
      const value = remoteValue(aspect, listing)
      const row = known.get(listing.externalId)
      return value && row ? [{ id: row.listing_id, value, fingerprint: fingerprint(value) }] : []
    })
    const drifted = await query(
      tx,
      sql`
      update listing_aspects state set acknowledged_value = item.value, acknowledged_fingerprint = item.fingerprint, revision = state.revision + 1,
        dirty_since = ${act.now.toISOString()}::timestamptz, not_before = null
      from ${rows(items, 'id text, value jsonb, fingerprint text')}
      where state.listing_id = item.id and state.aspect = ${aspect} and state.revision = state.acknowledged_revision
        and state.acknowledged_fingerprint is distinct from item.fingerprint
        and (${aspect} <> 'price' or state.acknowledged_value->'sale' is null or state.acknowledged_value->'sale' = 'null')
      returning 1`,
    )
    count(lane, `drifted_${aspect}`, drifted.length)
    if (drifted.length > 0) await wake(tx, [{ task: aspect, connectionId: lane.connection.id }])
  }
}

/** Live listings that a whole reading did not show. An empty reading is a fault of the reading, not of the shop. */
async function tellMissing(lane: Lane, startedAt: Date, seen: number): Promise<void> {
  const { hub, connection } = lane
  const missing = await query<{ id: string; sku: string; external_id: string }>(
    hub.db,
    sql`
    select listing.id, variant.sku, listing.external_id from listings listing join variants variant on variant.id = listing.variant_id
    where listing.connection_id = ${connection.id} and listing.status = 'live' and coalesce(listing.seen_at, listing.created_at) < ${startedAt.toISOString()}::timestamptz
    order by listing.id limit 1001`,
  )
  const act = actOf(lane)
  if (missing.length > 0 && (seen === 0 || missing.length > 1000)) {
    const message = `A reading of ${connection.name} showed ${seen} listings and misses ${missing.length > 1000 ? 'more than 1,000' : missing.length} that should be live. Nothing was changed: the reading itself is in doubt.`
    return raiseProblems(
      hub.db,
      [{ kind: 'listing_missing', key: `missing:${connection.id}`, connectionId: connection.id, message }],
      act,
    )
  }
  await settleProblems(hub.db, [`missing:${connection.id}`], act)
  await raiseProblems(
    hub.db,
    missing.map((row) => ({
      kind: 'listing_missing' as const,
      key: missingKey(row.id),
      connectionId: connection.id,
      subject: row.id,
      message: `${connection.name} no longer shows the listing of ${row.sku} (${row.external_id}).`,
    })),
    act,
  )
  count(lane, 'missing', missing.length)
}

/** Marks dirty what should be pushed and nobody noticed, our own bugs included. */
async function recompute(lane: Lane): Promise<void> {
  const { hub, connection } = lane
  for (const aspect of aspects) {
    for (let after = ''; ; ) {
      const page = await query<{ id: string; fingerprint: string | null }>(
        hub.db,
        sql`
        select state.listing_id as id, state.acknowledged_fingerprint as fingerprint
        from listings listing join listing_aspects state on state.listing_id = listing.id and state.aspect = ${aspect}
        where listing.connection_id = ${connection.id} and listing.id > ${after} and listing.status <> 'ended' and state.revision = state.acknowledged_revision
        order by listing.id limit ${pageSize}`,
      )
      if (page.length === 0) break
      lane.run.assertWanted()
      const desired = await loadDesired(
        hub.db,
        aspect,
        page.map((row) => row.id),
        hub.clock.now(),
      )
      const stale = page.filter((row) => {
        const wanted = desired.get(row.id)
        return wanted?.ok === true && fingerprint(wanted.value) !== row.fingerprint
      })
      await transact(hub.db, (tx) =>
        tx.execute(sql`
        update listing_aspects state set revision = state.revision + 1, dirty_since = ${hub.clock.now().toISOString()}::timestamptz
        from ${rows(
          stale.map((row) => ({ id: row.id })),
          'id text',
        )} where state.listing_id = item.id and state.aspect = ${aspect}`),
      )
      if (stale.length > 0) await wake(hub.db, [{ task: aspect, connectionId: connection.id }])
      count(lane, `stale_${aspect}`, stale.length)
      after = page.at(-1)!.id
    }
  }
}

/** Open orders are asked about by id: one that was trashed on the platform appears in no list. */
async function askAboutSilentOrders(lane: Lane): Promise<void> {
  if (!lane.connector.operations.readOrders) return
  for (let after = ''; ; ) {
    const open = await lane.hub.db
      .select({ id: orders.id, externalId: orders.externalId })
      .from(orders)
      .where(
        and(
          eq(orders.connectionId, lane.connection.id),
          sql`${orders.status} in ('pending_payment', 'paid', 'allocated')`,
          sql`${orders.id} > ${after}`,
          sql`not ${orders.flags} ? 'history'`,
        ),
      )
      .orderBy(orders.id)
      .limit(orderBatch)
    if (open.length === 0) return
    lane.run.assertWanted()
    const gone = await readOrders(
      lane,
      open.map((order) => order.externalId),
    )
    await tellGoneOrders(lane, open, new Set(gone))
    after = open.at(-1)!.id
  }
}

/** An open order that the platform no longer has keeps its stock, so somebody must decide about it. */
async function tellGoneOrders(
  lane: Lane,
  open: readonly { id: string; externalId: string }[],
  gone: ReadonlySet<string>,
): Promise<void> {
  const { hub, connection } = lane
  const keyOf = (order: { id: string }) => `order_gone:${order.id}`
  await settleProblems(hub.db, open.filter((order) => !gone.has(order.externalId)).map(keyOf), actOf(lane))
  await raiseProblems(
    hub.db,
    open
      .filter((order) => gone.has(order.externalId))
      .map((order) => ({
        kind: 'order_gone' as const,
        key: keyOf(order),
        connectionId: connection.id,
        subject: order.id,
        message: `${connection.name} no longer has order ${order.externalId}, which is open here and holds stock.`,
      })),
    actOf(lane),
  )
}
