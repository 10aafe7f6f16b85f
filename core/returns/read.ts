import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  countRows,
  type ListCount,
  type ListOrder,
  type ListSorts,
  mostCounted,
  readPage,
} from '../db/keyset.ts'
import { orderLines, orders, returnEvents, returnLines, returns } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { ReturnStatus } from '../sdk/model/order.ts'
import { listRefunds } from './refunds.ts'

export type ReturnFilter = {
  status?: ReturnStatus | undefined
  connectionId?: string | undefined
  orderId?: string | undefined
  /** The return's id, ours or the platform's, or the order's number; or the SKU of a line. */
  q?: string | undefined
}

const returnSorts = {
  by: { created: { by: returns.createdAt, type: 'timestamptz' } },
  keys: [{ by: returns.id, type: 'text' }],
} satisfies ListSorts<string>
export type ReturnSort = keyof typeof returnSorts.by
export const returnSortFields = Object.keys(returnSorts.by) as ReturnSort[]

const summary = {
  id: returns.id,
  orderId: returns.orderId,
  orderNumber: orders.number,
  connectionId: returns.connectionId,
  externalId: returns.externalId,
  status: returns.status,
  units: sql<number>`(select coalesce(sum(line.quantity), 0)::int from return_lines line where line.return_id = ${returns.id})`,
  accountedUnits: sql<number>`(select coalesce(sum(line.restocked_quantity + line.written_off_quantity + line.missing_quantity), 0)::int from return_lines line where line.return_id = ${returns.id})`,
  refundedMinor: sql<number>`(select coalesce(sum(refund.amount_minor), 0)::float8 from refunds refund where refund.return_id = ${returns.id} and refund.done_at is not null)`,
  currency: orders.currency,
  note: returns.note,
  revision: returns.revision,
  createdBy: returns.createdBy,
  createdAt: returns.createdAt,
  closedAt: returns.closedAt,
}

const conditionsOf = ({ status, connectionId, orderId, q }: ReturnFilter): (SQL | undefined)[] => [
  status && eq(returns.status, status),
  connectionId === undefined ? undefined : eq(returns.connectionId, connectionId),
  orderId === undefined ? undefined : eq(returns.orderId, orderId),
  q === undefined
    ? undefined
    : sql`${returns.id} in (
        select named.id from returns named where named.id = ${q} or named.external_id = ${q}
        union all select named.id from returns named join orders o on o.id = named.order_id where o.number collate "C" = ${q}
        union all select back.return_id from return_lines back join order_lines line on line.id = back.order_line_id where line.sku = ${q})`,
]

/** A page of returns, one row more than asked for. */
export const listReturns = (db: DbOrTx, filter: ReturnFilter, order: ListOrder<ReturnSort>) =>
  readPage(returnSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...summary, place })
      .from(returns)
      .innerJoin(orders, eq(orders.id, returns.orderId))
      .where(and(where, ...conditionsOf(filter)))
      .orderBy(...orderBy)
      .limit(limit),
  )

export const countReturns = (db: DbOrTx, filter: ReturnFilter): Promise<ListCount> =>
  countRows(
    db,
    db
      .select({ id: returns.id })
      .from(returns)
      .where(and(...conditionsOf(filter)))
      .limit(mostCounted + 1),
  )

/** A return with its lines, its timeline and the money that goes back for it. @throws NotFoundError */
export async function readReturn(db: DbOrTx, id: string) {
  const [found] = await db
    .select(summary)
    .from(returns)
    .innerJoin(orders, eq(orders.id, returns.orderId))
    .where(eq(returns.id, id))
  if (!found) throw new NotFoundError(`There is no return ${id}.`)
  const lines = await db
    .select({
      lineId: returnLines.orderLineId,
      sku: orderLines.sku,
      title: orderLines.title,
      orderedQuantity: orderLines.quantity,
      lineTotalMinor: orderLines.totalMinor,
      quantity: returnLines.quantity,
      reason: returnLines.reason,
      condition: returnLines.condition,
      restockedQuantity: returnLines.restockedQuantity,
      writtenOffQuantity: returnLines.writtenOffQuantity,
      missingQuantity: returnLines.missingQuantity,
    })
    .from(returnLines)
    .innerJoin(orderLines, eq(orderLines.id, returnLines.orderLineId))
    .where(eq(returnLines.returnId, id))
    .orderBy(asc(returnLines.orderLineId))
  const timeline = await db
    .select({
      kind: returnEvents.kind,
      fromStatus: returnEvents.fromStatus,
      toStatus: returnEvents.toStatus,
      detail: returnEvents.detail,
      actor: returnEvents.actor,
      at: returnEvents.at,
    })
    .from(returnEvents)
    .where(eq(returnEvents.returnId, id))
    .orderBy(asc(returnEvents.id))
  return { ...found, lines, timeline, refunds: await listRefunds(db, { returnId: id }) }
}
