import { eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { type Connection, findConnection } from '../connections/connections.ts'
import { type DbOrTx, query, type Tx } from '../db/client.ts'
import { onceCalls, type problems } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { wake } from '../listings/dirty.ts'
import { readProblem } from '../problems/read.ts'
import { ConflictError } from '../sdk/errors.ts'
import { type Aspect, aspects } from '../sdk/model/listing.ts'
import { markEnding } from './end.ts'
import { enqueueTask } from './enqueue.ts'
import { connectorOf, type Hub } from './hub.ts'
import { onceHandlers } from './once-handlers.ts'
import type { OnceOperation } from './once-request.ts'
import { type PreviewItem, previewPage } from './preview-page.ts'
import { publishProducts } from './publish.ts'

type Problem = typeof problems.$inferSelect

/** What trying a problem's item again comes to. */
type Attempt =
  | { way: 'push'; connectionId: string; listingId: string; aspect: Aspect }
  | { way: 'end'; connectionId: string; listingId: string }
  | { way: 'call'; connectionId: string; callId: string }
  | { way: 'publish'; connectionId: string; productId: string }
  | { way: 'order'; connectionId: string; externalId: string }
  | { way: 'lanes'; connectionId: string; lane: string | null }

const messages: Record<Attempt['way'], string> = {
  push: 'The present value of the listing is sent once more.',
  end: 'The marketplace is asked once more to take the listing off the shelf.',
  call: 'The call is made once more with what holds now. It was refused, so it did not happen.',
  publish: 'The product is published again with what holds now.',
  order: 'The order is read once more.',
  lanes: 'The connection is tried at once instead of after its rest.',
}

export type RetryPreview = {
  way: Attempt['way']
  /** What would happen, in a sentence. */
  message: string
  /** What would be sent of the listing it is about; empty for anything else. */
  items: PreviewItem[]
}

/** What would happen if the item of a problem were tried again now. Sends nothing. @throws NotFoundError, ConflictError */
export async function previewRetry(hub: Hub, problemId: string): Promise<RetryPreview> {
  const attempt = await findAttempt(hub, hub.db, await readProblem(hub.db, problemId))
  if (attempt.way !== 'push') return { way: attempt.way, message: messages[attempt.way], items: [] }
  const connection = await findConnection(hub.db, attempt.connectionId)
  const { items } = await previewPage(hub, connection, {
    aspects: [attempt.aspect],
    listingIds: [attempt.listingId],
    limit: 1,
  })
  return { way: 'push', message: messages.push, items }
}

/**
 * Tries the item of a problem again: it becomes due and its lane is woken. The problem stays open until it is done:
 * then it is resolved, or seen once more with the platform's new words.
 * @throws NotFoundError, ConflictError when it is resolved, or trying again would do nothing
 */
export async function retryProblem(hub: Hub, tx: Tx, problemId: string, act: Act): Promise<Attempt['way']> {
  const problem = await readProblem(tx, problemId)
  const attempt = await findAttempt(hub, tx, problem)
  await (makeDue[attempt.way] as MakeDue<Attempt>)(tx, attempt, act, hub)
  await appendAudit(tx, act, {
    action: 'problem.retried',
    subject: problemId,
    after: { kind: problem.kind, way: attempt.way },
  })
  return attempt.way
}

type MakeDue<A> = (tx: Tx, attempt: A, act: Act, hub: Hub) => Promise<unknown>
type Of<Way extends Attempt['way']> = Extract<Attempt, { way: Way }>

const makeDue: { [Way in Attempt['way']]: MakeDue<Of<Way>> } = {
  // What was refused stays known, so that success closes the problem; what a feed carries now is not sent twice.
  async push(tx, { connectionId, listingId, aspect }) {
    await tx.execute(sql`
      update listing_aspects set not_before = null
      where listing_id = ${listingId} and aspect = ${aspect} and is_dirty
        and not exists (select 1 from tickets where connection_id = ${connectionId} and settled_at is null
          and aspect = ${aspect} and items @> jsonb_build_array(jsonb_build_object('listingId', ${listingId}::text)))`)
    await wake(tx, [{ task: aspect, connectionId }])
  },
  end: (tx, { connectionId, listingId }, act) =>
    markEnding(tx, { connectionId, listingIds: [listingId], reason: 'Tried again' }, act),
  async call(tx, { connectionId, callId }) {
    await tx
      .update(onceCalls)
      .set({ state: 'waiting', attempts: 0, notBefore: null, error: null, finishedAt: null })
      .where(eq(onceCalls.id, callId))
    await wake(tx, [{ task: 'once', connectionId }])
  },
  publish: (tx, { connectionId, productId }, act) => publishProducts(tx, connectionId, [productId], act),
  // Reading an order changes nothing by itself: it may as well happen although this transaction is undone.
  async order(_tx, { connectionId, externalId }, _act, { queue }) {
    if (!queue) throw new ConflictError('This process starts no jobs. Try again in the admin UI.')
    await enqueueTask(queue, { task: 'orders', connectionId, externalIds: [externalId] })
  },
  async lanes(tx, { connectionId, lane }) {
    const rested = await query<{ lane: string }>(
      tx,
      sql`
      update leases set not_before = null where connection_id = ${connectionId}
        and (${lane}::text is null or lane = ${lane}) and failures > 0 returning lane`,
    )
    await wake(
      tx,
      rested.map((row) => ({ task: row.lane.replace(/^push:/, ''), connectionId })),
    )
  },
}

async function findAttempt(hub: Hub, db: DbOrTx, problem: Problem): Promise<Attempt> {
  if (problem.resolvedAt)
    throw new ConflictError(`Problem ${problem.id} was resolved already, by ${problem.resolvedBy}.`)
  const { connectionId, key, subject } = problem
  if (!connectionId) throw nothingToTry(problem)
  const connection = await findConnection(db, connectionId)
  if (connection.status === 'paused')
    throw new ConflictError(`${connection.name} is paused: resume it, and what waits is tried again.`)
  const [what, first = '', ...rest] = key.split(':')
  const [second] = rest
  if (what === 'push' && isAspect(second))
    return { way: 'push', connectionId, listingId: first, aspect: second }
  if (what === 'end') return { way: 'end', connectionId, listingId: first }
  if (what === 'unreadable' && second === 'order' && subject) return orderAttempt(hub, connection, problem)
  if (what === 'unavailable') return { way: 'lanes', connectionId, lane: null }
  if (what === 'unexpected') return { way: 'lanes', connectionId, lane: rest.join(':') || null }
  const { onceCall } = problem.detail as { onceCall?: unknown }
  const call = typeof onceCall === 'string' ? await callAttempt(db, connectionId, onceCall) : null
  return call ?? publishAttempt(db, problem, connectionId)
}

const isAspect = (text: string | undefined): text is Aspect =>
  (aspects as readonly (string | undefined)[]).includes(text)

const nothingToTry = ({ remedy }: Problem): ConflictError =>
  new ConflictError(`Trying again does nothing here. ${remedy}`)

/** A call that was refused did not happen. Where more hangs on the refusal, it is asked for anew instead. */
async function callAttempt(db: DbOrTx, connectionId: string, callId: string): Promise<Attempt | null> {
  const [call] = await db.select().from(onceCalls).where(eq(onceCalls.id, callId))
  if (call?.state === 'needs_decision')
    throw new ConflictError('Say first whether it happened: only then may it be done again.')
  if (call?.state !== 'refused' || onceHandlers[call.operation as OnceOperation].refused) return null
  return { way: 'call', connectionId, callId }
}

/** A product that was refused, or whose listing has gone. */
async function publishAttempt(db: DbOrTx, problem: Problem, connectionId: string): Promise<Attempt> {
  const { kind, subject } = problem
  if (!subject || (kind !== 'creation_refused' && kind !== 'listing_missing')) throw nothingToTry(problem)
  const [found] = await query<{ id: string }>(
    db,
    sql`
    select product_id as id from variants where id = (
      select variant_id from listings where id = ${subject} and connection_id = ${connectionId})
    union all select id from products where id = ${subject}`,
  )
  if (!found) throw nothingToTry(problem)
  return { way: 'publish', connectionId, productId: found.id }
}

function orderAttempt(hub: Hub, connection: Connection, { subject, remedy }: Problem): Attempt {
  if (connectorOf(hub.connectors, connection).operations.readOrders)
    return { way: 'order', connectionId: connection.id, externalId: subject! }
  throw new ConflictError(
    `${connection.name} lets nobody read a single order. ${remedy} It is read again when it changes there.`,
  )
}
