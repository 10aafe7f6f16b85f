import { sql } from 'drizzle-orm'
import { query } from '../../core/db/client.ts'
import { raiseProblems } from '../../core/problems/problems.ts'
import { testAct } from '../support/hub.ts'
import type { TestApi } from './support.ts'
import type { World } from './world.ts'

export type InsightWorld = {
  runId: string
  callId: string
  /** A job that waits, and one that failed for good with its dead letter. */
  jobs: { waiting: string; failed: string; dead: string }
  refusedProblem: string
}

/** Runs and calls of the world so far, jobs in every state, and a refusal that may be tried again. */
export async function makeInsight({ hub }: TestApi, { connection, listingId }: World): Promise<InsightWorld> {
  await hub.calls.flush()
  const [run] = await query<{ id: string }>(
    hub.db,
    sql`select id from sync_runs where calls > 0 order by id desc limit 1`,
  )
  const [call] = await query<{ id: string }>(
    hub.db,
    sql`select id from http_calls where operation = 'pushStock' or operation is not null limit 1`,
  )
  await raiseProblems(
    hub.db,
    [
      {
        kind: 'push_refused',
        key: `push:${listingId}:stock`,
        connectionId: connection.id,
        subject: listingId,
        message: 'The shop refused the stock of CUP.',
      },
    ],
    testAct(),
  )
  const [problem] = await query<{ id: string }>(
    hub.db,
    sql`select id from problems where key = ${`push:${listingId}:stock`}`,
  )
  return {
    runId: run!.id,
    callId: String(call!.id),
    jobs: await makeJobs(hub),
    refusedProblem: problem!.id,
  }
}

/** A job that failed as often as it may stands in the queue of the dead, too. */
export async function makeJobs({ queue }: TestApi['hub']): Promise<InsightWorld['jobs']> {
  const { boss } = queue
  const later = new Date(Date.now() + 3_600_000)
  const waiting = await boss.send('batch', { batchId: 'none' }, { startAfter: later, singletonKey: 'waits' })
  const doomed = await boss.send(
    'once',
    { task: 'once', connectionId: 'con_none', buyer: 'Ada Lovelace' },
    { retryLimit: 0, singletonKey: 'doomed' },
  )
  const [taken] = await boss.fetch('once')
  if (taken?.id !== doomed) throw new Error('Another job stood in the queue.')
  await boss.fail('once', doomed!, { message: 'It cannot be done. Ask ada@example.com.' })
  const [dead] = await boss.findJobs('dead')
  return { waiting: `batch:${waiting}`, failed: `once:${doomed}`, dead: `dead:${dead!.id}` }
}
