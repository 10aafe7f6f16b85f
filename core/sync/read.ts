import { and, desc, eq, gte, isNull, lt, type SQL } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { type RunOutcome, syncRuns } from '../db/schema/index.ts'
import { idFloor } from '../lib/id.ts'
import { NotFoundError } from '../sdk/errors.ts'

export type RunFilter = {
  connectionId?: string | undefined
  task?: string | undefined
  outcome?: RunOutcome | 'running' | undefined
  from?: Date | undefined
  to?: Date | undefined
  /** Whether runs that found nothing to do are wanted too. */
  withIdle?: boolean | undefined
  before?: string | undefined
  limit: number
}

/** What lanes did, newest first. One row more than `limit`. */
export async function listRuns(db: DbOrTx, filter: RunFilter) {
  return db
    .select()
    .from(syncRuns)
    .where(and(...conditionsOf(filter)))
    .orderBy(desc(syncRuns.id))
    .limit(filter.limit + 1)
}

function conditionsOf({ connectionId, task, outcome, from, to, withIdle, before }: RunFilter): SQL[] {
  const conditions: SQL[] = []
  if (connectionId !== undefined) conditions.push(eq(syncRuns.connectionId, connectionId))
  if (task !== undefined) conditions.push(eq(syncRuns.task, task))
  if (outcome === 'running') conditions.push(isNull(syncRuns.finishedAt))
  else if (outcome !== undefined) conditions.push(eq(syncRuns.outcome, outcome))
  if (from !== undefined) conditions.push(gte(syncRuns.id, idFloor('run', from.getTime())))
  if (to !== undefined) conditions.push(lt(syncRuns.id, idFloor('run', to.getTime())))
  if (!withIdle) conditions.push(eq(syncRuns.isIdle, false))
  if (before !== undefined) conditions.push(lt(syncRuns.id, before))
  return conditions
}

/** A run, under way or over. @throws NotFoundError */
export async function readRun(db: DbOrTx, id: string) {
  const [found] = await db.select().from(syncRuns).where(eq(syncRuns.id, id))
  if (!found) throw new NotFoundError(`There is no run ${id}.`)
  return found
}
