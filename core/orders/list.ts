import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
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
import { orders } from '../db/schema/index.ts'
import type { OrderStatus } from '../sdk/model/order.ts'
import { type ExceptionCause, hasException, isOpenOrder } from './exceptions.ts'

/** When an order is to be shipped, by the days of a time zone. */
export const dueWindows = ['overdue', 'today', 'tomorrow', 'week'] as const
export type DueWindow = (typeof dueWindows)[number]

export type OrderFilter = {
  /** The number, the platform's id or ours, or what the first two begin with; or the SKU of a line. */
  q?: string | undefined
  status?: readonly OrderStatus[] | undefined
  connectionId?: string | undefined
  due?: DueWindow | undefined
  /** Only open orders to be shipped by then. */
  dueBefore?: Date | undefined
  timeZone?: string | undefined
  exception?: ExceptionCause | 'any' | undefined
  flag?: string | undefined
  /** Only orders that can ship now as a whole. */
  isShippable?: boolean | undefined
}

export const orderSorts = {
  by: {
    placed: { by: orders.placedAt, type: 'timestamptz' },
    shipBy: { by: orders.shipBy, type: 'timestamptz', isNullable: true },
    total: { by: orders.totalMinor, type: 'bigint' },
    number: { by: sql`${orders.number} collate "C"`, type: 'text' },
  },
  keys: [{ by: orders.id, type: 'text' }],
} satisfies ListSorts<string>
export type OrderSort = keyof typeof orderSorts.by
export const orderSortFields = Object.keys(orderSorts.by) as OrderSort[]

/** The facts of an order that stand in its own row. */
export const shownOfOrder = {
  id: orders.id,
  connectionId: orders.connectionId,
  externalId: orders.externalId,
  number: orders.number,
  status: orders.status,
  externalStatus: orders.externalStatus,
  placedAt: orders.placedAt,
  paidAt: orders.paidAt,
  currency: orders.currency,
  totalMinor: orders.totalMinor,
  refundedMinor: orders.refundedMinor,
  shippingService: orders.shippingService,
  shipBy: orders.shipBy,
  deliverBy: orders.deliverBy,
  flags: orders.flags,
  importedAt: orders.importedAt,
  holdReason: orders.holdReason,
  heldBy: orders.heldBy,
  heldAt: orders.heldAt,
  note: orders.note,
  revision: orders.revision,
}

/**
 * A page of orders, one row more than asked for. Names of buyers are not looked for: they stand apart from the orders
 * so that they can be erased, and no index may copy them.
 */
export async function listOrders(db: DbOrTx, filter: OrderFilter, order: ListOrder<OrderSort>, now: Date) {
  const conditions = await conditionsOf(db, filter, now)
  return readPage(orderSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...shownOfOrder, place })
      .from(orders)
      .where(and(where, ...conditions))
      .orderBy(...orderBy)
      .limit(limit),
  )
}

/** How many orders a filter finds. */
export async function countOrders(db: DbOrTx, filter: OrderFilter, now: Date): Promise<ListCount> {
  const conditions = await conditionsOf(db, filter, now)
  return countRows(
    db,
    db
      .select({ id: orders.id })
      .from(orders)
      .where(and(...conditions))
      .limit(mostCounted + 1),
  )
}

async function conditionsOf(db: DbOrTx, filter: OrderFilter, now: Date): Promise<(SQL | undefined)[]> {
  const { q, status, connectionId, due, dueBefore, timeZone = 'UTC', exception, flag, isShippable } = filter
  return [
    status && (status.length === 1 ? eq(orders.status, status[0]!) : inArray(orders.status, [...status])),
    connectionId === undefined ? undefined : eq(orders.connectionId, connectionId),
    due && isDue(due, timeZone, now),
    dueBefore && sql`${isOpenOrder} and ${orders.shipBy} <= ${dueBefore.toISOString()}::timestamptz`,
    exception && hasException(exception),
    isShippable ? canShip : undefined,
    flag === undefined ? undefined : sql`${orders.flags} <> '[]'::jsonb and ${orders.flags} ? ${flag}`,
    q === undefined ? undefined : await narrowTo(db, orders.id, namedBy(q)),
  ]
}

/** Paid, every unit reserved, kept back by nobody, and in no live shipment yet. */
export const canShip = sql`${orders.status} = 'allocated' and ${orders.heldAt} is null and not ${orders.flags} ? 'history'
  and not exists (select 1 from shipments live where live.order_id = ${orders.id} and live.state not in ('cancelled', 'refused'))`

/** The days begin at midnight where the business is. */
function isDue(due: DueWindow, timeZone: string, now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`
  const day = (days: number) =>
    sql`((date_trunc('day', ${at} at time zone ${timeZone}) + make_interval(days => ${days})) at time zone ${timeZone})`
  const spans: Record<DueWindow, SQL> = {
    overdue: sql`${orders.shipBy} < ${at}`,
    today: sql`${orders.shipBy} >= ${day(0)} and ${orders.shipBy} < ${day(1)}`,
    tomorrow: sql`${orders.shipBy} >= ${day(1)} and ${orders.shipBy} < ${day(2)}`,
    week: sql`${orders.shipBy} >= ${day(0)} and ${orders.shipBy} < ${day(7)}`,
  }
  return sql`${isOpenOrder} and ${spans[due]}`
}

/** The orders that a text names. */
function namedBy(q: string) {
  const start = startingWith(q)
  return {
    named: sql`
      select o.id from orders o where o.id = ${q}
      union all select o.id from orders o where o.number collate "C" like ${start}
      union all select o.id from orders o where o.external_id collate "C" like ${start}
      union all select line.order_id from order_lines line where line.sku = ${q}`,
    isNamed: sql`(${orders.number} collate "C" like ${start} or ${orders.externalId} collate "C" like ${start}
      or exists (select 1 from order_lines line where line.order_id = ${orders.id} and line.sku = ${q}))`,
  }
}
