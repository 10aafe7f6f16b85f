import { DrizzleQueryError, eq } from 'drizzle-orm'
import { type Connection, pauseConnection } from '../connections/connections.ts'
import { connections } from '../db/schema/index.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import type { Connector } from '../sdk/connector.ts'
import { ConnectorError, toConnectorError } from '../sdk/errors.ts'
import { failurePolicy, waitBeforeRetry } from '../sdk/failure-policy.ts'
import { connectorOf, type Hub, systemAct } from './hub.ts'
import { acquireLease, type Lease, LeaseLostError, leaseMs, releaseLease, renewLease } from './leases.ts'
import { cancelRestMs, openRun, type Run, RunCancelledError } from './runs.ts'
import { withinRun } from './scope.ts'

export type Counts = Record<string, number>

/** What a run of a lane works with. */
export type Lane = {
  hub: Hub
  connection: Connection
  connector: Connector
  client: unknown
  lease: Lease
  counts: Counts
  /** Asked between two steps whether it is still wanted. */
  run: Run
}

export type LaneOutcome =
  | { state: 'done'; counts: Counts }
  | { state: 'paused' | 'busy' }
  | { state: 'waiting'; until: Date }
  | { state: 'failed'; error: ConnectorError; until: Date }

/**
 * Runs one lane of a connection under its lease: one worker at a time, failures by the policy table. A failure
 * that concerns the whole connection pauses it and becomes a problem; others let the lane rest and try again.
 */
export async function runLane(
  hub: Hub,
  connectionId: string,
  laneName: string,
  isUrgent: boolean,
  work: (lane: Lane) => Promise<void>,
): Promise<LaneOutcome> {
  const [connection] = await hub.db.select().from(connections).where(eq(connections.id, connectionId))
  if (!connection || connection.status === 'paused') return { state: 'paused' }
  if (connection.status === 'observing' && sendsSomething(laneName)) return { state: 'paused' }
  const attempt = await acquireLease(hub.db, connectionId, laneName, hub.holder)
  if ('busyUntil' in attempt) return { state: 'busy' }
  if ('restsUntil' in attempt) return { state: 'waiting', until: attempt.restsUntil }
  const { lease } = attempt
  const counts: Counts = {}
  const run = openRun(hub, lease, counts)
  const heartbeat = keepAlive(hub, lease, run)
  try {
    const connector = connectorOf(hub.connectors, connection)
    const client = await hub.openClient(connection, isUrgent)
    const lane = { hub, connection, connector, client, lease, counts, run }
    await withinRun(run.tally, () => work(lane))
    await releaseLease(hub.db, lease, { failures: 0, restMs: 0 })
    if (lease.failures > 0)
      await settleProblems(
        hub.db,
        [`unavailable:${connectionId}`, `unexpected:${connectionId}:${laneName}`],
        systemAct(hub),
      )
    await run.finish('done', null)
    return { state: 'done', counts }
  } catch (error) {
    if (error instanceof LeaseLostError) return { state: 'busy' }
    if (error instanceof RunCancelledError) {
      await releaseLease(hub.db, lease, { failures: lease.failures, restMs: cancelRestMs })
      await run.finish('cancelled', error.message)
      return { state: 'waiting', until: new Date(hub.clock.now().getTime() + cancelRestMs) }
    }
    const failure = withoutValues(error)
    if (failure.kind === 'unexpected')
      hub.log.error({ connectionId, lane: laneName, error: failure.message }, 'A lane failed')
    const restMs = await handleFailure(hub, connection, lease, failure)
    await run.finish('failed', failure.message)
    return { state: 'failed', error: failure, until: new Date(hub.clock.now().getTime() + restMs) }
  } finally {
    clearInterval(heartbeat)
  }
}

/** Whether a lane changes anything on the platform; the others only read. */
const sendsSomething = (laneName: string): boolean => laneName === 'once' || laneName.startsWith('push:')

/** A failed statement names its parameters, which may be personal data: only PostgreSQL's own words are kept. */
function withoutValues(error: unknown): ConnectorError {
  if (!(error instanceof DrizzleQueryError)) return toConnectorError(error)
  const words = error.cause instanceof Error ? error.cause.message : 'no reason given'
  return new ConnectorError('unexpected', `The hub's database refused a statement: ${words}`)
}

/**
 * Renews the lease while the run goes on, and writes down how far it is. When the lease is lost, writing results
 * fails; nothing else is needed.
 */
function keepAlive(hub: Hub, lease: Lease, run: Run): NodeJS.Timeout {
  return setInterval(() => {
    run
      .beat()
      .catch((error: unknown) =>
        hub.log.warn({ lane: lease.lane, err: error }, 'How far a run is could not be written down'),
      )
    renewLease(hub.db, lease).catch((error: unknown) =>
      hub.log.warn({ lane: lease.lane, err: error }, 'The lease could not be renewed'),
    )
  }, leaseMs / 3).unref()
}

/** What a lane asks for next time may be answered although this was refused: it never rests for long by itself. */
const longestRestMs = 15 * 60_000

/** How long a lane rests after so many failures in a row. What the platform asks for is kept. */
function restAfter(failure: ConnectorError, failures: number): number {
  const isForItems = failurePolicy[failure.kind].retry === 'when_changed'
  const own = waitBeforeRetry(isForItems ? 'unexpected' : failure.kind, failures)
  return Math.max(Math.min(own, longestRestMs), failure.retryAfterMs ?? 0)
}

/** What follows from a failure of the whole run, by the policy table. Returns how long the lane rests. */
async function handleFailure(
  hub: Hub,
  connection: Connection,
  lease: Lease,
  failure: ConnectorError,
): Promise<number> {
  const act = systemAct(hub)
  const failures = lease.failures + 1
  const policy = failurePolicy[failure.kind]
  hub.metrics.callFailures.inc({ connection: connection.id, kind: failure.kind })
  const restMs = restAfter(failure, failures)
  await releaseLease(hub.db, lease, { failures, restMs })
  const about = {
    connectionId: connection.id,
    subject: connection.id,
    message: `${connection.name}: ${failure.message}`,
    vendorMessage: failure.vendorMessage,
  }
  if (policy.stops === 'connection') {
    await hub.db.transaction(async (tx) => {
      await pauseConnection(tx, connection.id, failure.message, act)
      await raiseProblems(tx, [{ kind: 'auth', key: `auth:${connection.id}`, ...about }], act)
    })
  } else if (policy.tell !== 'nobody' && failures >= policy.tellAfter) {
    const isReach =
      failure.kind === 'unavailable' || failure.kind === 'rate_limited' || failure.kind === 'uncertain'
    const key = isReach ? `unavailable:${connection.id}` : `unexpected:${connection.id}:${lease.lane}`
    await raiseProblems(hub.db, [{ kind: isReach ? 'unavailable' : 'unexpected', key, ...about }], act)
  }
  return restMs
}

/** Adds to a run's count. */
export function count(lane: Pick<Lane, 'counts'>, name: string, by: number): void {
  lane.counts[name] = (lane.counts[name] ?? 0) + by
}
