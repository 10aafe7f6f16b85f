import { and, asc, DrizzleQueryError, eq, inArray, sql } from 'drizzle-orm'
import PQueue from 'p-queue'
import type { Tx } from '../db/client.ts'
import { onceCalls } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { wake } from '../listings/dirty.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import type { MarketplaceOperation, Once } from '../sdk/connector.ts'
import { ConnectorError, type FailureKind, toConnectorError } from '../sdk/errors.ts'
import { waitBeforeRetry } from '../sdk/failure-policy.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease, LeaseLostError } from './leases.ts'
import { onceHandlers, type Success } from './once-handlers.ts'

export type OnceCall = typeof onceCalls.$inferSelect
export type OnceOperation =
  | 'createListing'
  | 'acknowledgeOrder'
  | 'confirmShipment'
  | 'cancelOrder'
  | 'refund'

export type OnceRequest = {
  connectionId: string
  operation: OnceOperation
  key: string
  subject: string
  input: unknown
}

/**
 * Asks for something that must not happen twice. The row with its key is there before the call; asking again
 * with the same key changes nothing. One that was refused or abandoned may be asked for anew.
 */
export async function requestOnce(tx: Tx, requests: readonly OnceRequest[], act: Act): Promise<number> {
  if (requests.length === 0) return 0
  const made = await tx
    .insert(onceCalls)
    .values(
      requests.map((request) => ({ id: newId('onc', act.now.getTime()), ...request, createdAt: act.now })),
    )
    .onConflictDoUpdate({
      target: [onceCalls.connectionId, onceCalls.operation, onceCalls.key],
      set: { state: 'waiting', input: sql`excluded.input`, error: null, notBefore: null, finishedAt: null },
      setWhere: sql`${onceCalls.state} in ('refused', 'abandoned')`,
    })
    .returning({ id: onceCalls.id })
  await wake(
    tx,
    requests.map((request) => ({ task: 'once', connectionId: request.connectionId })),
  )
  return made.length
}

const concurrency = 4
const pageSize = 100
/** After so many unclear outcomes a person decides. */
const mostLooks = 8

/** Makes the open calls of a connection, each once. What an earlier worker left running is looked for first. */
export async function runOnceCalls(lane: Lane): Promise<void> {
  for (;;) {
    const due = await claim(lane)
    if (due.length === 0) return
    const queue = new PQueue({ concurrency })
    let stop: unknown
    for (const call of due) {
      void queue.add(async () => {
        if (stop) return
        try {
          await makeCall(lane, call)
        } catch (error) {
          stop ??= error
        }
      })
    }
    await queue.onIdle()
    if (stop) throw stop
  }
}

async function claim(lane: Lane): Promise<OnceCall[]> {
  const { db, clock } = lane.hub
  return db
    .select()
    .from(onceCalls)
    .where(
      and(
        eq(onceCalls.connectionId, lane.connection.id),
        inArray(onceCalls.state, ['waiting', 'running', 'uncertain']),
        sql`(${onceCalls.notBefore} is null or ${onceCalls.notBefore} <= ${clock.now().toISOString()}::timestamptz)`,
      ),
    )
    .orderBy(asc(onceCalls.createdAt), asc(onceCalls.id))
    .limit(pageSize)
}

async function makeCall(lane: Lane, call: OnceCall): Promise<void> {
  const operation = lane.connector.operations[call.operation as MarketplaceOperation] as
    | Once<unknown, unknown, unknown>
    | undefined
  if (!operation)
    return refuse(
      lane,
      call,
      new ConnectorError('rejected', `${lane.connector.name} cannot ${call.operation}.`),
    )
  const handler = onceHandlers[call.operation as OnceOperation]
  const input = await handler.load(lane, call)
  if (input === null) return finish(lane, call, 'abandoned', null)
  if (call.state !== 'waiting' && (await lookFirst(lane, call, operation, input))) return
  await lane.hub.db.transaction(async (tx) => {
    await assertLease(tx, lane.lease)
    await tx
      .update(onceCalls)
      .set({ state: 'running', attempts: call.attempts + 1 })
      .where(eq(onceCalls.id, call.id))
  })
  try {
    const output = await operation.run(lane.client, input, call.key)
    await succeed(lane, call, { input, output, isExact: true })
  } catch (error) {
    if (!(error instanceof ConnectorError) && isOurs(error)) throw error
    await afterFailure(
      lane,
      { ...call, attempts: call.attempts + 1 },
      operation,
      input,
      toConnectorError(error),
    )
  }
}

/** Errors of the database or the lease are no outcome of the call. */
const isOurs = (error: unknown): boolean =>
  error instanceof LeaseLostError || error instanceof DrizzleQueryError

