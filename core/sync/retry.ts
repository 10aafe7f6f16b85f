import { and, eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { query, type Tx } from '../db/client.ts'
import { listings, onceCalls, type problems } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { wake } from '../listings/dirty.ts'
import { problemKinds } from '../problems/kinds.ts'
import { ConflictError } from '../sdk/errors.ts'
import { type Aspect, aspects } from '../sdk/model/listing.ts'
import { markEnding } from './end.ts'
import { type OnceOperation, requestOnce } from './once-request.ts'
import { publishProducts } from './publish.ts'

type Problem = typeof problems.$inferSelect

/** How a kind of problem is tried again; null where this problem is none of its. */
type Retry = (tx: Tx, problem: Problem, act: Act) => Promise<string | null>

/** Calls that were refused and may simply be asked for again: nothing else here changed when they were. */
const repeatable: readonly OnceOperation[] = [
  'createListing',
  'acknowledgeOrder',
  'confirmShipment',
  'cancelOrder',
]

const retries: readonly Retry[] = [retryPush, retryCall, retryEnding, retryPublishing, retryLane]

/**
 * Tries again what a problem tells of, at once. The problem stays open until it is done.
 * @throws ConflictError when it is resolved, or trying again would do nothing.
 */
export async function retryProblem(tx: Tx, problem: Problem, act: Act): Promise<string> {
  if (problem.resolvedAt) throw new ConflictError(`It was resolved already, by ${problem.resolvedBy}.`)
  for (const retry of retries) {
    const what = await retry(tx, problem, act)
    if (what === null) continue
    await appendAudit(tx, act, { action: 'problem.retried', subject: problem.id, after: { what } })
    return what
  }
  const { remedy } = problemKinds[problem.kind as keyof typeof problemKinds] ?? problem
  throw new ConflictError(`Trying again does nothing here. ${remedy}`)
}

/** A value that rests after a refusal is sent now; what was refused stays known, so that success closes the problem. */
async function retryPush(tx: Tx, { key, connectionId }: Problem): Promise<string | null> {
  const [, listingId, aspect] = /^push:([^:]+):(\w+)$/.exec(key) ?? []
  if (!connectionId || !(aspects as readonly string[]).includes(aspect ?? '')) return null
  await tx.execute(sql`
    update listing_aspects set not_before = null
    where listing_id = ${listingId} and aspect = ${aspect} and is_dirty
      and not exists (select 1 from tickets where connection_id = ${connectionId} and settled_at is null
        and aspect = ${aspect} and items @> jsonb_build_array(jsonb_build_object('listingId', ${listingId}::text)))`)
  await wake(tx, [{ task: aspect as Aspect, connectionId }])
  return `push ${aspect}`
}

async function retryCall(tx: Tx, { detail }: Problem, act: Act): Promise<string | null> {
  const { onceCall } = detail as { onceCall?: unknown }
  if (typeof onceCall !== 'string') return null
  const [call] = await tx.select().from(onceCalls).where(eq(onceCalls.id, onceCall)).for('update')
  if (call?.state !== 'refused' || !repeatable.includes(call.operation as OnceOperation)) return null
  const { connectionId, key, subject, input } = call
  await requestOnce(
    tx,
    [{ connectionId, operation: call.operation as OnceOperation, key, subject, input }],
    act,
  )
  return call.operation
}

async function retryEnding(tx: Tx, { key, connectionId }: Problem, act: Act): Promise<string | null> {
  const [, listingId] = /^end:([^:]+)$/.exec(key) ?? []
  if (!listingId || !connectionId) return null
  await markEnding(tx, { connectionId, listingIds: [listingId], reason: 'Tried again' }, act)
  return 'endListing'
}

/** A product that was refused, or whose listing has gone, is published again. */
async function retryPublishing(tx: Tx, problem: Problem, act: Act): Promise<string | null> {
  const { kind, connectionId, subject } = problem
  if (!connectionId || !subject || (kind !== 'creation_refused' && kind !== 'listing_missing')) return null
  const [found] = await query<{ id: string }>(
    tx,
    sql`
    select product_id as id from variants where id = (
      select ${listings.variantId} from ${listings} where ${and(eq(listings.id, subject), eq(listings.connectionId, connectionId))})
    union all select id from products where id = ${subject}`,
  )
  if (!found) return null
  await publishProducts(tx, connectionId, [found.id], act)
  return 'createListing'
}

/** What a lane of a connection is woken by. */
const taskOf = (lane: string): string => lane.replace(/^push:/, '')

/** A lane that rests after failures goes on now. */
async function retryLane(tx: Tx, { key, connectionId }: Problem): Promise<string | null> {
  if (!connectionId) return null
  const [, lane = null] = /^unexpected:[^:]+:(.+)$/.exec(key) ?? []
  if (lane === null && key !== `unavailable:${connectionId}`) return null
  const rested = await query<{ lane: string }>(
    tx,
    sql`
    update leases set not_before = null where connection_id = ${connectionId}
      and (${lane}::text is null or lane = ${lane}) and failures > 0 returning lane`,
  )
  await wake(
    tx,
    rested.map((row) => ({ task: taskOf(row.lane), connectionId })),
  )
  return `go on: ${rested.map((row) => row.lane).join(', ') || 'nothing rests'}`
}
