import { and, desc, eq, lt } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { imports } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'

/** Imports, newest first. One row more than `limit`. */
export async function listImports(
  db: DbOrTx,
  { before, limit }: { before?: string | undefined; limit: number },
) {
  return db
    .select()
    .from(imports)
    .where(before === undefined ? undefined : lt(imports.id, before))
    .orderBy(desc(imports.id))
    .limit(limit + 1)
}

/** An import. @throws NotFoundError */
export async function readImport(db: DbOrTx, id: string) {
  const [found] = await db.select().from(imports).where(eq(imports.id, id))
  if (!found) throw new NotFoundError(`There is no import ${id}.`)
  return found
}

/** The import of a source that began at an instant, once it is written down. */
export async function findImport(db: DbOrTx, source: string, startedAt: Date): Promise<string | null> {
  const [found] = await db
    .select({ id: imports.id })
    .from(imports)
    .where(and(eq(imports.source, source), eq(imports.startedAt, startedAt)))
    .orderBy(desc(imports.id))
    .limit(1)
  return found?.id ?? null
}
