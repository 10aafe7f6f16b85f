import { and, eq, isNull, sql } from 'drizzle-orm'
import { query, type Tx } from '../db/client.ts'
import { shipments } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { noteHandedOver } from '../orders/hand-over.ts'
import { ConflictError } from '../sdk/errors.ts'
import { lockShipment } from './book.ts'

/**
 * The courier has the parcels: their units leave stock. Happens once a shipment, whether the courier's first
 * scan, a closed manifest or a person says so. Returns whether it was new.
 */
export async function handOver(tx: Tx, id: string, act: Act): Promise<boolean> {
  const shipment = await lockShipment(tx, id)
  if (shipment.state !== 'booked')
    throw new ConflictError(`Shipment ${id} is ${shipment.state}: there is nothing to hand over.`)
  const [first] = await tx
    .update(shipments)
    .set({ handedOverAt: act.now })
    .where(and(eq(shipments.id, id), isNull(shipments.handedOverAt)))
    .returning()
  if (!first) return false
  if (shipment.orderId === null) return true
  const units = await query<{ lineId: string; quantity: number }>(
    tx,
    sql`
    select item.order_line_id as "lineId", sum(item.quantity)::int as quantity
    from parcel_items item join parcels parcel on parcel.id = item.parcel_id where parcel.shipment_id = ${id} group by 1 order by 1`,
  )
  await noteHandedOver(tx, shipment.orderId, units, act)
  return true
}
