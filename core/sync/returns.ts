import type { Tx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { approveReturn, enterReturn, type NewReturn } from '../returns/enter.ts'
import { findUnknownOrders, importReturns } from '../returns/import.ts'
import { lockReturn } from '../returns/lock.ts'
import { type Receipt, receiveReturn } from '../returns/receive.ts'
import type { Page } from '../sdk/connector.ts'
import { ConflictError, ConnectorError, InputError } from '../sdk/errors.ts'
import type { RemoteReturn } from '../sdk/model/order.ts'
import { emitEvents } from './events.ts'
import { type Hub, systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease } from './leases.ts'
import { readCursor, readOrders, writeCursor } from './pull.ts'
import { type RefundWish, type RequestedRefund, requestRefund, shippingLeft } from './refunds.ts'
import { keepUnreadable, settleReadable } from './unreadable.ts'

type Ports = Pick<Hub, 'connectors' | 'plugins' | 'queue'>

/** A platform that always has another page is broken; this many pages are one run. */
const mostPages = 10_000

/** Reads new and changed returns page by page; each page is one transaction with its cursor. */
export async function pullReturns(lane: Lane): Promise<void> {
  const operation = lane.connector.operations.pullReturns
  if (!operation) return
  let after = await readCursor(lane, 'returns')
  for (let page = 0; ; page += 1) {
    const answer: Page<RemoteReturn> = await operation.run(lane.client, after)
    if (page >= mostPages || (answer.more && answer.next === after))
      throw new ConnectorError(
        'unexpected',
        `${lane.connector.name} gives page after page of returns without an end.`,
      )
    await takeReturns(lane, answer)
    after = answer.next
    if (!answer.more) return
  }
}

async function takeReturns(lane: Lane, page: Page<RemoteReturn>): Promise<void> {
  const { hub, connection, lease } = lane
  // A return may be told before its order was read: the order is read first.
  await readOrders(lane, await findUnknownOrders(hub.db, connection.id, page.items))
  const act = systemAct(hub, `sync:${connection.name}`)
  const counts = await transact(hub.db, async (tx) => {
    await assertLease(tx, lease)
    const taken = await importReturns(tx, connection, page.items, act)
    const refused = new Set(taken.refused.map(({ externalId }) => externalId))
    const readable = page.items.map(({ externalId }) => externalId).filter((id) => !refused.has(id))
    await settleReadable(tx, connection, 'return', readable, act)
    await keepUnreadable(tx, connection, 'return', [...(page.unreadable ?? []), ...taken.refused], act)
    await writeCursor(tx, lane, 'returns', page, act)
    await emitEvents(
      tx,
      hub,
      taken.imported.map(({ id, orderId }) => ({
        event: 'return.entered' as const,
        data: { returnId: id, orderId, connectionId: connection.id },
      })),
    )
    return taken
  })
  count(lane, 'returns', counts.imported.length)
  count(lane, 'changed', counts.changed)
  count(lane, 'unreadable', counts.refused.length + (page.unreadable?.length ?? 0))
}

/** Enters a return by hand and tells plugins. @throws NotFoundError, ConflictError, InputError */
export async function takeReturn(tx: Tx, hub: Ports, input: NewReturn, act: Act): Promise<string> {
  const id = await enterReturn(tx, input, act)
  const { orderId, connectionId } = await lockReturn(tx, id)
  await emitEvents(tx, hub, [{ event: 'return.entered', data: { returnId: id, orderId, connectionId } }])
  return id
}

/** Takes goods in and tells plugins. @throws NotFoundError, ConflictError, InputError */
export async function takeGoods(
  tx: Tx,
  hub: Ports,
  id: string,
  revision: number,
  receipts: readonly Receipt[],
  act: Act,
): Promise<void> {
  const { orderId, connectionId } = await receiveReturn(tx, id, revision, receipts, act)
  if (receipts.every(({ disposition }) => disposition === 'missing')) return
  await emitEvents(tx, hub, [{ event: 'return.received', data: { returnId: id, orderId, connectionId } }])
}

export type ReturnRefund = {
  lines: RefundWish['lines']
  /** What of the shipping is given back too. */
  shippingMinor: number
  reason: string
  isMadeElsewhere?: boolean | undefined
}

/**
 * Gives the money of a return back: for units of it, and for shipping. A return whose goods are still to come may be
 * refunded too; one that is refunded or closed may not. @throws NotFoundError, ConflictError, InputError
 */
export async function refundReturn(
  tx: Tx,
  hub: Ports,
  id: string,
  revision: number,
  wish: ReturnRefund,
  act: Act,
): Promise<RequestedRefund> {
  const held = await lockReturn(tx, id, revision)
  if (held.status === 'refunded' || held.status === 'closed')
    throw new ConflictError(`Return ${id} is ${held.status} already. Enter another for further goods.`)
  const { lines, shippingMinor, reason, isMadeElsewhere } = wish
  const shipping = await shippingLeft(tx, held.orderId)
  if (shippingMinor > shipping)
    throw new InputError(
      `The order's shipping was ${shipping}, not ${shippingMinor} (minor units).`,
      'shippingMinor',
    )
  const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0) + shippingMinor
  if (amountMinor <= 0) throw new InputError('A refund must be above zero.', 'lines')
  if (held.status === 'requested') await approveReturn(tx, id, revision, act)
  return requestRefund(
    tx,
    hub,
    held.orderId,
    { reference: id, amountMinor, reason, isRestocked: false, lines, returnId: id, isMadeElsewhere },
    act,
  )
}
