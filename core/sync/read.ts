import { and, desc, eq, lt } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { syncRuns } from '../db/schema/index.ts'

export type RunFilter = {
  connectionId?: string | undefined
  task?: string | undefined
  before?: string | undefined
  limit: number
}

/** What lanes did, newest first. One row more than `limit`. */
export async function listRuns(db: DbOrTx, { connectionId, task, before, limit }: RunFilter) {
  return db
    .select()
    .from(syncRuns)
    .where(
      and(
        connectionId === undefined ? undefined : eq(syncRuns.connectionId, connectionId),
        task === undefined ? undefined : eq(syncRuns.task, task),
        before === undefined ? undefined : lt(syncRuns.id, before),
      ),
    )
    .orderBy(desc(syncRuns.id))
    .limit(limit + 1)
}
