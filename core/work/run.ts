import { eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { type Db, query, rows, type Tx } from '../db/client.ts'
import { works } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import {
  type DoneItem,
  type ItemOutcome,
  isForPeople,
  type Step,
  type StreamAction,
  type Work,
  type WorkAction,
  type WorkActions,
  WorkStopped,
} from './action.ts'
import { lockWork } from './works.ts'

/** A step that fails so often in a row fails the work. */
const mostAttempts = 5

export type WorkPorts = {
  db: Db
  actions: WorkActions
  clock: Clock
  log: Log
  /** Aborts when the process ends: the work is left to the next one, between two steps. */
  signal?: AbortSignal
}

/**
 * Works on until it is done, cancelled, or the process ends. Each step is one transaction with the progress it makes:
 * a process that dies leaves the rest to another, and nothing is done twice or left out.
 * @throws what nobody expected, so that the queue tries again.
 */
export async function runWork(ports: WorkPorts, id: string): Promise<void> {
  const work = await transact(ports.db, (tx) => begin(tx, ports, id))
  if (!work) return
  const action = ports.actions.get(work.kind)
  try {
    if (!action) throw new WorkFailed(`Nothing installed does work of the kind "${work.kind}".`)
    if (work.undoes) await runItems(ports, work, undoerOf(action, work))
    else if ('stream' in action) await runStream(ports, work, action)
    else await runItems(ports, work, { stepSize: action.stepSize, run: action.run, read: readSubjects })
  } catch (error) {
    if (error instanceof WorkStopped) return
    if (!(error instanceof WorkFailed || isForPeople(error))) throw error
    await transact(ports.db, (tx) => end(tx, ports, id, { state: 'failed', error: error.message }))
  }
}

class WorkFailed extends Error {
  override name = 'WorkFailed'
}

const isOpen = (work: Work): boolean => work.state === 'waiting' || work.state === 'running'

const actOf = ({ clock }: WorkPorts, work: Work): Act => ({ actor: work.actor, now: clock.now() })

/** Takes the work up; null when there is nothing to do any more. */
async function begin(tx: Tx, ports: WorkPorts, id: string): Promise<Work | null> {
  const found = await lockWork(tx, id)
  if (!isOpen(found)) return null
  if (found.attempts >= mostAttempts) {
    const error = `It failed ${mostAttempts} times at the same place: the hub's log says why, under ${id}.`
    await end(tx, ports, id, { state: 'failed', error })
    return null
  }
  const now = ports.clock.now()
  const [row] = await tx
    .update(works)
    .set({
      state: 'running',
      attempts: found.attempts + 1,
      startedAt: found.startedAt ?? now,
      changedAt: now,
    })
    .where(eq(works.id, id))
    .returning()
  return row!
}

/** Locks the work for a step. @throws WorkStopped when it is no longer ours to do. */
async function takeStep(tx: Tx, ports: WorkPorts, held: Work): Promise<Work> {
  if (ports.signal?.aborted) throw new WorkStopped('The process ends.')
  const found = await lockWork(tx, held.id)
  if (found.state !== 'running') throw new WorkStopped(`It is ${found.state}.`)
  return found
}

type Ending = { state: 'done' | 'failed'; error?: string; result?: unknown }

async function end(tx: Tx, ports: WorkPorts, id: string, { state, error, result }: Ending): Promise<void> {
  const now = ports.clock.now()
  const [row] = await tx
    .update(works)
    .set({
      state,
      error: error ?? null,
      finishedAt: now,
      changedAt: now,
      ...(result === undefined ? {} : { result }),
    })
    .where(eq(works.id, id))
    .returning()
  const { done, failed, total } = row!
  await appendAudit(tx, actOf(ports, row!), {
    action: `work.${state}`,
    subject: id,
    after: { done, failed, total, ...(error ? { error } : {}) },
  })
}

type Entry = { position: number; subject: string; undo?: unknown }
type Items = {
  stepSize: number
  run(step: Step, entries: never): Promise<ItemOutcome[]>
  read(tx: Tx, work: Work, found: readonly Entry[]): Promise<readonly unknown[]>
}

const readSubjects: Items['read'] = async (_tx, _work, found) => found.map((entry) => entry.subject)

/** What the entries of an undoing work mean: positions in the work that it takes back. */
async function readUndone(tx: Tx, work: Work, found: readonly Entry[]): Promise<DoneItem[]> {
  const items = found.map((entry) => ({ position: Number(entry.subject) }))
  return query<DoneItem>(
    tx,
    sql`
    select done.subject, done.undo from ${rows(items, 'position int')}
    join work_items done on done.work_id = ${work.undoes} and done.position = item.position order by item.position desc`,
  )
}

function undoerOf(action: WorkAction, work: Work): Items {
  if (!action.undo) throw new WorkFailed(`What "${work.title}" did cannot be taken back by the hub.`)
  const stepSize = 'stream' in action ? (action.undoStepSize ?? 100) : action.stepSize
  return { stepSize, run: action.undo, read: readUndone }
}

async function runItems(ports: WorkPorts, work: Work, items: Items): Promise<void> {
  for (;;) {
    const isOver = await transact(ports.db, async (tx) => {
      const held = await takeStep(tx, ports, work)
      const from = (held.cursor as number | null) ?? 0
      const found = await query<Entry>(
        tx,
        sql`
        select position, subject from work_items where work_id = ${work.id} and position > ${from}
        order by position limit ${items.stepSize}`,
      )
      if (found.length === 0) {
        await end(tx, ports, work.id, { state: 'done' })
        return true
      }
      const step: Step = { tx, work: held, act: actOf(ports, held), log: ports.log }
      const outcomes = await items.run(step, (await items.read(tx, held, found)) as never)
      if (outcomes.length !== found.length)
        throw new Error(`"${work.kind}" told ${outcomes.length} outcomes of ${found.length} items.`)
      await note(tx, ports, held, found, outcomes)
      return false
    })
    if (isOver) return
  }
}

/** Writes down what became of the items of a step, and where to go on. */
async function note(
  tx: Tx,
  ports: WorkPorts,
  work: Work,
  found: readonly Entry[],
  outcomes: readonly ItemOutcome[],
): Promise<void> {
  const told = found.map(({ position }, index) => {
    const outcome = outcomes[index]!
    return outcome.ok
      ? { position, state: 'done', reason: null, undo: outcome.undo ?? null }
      : { position, state: 'failed', reason: outcome.reason.slice(0, 2000), undo: null }
  })
  await tx.execute(sql`
    update work_items set state = item.state, reason = item.reason, undo = item.undo
    from ${rows(told, 'position int, state text, reason text, undo jsonb')}
    where work_items.work_id = ${work.id} and work_items.position = item.position`)
  await tx
    .update(works)
    .set({
      cursor: found.at(-1)!.position,
      done: work.done + found.length,
      failed: work.failed + told.filter(({ state }) => state === 'failed').length,
      attempts: 0,
      changedAt: ports.clock.now(),
    })
    .where(eq(works.id, work.id))
}

async function runStream(ports: WorkPorts, work: Work, action: StreamAction): Promise<void> {
  let cursor = JSON.stringify(work.cursor)
  const result = await action.stream({
    db: ports.db,
    work,
    step: async (doStep) => {
      const next = await transact(ports.db, async (tx) => {
        const held = await takeStep(tx, ports, work)
        // Another process has gone on from here meanwhile: what this one has read is done.
        if (JSON.stringify(held.cursor) !== cursor) throw new WorkStopped('Another worker goes on with it.')
        const told = await doStep({ tx, work: held, act: actOf(ports, held), log: ports.log })
        const [row] = await tx
          .update(works)
          .set({ ...told, attempts: 0, changedAt: ports.clock.now() })
          .where(eq(works.id, work.id))
          .returning({ cursor: works.cursor })
        return row!.cursor
      })
      cursor = JSON.stringify(next)
    },
  })
  await transact(ports.db, async (tx) => {
    const held = await takeStep(tx, ports, work)
    if (JSON.stringify(held.cursor) !== cursor) throw new WorkStopped('Another worker goes on with it.')
    await end(tx, ports, work.id, { state: 'done', result })
  })
}
