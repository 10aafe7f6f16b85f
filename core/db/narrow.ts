import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { type DbOrTx, query, texts } from './client.ts'

/** Up to so many rows are named one by one; of more, every walk along an index soon meets one. */
const mostNamed = 5_000

/**
 * The condition that a text narrows a list by. `named` is a statement of the ids that the text names, `isNamed` says
 * the same of one row. A few are looked up by their ids; when it is many, the list is walked in its order instead.
 */
export async function narrowTo(
  db: DbOrTx,
  id: SQLWrapper,
  { named, isNamed }: { named: SQL; isNamed: SQL },
): Promise<SQL> {
  const found = await query<{ id: string }>(
    db,
    sql`select distinct id from (select id from (${named}) all_named (id) limit ${mostNamed + 1}) named`,
  )
  return found.length > mostNamed ? isNamed : sql`${id} in (${texts(found.map((row) => row.id))})`
}

/** What `like` takes for "begins with", of a column that is compared byte by byte. */
export const startingWith = (text: string): string => `${text.replace(/[\\%_]/g, '\\$&')}%`
