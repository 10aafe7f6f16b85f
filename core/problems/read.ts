import { eq, inArray } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { problems } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'

/** A problem, open or resolved. @throws NotFoundError */
export async function readProblem(db: DbOrTx, id: string) {
  const [found] = await db.select().from(problems).where(eq(problems.id, id))
  if (!found) throw new NotFoundError(`There is no problem ${id}.`)
  return found
}

/** Problems by id, in no order; those that are gone are left out. */
export async function readProblems(db: DbOrTx, ids: readonly string[]) {
  return ids.length === 0
    ? []
    : db
        .select()
        .from(problems)
        .where(inArray(problems.id, [...ids]))
}
