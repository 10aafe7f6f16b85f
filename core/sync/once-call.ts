import { DrizzleQueryError, sql } from 'drizzle-orm'
import PQueue from 'p-queue'
import { rows } from '../db/client.ts'
import { wake } from '../listings/dirty.ts'
import type { Once, OnceFind } from '../sdk/connector.ts'
import { ConnectorError, type FailureKind, toConnectorError } from '../sdk/errors.ts'
import { failurePolicy, waitBeforeRetry } from '../sdk/failure-policy.ts'
import type { Lane } from './lane.ts'
import { assertLease, LeaseLostError } from './leases.ts'
import { onceHandlers, type Success } from './once-handlers.ts'
import { abandon, askPerson, record, recordSuccesses, refuse } from './once-record.ts'
import type { OnceCall, OnceOperation } from './once-request.ts'

/** Calls under way at once; the rate bucket decides how fast they go out. */
const concurrency = 4
/** After so many unclear outcomes a person decides. */
const mostLooks = 8

type AnyOnce = Once<unknown, unknown, unknown>
type Ready = { call: OnceCall; input: unknown }

/**
 * Makes calls of one operation: marked as running before they go out, so that a worker that dies leaves a
 * trace to look after, and recorded together. A failure of the whole platform is thrown once all that went
 * out is recorded; what did not go out waits again.
 */
export async function makeCalls(lane: Lane, calls: readonly OnceCall[]): Promise<void> {
  const name = calls[0]!.operation as OnceOperation
  const operation = lane.connector.operations[name] as AnyOnce | undefined
  if (!operation) {
    const error = new ConnectorError('rejected', `${lane.connector.name} cannot ${name}.`)
    for (const call of calls) await refuse(lane, call, error)
    return
  }
  const { load, tooLate } = onceHandlers[name]
  const inputs = await load(lane, calls)
  for (const call of calls) if (!inputs.has(call.id)) await abandon(lane, call)
  const ready = calls
    .filter((call) => inputs.has(call.id))
    .map((call) => ({ call, input: inputs.get(call.id) }))
  const looked = await eachOf(ready, (item) => lookFirst(lane, operation, item))
  await recordSuccesses(
    lane,
    name,
    looked.results.flatMap((result) => (typeof result === 'object' ? [result] : [])),
  )
  if (looked.stop) throw looked.stop
  const open = ready.filter((_, index) => looked.results[index] === 'run')
  const late =
    (await tooLate?.(
      lane,
      open.map(({ call }) => call),
    )) ?? new Set<string>()
  for (const { call } of open) if (late.has(call.id)) await abandon(lane, call)
  const toRun = open.filter(({ call }) => !late.has(call.id))
  await markRunning(lane, toRun)
  const ran = await eachOf(toRun, (item) => runCall(lane, operation, item))
  await recordSuccesses(
    lane,
    name,
    ran.results.flatMap((result) => (result && result !== 'done' ? [result] : [])),
  )
  if (!ran.stop) return
  await putBack(
    lane,
    toRun.filter((_, index) => !ran.begun.has(index)),
  )
  throw ran.stop
}

/** Runs a few at a time. After an error that stops the run nothing more is begun. */
async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<{ results: (Result | undefined)[]; begun: Set<number>; stop: unknown }> {
  const queue = new PQueue({ concurrency })
  const results: (Result | undefined)[] = items.map(() => undefined)
  const begun = new Set<number>()
  let stop: unknown
  items.forEach((item, index) => {
    void queue.add(async () => {
      if (stop) return
      begun.add(index)
      try {
        results[index] = await work(item)
      } catch (error) {
        stop ??= error
      }
    })
  })
  await queue.onIdle()
  return { results, begun, stop }
}

/** After an unclear outcome: asks the platform whether it happened. `run` when it did not, or was never tried. */
async function lookFirst(
  lane: Lane,
  operation: AnyOnce,
  { call, input }: Ready,
): Promise<Success | 'run' | 'asked'> {
  if (call.state === 'waiting' || operation.find === 'repeatable') return 'run'
  if (operation.find === 'unsupported') {
    await askPerson(lane, call, `${lane.connector.name} offers no way to look.`)
    return 'asked'
  }
  const found = await look(lane, operation.find, { call, input })
  if (found === 'asked') return found
  if (found !== null) return { call, input, output: found, isExact: false }
  if (!isToldOf(call)) return 'run'
  await record(lane, call, { state: 'done', error: null, finishedAt: lane.hub.clock.now() })
  await wake(lane.hub.db, [{ task: 'reconcile', connectionId: lane.connection.id }])
  return 'asked'
}

