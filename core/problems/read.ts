import { eq } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { problems } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'

/** A problem, open or resolved. @throws NotFoundError */
export async function readProblem(db: DbOrTx, id: string) {
  const [found] = await db.select().from(problems).where(eq(problems.id, id))
  if (!found) throw new NotFoundError(`There is no problem ${id}.`)
  return found
}
