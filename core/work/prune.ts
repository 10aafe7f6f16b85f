import { sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'

/** How long it is known what long work did to each item. */
const keptDays = 90
/** Pieces of work that are forgotten at once. */
const atOnce = 20

/** Forgets work that is long over. */
export async function pruneWork(db: DbOrTx, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptDays * 86_400_000)
  await db.execute(sql`
    delete from works where id in (
      select id from works where state in ('done', 'failed', 'cancelled') and created_at < ${before.toISOString()}::timestamptz
      order by id limit ${atOnce})`)
}
