import { and, asc, eq, or } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { savedViews } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { staleEdit } from '../lib/revision.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'

/** How somebody looks at a list. */
export type View = {
  name: string
  /** The list's own query parameters. */
  filters: Record<string, string>
  sort: string | null
  /** In their order; null: as the list shows them by itself. */
  columns: string[] | null
  isShared: boolean
}
export type SavedView = typeof savedViews.$inferSelect

/** Somebody's own views of a list, and what others share, by name. */
export const listViews = (db: DbOrTx, owner: string, list: string): Promise<SavedView[]> =>
  db
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.list, list), or(eq(savedViews.owner, owner), savedViews.isShared)))
    .orderBy(asc(savedViews.name), asc(savedViews.id))

/** @throws ConflictError when the owner has one of that name. */
export async function addView(tx: Tx, list: string, view: View, act: Act): Promise<SavedView> {
  const id = newId('viw', act.now.getTime())
  const [added] = await tx
    .insert(savedViews)
    .values({ id, list, ...view, owner: act.actor, createdAt: act.now, updatedAt: act.now })
    .onConflictDoNothing()
    .returning()
  if (!added)
    throw new ConflictError(`You have a view "${view.name}" of this list already. Choose another name.`)
  await appendAudit(tx, act, { action: 'view.added', subject: id, after: { list, ...view } })
  return added
}

/** @throws NotFoundError, ConflictError when it is another's or was changed meanwhile. */
export async function changeView(
  tx: Tx,
  id: string,
  revision: number,
  view: View,
  act: Act,
): Promise<SavedView> {
  const held = await lockOwn(tx, id, revision, act)
  const [changed] = await tx
    .update(savedViews)
    .set({ ...view, revision: revision + 1, updatedAt: act.now })
    .where(eq(savedViews.id, id))
    .returning()
  const { name, filters, sort, columns, isShared } = held
  await appendAudit(tx, act, {
    action: 'view.changed',
    subject: id,
    before: { name, filters, sort, columns, isShared },
    after: view,
  })
  return changed!
}

/** @throws NotFoundError, ConflictError when it is another's or was changed meanwhile. */
export async function removeView(tx: Tx, id: string, revision: number, act: Act): Promise<void> {
  const held = await lockOwn(tx, id, revision, act)
  await tx.delete(savedViews).where(eq(savedViews.id, id))
  await appendAudit(tx, act, {
    action: 'view.removed',
    subject: id,
    before: { list: held.list, name: held.name, filters: held.filters },
  })
}

async function lockOwn(tx: Tx, id: string, revision: number, act: Act): Promise<SavedView> {
  const [held] = await tx.select().from(savedViews).where(eq(savedViews.id, id)).for('update')
  if (!held || (held.owner !== act.actor && !held.isShared))
    throw new NotFoundError(`There is no view ${id}.`)
  if (held.owner !== act.actor)
    throw new ConflictError(`The view "${held.name}" is ${held.owner}'s. Save one of your own instead.`)
  if (held.revision !== revision)
    throw new ConflictError(
      staleEdit(`The view "${held.name}"`, revision, {
        revision: held.revision,
        by: held.owner,
        at: held.updatedAt,
      }),
    )
  return held
}
