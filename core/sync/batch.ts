import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm'
import PQueue from 'p-queue'
import { appendAudit } from '../audit/audit.ts'
import { type DbOrTx, query, type Tx } from '../db/client.ts'
import { type ListOrder, type ListSorts, readPage } from '../db/keyset.ts'
import { orders, shipmentBatches, shipments } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { canShip } from '../orders/list.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { type Shipment, startCancelling } from '../shipments/book.ts'
import { planShipment } from '../shipments/plan.ts'
import { keepQuote, readOrderFacts, readPlannedRequest } from '../shipments/request.ts'
import { chooseService } from './choose-service.ts'
import { type Hub, systemAct } from './hub.ts'
import type { Queue } from './queue.ts'
import { rateShop } from './rate-shop.ts'
import { requestBooking, requestHandOver } from './shipment-requests.ts'

export type BatchJob = { batchId: string }
export const batchQueue = 'batch'

/** What a person chose for all orders of a batch. */
export type BatchWish = { connectionId: string; service: string }

/** Orders of a batch that are priced beside each other; the couriers' buckets decide how fast. */
const ordersAtOnce = 4
/** More orders than this are several batches. */
export const mostOrders = 5000

/** Starts booking these orders together; the work goes on by itself, whoever closes the window. */
export async function startBatch(
  hub: Hub & { queue: Queue },
  orderIds: readonly string[],
  wish: BatchWish | null,
  act: Act,
): Promise<string> {
  const wanted = [...new Set(orderIds)]
  if (wanted.length === 0) throw new InputError('A batch needs orders.', 'orderIds')
  if (wanted.length > mostOrders)
    throw new InputError(`A batch takes ${mostOrders} orders at most, not ${wanted.length}.`, 'orderIds')
  const id = newId('bat', act.now.getTime())
  await transact(hub.db, async (tx) => {
    const known = await query<{ id: string }>(
      tx,
      sql`select id from orders where id = any(${sql.param(wanted)}::text[])`,
    )
    const found = new Set(known.map((row) => row.id))
    const unknown = wanted.find((orderId) => !found.has(orderId))
    if (unknown) throw new InputError(`There is no order ${unknown}.`, 'orderIds')
    await tx
      .insert(shipmentBatches)
      .values({ id, orderIds: wanted, wish, createdBy: act.actor, createdAt: act.now })
    await appendAudit(tx, act, { action: 'batch.started', subject: id, after: { orders: wanted.length } })
  })
  await hub.queue.send(batchQueue, { batchId: id } satisfies BatchJob, id)
  return id
}

/** The orders that can be shipped now, the most urgent first. */
export async function findDueOrders(hub: Hub, dueBefore: Date | null, limit = mostOrders): Promise<string[]> {
  const found = await hub.db
    .select({ id: orders.id })
    .from(orders)
    .where(and(canShip, dueBefore === null ? undefined : lte(orders.shipBy, dueBefore)))
    .orderBy(sql`${orders.shipBy} nulls last`, asc(orders.placedAt), asc(orders.id))
    .limit(limit)
  return found.map((row) => row.id)
}

/**
 * Plans, prices and books each order of a batch. A worker that dies in the middle leaves the rest to another,
 * and an order that has its shipment in the batch gets no second one. One that cannot ship holds up no other.
 */
export async function runBatch(hub: Hub, { batchId }: BatchJob): Promise<void> {
  await hub.db.transaction(async (alone) => {
    // Held by this connection: it ends with the worker, however that ends.
    const [lock] = await query<{ ok: boolean }>(
      alone,
      sql`select pg_try_advisory_xact_lock(hashtextextended(${batchId}, 0)) as ok`,
    )
    if (lock!.ok) await workBatch(hub, batchId)
  })
}

async function workBatch(hub: Hub, batchId: string): Promise<void> {
  const [batch] = await hub.db.select().from(shipmentBatches).where(eq(shipmentBatches.id, batchId))
  if (!batch) throw new NotFoundError(`There is no batch ${batchId}.`)
  const act = systemAct(hub, batch.createdBy)
  const skipped = new Set(batch.skipped.map((entry) => entry.orderId))
  const queue = new PQueue({ concurrency: ordersAtOnce })
  await queue.addAll(
    batch.orderIds
      .filter((orderId) => !skipped.has(orderId))
      .map((orderId) => () => shipOrSkip(hub, batch, orderId, act)),
  )
  await hub.db
    .update(shipmentBatches)
    .set({ finishedAt: hub.clock.now() })
    .where(and(eq(shipmentBatches.id, batchId), isNull(shipmentBatches.finishedAt)))
}

