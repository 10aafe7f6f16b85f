import { eq, sql } from 'drizzle-orm'
import { rows, type Tx } from '../db/client.ts'
import { onceCalls } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { type NewProblem, type ProblemKind, raiseProblems, settleProblems } from '../problems/problems.ts'
import type { ConnectorError } from '../sdk/errors.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease } from './leases.ts'
import { onceHandlers, type Success } from './once-handlers.ts'
import { type OnceCall, type OnceOperation, onceProblemKey } from './once-request.ts'

type Change = Partial<Pick<OnceCall, 'state' | 'error' | 'notBefore' | 'finishedAt' | 'attempts'>>

/** Writes down what became of a call, and its problem. @throws LeaseLostError when the lane is another's by now. */
export async function record(
  lane: Lane,
  call: OnceCall,
  change: Change,
  problem?: Omit<NewProblem, 'key' | 'connectionId' | 'subject'>,
  also: (tx: Tx) => Promise<void> = async () => {},
): Promise<void> {
  const { hub, connection, lease } = lane
  await transact(hub.db, async (tx) => {
    await assertLease(tx, lease)
    await tx.update(onceCalls).set(change).where(eq(onceCalls.id, call.id))
    await also(tx)
    if (!problem) return
    const about = { key: onceProblemKey(call.id), connectionId: connection.id, subject: call.subject }
    await raiseProblems(tx, [{ ...about, ...problem }], systemAct(hub))
  })
}

/** Writes down calls that are done, with all that follows from them here. */
export async function recordSuccesses(
  lane: Lane,
  name: OnceOperation,
  successes: readonly Success[],
): Promise<void> {
  if (successes.length === 0) return
  const act = systemAct(lane.hub, `sync:${lane.connection.name}`)
  const { effect, summary = (output: unknown) => output } = onceHandlers[name]
  const done = successes.map(({ call, output }) => ({ id: call.id, output: summary(output) ?? true }))
  await transact(lane.hub.db, async (tx) => {
    await assertLease(tx, lane.lease)
    await effect(tx, lane, successes, act)
    await tx.execute(sql`
      update once_calls call set state = 'done', output = item.output, error = null, not_before = null, finished_at = ${act.now.toISOString()}::timestamptz
      from ${rows(done, 'id text, output jsonb')} where call.id = item.id`)
    await settleProblems(
      tx,
      successes.map(({ call }) => onceProblemKey(call.id)),
      act,
    )
  })
  count(lane, name, successes.length)
}

const wordsOf: Record<OnceOperation, string> = {
  createListing: 'list product',
  acknowledgeOrder: 'acknowledge order',
  confirmShipment: 'confirm the shipment of',
  cancelOrder: 'cancel order',
  refund: 'refund order',
  bookShipment: 'book shipment',
  cancelShipment: 'cancel shipment',
  createCoupon: 'make coupon',
  endCoupon: 'end coupon',
}

/** What a call is about, as it stands in messages: "refund order 17". */
function describeCall(call: OnceCall): string {
  const operation = call.operation as OnceOperation
  return `${wordsOf[operation]} ${onceHandlers[operation].nameOf?.(call) ?? call.key}`
}

/** Nobody wants the call any more. */
export const abandon = (lane: Lane, call: OnceCall): Promise<void> =>
  record(lane, call, { state: 'abandoned', error: null, finishedAt: lane.hub.clock.now() })

const refusalKinds: Partial<Record<OnceOperation, ProblemKind>> = {
  createListing: 'creation_refused',
  bookShipment: 'booking_refused',
  refund: 'refund_refused',
  createCoupon: 'coupon_refused',
  endCoupon: 'coupon_not_ended',
}

export async function refuse(lane: Lane, call: OnceCall, error: ConnectorError): Promise<void> {
  const change = { state: 'refused', error: error.message, finishedAt: lane.hub.clock.now() } as const
  const what = describeCall(call)
  const problem = {
    kind: refusalKinds[call.operation as OnceOperation] ?? 'push_refused',
    message: `${lane.connection.name} refused to ${what}: ${error.message}`,
    vendorMessage: error.vendorMessage ?? error.issues[0]?.message,
    field: error.issues[0]?.field,
    detail: { code: error.vendorCode ?? null, issues: error.issues, onceCall: call.id },
  }
  const act = systemAct(lane.hub, `sync:${lane.connection.name}`)
  await record(lane, call, change, problem, async (tx) => {
    await onceHandlers[call.operation as OnceOperation].refused?.(tx, call, act, error)
  })
  count(lane, 'refused', 1)
}

export async function askPerson(lane: Lane, call: OnceCall, why: string): Promise<void> {
  const change = { state: 'needs_decision', error: why, finishedAt: lane.hub.clock.now() } as const
  const what = describeCall(call)
  await record(lane, call, change, {
    kind: 'needs_decision',
    message: `Nobody can tell whether ${lane.connection.name} did ${what}. ${why} Look there: did it happen?`,
    detail: { onceCall: call.id },
  })
}
