import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { type ListOrder, type ListSorts, readPage } from '../db/keyset.ts'
import { imports, works } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'

/** What lists of imports may be sorted by: ids sort by time. */
export const importSorts = {
  by: { startedAt: { by: imports.id, type: 'text', isUnique: true } },
  keys: [{ by: imports.id, type: 'text' }],
} satisfies ListSorts<string>
export type ImportSort = keyof typeof importSorts.by

export type ImportFilter = { kind?: string | undefined; actor?: string | undefined }

/** How the work of an import stands; one of the command line has none. */
const progress = {
  state: sql<string>`coalesce(${works.state}, case when ${imports.finishedAt} is null then 'running' else 'done' end)`,
  done: sql<number>`coalesce(${works.done}, 0)::float8`,
  total: sql<number>`coalesce(${works.total}, 0)::float8`,
  error: works.error,
}

/** A page of imports in an order, one more than its limit. */
export async function pageImports(db: DbOrTx, filter: ImportFilter, order: ListOrder<ImportSort>) {
  const conditions: SQL[] = []
  if (filter.kind) conditions.push(eq(imports.kind, filter.kind))
  if (filter.actor) conditions.push(eq(imports.actor, filter.actor))
  return readPage(importSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...getTableColumns(imports), ...progress, place })
      .from(imports)
      .leftJoin(works, eq(works.id, imports.workId))
      .where(and(...conditions, where))
      .orderBy(...orderBy)
      .limit(limit),
  )
}

/** An import. @throws NotFoundError */
export async function readImport(db: DbOrTx, id: string) {
  const [found] = await db
    .select({ ...getTableColumns(imports), ...progress })
    .from(imports)
    .leftJoin(works, eq(works.id, imports.workId))
    .where(eq(imports.id, id))
  if (!found) throw new NotFoundError(`There is no import ${id}.`)
  return found
}
