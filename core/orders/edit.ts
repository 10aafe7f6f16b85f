import { and, eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { query, type Tx } from '../db/client.ts'
import { orderEvents, orderParties, orders } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { Party } from '../sdk/model/order.ts'
import { isOpen } from './status.ts'

type Order = typeof orders.$inferSelect

/** What people did to an order, as its timeline calls it. */
const editKinds = ['held', 'released', 'noted', 'address_corrected'] as const

/** The order, locked, as the editor saw it. @throws NotFoundError, ConflictError when somebody changed it since. */
async function lockForEdit(tx: Tx, id: string, revision: number): Promise<Order> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, id)).for('update')
  if (!order) throw new NotFoundError(`There is no order ${id}.`)
  if (order.revision === revision) return order
  const [last] = await query<{ actor: string; at: string }>(
    tx,
    sql`
    select actor, at from order_events where order_id = ${id} and kind = any(${sql.param([...editKinds])}::text[])
    order by id desc limit 1`,
  )
  throw new ConflictError(
    `Order ${order.number} was changed meanwhile${last ? `, by ${last.actor} at ${new Date(last.at).toISOString()}` : ''}. Look at it anew.`,
  )
}

async function writeEdit(
  tx: Tx,
  order: Order,
  change: Partial<Order>,
  kind: (typeof editKinds)[number],
  detail: string | null,
  act: Act,
): Promise<void> {
  await tx
    .update(orders)
    .set({ ...change, revision: order.revision + 1 })
    .where(eq(orders.id, order.id))
  await tx.insert(orderEvents).values({ orderId: order.id, kind, detail, actor: act.actor, at: act.now })
}

/** Keeps an order from shipping until it is released. @throws NotFoundError, ConflictError */
export async function holdOrder(
  tx: Tx,
  id: string,
  revision: number,
  reason: string,
  act: Act,
): Promise<void> {
  const order = await lockForEdit(tx, id, revision)
  if (!isOpen(order.status))
    throw new ConflictError(`Order ${order.number} is ${order.status}: there is nothing to hold.`)
  await writeEdit(tx, order, { holdReason: reason, heldBy: act.actor, heldAt: act.now }, 'held', reason, act)
  await appendAudit(tx, act, { action: 'order.held', subject: id, after: { reason } })
}

/** Lets an order ship again. @throws NotFoundError, ConflictError */
export async function releaseOrder(tx: Tx, id: string, revision: number, act: Act): Promise<void> {
  const order = await lockForEdit(tx, id, revision)
  if (!order.heldAt) throw new ConflictError(`Order ${order.number} is not on hold.`)
  await writeEdit(tx, order, { holdReason: null, heldBy: null, heldAt: null }, 'released', null, act)
  await appendAudit(tx, act, {
    action: 'order.released',
    subject: id,
    before: { reason: order.holdReason, heldBy: order.heldBy },
  })
}

/** Writes down what people of the house should know; an empty note takes it away. @throws NotFoundError, ConflictError */
export async function noteOrder(tx: Tx, id: string, revision: number, note: string, act: Act): Promise<void> {
  const order = await lockForEdit(tx, id, revision)
  const after = note.trim() === '' ? null : note
  await writeEdit(tx, order, { note: after }, 'noted', after, act)
  await appendAudit(tx, act, {
    action: 'order.noted',
    subject: id,
    before: { note: order.note },
    after: { note: after },
  })
}

/**
 * Corrects where an order goes, until the platform tells another address. What it was and is stays out of the audit
 * log, which is never erased; it says that it was corrected, in which fields, and by whom.
 * @throws NotFoundError, ConflictError when nobody here may know it, or when a parcel is on its way, InputError
 */
export async function correctAddress(
  tx: Tx,
  id: string,
  revision: number,
  address: Omit<Extract<Party, { kind: 'clear' }>, 'kind'>,
  act: Act,
): Promise<void> {
  const order = await lockForEdit(tx, id, revision)
  if (!isOpen(order.status))
    throw new ConflictError(
      `Order ${order.number} is ${order.status}: its address is not corrected any more.`,
    )
  if (!address.country) throw new InputError('An address needs a country.', 'address.country')
  const [held] = await tx
    .select()
    .from(orderParties)
    .where(and(eq(orderParties.orderId, id), eq(orderParties.role, 'ship_to')))
  if (held?.party?.kind === 'handle')
    throw new ConflictError(
      `The platform keeps the recipient of order ${order.number} to itself: the address can be corrected there only.`,
    )
  if (held?.erasedAt)
    throw new ConflictError(`The recipient of order ${order.number} was erased: nothing is written anew.`)
  const [live] = await query<{ id: string }>(
    tx,
    sql`select id from shipments where order_id = ${id} and state not in ('cancelled', 'refused') order by id limit 1`,
  )
  if (live)
    throw new ConflictError(
      `Order ${order.number} has the shipment ${live.id} to the present address. Cancel it first.`,
    )
  const corrected = { kind: 'clear' as const, ...address }
  const before = held?.corrected ?? held?.party ?? null
  const fields = Object.keys(address).filter(
    (field) =>
      JSON.stringify(before?.[field as keyof typeof before]) !==
      JSON.stringify(address[field as keyof typeof address]),
  )
  await tx
    .insert(orderParties)
    .values({ orderId: id, role: 'ship_to', party: null, corrected })
    .onConflictDoUpdate({ target: [orderParties.orderId, orderParties.role], set: { corrected } })
  await writeEdit(tx, order, {}, 'address_corrected', fields.join(', '), act)
  await appendAudit(tx, act, { action: 'order.address_corrected', subject: id, after: { fields } })
}
