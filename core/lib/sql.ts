import { type SQL, sql } from 'drizzle-orm'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'

/** What runs statements: a database, or a transaction on it. */
export type Executor = Pick<PostgresJsDatabase, 'execute'>

/**
 * Rows to join with in one statement: `from ${rows(items, 'id text, quantity bigint')} as item`.
 * One parameter, whatever the number of rows.
 */
export const rows = (items: readonly object[], columns: string): SQL =>
  sql`jsonb_to_recordset(${JSON.stringify(items)}::text::jsonb) as item(${sql.raw(columns)})`

/** A list of texts to compare with: `where id in (${texts(ids)})`. One parameter, whatever their number. */
export const texts = (values: readonly string[]): SQL =>
  sql`select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb)`

/** Runs a statement and returns its rows as `Row`. Instants, days and big integers come as text. */
export async function query<Row>(db: Executor, statement: SQL): Promise<Row[]> {
  return [...(await db.execute(statement))] as Row[]
}

/** A point in time as a parameter. */
export const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`

/** A text within a LIKE pattern, standing for itself. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
