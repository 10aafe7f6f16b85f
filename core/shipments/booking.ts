import { sql } from 'drizzle-orm'
import { type Db, query, rows } from '../db/client.ts'
import type { Party } from '../sdk/model/order.ts'
import type { Address, Booking, Customs, LabelFormat, Parcel, ParcelItem } from '../sdk/model/shipment.ts'

type Row = {
  id: string
  order_number: string | null
  order_currency: string | null
  service: string
  sender: Address
  party: Party | null
  is_residential: boolean | null
  label_format: LabelFormat
  is_signature_required: boolean
  customs: (Omit<Customs, 'invoiceDate'> & { invoiceDate: string }) | null
  declared_minor: string | null
  declared_currency: string | null
  ship_at: string
  parcels: (Parcel & { items: (Omit<ParcelItem, 'unitValue'> & { unitMinor: number })[] })[]
}

/**
 * What is to be booked, as it stands now, by shipment. Only shipments that wait for their booking are among them,
 * and only while their recipient is in clear.
 */
export async function loadBookings(db: Db, shipmentIds: readonly string[]): Promise<Map<string, Booking>> {
  const found = await query<Row>(
    db,
    sql`
    select shipment.id, o.number as order_number, o.currency as order_currency, shipment.service, warehouse.address as sender, recipient.party,
      (shipment.to_place ->> 'isResidential')::boolean as is_residential, shipment.label_format, shipment.is_signature_required, shipment.customs,
      shipment.declared_minor, shipment.declared_currency, shipment.ship_at,
      (select jsonb_agg(jsonb_build_object('weightGrams', parcel.weight_grams, 'lengthMm', parcel.length_mm, 'widthMm', parcel.width_mm, 'heightMm', parcel.height_mm,
        'items', coalesce((select jsonb_agg(jsonb_build_object('sku', coalesce(variant.sku, line.sku, line.title), 'title', line.title, 'quantity', item.quantity,
          'unitMinor', round(line.total_minor::numeric / line.quantity), 'weightGrams', variant.weight_grams,
          'hsCode', variant.compliance ->> 'hsCode', 'originCountry', variant.compliance ->> 'originCountry') order by line.id)
          from parcel_items item join order_lines line on line.id = item.order_line_id left join variants variant on variant.id = line.variant_id
          where item.parcel_id = parcel.id), '[]'::jsonb)) order by parcel.position)
        from parcels parcel where parcel.shipment_id = shipment.id) as parcels
    from shipments shipment join warehouses warehouse on warehouse.id = shipment.warehouse_id
    left join orders o on o.id = shipment.order_id
    left join lateral (
      select coalesce(party.corrected, party.party) as party from order_parties party where party.order_id = o.id order by party.role = 'ship_to' desc limit 1
    ) recipient on true
    where shipment.state = 'booking' and shipment.id in (select item.id from ${rows(
      shipmentIds.map((id) => ({ id })),
      'id text',
    )})`,
  )
  return new Map(
    found.flatMap((row) => (row.party?.kind === 'clear' ? [[row.id, toBooking(row, row.party)]] : [])),
  )
}

function toBooking(row: Row, party: Extract<Party, { kind: 'clear' }>): Booking {
  const { kind: _kind, country, ...recipient } = party
  const currency = row.order_currency ?? row.declared_currency!
  return {
    reference: row.id,
    orderNumber: row.order_number,
    service: row.service,
    from: row.sender,
    to: { ...recipient, country: country!, isResidential: row.is_residential },
    parcels: row.parcels.map(({ items, ...parcel }) => ({
      ...parcel,
      items: items.map(({ unitMinor, ...item }) => ({ ...item, unitValue: { minor: unitMinor, currency } })),
    })),
    shipAt: new Date(row.ship_at),
    labelFormat: row.label_format,
    declaredValue:
      row.declared_minor === null
        ? null
        : { minor: Number(row.declared_minor), currency: row.declared_currency! },
    isSignatureRequired: row.is_signature_required,
    customs: row.customs ? { ...row.customs, invoiceDate: new Date(row.customs.invoiceDate) } : null,
  }
}