/** Whether a person has said that it happened: it is not done again, even where a look does not show it. */
const isToldOf = (call: OnceCall): boolean => (call.output as { isTold?: boolean } | null)?.isTold === true

/** Asks the platform. A look that fails for this call alone is put off, and must not hold up the others. */
async function look(
  lane: Lane,
  find: OnceFind<unknown, unknown, unknown>,
  { call, input }: Ready,
): Promise<unknown> {
  try {
    return await find(lane.client, input, call.key)
  } catch (error) {
    if (error instanceof LeaseLostError || error instanceof DrizzleQueryError) throw error
    const failure = toConnectorError(error)
    if (failurePolicy[failure.kind].stops !== 'item') throw failure
    const attempts = call.attempts + 1
    if (attempts >= mostLooks) await askPerson(lane, call, failure.message)
    else {
      const notBefore = new Date(lane.hub.clock.now().getTime() + waitBeforeRetry('uncertain', attempts))
      await record(lane, call, { state: 'uncertain', error: failure.message, notBefore, attempts })
    }
    return 'asked'
  }
}

async function markRunning(lane: Lane, items: readonly Ready[]): Promise<void> {
  if (items.length === 0) return
  await lane.hub.db.transaction(async (tx) => {
    await assertLease(tx, lane.lease)
    await tx.execute(sql`
      update once_calls call set state = 'running', attempts = call.attempts + 1
      from ${rows(
        items.map(({ call }) => ({ id: call.id })),
        'id text',
      )} where call.id = item.id`)
  })
}

/** These were marked but never sent. */
async function putBack(lane: Lane, items: readonly Ready[]): Promise<void> {
  await lane.hub.db.transaction(async (tx) => {
    await assertLease(tx, lane.lease)
    await tx.execute(sql`
      update once_calls call set state = 'waiting', attempts = call.attempts - 1
      from ${rows(
        items.map(({ call }) => ({ id: call.id })),
        'id text',
      )} where call.id = item.id and call.state = 'running'`)
  })
}

/** Sends one call. What is unclear, refused or put off is recorded here; a success is left to the chunk. */
async function runCall(lane: Lane, operation: AnyOnce, { call, input }: Ready): Promise<Success | 'done'> {
  try {
    return { call, input, output: await operation.run(lane.client, input, call.key), isExact: true }
  } catch (error) {
    if (error instanceof LeaseLostError || error instanceof DrizzleQueryError) throw error
    return afterFailure(
      lane,
      operation,
      { call: { ...call, attempts: call.attempts + 1 }, input },
      toConnectorError(error),
    )
  }
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
  operation: AnyOnce,
  { call, input }: Ready,
  error: ConnectorError,
): Promise<Success | 'done'> {
  const { clock, metrics } = lane.hub
  metrics.callFailures.inc({ connection: lane.connection.id, kind: error.kind })
  if (error.kind === 'rejected' || error.kind === 'not_found') {
    // A platform that refuses because the thing exists already: an earlier attempt of ours, or somebody's hand.
    const { find } = operation
    const mayExist = call.operation === 'createListing' && typeof find === 'function'
    const found = mayExist ? await find(lane.client, input, call.key) : null
    if (found !== null) return { call, input, output: found, isExact: false }
    await refuse(lane, call, error)
    return 'done'
  }
  const notBefore = new Date(
    clock.now().getTime() + waitBeforeRetry(error.kind, call.attempts, error.retryAfterMs),
  )
  if (!isUnclear[error.kind]) {
    await record(lane, call, { state: 'waiting', error: error.message, notBefore })
    throw error
  }
  if (call.attempts >= mostLooks) await askPerson(lane, call, error.message)
  else await record(lane, call, { state: 'uncertain', error: error.message, notBefore })
  return 'done'
}
