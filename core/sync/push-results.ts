import { sql } from 'drizzle-orm'
import { rows } from '../db/client.ts'
import { tickets } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { newId } from '../lib/id.ts'
import { type NewProblem, raiseProblems, settleProblems } from '../problems/problems.ts'
import type { ItemResult } from '../sdk/connector.ts'
import type { ConnectorError } from '../sdk/errors.ts'
import { failurePolicy, waitBeforeRetry } from '../sdk/failure-policy.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import { emitEvents } from './events.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { type Planned, type PushPlan, pushProblemKey } from './plan.ts'
import { proposeSteps, useApprovals } from './price-steps.ts'
import { acknowledge, type Deferred, type Dirty, defer, holdForTicket } from './push-state.ts'

const dayMs = 86_400_000

/** Writes down what needs no call: what is in step already, what cannot be sent, what a person must approve. */
export async function recordPlan(lane: Lane, aspect: Aspect, plan: PushPlan): Promise<void> {
  const { hub, lease } = lane
  const act = systemAct(hub)
  const until = new Date(act.now.getTime() + dayMs)
  const held = [...plan.blocked.map(({ item }) => item), ...plan.steps.map(({ item }) => item)]
  if (plan.unchanged.length + held.length === 0) return
  await transact(hub.db, async (tx) => {
    await acknowledge(tx, lease, aspect, plan.unchanged, act.now)
    await settleProblems(tx, settledKeys(aspect, plan.unchanged), act)
    await defer(
      tx,
      lease,
      aspect,
      held.map((item) => ({ listingId: item.listingId, revision: item.revision, until, isRefused: true })),
    )
    await raiseProblems(
      tx,
      plan.blocked.map(({ problem }) => problem),
      act,
    )
    await proposeSteps(tx, lane, plan.steps, act)
  })
  count(lane, 'unchanged', plan.unchanged.length)
  count(lane, 'blocked', held.length)
}

/** Problems that a success closes; asked only for items that had one. */
const settledKeys = (aspect: Aspect, items: readonly Dirty[]): string[] =>
  items
    .filter((item) => item.wasRefused || item.attempts > 0)
    .map((item) => pushProblemKey(item.listingId, aspect))

/** Writes down what became of each item that was sent. */
export async function recordResults(
  lane: Lane,
  aspect: Aspect,
  batch: readonly Planned[],
  results: readonly ItemResult[],
): Promise<void> {
  const { hub, lease, connection } = lane
  const act = systemAct(hub)
  const taken = batch.filter((_, index) => results[index]!.ok)
  const failed = batch.flatMap((item, index) => {
    const result = results[index]!
    return result.ok ? [] : [{ item, error: result.error }]
  })
  await transact(hub.db, async (tx) => {
    await acknowledge(tx, lease, aspect, taken, act.now)
    if (aspect === 'price') await useApprovals(tx, taken)
    await settleProblems(tx, settledKeys(aspect, taken), act)
    await defer(
      tx,
      lease,
      aspect,
      failed.map(({ item, error }) => toDeferred(item, error, act.now)),
    )
    await raiseProblems(
      tx,
      failed.flatMap(({ item, error }) => refusalProblem(lane, aspect, item, error)),
      act,
    )
    await noteIssues(tx, failed)
    await emitEvents(
      tx,
      hub,
      failed
        .filter(({ error }) => failurePolicy[error.kind].retry === 'when_changed')
        .map(({ item }) => ({
          event: 'listing.refused' as const,
          data: { listingId: item.listingId, connectionId: connection.id, aspect },
        })),
    )
  })
  count(lane, 'pushed', taken.length)
  count(lane, 'refused', failed.length)
  hub.metrics.itemsPushed.inc({ connection: connection.id, aspect, outcome: 'acknowledged' }, taken.length)
  for (const { error } of failed) {
    hub.metrics.itemsPushed.inc({ connection: connection.id, aspect, outcome: error.kind })
    hub.metrics.callFailures.inc({ connection: connection.id, kind: error.kind })
  }
}

function toDeferred(item: Planned, error: ConnectorError, now: Date): Deferred {
  const wait = waitBeforeRetry(error.kind, item.attempts + 1, error.retryAfterMs)
  return {
    listingId: item.listingId,
    revision: item.revision,
    until: new Date(now.getTime() + wait),
    isRefused: failurePolicy[error.kind].retry === 'when_changed',
  }
}

/** A refusal reaches the operator at once and in the vendor's words; what heals by itself only when it lasts. */
function refusalProblem(lane: Lane, aspect: Aspect, item: Planned, error: ConnectorError): NewProblem[] {
  const policy = failurePolicy[error.kind]
  if (policy.tell === 'nobody' || item.attempts + 1 < policy.tellAfter) return []
  const { connection } = lane
  const sent = item.diff
    .map((line) => `${line.field} ${line.to ?? 'nothing'}`)
    .join(', ')
    .slice(0, 300)
  const isGone = error.kind === 'not_found'
  return [
    {
      kind: isGone ? 'listing_missing' : error.kind === 'unexpected' ? 'unexpected' : 'push_refused',
      key: pushProblemKey(item.listingId, aspect),
      connectionId: connection.id,
      subject: item.listingId,
      message: isGone
        ? `${connection.name} no longer knows the listing of ${item.ref.sku} (${item.ref.externalId}).`
        : `${connection.name} refused the ${aspect} of ${item.ref.sku} (${sent}): ${error.message}`,
      vendorMessage: error.vendorMessage ?? error.issues[0]?.message,
      field: error.issues[0]?.field ?? aspect,
      detail: { sku: item.ref.sku, code: error.vendorCode ?? null, issues: error.issues, diff: item.diff },
    },
  ]
}

async function noteIssues(
  tx: Parameters<typeof raiseProblems>[0],
  failed: readonly { item: Planned; error: ConnectorError }[],
): Promise<void> {
  const items = failed
    .filter(({ error }) => error.issues.length > 0)
    .map(({ item, error }) => ({ id: item.listingId, issues: error.issues }))
  if (items.length === 0) return
  await tx.execute(
    sql`update listings set issues = item.issues from ${rows(items, 'id text, issues jsonb')} where listings.id = item.id`,
  )
}

/** How long a ticket may stay open before somebody is told and its items are sent again. */
export const ticketPatienceMs = dayMs

/** Keeps a ticket with what was sent under it; its items rest until it is settled. */
export async function recordTicket(
  lane: Lane,
  aspect: Aspect,
  ticket: string,
  batch: readonly Planned[],
): Promise<void> {
  const now = lane.hub.clock.now()
  await transact(lane.hub.db, async (tx) => {
    await tx.insert(tickets).values({
      id: newId('tkt', now.getTime()),
      connectionId: lane.connection.id,
      aspect,
      ticket,
      items: batch.map((item) => ({ listingId: item.listingId, revision: item.revision })),
      changes: batch.map((item) => ({
        change: item.change,
        value: item.value,
        fingerprint: item.fingerprint,
        attempts: item.attempts,
        diff: item.diff,
      })),
      submittedAt: now,
    })
    await holdForTicket(
      tx,
      aspect,
      batch.map((item) => item.listingId),
      new Date(now.getTime() + ticketPatienceMs),
    )
  })
}
