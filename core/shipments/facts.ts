import { sql } from 'drizzle-orm'
import { type Db, query } from '../db/client.ts'
import type { Parcel, Place } from '../sdk/model/shipment.ts'
import type { TrackingIncident, TrackingState } from '../sdk/model/tracking.ts'
import type { Offer, ShipmentFacts, TransitHistory } from '../sdk/shipping.ts'

type Row = {
  id: string
  order_id: string | null
  channel_id: string | null
  connection_id: string | null
  carrier: string | null
  service: string | null
  from_place: Place
  to_place: Place
  ship_at: string
  booked_at: string
  handed_over_at: string | null
  promised_at: string | null
  delivered_at: string | null
  is_cancelled: boolean
  external_id: string | null
  offer: Offer | null
  booked_minor: string | null
  booked_currency: string | null
  declared_minor: string | null
  declared_currency: string | null
  parcels: (Parcel & {
    trackingNumber: string | null
    state: TrackingState | null
    incident: TrackingIncident | null
    deliveredAt: string | null
  })[]
  items: ShipmentFacts['items'] | null
}

const selected = sql`
  select shipment.id, shipment.order_id, o.connection_id as channel_id, shipment.connection_id, shipment.carrier, shipment.service,
    shipment.from_place, shipment.to_place, shipment.ship_at, shipment.booked_at, shipment.handed_over_at, shipment.promised_at, shipment.delivered_at,
    shipment.state = 'cancelled' as is_cancelled, shipment.external_id, shipment.offer, shipment.booked_minor, shipment.booked_currency,
    shipment.declared_minor, shipment.declared_currency,
    (select jsonb_agg(jsonb_build_object('weightGrams', parcel.weight_grams, 'lengthMm', parcel.length_mm, 'widthMm', parcel.width_mm, 'heightMm', parcel.height_mm,
       'trackingNumber', parcel.tracking_number, 'state', parcel.state, 'incident', parcel.incident, 'deliveredAt', parcel.delivered_at) order by parcel.position)
     from parcels parcel where parcel.shipment_id = shipment.id) as parcels,
    (select jsonb_agg(jsonb_build_object('sku', coalesce(variant.sku, line.sku), 'quantity', packed.quantity,
       'valueMinor', round(line.total_minor::numeric * packed.quantity / line.quantity), 'weightGrams', variant.weight_grams) order by line.id)
     from (select item.order_line_id, sum(item.quantity) as quantity from parcel_items item join parcels parcel on parcel.id = item.parcel_id
           where parcel.shipment_id = shipment.id group by 1) packed
     join order_lines line on line.id = packed.order_line_id left join variants variant on variant.id = line.variant_id) as items
  from shipments shipment left join orders o on o.id = shipment.order_id`

const pageSize = 500

/** Booked shipments of a period by the time of booking, the oldest first; read page by page, so memory stays flat. */
export async function* streamShipments(
  db: Db,
  period: { from: Date; to: Date },
): AsyncIterable<ShipmentFacts> {
  let after = { at: period.from.toISOString(), id: '' }
  for (;;) {
    const page = await query<Row>(
      db,
      sql`${selected}
      where shipment.booked_at >= ${period.from.toISOString()}::timestamptz and shipment.booked_at < ${period.to.toISOString()}::timestamptz
        and (shipment.booked_at, shipment.id) > (${after.at}::timestamptz, ${after.id})
      order by shipment.booked_at, shipment.id limit ${pageSize}`,
    )
    for (const row of page) yield toFacts(row)
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = { at: last.booked_at, id: last.id }
  }
}

/** Booked shipments that any of these names: our id, the courier's id, or a tracking number. */
export async function findShipments(db: Db, names: readonly string[]): Promise<ShipmentFacts[]> {
  if (names.length === 0) return []
  const wanted = sql`${sql.param([...names])}::text[]`
  const found = await query<Row>(
    db,
    sql`${selected}
    where shipment.booked_at is not null and shipment.id in (
      select id from shipments where id = any(${wanted}) or external_id = any(${wanted})
      union select shipment_id from parcels where tracking_number = any(${wanted}))
    order by shipment.booked_at, shipment.id`,
  )
  return found.map(toFacts)
}

const toDate = (text: string | null): Date | null => (text === null ? null : new Date(text))
const toMoney = (minor: string | null, currency: string | null) =>
  minor === null || currency === null ? null : { totalMinor: Number(minor), currency }

function toFacts(row: Row): ShipmentFacts {
  const { offer } = row
  const declared = toMoney(row.declared_minor, row.declared_currency)
  return {
    id: row.id,
    orderId: row.order_id,
    channelId: row.channel_id,
    connectionId: row.connection_id,
    carrier: row.carrier,
    service: row.service,
    from: row.from_place,
    to: row.to_place,
    shipAt: new Date(row.ship_at),
    bookedAt: new Date(row.booked_at),
    handedOverAt: toDate(row.handed_over_at),
    promisedAt: toDate(row.promised_at),
    deliveredAt: toDate(row.delivered_at),
    isCancelled: row.is_cancelled,
    externalId: row.external_id,
    parcels: row.parcels.map((parcel) => ({ ...parcel, deliveredAt: toDate(parcel.deliveredAt) })),
    quoted: offer && {
      currency: offer.currency,
      totalMinor: offer.totalMinor,
      source: offer.source,
      charges: offer.charges,
      billedWeightGrams: offer.billedWeightGrams,
    },
    booked: toMoney(row.booked_minor, row.booked_currency),
    declaredValue: declared && { minor: declared.totalMinor, currency: declared.currency },
    items: row.items ?? [],
  }
}

type TransitRow = Omit<TransitHistory, 'medianDays' | 'p90Days'> & {
  medianDays: number | null
  p90Days: number | null
}

/** How long shipments handed over since then took, by lane and service, in one pass. */
export async function readTransit(db: Db, since: Date): Promise<TransitHistory[]> {
  const found = await query<TransitRow>(
    db,
    sql`
    with parcel as (
      select shipment.carrier, shipment.service, shipment.from_place ->> 'country' as from_country, shipment.to_place ->> 'country' as to_country,
        parcel.state, parcel.incident, shipment.promised_at, parcel.delivered_at,
        extract(epoch from parcel.delivered_at - coalesce(parcel.collected_at, shipment.handed_over_at)) / 86400 as days
      from shipments shipment join parcels parcel on parcel.shipment_id = shipment.id
      where shipment.handed_over_at >= ${since.toISOString()}::timestamptz and shipment.state = 'booked' and shipment.carrier is not null and shipment.service is not null
    )
    select carrier, service, from_country as "fromCountry", to_country as "toCountry",
      count(*) filter (where state = 'delivered')::int as delivered,
      count(*) filter (where state = 'delivered' and promised_at is not null)::int as promised,
      (10000 * count(*) filter (where delivered_at <= promised_at) / nullif(count(*) filter (where state = 'delivered' and promised_at is not null), 0))::int as "onTimeBasisPoints",
      percentile_cont(0.5) within group (order by days) filter (where state = 'delivered') as "medianDays",
      percentile_cont(0.9) within group (order by days) filter (where state = 'delivered') as "p90Days",
      count(*) filter (where state = 'lost' or incident = 'lost')::int as lost,
      count(*) filter (where incident = 'damaged')::int as damaged,
      count(*) filter (where state = 'returned')::int as returned
    from parcel group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  )
  return found.map((row) => ({
    ...row,
    medianDays: Number(row.medianDays ?? 0),
    p90Days: Number(row.p90Days ?? 0),
  }))
}
