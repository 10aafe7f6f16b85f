import { and, eq, inArray, isNotNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { type Db, query, type Tx } from '../db/client.ts'
import { parcels, shipments } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Courier, TrackingResult } from '../sdk/courier.ts'
import { failurePolicy } from '../sdk/failure-policy.ts'
import type { TrackingRef } from '../sdk/model/shipment.ts'
import { hasBegun, type ParcelTracking } from '../sdk/model/tracking.ts'
import { applyTracking, type Follow, noteAsked } from '../shipments/tracking.ts'
import { emitEvents } from './events.ts'
import { type Hub, systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease } from './leases.ts'
import { confirmShipment } from './shipment-confirm.ts'

/** Claims are due soon with a courier that says nothing else. */
const usualClaimDays = 14

/** What the hub has to know of a courier to follow its parcels. */
export const followOf = (
  connector: Pick<Courier, 'claims'> & { operations: Courier['operations'] },
): Follow => ({
  minIntervalMs: connector.operations.pullTracking?.minIntervalMs ?? 0,
  claimDays: connector.claims?.days ?? usualClaimDays,
})

type Due = TrackingRef & { parcelId: string }

/**
 * Asks a courier about the parcels that are due; with tracking numbers about these, if they may be asked about
 * again so soon. One parcel that the courier does not know, or tells of unreadably, holds up no other.
 */
export async function pullTracking(lane: Lane, trackingNumbers?: readonly string[]): Promise<void> {
  const pull = lane.connector.operations.pullTracking
  if (!pull) return
  await subscribeTracking(lane)
  const { hub, connection } = lane
  const which = isDue(connection.id, pull.minIntervalMs, hub.clock.now(), trackingNumbers)
  for (;;) {
    const due = await readRefs(hub, which, pull.maxBatch)
    if (due.length === 0) return
    lane.run.assertWanted()
    const results = await pull.run(lane.client, due)
    if (results.length !== due.length)
      throw new Error(`${lane.connector.name} gave ${results.length} results for ${due.length} parcels.`)
    for (const [index, result] of results.entries()) await takeResult(lane, due[index]!, result)
  }
}

async function takeResult(lane: Lane, due: Due, result: TrackingResult): Promise<void> {
  if (!result.ok && failurePolicy[result.error.kind].stops !== 'item') throw result.error
  const { hub } = lane
  await transact(hub.db, async (tx) => {
    await assertLease(tx, lane.lease)
    if (result.ok) await takeTracking(tx, hub, due.parcelId, result.tracking, lane.connector as Courier)
    else
      await noteAsked(
        tx,
        due.parcelId,
        followOf(lane.connector as Courier),
        systemAct(hub, `sync:${lane.connection.name}`),
      )
  })
  count(lane, result.ok ? 'tracked' : result.error.kind === 'not_found' ? 'untold' : 'unreadable', 1)
}

/** Applies news of a parcel with all that follows: stock leaves, the marketplace is told, plugins hear of it. */
export async function takeTracking(
  tx: Tx,
  hub: Hub,
  parcelId: string,
  told: ParcelTracking,
  connector: Courier,
): Promise<void> {
  const act = systemAct(hub, connector.id)
  const news = await applyTracking(tx, parcelId, told, followOf(connector), act)
  if (news.isHandedOver) await confirmShipment(tx, hub, news.shipmentId, 'hand_over', act)
  const { shipmentId, orderId } = news
  const [{ state } = { state: null }] = await tx
    .select({ state: parcels.state })
    .from(parcels)
    .where(eq(parcels.id, parcelId))
  await emitEvents(tx, hub, [
    ...(news.isFurther && hasBegun(state)
      ? [{ event: 'shipment.tracked' as const, data: { shipmentId, parcelId, state: state! } }]
      : []),
    ...(news.isDelivered ? [{ event: 'shipment.delivered' as const, data: { shipmentId, orderId } }] : []),
  ])
}

/** Takes what a verified webhook tells of parcels itself. Numbers that no parcel of the connection has are passed over. */
export async function takeTold(
  hub: Hub,
  connectionId: string,
  connector: Courier,
  told: readonly ParcelTracking[],
): Promise<number> {
  let taken = 0
  for (const tracking of told) {
    const found = await findParcels(hub.db, connectionId, [tracking.trackingNumber])
    for (const parcelId of found) {
      await transact(hub.db, (tx) => takeTracking(tx, hub, parcelId, tracking, connector))
      taken += 1
    }
  }
  return taken
}

