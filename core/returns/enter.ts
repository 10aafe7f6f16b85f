import { eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { query, type Tx, texts } from '../db/client.ts'
import { orders, returnEvents, returnLines, returns } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { laterStatus, lockReturn, moveReturn, type Return } from './lock.ts'

export type NewReturn = {
  orderId: string
  lines: readonly { lineId: string; quantity: number; reason: string }[]
  note?: string | null | undefined
  /** Whether the buyer may send it at once. */
  isApproved?: boolean | undefined
}

/**
 * Enters a return by hand: the buyer wrote, or a parcel stands in the door. Never more units of a line come back than
 * left. @throws NotFoundError, ConflictError, InputError naming the line
 */
export async function enterReturn(tx: Tx, input: NewReturn, act: Act): Promise<string> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, input.orderId)).for('update')
  if (!order) throw new NotFoundError(`There is no order ${input.orderId}.`)
  if (input.lines.length === 0) throw new InputError('A return needs lines.', 'lines')
  if (new Set(input.lines.map(({ lineId }) => lineId)).size < input.lines.length)
    throw new InputError('A line is named twice.', 'lines')
  const open = await readReturnable(tx, order.id)
  for (const [index, { lineId, quantity }] of input.lines.entries()) {
    const left = open.get(lineId)
    if (left === undefined)
      throw new InputError(`Order ${order.number} has no line ${lineId}.`, `lines.${index}.lineId`)
    if (quantity > left)
      throw new ConflictError(
        `Of line ${lineId} ${left} units can come back, not ${quantity}: the rest was cancelled or is in other returns.`,
      )
  }
  const id = newId('ret', act.now.getTime())
  const status = input.isApproved ? ('approved' as const) : ('requested' as const)
  await tx.insert(returns).values({
    id,
    orderId: order.id,
    connectionId: order.connectionId,
    status,
    note: input.note ?? null,
    createdBy: act.actor,
    createdAt: act.now,
  })
  await tx.insert(returnLines).values(
    input.lines.map(({ lineId, quantity, reason }) => ({
      returnId: id,
      orderLineId: lineId,
      quantity,
      reason,
    })),
  )
  await tx.insert(returnEvents).values({
    returnId: id,
    kind: 'entered',
    toStatus: status,
    detail: input.note ?? null,
    actor: act.actor,
    at: act.now,
  })
  await appendAudit(tx, act, { action: 'return.entered', subject: id, after: input })
  return id
}

/** How many units of each line of an order may still come back. */
export async function readReturnable(tx: Tx, orderId: string): Promise<Map<string, number>> {
  const found = await query<{ id: string; units: number }>(
    tx,
    sql`
    select line.id, greatest(0, line.quantity - line.cancelled_quantity - coalesce((
      select sum(back.quantity - back.missing_quantity) from return_lines back join returns on returns.id = back.return_id
      where back.order_line_id = line.id and (returns.status <> 'closed' or back.restocked_quantity + back.written_off_quantity > 0)), 0))::int as units
    from order_lines line where line.order_id = ${orderId}`,
  )
  return new Map(found.map((row) => [row.id, row.units]))
}

/** The buyer may send the goods. @throws NotFoundError, ConflictError */
export async function approveReturn(tx: Tx, id: string, revision: number, act: Act): Promise<Return> {
  const held = await lockReturn(tx, id, revision)
  if (held.status !== 'requested')
    throw new ConflictError(`Return ${id} is ${held.status}: there is nothing to approve.`)
  const after = await moveReturn(tx, held, { to: 'approved', kind: 'approved' }, act)
  await appendAudit(tx, act, { action: 'return.approved', subject: id, before: { status: held.status } })
  return after
}

/** Nothing more is done about a return: it is settled, or it is turned down. @throws NotFoundError, ConflictError */
export async function closeReturn(
  tx: Tx,
  id: string,
  revision: number,
  reason: string,
  act: Act,
): Promise<Return> {
  const held = await lockReturn(tx, id, revision)
  if (held.status === 'closed') throw new ConflictError(`Return ${id} is closed already.`)
  const after = await moveReturn(tx, held, { to: 'closed', kind: 'closed', detail: reason }, act)
  await appendAudit(tx, act, {
    action: 'return.closed',
    subject: id,
    before: { status: held.status },
    after: { reason },
  })
  return after
}

/** Money of these returns was given back. */
export async function markRefunded(
  tx: Tx,
  returnIds: readonly string[],
  detail: string,
  act: Act,
): Promise<void> {
  const held = await query<{ id: string }>(
    tx,
    sql`select id from returns where id in (${texts(returnIds)}) order by id for update`,
  )
  for (const { id } of held) {
    const before = await lockReturn(tx, id)
    const to = laterStatus(before.status, 'refunded')
    await moveReturn(tx, before, { to, kind: 'refunded', detail }, act)
  }
}
