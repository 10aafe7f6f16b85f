import { eq, sql } from 'drizzle-orm'
import { query, type Tx } from '../db/client.ts'
import { orderParties, orders, warehouses } from '../db/schema/index.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { Address, Place } from '../sdk/model/shipment.ts'

export type PlannedOrder = typeof orders.$inferSelect

/** A line with the units of it that may ship: paid for, held in stock, and in no other live shipment. */
export type OpenLine = {
  id: string
  sku: string | null
  title: string
  openUnits: number
  quantity: number
  totalMinor: number
  weightGrams: number | null
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
  compliance: Record<string, string> | null
}

/** The order, locked, if anything of it may ship. @throws NotFoundError, ConflictError */
export async function lockShippable(tx: Tx, orderId: string): Promise<PlannedOrder> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update')
  if (!order) throw new NotFoundError(`There is no order ${orderId}.`)
  if (order.status !== 'paid' && order.status !== 'allocated')
    throw new ConflictError(`Order ${order.number} is ${order.status}: nothing of it is to be shipped.`)
  if (order.heldAt)
    throw new ConflictError(`Order ${order.number} is on hold by ${order.heldBy}: ${order.holdReason}`)
  return order
}

/** The lines of an order with what is open of each. Cancelled and refused shipments hold no units. */
export async function readOpenLines(tx: Tx, orderId: string): Promise<OpenLine[]> {
  return query<OpenLine>(
    tx,
    sql`
    select line.id, coalesce(variant.sku, line.sku) as sku, line.title, line.quantity, line.total_minor::float8 as "totalMinor",
      variant.weight_grams as "weightGrams", variant.length_mm as "lengthMm", variant.width_mm as "widthMm", variant.height_mm as "heightMm", variant.compliance,
      greatest(0, line.quantity - line.cancelled_quantity - coalesce(short.quantity, 0) - coalesce(taken.units, 0))::int as "openUnits"
    from order_lines line
    left join variants variant on variant.id = line.variant_id
    left join shortfalls short on short.order_line_id = line.id
    left join lateral (
      select sum(item.quantity) as units from parcel_items item join parcels parcel on parcel.id = item.parcel_id
      join shipments shipment on shipment.id = parcel.shipment_id and shipment.state not in ('cancelled', 'refused')
      where item.order_line_id = line.id
    ) taken on true
    where line.order_id = ${orderId} order by line.id`,
  )
}

/** Where the order goes, in clear. @throws ConflictError when nobody here may know it. */
export async function readRecipient(tx: Tx, order: { id: string; number: string }): Promise<Address> {
  const parties = await tx.select().from(orderParties).where(eq(orderParties.orderId, order.id))
  const held = parties.find((row) => row.role === 'ship_to') ?? parties.find((row) => row.role === 'buyer')
  if (!held) throw new ConflictError(`Order ${order.number} names no recipient.`)
  const party = held.corrected ?? held.party
  if (!party)
    throw new ConflictError(
      `The recipient of order ${order.number} was erased: it cannot be shipped any more.`,
    )
  if (party.kind === 'handle')
    throw new ConflictError(
      `The platform keeps the recipient of order ${order.number} to itself: ship it with the platform's own labels.`,
    )
  const { kind: _kind, country, ...address } = party
  if (!country)
    throw new ConflictError(`The recipient of order ${order.number} has no country. Correct the address.`)
  return { ...address, country, isResidential: address.company ? false : null }
}

/** The part of an address that prices and histories need: it names nobody. */
export const placeOf = ({ country, postcode, city, region, isResidential }: Address): Place => ({
  country,
  postcode,
  city,
  region,
  isResidential,
})

/**
 * The warehouse a shipment starts from: the one named, or the one that holds most of the order.
 * @throws InputError when it has no address to print.
 */
export async function readSender(
  tx: Tx,
  orderId: string,
  warehouseId: string | undefined,
): Promise<{ id: string; address: Address }> {
  const [found] = warehouseId
    ? await tx.select().from(warehouses).where(eq(warehouses.id, warehouseId))
    : await query<typeof warehouses.$inferSelect>(
        tx,
        sql`
        select warehouse.* from warehouses warehouse left join (
          select r.warehouse_id, sum(r.held) as held from reservations r join order_lines line on line.id = r.order_line_id
          where line.order_id = ${orderId} group by 1
        ) holds on holds.warehouse_id = warehouse.id
        where warehouse.is_active order by holds.held desc nulls last, warehouse.priority, warehouse.code limit 1`,
      )
  if (!found) throw new NotFoundError(`There is no warehouse ${warehouseId ?? 'yet'}.`)
  if (!found.address)
    throw new InputError(
      `Warehouse ${found.code} has no address. Set the address that parcels from it start at.`,
      'warehouseId',
    )
  return { id: found.id, address: found.address }
}