async function findParcels(
  db: Db,
  connectionId: string,
  trackingNumbers: readonly string[],
): Promise<string[]> {
  const found = await db
    .select({ id: parcels.id })
    .from(parcels)
    .innerJoin(shipments, eq(shipments.id, parcels.shipmentId))
    .where(
      and(
        eq(shipments.trackingConnectionId, connectionId),
        inArray(parcels.trackingNumber, [...trackingNumbers]),
      ),
    )
  return found.map((row) => row.id)
}

/**
 * Asks the courier to send word of parcels by itself, once a parcel. What it refuses is asked about all the
 * same, and the refusal is written to the log.
 */
async function subscribeTracking(lane: Lane): Promise<void> {
  const subscribe = lane.connector.operations.subscribeTracking
  if (!subscribe) return
  const { hub, connection } = lane
  for (;;) {
    const due = await readRefs(hub, isUnsubscribed(connection.id), subscribe.maxBatch)
    if (due.length === 0) return
    const results = await subscribe.run(lane.client, due)
    if (!Array.isArray(results) || results.length !== due.length)
      throw new Error(`${lane.connector.name} gave no result for each of ${due.length} parcels.`)
    for (const result of results) {
      if (result.ok) continue
      if (failurePolicy[result.error.kind].stops !== 'item') throw result.error
      hub.log.warn(
        { connectionId: connection.id, kind: result.error.kind },
        'A courier will not send word of a parcel',
      )
    }
    await hub.db
      .update(parcels)
      .set({ subscribedAt: hub.clock.now() })
      .where(
        inArray(
          parcels.id,
          due.map((one) => one.parcelId),
        ),
      )
    count(lane, 'subscribed', results.filter((result) => result.ok).length)
  }
}

const isUnsubscribed = (connectionId: string) =>
  and(
    eq(shipments.trackingConnectionId, connectionId),
    isNotNull(parcels.trackingNumber),
    isNotNull(parcels.askAt),
    sql`${parcels.subscribedAt} is null`,
  )!

/** The parcels that may be asked about at `now`: those that are due, or those with these numbers. */
function isDue(
  connectionId: string,
  minIntervalMs: number,
  now: Date,
  trackingNumbers: readonly string[] | undefined,
): SQL {
  const latest = new Date(now.getTime() - minIntervalMs)
  return and(
    eq(shipments.trackingConnectionId, connectionId),
    isNotNull(parcels.trackingNumber),
    trackingNumbers
      ? inArray(parcels.trackingNumber, [...trackingNumbers])
      : and(isNotNull(parcels.askAt), lte(parcels.askAt, now)),
    // What was asked about in this run has been asked at `now` or later.
    or(
      sql`${parcels.askedAt} is null`,
      sql`${parcels.askedAt} <= ${latest.toISOString()}::timestamptz and ${parcels.askedAt} < ${now.toISOString()}::timestamptz`,
    ),
  )!
}

/** Parcels, the longest unasked first, with what a courier may want to know of the recipient. */
async function readRefs(hub: Hub, which: SQL, limit: number): Promise<Due[]> {
  const found = await hub.db
    .select({
      parcelId: parcels.id,
      trackingNumber: parcels.trackingNumber,
      carrier: shipments.carrier,
      orderId: shipments.orderId,
    })
    .from(parcels)
    .innerJoin(shipments, eq(shipments.id, parcels.shipmentId))
    .where(which)
    .orderBy(sql`${parcels.askedAt} nulls first`, parcels.id)
    .limit(limit)
  const contacts = await readContacts(
    hub.db,
    found.flatMap((row) => row.orderId ?? []),
  )
  return found.map(({ parcelId, trackingNumber, carrier, orderId }) => ({
    parcelId,
    trackingNumber: trackingNumber!,
    carrier,
    recipientPostcode: contacts.get(orderId ?? '')?.postcode ?? null,
    recipientPhone: contacts.get(orderId ?? '')?.phone ?? null,
  }))
}

async function readContacts(
  db: Db,
  orderIds: readonly string[],
): Promise<Map<string, { postcode: string | null; phone: string | null }>> {
  if (orderIds.length === 0) return new Map()
  const found = await query<{ id: string; postcode: string | null; phone: string | null }>(
    db,
    sql`
    select distinct on (order_id) order_id as id, coalesce(corrected, party) ->> 'postcode' as postcode, coalesce(corrected, party) ->> 'phone' as phone from order_parties
    where order_id = any(${sql.param([...orderIds])}::text[]) order by order_id, role = 'ship_to' desc`,
  )
  return new Map(found.map((row) => [row.id, row]))
}
