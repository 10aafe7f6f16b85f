import { eq, type SQL, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { query, rows, type Tx } from '../db/client.ts'
import { works } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { Work } from './action.ts'

/** More items than this are several pieces of work. */
export const mostItems = 200_000

/** What work is about: ids as they were chosen, or a query whose rows' `id` are frozen now. */
export type Selection = { ids: readonly string[] } | { query: SQL }

export type NewWork = {
  kind: string
  title: string
  parameters?: unknown
  /** Absent for work that reads a file. */
  selection?: Selection
  total?: number
}

/**
 * Writes down a piece of work with what it is about; the caller puts it into the queue after the commit.
 * @throws ConflictError when nothing is chosen, InputError when it is too much.
 */
export async function createWork(tx: Tx, { selection, ...wanted }: NewWork, act: Act): Promise<Work> {
  const id = newId('wrk', act.now.getTime())
  const { kind, title, parameters = {}, total = 0 } = wanted
  await tx.insert(works).values({ id, kind, title, parameters, total, actor: act.actor, createdAt: act.now })
  if (selection) await freeze(tx, id, selection)
  await appendAudit(tx, act, {
    action: 'work.asked',
    subject: id,
    after: { kind, title, parameters },
  })
  return lockWork(tx, id)
}

async function freeze(tx: Tx, workId: string, selection: Selection): Promise<void> {
  const source =
    'ids' in selection
      ? sql`select item.id from ${rows(
          [...new Set(selection.ids)].map((id) => ({ id })),
          'id text',
        )}`
      : selection.query
  const [frozen] = await query<{ total: number }>(
    tx,
    sql`
    with chosen as materialized (select id from (${source}) found limit ${mostItems + 1}),
    kept as (
      insert into work_items (work_id, position, subject) select ${workId}, row_number() over (), id from chosen
      where (select count(*) from chosen) <= ${mostItems})
    select count(*)::int as total from chosen`,
  )
  const total = frozen!.total
  if (total === 0) throw new ConflictError('Nothing is chosen: what you saw may have been dealt with by now.')
  if (total > mostItems)
    throw new InputError(
      `More than ${mostItems} items are chosen. Narrow the filter and do the rest later.`,
      'filter',
    )
  await tx.update(works).set({ total }).where(eq(works.id, workId))
}

/** Locks a piece of work. @throws NotFoundError */
export async function lockWork(tx: Tx, id: string): Promise<Work> {
  const [found] = await tx.select().from(works).where(eq(works.id, id)).for('update')
  if (!found) throw new NotFoundError(`There is no work ${id}.`)
  return found
}

/** Stops work between two steps: what is done stays done. @throws NotFoundError, ConflictError when it has ended. */
export async function cancelWork(tx: Tx, id: string, act: Act): Promise<Work> {
  const found = await lockWork(tx, id)
  if (found.state !== 'waiting' && found.state !== 'running')
    throw new ConflictError(
      `"${found.title}" is ${found.state} already${found.cancelledBy ? `, by ${found.cancelledBy}` : ''}.`,
    )
  const [row] = await tx
    .update(works)
    .set({ state: 'cancelled', cancelledBy: act.actor, finishedAt: act.now, changedAt: act.now })
    .where(eq(works.id, id))
    .returning()
  await appendAudit(tx, act, {
    action: 'work.cancelled',
    subject: id,
    after: { done: found.done, total: found.total },
  })
  return row!
}

/**
 * Asks for what a piece of work did to be taken back, item by item, once.
 * @throws NotFoundError, ConflictError when it still runs, was taken back already, or nothing of it can be.
 */
export async function createUndo(tx: Tx, id: string, act: Act): Promise<Work> {
  const found = await lockWork(tx, id)
  if (found.state === 'waiting' || found.state === 'running')
    throw new ConflictError(`"${found.title}" still runs: cancel it first.`)
  if (found.undoes)
    throw new ConflictError(`"${found.title}" takes something back itself: do that again instead.`)
  const [before] = await tx.select({ actor: works.actor }).from(works).where(eq(works.undoes, id))
  if (before) throw new ConflictError(`"${found.title}" was taken back already, by ${before.actor}.`)
  const undo = await createWork(
    tx,
    {
      kind: found.kind,
      title: `Take back: ${found.title}`,
      parameters: found.parameters,
      selection: {
        query: sql`select position::text as id from work_items where work_id = ${id} and state = 'done' and undo is not null order by position desc`,
      },
    },
    act,
  )
  const [row] = await tx.update(works).set({ undoes: id }).where(eq(works.id, undo.id)).returning()
  return row!
}

/** Keeps what taking a step of a stream back needs, one by one. Written in the step's own transaction. */
export async function noteUndo(
  tx: Tx,
  workId: string,
  items: readonly { subject: string; undo: unknown }[],
): Promise<void> {
  if (items.length === 0) return
  const numbered = items.map(({ subject, undo }, index) => ({ number: index + 1, subject, undo }))
  await tx.execute(sql`
    insert into work_items (work_id, position, subject, state, undo)
    select ${workId}, (select coalesce(max(position), 0) from work_items where work_id = ${workId}) + item.number, item.subject, 'done', item.undo
    from ${rows(numbered, 'number int, subject text, undo jsonb')}`)
}
