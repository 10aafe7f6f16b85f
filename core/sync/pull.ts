import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { cursors } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { readOrderStates } from '../mappings/order-states.ts'
import { importPage } from '../orders/import-page.ts'
import type { Page } from '../sdk/connector.ts'
import { ConnectorError } from '../sdk/errors.ts'
import type { ToldOrder } from '../sdk/model/order.ts'
import { emitEvents } from './events.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease } from './leases.ts'
import { keepUnreadable, settleReadable } from './unreadable.ts'

/** A platform that always has another page is broken; this many pages are one run. */
const mostPages = 10_000

/** Reads new and changed orders page by page; each page is one transaction with its cursor. */
export async function pullOrders(lane: Lane): Promise<void> {
  const operation = lane.connector.operations.pullOrders
  if (!operation) return
  let after = await readCursor(lane, 'orders')
  for (let page = 0; ; page += 1) {
    if (page >= mostPages)
      throw new ConnectorError(
        'unexpected',
        `${lane.connector.name} gives page after page of orders without an end.`,
      )
    lane.run.assertWanted()
    const answer: Page<ToldOrder> = await operation.run(lane.client, after)
    if (answer.more && answer.next === after)
      throw new ConnectorError(
        'unexpected',
        `${lane.connector.name} says that more orders wait but gives the same cursor again.`,
      )
    await takeOrders(lane, answer, async (tx, act) => writeCursor(tx, lane, 'orders', answer, act))
    after = answer.next
    if (!answer.more) return
  }
}

/**
 * Reads orders that a webhook named, or that we ask about because they have been silent. Returns the ids that
 * the platform knows nothing of.
 */
export async function readOrders(lane: Lane, externalIds: readonly string[]): Promise<string[]> {
  const operation = lane.connector.operations.readOrders
  if (!operation || externalIds.length === 0) return []
  const page = await operation(lane.client, externalIds)
  await takeOrders(lane, page, async () => {})
  const told = new Set([...page.items, ...(page.unreadable ?? [])].map((order) => order.externalId))
  return externalIds.filter((id) => !told.has(id))
}

async function takeOrders(
  lane: Lane,
  page: Page<ToldOrder>,
  saveCursor: (tx: Tx, act: Act) => Promise<void>,
): Promise<void> {
  const { hub, connection, lease } = lane
  const act = systemAct(hub, `sync:${connection.name}`)
  const counts = await transact(hub.db, async (tx) => {
    await assertLease(tx, lease)
    const read = await readOrderStates(tx, connection, page.items, act)
    const taken = await importPage(tx, connection, read.orders, act)
    const unreadable = [...(page.unreadable ?? []), ...read.unreadable, ...taken.refused]
    await settleReadable(
      tx,
      connection,
      'order',
      read.orders.map((order) => order.externalId),
      act,
    )
    await keepUnreadable(tx, connection, 'order', unreadable, act)
    await saveCursor(tx, act)
    await emitEvents(tx, hub, taken.events)
    return { ...taken, unreadable: unreadable.length }
  })
  count(lane, 'imported', counts.imported)
  count(lane, 'changed', counts.changed)
  count(lane, 'unreadable', counts.unreadable)
  hub.metrics.ordersPulled.inc({ connection: connection.id, outcome: 'imported' }, counts.imported)
  hub.metrics.ordersPulled.inc({ connection: connection.id, outcome: 'changed' }, counts.changed)
  hub.metrics.ordersPulled.inc({ connection: connection.id, outcome: 'unreadable' }, counts.unreadable)
}

export async function readCursor(
  lane: Pick<Lane, 'hub' | 'connection'>,
  stream: string,
): Promise<string | null> {
  const [row] = await lane.hub.db
    .select()
    .from(cursors)
    .where(and(eq(cursors.connectionId, lane.connection.id), eq(cursors.stream, stream)))
  return row?.cursor ?? null
}

export async function writeCursor(
  tx: Tx,
  lane: Pick<Lane, 'connection'>,
  stream: string,
  page: { next: string | null; more: boolean },
  act: Act,
): Promise<void> {
  const values = { cursor: page.next, isComplete: !page.more, updatedAt: act.now }
  await tx
    .insert(cursors)
    .values({ connectionId: lane.connection.id, stream, ...values })
    .onConflictDoUpdate({ target: [cursors.connectionId, cursors.stream], set: values })
}
