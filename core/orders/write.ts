import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { newId } from '../lib/id.ts'
import type { RemoteOrder } from '../sdk/model/order.ts'
import { bindLines, variantNamedBy } from './lines.ts'
import { isHistory, type OrderSource } from './source.ts'

export type WrittenOrder = { id: string; order: RemoteOrder }

const orderColumns = `id text, external_id text, number text, status text, external_status text, is_stock_held boolean, placed_at timestamptz,
  external_updated_at timestamptz, external_fingerprint text, paid_at timestamptz, currency text, total_minor bigint, refunded_minor bigint, shipping_service text,
  ship_by timestamptz, deliver_by timestamptz, flags jsonb`

/** Writes orders that are new here, with everything that hangs on them, in one statement a table. */
export async function writeNewOrders(
  tx: Tx,
  source: OrderSource,
  orders: readonly RemoteOrder[],
  act: Act,
): Promise<WrittenOrder[]> {
  if (orders.length === 0) return []
  const written = orders.map((order) => ({ id: newId('ord', act.now.getTime()), order }))
  const items = written.map(({ id, order }) => ({
    id,
    ...orderRow(order),
    flags: flagsOf(source, order),
  }))
  await tx.execute(sql`
    insert into orders (id, external_id, number, status, external_status, is_stock_held, placed_at, external_updated_at, external_fingerprint, paid_at, currency, total_minor,
      refunded_minor, shipping_service, ship_by, deliver_by, flags, connection_id, imported_at)
    select item.*, ${source.id}, ${act.now.toISOString()}::timestamptz from ${rows(items, orderColumns)}`)
  const events = written.map(({ id, order }) => ({ id, status: order.status }))
  // None of them waits for another: they are sent together.
  const [unbound] = await Promise.all([
    writeLines(tx, source, written, act),
    writeParts(tx, written),
    writeParties(tx, written),
    tx.execute(sql`
    insert into order_events (order_id, kind, to_status, detail, actor, at)
    select item.id, 'imported', item.status, ${`from ${source.name}`}, ${act.actor}, ${act.now.toISOString()}::timestamptz from ${rows(events, 'id text, status text')}`),
  ])
  await bindLines(tx, source, unbound, act)
  return written
}

/** What is odd about a new order: it stays visible on the order. */
const flagsOf = (source: OrderSource, order: RemoteOrder): string[] => [
  ...(isHistory(source, order.placedAt) ? ['history'] : []),
  ...(order.lines.length === 0 ? ['no_lines'] : []),
]

/** The facts of an order that stand in its own row. */
export const orderRow = (order: RemoteOrder) => ({
  external_id: order.externalId,
  number: order.number,
  status: order.status,
  external_status: order.externalStatus,
  is_stock_held: order.isStockHeld,
  placed_at: order.placedAt,
  external_updated_at: order.updatedAt,
  external_fingerprint: fingerprint(order),
  paid_at: order.paidAt,
  currency: order.currency,
  total_minor: order.totalMinor,
  refunded_minor: order.refundedMinor,
  shipping_service: order.shippingService,
  ship_by: order.shipBy,
  deliver_by: order.deliverBy,
})

/**
 * Writes the lines with the variants that they name; a line that is there already takes the new figures and keeps
 * its variant. Returns the orders that have a line without one.
 */
export async function writeLines(
  tx: Tx,
  source: Pick<OrderSource, 'id'>,
  orders: readonly WrittenOrder[],
  act: Act,
): Promise<string[]> {
  const items = orders.flatMap(({ id, order }) =>
    order.lines.map((line) => ({
      id: newId('orl', act.now.getTime()),
      order_id: id,
      external_id: line.externalId,
      sku: line.sku,
      external_listing_id: line.externalListingId,
      title: line.title,
      quantity: line.quantity,
      cancelled_quantity: line.cancelledQuantity,
      unit_price_minor: line.unitPriceMinor,
      discount_minor: line.discountMinor,
      tax_minor: line.taxMinor,
      total_minor: line.totalMinor,
    })),
  )
  const columns = `id text, order_id text, external_id text, sku text, external_listing_id text, title text, quantity int, cancelled_quantity int,
    unit_price_minor bigint, discount_minor bigint, tax_minor bigint, total_minor bigint`
  const written = await query<{ order_id: string; variant_id: string | null }>(
    tx,
    sql`
    insert into order_lines (id, order_id, external_id, sku, external_listing_id, title, quantity, cancelled_quantity, unit_price_minor, discount_minor, tax_minor, total_minor, variant_id)
    select item.*, named.variant_id from ${rows(items, columns)}, lateral ${variantNamedBy(source.id, 'item')} named
    on conflict (order_id, external_id) do update set
      sku = excluded.sku, external_listing_id = excluded.external_listing_id, title = excluded.title, quantity = excluded.quantity,
      cancelled_quantity = excluded.cancelled_quantity, unit_price_minor = excluded.unit_price_minor, discount_minor = excluded.discount_minor,
      tax_minor = excluded.tax_minor, total_minor = excluded.total_minor
    returning order_id, variant_id`,
  )
  return [...new Set(written.filter((row) => row.variant_id === null).map((row) => row.order_id))]
}

/** Writes charges and payments anew: they have no ids of their own. */
export async function writeParts(tx: Tx, orders: readonly WrittenOrder[]): Promise<void> {
  const charges = orders.flatMap(({ id, order }) =>
    order.charges.map((charge, position) => ({
      order_id: id,
      position,
      kind: charge.kind,
      label: charge.label,
      amount: charge.amountMinor,
    })),
  )
  if (charges.length > 0) {
    await tx.execute(sql`
      insert into order_charges (order_id, position, kind, label, amount_minor)
      select item.* from ${rows(charges, 'order_id text, position int, kind text, label text, amount bigint')}`)
  }
  const payments = orders.flatMap(({ id, order }) =>
    order.payments.map((payment, position) => ({
      order_id: id,
      position,
      method: payment.method,
      amount: payment.amountMinor,
      paid_at: payment.paidAt,
      reference: payment.reference,
    })),
  )
  if (payments.length > 0) {
    await tx.execute(sql`
      insert into order_payments (order_id, position, method, amount_minor, paid_at, reference)
      select item.* from ${rows(payments, 'order_id text, position int, method text, amount bigint, paid_at timestamptz, reference text')}`)
  }
}

/** Writes who bought and where it goes. What was erased stays erased; what was corrected here, until it is told anew. */
export async function writeParties(tx: Tx, orders: readonly WrittenOrder[]): Promise<void> {
  const parties = orders.flatMap(({ id, order }) => [
    ...(order.buyer ? [{ order_id: id, role: 'buyer', party: order.buyer }] : []),
    ...(order.shipTo ? [{ order_id: id, role: 'ship_to', party: order.shipTo }] : []),
  ])
  if (parties.length === 0) return
  await tx.execute(sql`
    insert into order_parties (order_id, role, party) select item.* from ${rows(parties, 'order_id text, role text, party jsonb')}
    on conflict (order_id, role) do update set party = excluded.party,
      corrected = case when order_parties.party is not distinct from excluded.party then order_parties.corrected end
    where order_parties.erased_at is null`)
}
