import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  countRows,
  type ListCount,
  type ListOrder,
  type ListSorts,
  mostCounted,
  readPage,
} from '../db/keyset.ts'
import { narrowTo, startingWith } from '../db/narrow.ts'
import { orders, shipments } from '../db/schema/index.ts'
import type { TrackingIncident, TrackingState } from '../sdk/model/tracking.ts'
import type { Shipment } from './book.ts'

/** What may be wanted of a shipment: to be handed over, to arrive at last, to be looked into. */
export const shipmentNeeds = ['hand_over', 'late', 'incident'] as const
export type ShipmentNeed = (typeof shipmentNeeds)[number]

export type ShipmentFilter = {
  /** What a tracking number begins with, a number of its order, or an id: ours or the courier's. */
  q?: string | undefined
  state?: Shipment['state'] | undefined
  orderId?: string | undefined
  batchId?: string | undefined
  connectionId?: string | undefined
  carrier?: string | undefined
  needs?: ShipmentNeed | undefined
}

const shipmentSorts = {
  by: {
    created: { by: shipments.createdAt, type: 'timestamptz' },
    promised: { by: shipments.promisedAt, type: 'timestamptz', isNullable: true },
  },
  keys: [{ by: shipments.id, type: 'text' }],
} satisfies ListSorts<string>
export type ShipmentSort = keyof typeof shipmentSorts.by
export const shipmentSortFields = Object.keys(shipmentSorts.by) as ShipmentSort[]

/** So many of the newest. */
export const newestFirst = (limit: number): ListOrder<ShipmentSort> => ({
  field: 'created',
  isDescending: true,
  after: null,
  limit,
})

/** The parcel of a shipment that needs a person most: with an incident before those without. */
const worstParcel = (column: 'state' | 'incident' | 'claim_by') =>
  sql`(select parcel.${sql.raw(column)} from parcels parcel where parcel.shipment_id = ${shipments.id} order by parcel.incident is null, parcel.claim_by nulls last, parcel.position limit 1)`

/** The facts of a shipment that stand in its own row, and what its parcels come to. */
export const shownOfShipment = {
  id: shipments.id,
  orderId: shipments.orderId,
  orderNumber: orders.number,
  batchId: shipments.batchId,
  connectionId: shipments.connectionId,
  trackingConnectionId: shipments.trackingConnectionId,
  carrier: shipments.carrier,
  service: shipments.service,
  serviceName: shipments.serviceName,
  state: shipments.state,
  quotedMinor: shipments.quotedMinor,
  quotedCurrency: shipments.quotedCurrency,
  bookedMinor: shipments.bookedMinor,
  bookedCurrency: shipments.bookedCurrency,
  shipAt: shipments.shipAt,
  shipBy: shipments.shipBy,
  promisedAt: shipments.promisedAt,
  bookedAt: shipments.bookedAt,
  handedOverAt: shipments.handedOverAt,
  deliveredAt: shipments.deliveredAt,
  cancelledAt: shipments.cancelledAt,
  createdAt: shipments.createdAt,
  trackingNumbers: sql<
    string[]
  >`coalesce((select array_agg(tracking_number order by position) filter (where tracking_number is not null) from parcels where shipment_id = ${shipments.id}), '{}')`,
  trackingState: sql<TrackingState | null>`${worstParcel('state')}`,
  incident: sql<TrackingIncident | null>`${worstParcel('incident')}`,
  claimBy: sql<Date | null>`${worstParcel('claim_by')}`.mapWith(shipments.createdAt),
  parcelCount: sql<number>`(select count(*)::int from parcels parcel where parcel.shipment_id = ${shipments.id})`,
}

/** A page of shipments, one row more than asked for. */
export async function listShipments(
  db: DbOrTx,
  filter: ShipmentFilter,
  order: ListOrder<ShipmentSort>,
  now: Date,
) {
  const conditions = await conditionsOf(db, filter, now)
  return readPage(shipmentSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...shownOfShipment, place })
      .from(shipments)
      .leftJoin(orders, eq(orders.id, shipments.orderId))
      .where(and(where, ...conditions))
      .orderBy(...orderBy)
      .limit(limit),
  )
}

export async function countShipments(db: DbOrTx, filter: ShipmentFilter, now: Date): Promise<ListCount> {
  const conditions = await conditionsOf(db, filter, now)
  return countRows(
    db,
    db
      .select({ id: shipments.id })
      .from(shipments)
      .where(and(...conditions))
      .limit(mostCounted + 1),
  )
}

async function conditionsOf(db: DbOrTx, filter: ShipmentFilter, now: Date): Promise<(SQL | undefined)[]> {
  const { q, state, orderId, batchId, connectionId, carrier, needs } = filter
  return [
    state && eq(shipments.state, state),
    orderId === undefined ? undefined : eq(shipments.orderId, orderId),
    batchId === undefined ? undefined : eq(shipments.batchId, batchId),
    connectionId === undefined ? undefined : eq(shipments.connectionId, connectionId),
    carrier === undefined ? undefined : eq(shipments.carrier, carrier),
    needs && inNeedOf(needs, now),
    q === undefined ? undefined : await narrowTo(db, shipments.id, namedBy(q)),
  ]
}

function inNeedOf(need: ShipmentNeed, now: Date): SQL {
  if (need === 'hand_over') return sql`${shipments.state} = 'booked' and ${shipments.handedOverAt} is null`
  if (need === 'late')
    return sql`${shipments.state} = 'booked' and ${shipments.deliveredAt} is null and ${shipments.promisedAt} < ${now.toISOString()}::timestamptz`
  return sql`${shipments.deliveredAt} is null and ${shipments.id} in (
    select parcel.shipment_id from parcels parcel where parcel.incident is not null or parcel.state in ('lost', 'returning', 'returned'))`
}

/** The shipments that a text names. */
function namedBy(q: string) {
  const start = startingWith(q)
  return {
    named: sql`
      select s.id from shipments s where s.id = ${q} or s.external_id = ${q} or s.batch_id = ${q}
      union all select parcel.shipment_id from parcels parcel where parcel.tracking_number collate "C" like ${start}
      union all select s.id from shipments s join orders o on o.id = s.order_id where o.number collate "C" = ${q}`,
    isNamed: sql`(${shipments.batchId} = ${q}
      or exists (select 1 from parcels parcel where parcel.shipment_id = ${shipments.id} and parcel.tracking_number collate "C" like ${start}))`,
  }
}