/** After an unclear outcome: asks the platform whether it happened. True when the call needs nothing more now. */
async function lookFirst(
  lane: Lane,
  call: OnceCall,
  operation: Once<unknown, unknown, unknown>,
  input: unknown,
): Promise<boolean> {
  if (operation.find === 'unsupported') {
    await askPerson(lane, call, `${lane.connector.name} offers no way to look.`)
    return true
  }
  const found = await operation.find(lane.client, input, call.key)
  if (found === null) return false
  await succeed(lane, call, { input, output: found, isExact: false })
  return true
}

const isUnclear: Record<FailureKind, boolean> = {
  uncertain: true,
  unexpected: true,
  rate_limited: false,
  unavailable: false,
  auth: false,
  rejected: false,
  not_found: false,
}

async function afterFailure(
  lane: Lane,
  call: OnceCall,
  operation: Once<unknown, unknown, unknown>,
  input: unknown,
  error: ConnectorError,
): Promise<void> {
  lane.hub.metrics.callFailures.inc({ connection: lane.connection.id, kind: error.kind })
  if (error.kind === 'rejected' || error.kind === 'not_found') {
    // A platform that refuses because the thing exists already: an earlier attempt of ours, or somebody's hand.
    const found =
      call.operation === 'createListing' && operation.find !== 'unsupported'
        ? await operation.find(lane.client, input, call.key)
        : null
    return found === null
      ? refuse(lane, call, error)
      : succeed(lane, call, { input, output: found, isExact: false })
  }
  const wait = waitBeforeRetry(error.kind, call.attempts, error.retryAfterMs)
  const notBefore = new Date(lane.hub.clock.now().getTime() + wait)
  if (!isUnclear[error.kind]) {
    await lane.hub.db
      .update(onceCalls)
      .set({ state: 'waiting', error: error.message, notBefore })
      .where(eq(onceCalls.id, call.id))
    throw error
  }
  if (call.attempts >= mostLooks) return askPerson(lane, call, error.message)
  await lane.hub.db
    .update(onceCalls)
    .set({ state: 'uncertain', error: error.message, notBefore })
    .where(eq(onceCalls.id, call.id))
}

async function succeed(lane: Lane, call: OnceCall, success: Success): Promise<void> {
  const act = systemAct(lane.hub, `sync:${lane.connection.name}`)
  await transact(lane.hub.db, async (tx) => {
    await assertLease(tx, lane.lease)
    await onceHandlers[call.operation as OnceOperation].effect(tx, lane, call, success, act)
    await tx
      .update(onceCalls)
      .set({ state: 'done', output: success.output ?? true, error: null, finishedAt: act.now })
      .where(eq(onceCalls.id, call.id))
    await settleProblems(tx, [onceProblemKey(call.id)], act)
  })
  count(lane, call.operation, 1)
}

async function finish(
  lane: Lane,
  call: OnceCall,
  state: 'abandoned' | 'refused' | 'needs_decision',
  error: string | null,
): Promise<void> {
  await lane.hub.db
    .update(onceCalls)
    .set({ state, error, finishedAt: lane.hub.clock.now() })
    .where(eq(onceCalls.id, call.id))
}

const onceProblemKey = (callId: string) => `once:${callId}`

async function refuse(lane: Lane, call: OnceCall, error: ConnectorError): Promise<void> {
  await finish(lane, call, 'refused', error.message)
  count(lane, 'refused', 1)
  await raiseProblems(
    lane.hub.db,
    [
      {
        kind: call.operation === 'createListing' ? 'creation_refused' : 'push_refused',
        key: onceProblemKey(call.id),
        connectionId: lane.connection.id,
        subject: call.subject,
        message: `${lane.connection.name} refused to ${wordsOf[call.operation as OnceOperation]} ${call.key}: ${error.message}`,
        vendorMessage: error.vendorMessage ?? error.issues[0]?.message,
        field: error.issues[0]?.field,
        detail: { code: error.vendorCode ?? null, issues: error.issues, onceCall: call.id },
      },
    ],
    systemAct(lane.hub),
  )
}

const wordsOf: Record<OnceOperation, string> = {
  createListing: 'list product',
  acknowledgeOrder: 'acknowledge order',
  confirmShipment: 'confirm the shipment of',
  cancelOrder: 'cancel order',
  refund: 'refund order',
}

async function askPerson(lane: Lane, call: OnceCall, why: string): Promise<void> {
  await finish(lane, call, 'needs_decision', why)
  const message = `Nobody can tell whether ${lane.connection.name} did ${wordsOf[call.operation as OnceOperation]} ${call.key}. ${why} Look there: did it happen?`
  await raiseProblems(
    lane.hub.db,
    [
      {
        kind: 'needs_decision',
        key: onceProblemKey(call.id),
        connectionId: lane.connection.id,
        subject: call.subject,
        message,
        detail: { onceCall: call.id },
      },
    ],
    systemAct(lane.hub),
  )
}
