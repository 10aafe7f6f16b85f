import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { connections, onceCalls } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { wake } from '../listings/dirty.ts'
import { settleProblems } from '../problems/problems.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'
import type { Hub } from './hub.ts'
import { onceHandlers } from './once-handlers.ts'
import { type OnceCall, type OnceOperation, onceProblemKey } from './once-request.ts'

/** What a person found where the hub could not look. */
export type Decision = {
  happened: boolean
  /** Of a booking that happened: what the courier calls it, as it shows there. */
  booking?: { externalId: string | null; trackingNumbers: readonly string[] } | undefined
}

/**
 * A person has looked whether an unclear call happened. If not, it is made again from scratch. If it did, what
 * follows from it here is done. Where that needs the platform's answer, such as an id, the connector looks for it if it
 * can; a listing is else found by reconciling.
 * @throws NotFoundError, ConflictError when nobody was asked about this call, InputError when more must be told.
 */
export async function decideOnce(
  tx: Tx,
  hub: Pick<Hub, 'connectors' | 'plugins' | 'queue'>,
  callId: string,
  decision: Decision,
  act: Act,
): Promise<OnceCall['state']> {
  const [call] = await tx.select().from(onceCalls).where(eq(onceCalls.id, callId)).for('update')
  if (!call) throw new NotFoundError(`There is no call ${callId}.`)
  if (call.state !== 'needs_decision')
    throw new ConflictError(`Nothing is to be decided about call ${callId}: it is ${call.state}.`)
  const [connection] = await tx.select().from(connections).where(eq(connections.id, call.connectionId))
  const isListing = call.operation === 'createListing'
  const operation = hub.connectors.get(connection!.connector)?.operations[call.operation as OnceOperation]
  const canLook = typeof operation?.find === 'function'
  const { told, needsAnswer = false } = onceHandlers[call.operation as OnceOperation]
  const state = !decision.happened ? 'waiting' : needsAnswer && canLook ? 'uncertain' : 'done'
  if (state === 'done') {
    await told?.(tx, hub, { call, decision, connection: connection! }, act)
  }
  await tx
    .update(onceCalls)
    .set({
      state,
      attempts: 0,
      notBefore: null,
      error: null,
      finishedAt: state === 'done' ? act.now : null,
      output: state === 'done' ? (decision.booking ?? true) : state === 'uncertain' ? { isTold: true } : null,
    })
    .where(eq(onceCalls.id, callId))
  await settleProblems(tx, [onceProblemKey(callId)], act)
  await appendAudit(tx, act, {
    action: 'call.decided',
    subject: callId,
    before: { operation: call.operation, subject: call.subject },
    after: { ...decision, state },
  })
  const task = state !== 'done' ? 'once' : isListing ? 'reconcile' : null
  if (task) await wake(tx, [{ task, connectionId: call.connectionId }])
  return state
}
