import { sql } from 'drizzle-orm'
import { type Db, query } from '../../core/db/client.ts'
import { connections } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { newId } from '../../core/lib/id.ts'
import { type ImportCounts, importOrders } from '../../core/orders/import.ts'
import type { OrderSource } from '../../core/orders/source.ts'
import type { RemoteOrder } from '../../core/sdk/model/order.ts'

export type TestLine = { sku: string; quantity?: number; cancelled?: number }

/** An order as a connector would hand it over; prices are 10.00 a unit unless overridden. */
export function remoteOrder(
  externalId: string,
  lines: readonly TestLine[],
  more: Partial<RemoteOrder> = {},
): RemoteOrder {
  const told = lines.map(({ sku, quantity = 1, cancelled = 0 }, index) => ({
    externalId: `${externalId}-${index + 1}`,
    sku,
    externalListingId: null,
    title: `A ${sku}`,
    quantity,
    cancelledQuantity: cancelled,
    unitPriceMinor: 1000,
    discountMinor: 0,
    taxMinor: 0,
    totalMinor: 1000 * quantity,
  }))
  return {
    externalId,
    number: externalId,
    status: 'paid',
    externalStatus: more.status ?? 'paid',
    isStockHeld: true,
    placedAt: new Date('2026-03-01T10:00:00Z'),
    updatedAt: new Date('2026-03-01T10:00:00Z'),
    paidAt: null,
    currency: 'EUR',
    totalMinor: told.reduce((sum, line) => sum + line.totalMinor, 0),
    refundedMinor: 0,
    lines: told,
    charges: [],
    payments: [],
    buyer: null,
    shipTo: null,
    shippingService: null,
    shipBy: null,
    deliverBy: null,
    ...more,
  }
}

let elapsedMs = 0
/** The same order, changed later. */
export function later(order: RemoteOrder, change: Partial<RemoteOrder>): RemoteOrder {
  elapsedMs += 1000
  return {
    ...order,
    externalStatus: change.status ?? order.externalStatus,
    ...change,
    updatedAt: new Date(order.updatedAt.getTime() + elapsedMs),
  }
}

/** A connection that exists only here: orders are handed to the importer directly. */
export async function addSource(db: Db, name: string): Promise<OrderSource> {
  const id = newId('con')
  await db
    .insert(connections)
    .values({ id, connector: 'none', name, settings: {}, currency: 'EUR', locale: 'en' })
  return { id, name, ordersFrom: new Date(0) }
}

export const importNow = (
  db: Db,
  source: OrderSource,
  orders: readonly RemoteOrder[],
  now = new Date(),
): Promise<ImportCounts> => transact(db, (tx) => importOrders(tx, source, orders, { actor: 'test', now }))

/** The figures of a SKU over all warehouses: its levels, its ledger, its reservations, what is short. */
export async function stockOf(
  db: Db,
  sku: string,
): Promise<{ onHand: number; reserved: number; ledger: number; held: number; short: number }> {
  const [row] = await query<Record<'on_hand' | 'reserved' | 'ledger' | 'held' | 'short', string>>(
    db,
    sql`
    select
      (select coalesce(sum(on_hand), 0) from stock_levels where variant_id = v.id) as on_hand,
      (select coalesce(sum(reserved), 0) from stock_levels where variant_id = v.id) as reserved,
      (select coalesce(sum(reserved), 0) from stock_movements where variant_id = v.id) as ledger,
      (select coalesce(sum(held), 0) from reservations where variant_id = v.id) as held,
      (select coalesce(sum(quantity), 0) from shortfalls where variant_id = v.id) as short
    from variants v where v.sku = ${sku}`,
  )
  return {
    onHand: Number(row!.on_hand),
    reserved: Number(row!.reserved),
    ledger: Number(row!.ledger),
    held: Number(row!.held),
    short: Number(row!.short),
  }
}

/** The open problems of a kind, of one connection or of all, as their keys. */
export async function openProblems(db: Db, kind: string, connectionId?: string): Promise<string[]> {
  const rows = await query<{ key: string }>(
    db,
    sql`
    select key from problems where kind = ${kind} and resolved_at is null
      and (${connectionId ?? null}::text is null or connection_id = ${connectionId ?? null}) order by key`,
  )
  return rows.map((row) => row.key)
}

export const statusOf = async (db: Db, externalId: string): Promise<string | undefined> =>
  (await query<{ status: string }>(db, sql`select status from orders where external_id = ${externalId}`))[0]
    ?.status
