import { sql } from 'drizzle-orm'
import { query, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { type NewProblem, raiseProblems, settleProblems } from '../problems/problems.ts'
import type { OrderStatus, RemoteOrder } from '../sdk/model/order.ts'
import { allocateOrders } from './allocate.ts'
import type { KnownOrder, OrderSource } from './source.ts'
import { statusAfter } from './status.ts'
import { updateOrder } from './update.ts'
import { writeNewOrders } from './write.ts'

export type OrderEvent =
  | { event: 'order.imported'; data: { orderId: string; connectionId: string } }
  | { event: 'order.changed'; data: { orderId: string; connectionId: string; from: string; to: string } }
export type ImportCounts = {
  imported: number
  changed: number
  same: number /** What plugins are told. */
  events: OrderEvent[]
}

/**
 * Takes a page of orders in: new ones are written, changed ones updated, older versions and repetitions left
 * alone. Stock is reserved once, in the caller's transaction; lines with an unknown SKU are kept and become
 * a problem. Other connections' stock becomes dirty.
 */
export async function importOrders(
  tx: Tx,
  source: OrderSource,
  told: readonly RemoteOrder[],
  act: Act,
): Promise<ImportCounts> {
  const newest = newestVersions(told)
  const known = await lockKnown(tx, source.id, newest)
  const fresh = newest.filter((order) => !known.has(order.externalId))
  const changed = newest.filter((order) => {
    const held = known.get(order.externalId)
    return held !== undefined && isNews(held, order)
  })
  const written = await writeNewOrders(tx, source, fresh, act)
  for (const order of changed) await updateOrder(tx, source, known.get(order.externalId)!, order, act)
  const orderIds = [
    ...written.map((order) => order.id),
    ...changed.map((order) => known.get(order.externalId)!.id),
  ]
  await allocateOrders(tx, orderIds, act)
  await raiseProblems(
    tx,
    [...fresh, ...changed].flatMap((order) => totalsProblem(source, order)),
    act,
  )
  const sound = changed.filter((order) => totalsProblem(source, order).length === 0)
  await settleProblems(
    tx,
    sound.map((order) => totalsKey(source, order)),
    act,
  )
  const events: OrderEvent[] = written.map(({ id }) => ({
    event: 'order.imported',
    data: { orderId: id, connectionId: source.id },
  }))
  for (const order of changed) {
    const { id, status } = known.get(order.externalId)!
    events.push({
      event: 'order.changed',
      data: { orderId: id, connectionId: source.id, from: status, to: statusAfter(status, order.status) },
    })
  }
  return {
    imported: fresh.length,
    changed: changed.length,
    same: told.length - fresh.length - changed.length,
    events,
  }
}

/**
 * Whether this is a version we do not hold: a later one, or other content within the same instant, because
 * shops count in whole seconds and what is read later is the later truth.
 */
function isNews(held: KnownOrder, told: RemoteOrder): boolean {
  const ageMs = told.updatedAt.getTime() - held.externalUpdatedAt.getTime()
  return ageMs > 0 || (ageMs === 0 && fingerprint(told) !== held.externalFingerprint)
}

/** One version an order, the newest, ordered by id so that importers lock in one order. */
function newestVersions(told: readonly RemoteOrder[]): RemoteOrder[] {
  const newest = new Map<string, RemoteOrder>()
  for (const order of told) {
    const held = newest.get(order.externalId)
    if (!held || order.updatedAt >= held.updatedAt) newest.set(order.externalId, order)
  }
  return [...newest.values()].sort((a, b) => (a.externalId < b.externalId ? -1 : 1))
}

async function lockKnown(
  tx: Tx,
  connectionId: string,
  told: readonly RemoteOrder[],
): Promise<Map<string, KnownOrder>> {
  const found = await query<{
    id: string
    external_id: string
    status: OrderStatus
    version: string
    fingerprint: string
    flags: string[]
  }>(
    tx,
    sql`
    select id, external_id, status, external_updated_at as version, external_fingerprint as fingerprint, flags from orders
    where connection_id = ${connectionId} and external_id = any(${sql.param(told.map((order) => order.externalId))}::text[])
    order by external_id for update`,
  )
  return new Map(
    found.map((row) => [
      row.external_id,
      {
        id: row.id,
        externalId: row.external_id,
        status: row.status,
        externalUpdatedAt: new Date(row.version),
        externalFingerprint: row.fingerprint,
        isHistory: row.flags.includes('history'),
      },
    ]),
  )
}

const totalsKey = (source: OrderSource, order: RemoteOrder) => `order_totals:${source.id}:${order.externalId}`

/** An order whose parts do not add up is taken as told, and somebody is told. */
function totalsProblem(source: OrderSource, order: RemoteOrder): NewProblem[] {
  const lines = order.lines.reduce((sum, line) => sum + line.totalMinor, 0)
  const charges = order.charges.reduce((sum, charge) => sum + charge.amountMinor, 0)
  if (lines + charges === order.totalMinor || order.lines.length === 0) return []
  return [
    {
      kind: 'order_totals',
      key: totalsKey(source, order),
      connectionId: source.id,
      message: `Order ${order.number} of ${source.name} totals ${order.totalMinor} but its lines and charges make ${lines + charges} (minor units of ${order.currency}).`,
    },
  ]
}
