import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { connections, onceCalls, orderEvents } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { wake } from '../listings/dirty.ts'
import { settleProblems } from '../problems/problems.ts'
import type { Connector } from '../sdk/connector.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'
import type { OnceCall, OnceOperation } from './once.ts'

/** What stands on the timeline of an order once its call is known to have happened. */
const eventKinds: Record<Exclude<OnceOperation, 'createListing'>, string> = {
  acknowledgeOrder: 'acknowledged',
  confirmShipment: 'shipment_confirmed',
  cancelOrder: 'cancellation_requested',
  refund: 'refund_requested',
}

/**
 * A person has looked whether an unclear call happened. If not, it is made again from scratch. If it did, an
 * order's call is done; a listing is looked for again to learn its id, by the connector where it can look
 * (`canLook`) and else by reconciling.
 * @throws NotFoundError, ConflictError when nobody was asked about this call.
 */
export async function decideOnce(
  tx: Tx,
  callId: string,
  happened: boolean,
  act: Act,
  canLook = true,
): Promise<OnceCall['state']> {
  const [call] = await tx.select().from(onceCalls).where(eq(onceCalls.id, callId)).for('update')
  if (!call) throw new NotFoundError(`There is no call ${callId}.`)
  if (call.state !== 'needs_decision')
    throw new ConflictError(`Nothing is to be decided about call ${callId}: it is ${call.state}.`)
  const isListing = call.operation === 'createListing'
  const state = !happened ? 'waiting' : isListing && canLook ? 'uncertain' : 'done'
  await tx
    .update(onceCalls)
    .set({
      state,
      attempts: 0,
      notBefore: null,
      error: null,
      finishedAt: state === 'done' ? act.now : null,
      output: state === 'done' ? true : state === 'uncertain' ? { isTold: true } : null,
    })
    .where(eq(onceCalls.id, callId))
  if (state === 'done' && !isListing) await noteOnTimeline(tx, call, act)
  await settleProblems(tx, [`once:${callId}`], act)
  await appendAudit(tx, act, {
    action: 'call.decided',
    subject: callId,
    before: { operation: call.operation, subject: call.subject },
    after: { happened, state },
  })
  const task = state !== 'done' ? 'once' : isListing ? 'reconcile' : null
  if (task) await wake(tx, [{ task, connectionId: call.connectionId }])
  return state
}

async function noteOnTimeline(tx: Tx, call: OnceCall, act: Act): Promise<void> {
  const [connection] = await tx
    .select({ name: connections.name })
    .from(connections)
    .where(eq(connections.id, call.connectionId))
  await tx.insert(orderEvents).values({
    orderId: call.subject,
    kind: eventKinds[call.operation as keyof typeof eventKinds],
    detail: `${act.actor} saw on ${connection?.name} that it happened`,
    actor: act.actor,
    at: act.now,
  })
}

/** Whether the connector behind a call can look whether it happened. */
export async function canLookAgain(
  db: DbOrTx,
  connectors: ReadonlyMap<string, Connector>,
  callId: string,
): Promise<boolean> {
  const [row] = await db
    .select({ connector: connections.connector, operation: onceCalls.operation })
    .from(onceCalls)
    .innerJoin(connections, eq(connections.id, onceCalls.connectionId))
    .where(eq(onceCalls.id, callId))
  const operation = row && connectors.get(row.connector)?.operations[row.operation as OnceOperation]
  return operation !== undefined && operation.find !== 'unsupported'
}
