import { eq, type SQL, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { chunk, deleteInChunks, pruneCalls, takePruneTurn } from '../calls/retention.ts'
import { query, type Tx } from '../db/client.ts'
import { type RunOutcome, syncRuns } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { idFloor, newId } from '../lib/id.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'
import type { Hub } from './hub.ts'
import type { Lease } from './leases.ts'
import type { RunTally } from './scope.ts'

/** How long a lane rests after somebody stopped its run: else the next sweep would start it at once. */
export const cancelRestMs = 5 * 60_000

/** Somebody asked the run to stop: it does between two steps, and what it has done stays done. */
export class RunCancelledError extends Error {
  override name = 'RunCancelledError'
}

/** A run of a lane while it goes on. */
export type Run = {
  tally: RunTally
  /** Writes down how far it is, and hears whether it should stop. */
  beat(): Promise<void>
  /** @throws RunCancelledError once somebody asked it to stop. */
  assertWanted(): void
  /** Keeps what it did; of one that found nothing to do and called nobody nothing is kept. */
  finish(outcome: RunOutcome, error: string | null): Promise<void>
}

/** Begins a run. Nothing is written until it has lasted a while, or ends. */
export function openRun(hub: Hub, lease: Lease, counts: Record<string, number>): Run {
  const startedAt = hub.clock.now()
  const tally: RunTally = { runId: newId('run', startedAt.getTime()), calls: 0, failedCalls: 0 }
  let isWritten = false
  let cancelledBy: string | null = null
  const present = () => ({
    counts: { ...counts },
    calls: tally.calls,
    failedCalls: tally.failedCalls,
  })
  const row = () => ({
    id: tally.runId,
    connectionId: lease.connectionId,
    task: lease.lane,
    startedAt,
    leaseToken: lease.token,
    ...present(),
  })
  return {
    tally,
    async beat() {
      isWritten = true
      const [written] = await hub.database.forgetful
        .insert(syncRuns)
        .values(row())
        .onConflictDoUpdate({ target: syncRuns.id, set: present() })
        .returning({ cancelledBy: syncRuns.cancelledBy })
      cancelledBy = written?.cancelledBy ?? cancelledBy
    },
    assertWanted() {
      if (cancelledBy !== null)
        throw new RunCancelledError(`Stopped by ${cancelledBy}. What it had done stays done; the rest waits.`)
    },
    async finish(outcome, error) {
      const isIdle = outcome === 'done' && !Object.values(counts).some((count) => count > 0)
      if (isIdle && !isWritten && tally.calls === 0) return
      const end = { finishedAt: hub.clock.now(), outcome, error, isIdle, ...present() }
      // That a run found nothing to do may be forgotten.
      const db = isIdle ? hub.database.forgetful : hub.db
      await db
        .insert(syncRuns)
        .values({ ...row(), ...end })
        .onConflictDoUpdate({ target: syncRuns.id, set: end })
    },
  }
}

/** Asks a run to stop between two steps. @throws NotFoundError, ConflictError when it is over. */
export async function cancelRun(tx: Tx, id: string, act: Act): Promise<void> {
  const [run] = await tx.select().from(syncRuns).where(eq(syncRuns.id, id)).for('update')
  if (!run) throw new NotFoundError(`There is no run ${id}.`)
  if (run.finishedAt)
    throw new ConflictError(`Run ${id} is over since ${run.finishedAt.toISOString()}: ${run.outcome}.`)
  if (run.cancelledBy) throw new ConflictError(`Run ${id} is being stopped already, by ${run.cancelledBy}.`)
  await tx.update(syncRuns).set({ cancelledBy: act.actor }).where(eq(syncRuns.id, id))
  await appendAudit(tx, act, {
    action: 'run.cancelled',
    subject: id,
    after: { connectionId: run.connectionId, task: run.task },
  })
}

/** Closes runs whose worker died: their lane has no holder any more, or another one. */
export async function closeLostRuns(hub: Hub): Promise<number> {
  const closed = await query<{ id: string }>(
    hub.db,
    sql`
    update sync_runs run set finished_at = ${hub.clock.now().toISOString()}::timestamptz, outcome = 'failed',
      error = 'The worker stopped before the run ended. The next run goes on where it left off.'
    from leases lease
    where run.finished_at is null and lease.connection_id = run.connection_id and lease.lane = run.task
      and (lease.token <> run.lease_token or lease.expires_at < hub_now())
    returning run.id`,
  )
  return closed.length
}

/** Takes away what the history and the call log need no longer keep. Any process may call it: one an hour does it. */
export async function pruneHistory(hub: Hub): Promise<number> {
  const now = hub.clock.now()
  const retention = await takePruneTurn(hub.db, now)
  if (!retention) return 0
  const idOf = (days: number) => idFloor('run', now.getTime() - days * 86_400_000)
  const pick = (old: SQL) =>
    sql`delete from sync_runs where id in (select id from sync_runs where ${old} order by id limit ${chunk})`
  return (
    (await pruneCalls(hub.db, retention, now)) +
    (await deleteInChunks(hub.db, [
      pick(sql`id < ${idOf(retention.runDays)}`),
      pick(sql`id < ${idOf(retention.successDays)} and is_idle`),
    ]))
  )
}
