import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { markDirty } from '../listings/dirty.ts'
import type { OrderStatus } from '../sdk/model/order.ts'
import { settleHoldings, type Target } from '../stock/holdings.ts'
import { fillShortfalls, raiseOversold, settleOversold } from '../stock/shortfalls.ts'
import { unitsFor } from './status.ts'

type Row = {
  line: string
  variant_id: string
  quantity: number
  cancelled: number
  status: OrderStatus
  is_stock_held: boolean
  is_history: boolean
  number: string
  shipped: string
}

/**
 * Brings the stock behind these orders to what they now say, marks every listing of the touched variants
 * dirty, and calls a paid order `allocated` once all its units are held. Repeating it changes nothing.
 */
export async function allocateOrders(tx: Tx, orderIds: readonly string[], act: Act): Promise<void> {
  if (orderIds.length === 0) return
  const targets = (await readLines(tx, orderIds)).map(toTarget)
  const { shortages, fallen, risen } = await settleHoldings(tx, targets, act)
  for (const variantId of await fillShortfalls(tx, risen, act)) fallen.add(variantId)
  await markDirty(
    tx,
    'stock',
    [...new Set([...risen, ...fallen])].map((variantId) => ({ variantId, isFalling: fallen.has(variantId) })),
    act,
  )
  await raiseOversold(
    tx,
    shortages.map((short) => short.orderLineId),
    act,
  )
  if (shortages.length < targets.length)
    await settleOversold(
      tx,
      targets.map((target) => target.orderLineId),
      act,
    )
  await markAllocated(tx, orderIds, act)
}

async function readLines(tx: Tx, orderIds: readonly string[]): Promise<Row[]> {
  return query<Row>(
    tx,
    sql`
    select line.id as line, line.variant_id, line.quantity, line.cancelled_quantity as cancelled, o.status, o.is_stock_held, o.number,
           o.flags ? 'history' as is_history,
           greatest(line.handed_over_quantity, coalesce((select min(part.units) from (select floor(sum(r.shipped::numeric / r.per_unit)) as units from reservations r
             where r.order_line_id = line.id group by r.variant_id) part), 0)) as shipped
    from order_lines line join orders o on o.id = line.order_id
    where line.variant_id is not null and o.id in (select item.id from ${rows(
      orderIds.map((id) => ({ id })),
      'id text',
    )})
    order by line.variant_id, line.id`,
  )
}

function toTarget(row: Row): Target {
  const units = unitsFor(
    { status: row.status, isStockHeld: row.is_stock_held, isHistory: row.is_history },
    { quantity: row.quantity, cancelledQuantity: row.cancelled, shippedUnits: Number(row.shipped) },
  )
  return {
    orderLineId: row.line,
    variantId: row.variant_id,
    ...units,
    reason: `Order ${row.number} (${row.status})`,
  }
}

/** A paid order is allocated exactly while every unit of it is held. */
async function markAllocated(tx: Tx, orderIds: readonly string[], act: Act): Promise<void> {
  if (orderIds.length === 0) return
  const items = rows(
    orderIds.map((id) => ({ id })),
    'id text',
  )
  await tx.execute(sql`
    with changed as (
      update orders o set status = case o.status when 'paid' then 'allocated' else 'paid' end
      where o.id in (select item.id from ${items}) and not o.flags ? 'history'
        and o.status = case when ${isWhole} then 'paid' else 'allocated' end
      returning o.id, o.status
    )
    insert into order_events (order_id, kind, from_status, to_status, detail, actor, at)
    select id, 'status', case status when 'paid' then 'allocated' else 'paid' end, status,
      case status when 'paid' then 'units that were reserved are not there' else 'every unit is reserved' end,
      ${act.actor}, ${act.now.toISOString()}::timestamptz from changed`)
}

/** Whether the order "o" has lines, and all of them are known and held. */
const isWhole = sql`(exists (select 1 from order_lines line where line.order_id = o.id) and not exists (
  select 1 from order_lines line left join shortfalls short on short.order_line_id = line.id
  where line.order_id = o.id and (line.variant_id is null or short.order_line_id is not null)))`

/**
 * Calls those paid orders allocated whose shortfalls have been filled since, and takes the word back from
 * those that a count took units from. Called by the sweep.
 */
export async function reviewAllocated(tx: Tx, act: Act): Promise<void> {
  const waiting = await query<{ id: string }>(
    tx,
    sql`
    select o.id from orders o where not o.flags ? 'history' and o.status in ('paid', 'allocated')
      and o.status = case when ${isWhole} then 'paid' else 'allocated' end
    order by o.id limit 1000 for update skip locked`,
  )
  await markAllocated(
    tx,
    waiting.map((row) => row.id),
    act,
  )
}