type Batch = typeof shipmentBatches.$inferSelect

/** One order of a batch: planned once, priced, and its booking asked for; or skipped with the reason. */
async function shipOrSkip(hub: Hub, batch: Batch, orderId: string, act: Act): Promise<void> {
  const [mine] = await hub.db
    .select()
    .from(shipments)
    .where(and(eq(shipments.batchId, batch.id), eq(shipments.orderId, orderId)))
  if (mine && mine.state !== 'planned') return
  if (await isCancelled(hub, batch.id)) return
  try {
    const plan = () => transact(hub.db, (tx) => planShipment(tx, { orderId, batchId: batch.id }, act))
    const shipmentId = mine?.id ?? (await plan())
    if (batch.wish) await transact(hub.db, (tx) => requestBooking(tx, hub, shipmentId, batch.wish!, act))
    else await bookBest(hub, shipmentId, act)
    await settleProblems(hub.db, [`not_shippable:${orderId}`], act)
  } catch (error) {
    if (!(error instanceof ConflictError || error instanceof InputError)) throw error
    await skip(hub, batch.id, orderId, error.message, act)
  }
}

/** Asks for prices, lets the rules choose, and books what they chose. @throws ConflictError when nothing is allowed. */
export async function bookBest(hub: Hub, shipmentId: string, act: Act): Promise<string> {
  const request = await transact(hub.db, (tx) => readPlannedRequest(tx, shipmentId))
  const answer = await rateShop(hub, request)
  const facts = await transact(hub.db, (tx) => readOrderFacts(tx, shipmentId))
  const choice = await chooseService(hub, { request, ...answer, ...facts })
  const offer = answer.offers.find(({ id }) => id === choice.offerId)
  return transact(hub.db, async (tx) => {
    const quoteId = await keepQuote(tx, request, answer, facts.order?.id ?? null, act)
    if (!offer?.connectionId)
      throw new ConflictError(`No service may be booked. ${choice.explanation.join(' ')}`)
    const { connectionId, service } = offer
    await requestBooking(
      tx,
      hub,
      shipmentId,
      { connectionId, service, offer, explanation: choice.explanation },
      act,
    )
    return quoteId
  })
}

async function isCancelled(hub: Hub, batchId: string): Promise<boolean> {
  const [batch] = await hub.db
    .select({ cancelledAt: shipmentBatches.cancelledAt })
    .from(shipmentBatches)
    .where(eq(shipmentBatches.id, batchId))
  return batch?.cancelledAt != null
}

/**
 * Stops a batch: what has not begun does not begin, and what is planned and not booked is given up. What couriers have
 * booked stays. @throws NotFoundError, ConflictError when nothing of it can be stopped
 */
export async function cancelBatch(tx: Tx, batchId: string, act: Act): Promise<void> {
  const [batch] = await tx.select().from(shipmentBatches).where(eq(shipmentBatches.id, batchId)).for('update')
  if (!batch) throw new NotFoundError(`There is no batch ${batchId}.`)
  if (batch.cancelledAt) throw new ConflictError(`Batch ${batchId} was cancelled already.`)
  const planned = await tx
    .select({ id: shipments.id })
    .from(shipments)
    .where(and(eq(shipments.batchId, batchId), eq(shipments.state, 'planned')))
    .orderBy(asc(shipments.id))
  if (batch.finishedAt && planned.length === 0)
    throw new ConflictError(
      `Batch ${batchId} is finished: cancel its shipments one by one, where their couriers allow it.`,
    )
  for (const { id } of planned) await startCancelling(tx, id, act)
  await tx.update(shipmentBatches).set({ cancelledAt: act.now }).where(eq(shipmentBatches.id, batchId))
  await appendAudit(tx, act, {
    action: 'batch.cancelled',
    subject: batchId,
    after: { givenUp: planned.length },
  })
}

