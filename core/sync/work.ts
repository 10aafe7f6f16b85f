import { transact } from '../db/transact.ts'
import { importActions } from '../imports/import-work.ts'
import type { Act } from '../lib/act.ts'
import type { Work, WorkActions } from '../work/action.ts'
import { findOpenWork } from '../work/read.ts'
import { runWork } from '../work/run.ts'
import { createUndo, createWork, type NewWork } from '../work/works.ts'
import type { Hub } from './hub.ts'
import type { Queue } from './queue.ts'
import { bulkActions } from './work-actions.ts'

export const workQueue = 'work'
export type WorkJob = { workId: string }

/** Everything that this hub can do as long work, by kind. A feature with work of its own adds it here. */
export const workActions = (hub: Hub): WorkActions => new Map([...bulkActions(hub), ...importActions()])

/** Writes down a piece of work and starts it. It goes on whoever closes the window. */
export async function startWork(hub: Hub & { queue: Queue }, wanted: NewWork, act: Act): Promise<Work> {
  const work = await transact(hub.db, (tx) => createWork(tx, wanted, act))
  await sendWork(hub, work.id)
  return work
}

/** Starts to take back what a piece of work did. @throws NotFoundError, ConflictError */
export async function undoWork(hub: Hub & { queue: Queue }, id: string, act: Act): Promise<Work> {
  const work = await transact(hub.db, (tx) => createUndo(tx, id, act))
  await sendWork(hub, work.id)
  return work
}

/** Puts work that is written down into the queue; a sweep finds what nobody put there. */
export const sendWork = (hub: { queue: Queue }, workId: string): Promise<void> =>
  hub.queue.send(workQueue, { workId } satisfies WorkJob, workId)

/** Works on a piece of work until it is over or the process ends. */
export async function workOn(hub: Hub, workId: string, signal?: AbortSignal): Promise<void> {
  const { db, clock, log } = hub
  await runWork({ db, clock, log, actions: workActions(hub), ...(signal ? { signal } : {}) }, workId)
}

/** Starts work that is written down but in nobody's hands: its process died, or never put it into the queue. */
export async function startOpenJobs(hub: Hub & { queue: Queue }): Promise<void> {
  for (const id of await findOpenWork(hub.db)) await sendWork(hub, id)
}
