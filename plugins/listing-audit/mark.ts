import { sql } from 'drizzle-orm'
import { type Executor, query } from 'entrepot/sdk'

const key = 'changes'

/** The instant up to which all changes were judged; null before the first full audit. */
export async function readMark(db: Executor): Promise<Date | null> {
  const [row] = await query<{ value: string }>(
    db,
    sql`select value from listing_audit_state where key = ${key}`,
  )
  return row ? new Date(row.value) : null
}

/** Moves the mark forwards, never back. */
export async function moveMark(db: Executor, at: Date): Promise<void> {
  await db.execute(sql`
    insert into listing_audit_state as held (key, value) values (${key}, ${at.toISOString()})
    on conflict (key) do update set value = greatest(held.value, excluded.value)`)
}