async function skip(hub: Hub, batchId: string, orderId: string, reason: string, act: Act): Promise<void> {
  await transact(hub.db, async (tx) => {
    const [order] = await query<{ number: string; connection_id: string }>(
      tx,
      sql`select number, connection_id from orders where id = ${orderId}`,
    )
    const entry = { orderId, number: order!.number, reason }
    await tx
      .update(shipmentBatches)
      .set({ skipped: sql`${shipmentBatches.skipped} || ${JSON.stringify([entry])}::text::jsonb` })
      .where(eq(shipmentBatches.id, batchId))
    const problem = {
      kind: 'not_shippable' as const,
      key: `not_shippable:${orderId}`,
      connectionId: order!.connection_id,
      subject: orderId,
      message: `Order ${order!.number} was not shipped with its batch: ${reason}`,
    }
    await raiseProblems(tx, [problem], act)
  })
}

export type BatchProgress = {
  id: string
  orders: number
  planned: number
  booking: number
  booked: number
  refused: number
  cancelled: number
  skipped: readonly { orderId: string; number: string; reason: string }[]
  createdAt: Date
  createdBy: string
  wish: BatchWish | null
  finishedAt: Date | null
  handedOverAt: Date | null
  cancelledAt: Date | null
}

/** How far a batch is. @throws NotFoundError */
export async function readBatch(hub: Pick<Hub, 'db'>, batchId: string): Promise<BatchProgress> {
  const [batch] = await hub.db
    .select(shownOfBatch)
    .from(shipmentBatches)
    .where(eq(shipmentBatches.id, batchId))
  if (!batch) throw new NotFoundError(`There is no batch ${batchId}.`)
  return batch
}

// The outer table by its name: drizzle writes a column of the only table without it, and shipments have an id too.
const countOf = (states: readonly Shipment['state'][]) =>
  sql<number>`(select count(*)::int from shipments where batch_id = shipment_batches.id and state = any(${sql.param([...states])}::text[]))`

const shownOfBatch = {
  id: shipmentBatches.id,
  orders: sql<number>`jsonb_array_length(${shipmentBatches.orderIds})`,
  planned: countOf(['planned']),
  booking: countOf(['booking']),
  booked: countOf(['booked', 'cancelling']),
  refused: countOf(['refused']),
  cancelled: countOf(['cancelled']),
  skipped: shipmentBatches.skipped,
  wish: shipmentBatches.wish,
  createdAt: shipmentBatches.createdAt,
  createdBy: shipmentBatches.createdBy,
  finishedAt: shipmentBatches.finishedAt,
  handedOverAt: shipmentBatches.handedOverAt,
  cancelledAt: shipmentBatches.cancelledAt,
}

const batchSorts = {
  by: { created: { by: shipmentBatches.id, type: 'text', isUnique: true } },
  keys: [{ by: shipmentBatches.id, type: 'text' }],
} satisfies ListSorts<string>
export type BatchSort = keyof typeof batchSorts.by

/** A page of batches, one row more than asked for. Ids grow with time: they are the order of creation. */
export const listBatches = (db: DbOrTx, order: ListOrder<BatchSort>) =>
  readPage(batchSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...shownOfBatch, place })
      .from(shipmentBatches)
      .where(where)
      .orderBy(...orderBy)
      .limit(limit),
  )

/** The courier has fetched the batch: every booked shipment of it is handed over. Returns how many were new. */
export async function handOverBatch(tx: Tx, hub: Hub, batchId: string, act: Act): Promise<number> {
  const mine = await tx
    .select({ id: shipments.id })
    .from(shipments)
    .where(and(eq(shipments.batchId, batchId), eq(shipments.state, 'booked')))
    .orderBy(asc(shipments.id))
  if (mine.length === 0) throw new ConflictError(`Batch ${batchId} has no booked shipment to hand over.`)
  let handed = 0
  for (const { id } of mine) if (await requestHandOver(tx, hub, id, act)) handed += 1
  await tx
    .update(shipmentBatches)
    .set({ handedOverAt: act.now })
    .where(and(eq(shipmentBatches.id, batchId), isNull(shipmentBatches.handedOverAt)))
  await appendAudit(tx, act, { action: 'batch.handed_over', subject: batchId, after: { shipments: handed } })
  return handed
}
