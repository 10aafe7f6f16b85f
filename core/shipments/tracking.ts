import { eq, sql } from 'drizzle-orm'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { parcels, shipments } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { noteDelivered } from '../orders/hand-over.ts'
import {
  hasBegun,
  isFinalState,
  laterState,
  type ParcelTracking,
  type TrackingEvent,
} from '../sdk/model/tracking.ts'
import { lockShipment, type Shipment } from './book.ts'
import { handOver } from './hand-over.ts'
import { reviewParcel } from './incidents.ts'
import { nextAskAt } from './next-ask.ts'

export type Parcel = typeof parcels.$inferSelect

/** What following a courier needs to know of it. */
export type Follow = {
  /** The hub never asks about a parcel again sooner than this. */
  minIntervalMs: number
  /** Days after hand-over in which the courier takes a claim. */
  claimDays: number
}

/** What news of a parcel came to. */
export type Followed = {
  shipmentId: string
  orderId: string | null
  isFurther: boolean
  isHandedOver: boolean
  /** Whether the whole shipment arrived with it. */
  isDelivered: boolean
}

/**
 * Applies what a courier tells of a parcel. The same news again, older ones, or news out of order move nothing
 * back and are kept once each; another parcel of the shipment is not touched.
 */
export async function applyTracking(
  tx: Tx,
  parcelId: string,
  told: ParcelTracking,
  follow: Follow,
  act: Act,
): Promise<Followed> {
  const [seen] = await tx.select().from(parcels).where(eq(parcels.id, parcelId))
  if (!seen) throw new Error(`There is no parcel ${parcelId}.`)
  // The shipment first, as everywhere: two parcels of it may be told of at once.
  const shipment = await lockShipment(tx, seen.shipmentId)
  const [parcel] = await tx.select().from(parcels).where(eq(parcels.id, parcelId)).for('update')
  await storeEvents(tx, parcelId, told.events, act)
  const after = await advance(tx, shipment, parcel!, told, follow, act)
  const isHandedOver =
    hasBegun(after.state) && shipment.state === 'booked' && shipment.handedOverAt === null
      ? await handOver(tx, shipment.id, act)
      : false
  const isDelivered = after.state === 'delivered' ? await settleDelivered(tx, shipment, act) : false
  await reviewParcel(tx, shipment, after, follow, act)
  const { id: shipmentId, orderId } = shipment
  return { shipmentId, orderId, isFurther: after.state !== parcel!.state, isHandedOver, isDelivered }
}

async function storeEvents(
  tx: DbOrTx,
  parcelId: string,
  events: readonly TrackingEvent[],
  act: Act,
): Promise<void> {
  if (events.length === 0) return
  const items = events.map((event) => ({ ...event, key: fingerprint(event).slice(0, 32) }))
  await tx.execute(sql`
    insert into tracking_events (parcel_id, key, at, state, incident, code, description, location, seen_at)
    select distinct on (item.key) ${parcelId}, item.key, item.at, item.state, item.incident, item.code, item.description, item.location, ${act.now.toISOString()}::timestamptz
    from ${rows(items, 'key text, at timestamptz, state text, incident text, code text, description text, location text')}
    on conflict do nothing`)
}

/** The parcel after the news: further on, never back. */
async function advance(
  tx: Tx,
  shipment: Shipment,
  parcel: Parcel,
  told: ParcelTracking,
  follow: Follow,
  act: Act,
): Promise<Parcel> {
  const events = told.events.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const state = events.reduce((held, event) => laterState(held, event.state), parcel.state)
  const incident =
    state === 'delivered'
      ? parcel.incident
      : (events.findLast((event) => event.incident)?.incident ?? parcel.incident)
  const firstOf = (isIt: (event: TrackingEvent) => boolean) => events.find(isIt)?.at ?? null
  const change = {
    state,
    incident,
    estimatedAt: told.estimatedAt ?? parcel.estimatedAt,
    collectedAt: parcel.collectedAt ?? firstOf((event) => hasBegun(event.state)),
    deliveredAt: parcel.deliveredAt ?? firstOf((event) => event.state === 'delivered'),
    askedAt: act.now,
    askAt: isFinalState(state) ? null : nextAskAt(shipment, state, follow.minIntervalMs, act.now),
  }
  const [after] = await tx.update(parcels).set(change).where(eq(parcels.id, parcel.id)).returning()
  return after!
}

/** Once its last parcel arrived the shipment is delivered, and once its last shipment did, the order. */
async function settleDelivered(tx: Tx, shipment: Shipment, act: Act): Promise<boolean> {
  const [open] = await query<{ parcels: number; last: string }>(
    tx,
    sql`
    select count(*) filter (where state is distinct from 'delivered')::int as parcels, max(delivered_at) as last
    from parcels where shipment_id = ${shipment.id}`,
  )
  if (open!.parcels > 0 || shipment.deliveredAt !== null) return false
  await tx
    .update(shipments)
    .set({ deliveredAt: new Date(open!.last) })
    .where(eq(shipments.id, shipment.id))
  if (shipment.orderId === null) return true
  const [others] = await query<{ open: number }>(
    tx,
    sql`
    select count(*)::int as open from shipments where order_id = ${shipment.orderId} and id <> ${shipment.id}
      and state not in ('cancelled', 'refused') and delivered_at is null`,
  )
  const [status] = await query<{ status: string }>(
    tx,
    sql`select status from orders where id = ${shipment.orderId}`,
  )
  if (others!.open === 0 && status!.status === 'shipped') await noteDelivered(tx, shipment.orderId, act)
  return true
}

/** A parcel that the courier told nothing of is asked about later; one that is overdue becomes a problem. */
export async function noteAsked(tx: Tx, parcelId: string, follow: Follow, act: Act): Promise<void> {
  const [parcel] = await tx.select().from(parcels).where(eq(parcels.id, parcelId))
  if (!parcel) return
  const shipment = await lockShipment(tx, parcel.shipmentId)
  const askAt = isFinalState(parcel.state)
    ? null
    : nextAskAt(shipment, parcel.state, follow.minIntervalMs, act.now)
  const [after] = await tx
    .update(parcels)
    .set({ askedAt: act.now, askAt })
    .where(eq(parcels.id, parcelId))
    .returning()
  await reviewParcel(tx, shipment, after!, follow, act)
}
