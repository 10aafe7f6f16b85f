import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { type ListOrder, type ListSorts, readPage } from '../db/keyset.ts'
import { works } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { Work } from './action.ts'

/** A piece of work. @throws NotFoundError */
export async function readWork(db: DbOrTx, id: string): Promise<Work> {
  const [found] = await db.select().from(works).where(eq(works.id, id))
  if (!found) throw new NotFoundError(`There is no work ${id}.`)
  return found
}

/** The work that takes another back, if it was asked for. */
export async function findUndo(db: DbOrTx, id: string): Promise<string | null> {
  const [found] = await db.select({ id: works.id }).from(works).where(eq(works.undoes, id))
  return found?.id ?? null
}

/** Work that is not over, the oldest first. */
export async function findOpenWork(db: DbOrTx): Promise<string[]> {
  const found = await query<{ id: string }>(
    db,
    sql`select id from works where state in ('waiting', 'running') order by id`,
  )
  return found.map((row) => row.id)
}

export type Failure = { position: number; subject: string; reason: string }

/** Items that could not be done, in order, from after a position on. */
export async function listFailures(
  db: DbOrTx,
  workId: string,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<Failure[]> {
  return query<Failure>(
    db,
    sql`
    select position, subject, reason from work_items
    where work_id = ${workId} and state = 'failed' and position > ${after} order by position limit ${limit}`,
  )
}

/** What lists of work may be sorted by: ids sort by time. */
export const workSorts = {
  by: { createdAt: { by: works.id, type: 'text', isUnique: true } },
  keys: [{ by: works.id, type: 'text' }],
} satisfies ListSorts<string>
export type WorkSort = keyof typeof workSorts.by

export const workStates = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const

export type WorkFilter = {
  state?: (typeof workStates)[number] | undefined
  /** Not over yet. */
  isOpen?: boolean | undefined
  kind?: string | undefined
  actor?: string | undefined
}

/** A page of work in an order, one more than its limit. */
export async function pageWorks(db: DbOrTx, filter: WorkFilter, order: ListOrder<WorkSort>) {
  const conditions: SQL[] = []
  if (filter.state) conditions.push(eq(works.state, filter.state))
  if (filter.isOpen === true) conditions.push(sql`${works.state} in ('waiting', 'running')`)
  if (filter.isOpen === false) conditions.push(sql`${works.state} in ('done', 'cancelled', 'failed')`)
  if (filter.kind) conditions.push(eq(works.kind, filter.kind))
  if (filter.actor) conditions.push(eq(works.actor, filter.actor))
  // What a preview found may be long: it is read with the work itself.
  const { parameters: _parameters, cursor: _cursor, result: _result, ...shown } = getTableColumns(works)
  return readPage(workSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...shown, place })
      .from(works)
      .where(and(...conditions, where))
      .orderBy(...orderBy)
      .limit(limit),
  )
}

/** Whether anything that a piece of work did can still be taken back. */
export async function hasUndo(db: DbOrTx, id: string): Promise<boolean> {
  const [found] = await query(
    db,
    sql`
    select 1 from work_items where work_id = ${id} and state = 'done' and undo is not null
      and not exists (select 1 from works where undoes = ${id}) limit 1`,
  )
  return found !== undefined
}
