import type { Db, Tx } from '../db/client.ts'
import type { works } from '../db/schema/index.ts'
import { isConflict, isConnectionLost, transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import type { Log } from '../lib/log.ts'
import { ConflictError, ConnectorError, ForbiddenError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { Role } from '../sdk/role.ts'

export type Work = typeof works.$inferSelect

/** What became of one item. `undo` is what taking it back needs; without it, it cannot be. */
export type ItemOutcome = { ok: true; undo?: unknown } | { ok: false; reason: string }
/** One step, in one transaction with the progress that it makes. */
export type Step = { tx: Tx; work: Work; act: Act; log: Log }
export type DoneItem = { subject: string; undo: unknown }

/** Work on a frozen list of items. Outcomes come one per item, in order. */
export type ItemAction = {
  /** Who may ask for it, cancel it and take it back. */
  role: Role
  /** Items of one step: as many as hold nobody up for long. */
  stepSize: number
  run(step: Step, subjects: readonly string[]): Promise<ItemOutcome[]>
  /** Takes items back that `run` left an `undo` of. */
  undo?(step: Step, items: readonly DoneItem[]): Promise<ItemOutcome[]>
}

/** Work that reads on from a place it remembers, such as a file. */
export type StreamAction = {
  /** Who may ask for it, cancel it and take it back. */
  role: Role
  stream(run: StreamRun): Promise<unknown>
  /** Takes back what the stream noted with `noteUndo`. */
  undo?(step: Step, items: readonly DoneItem[]): Promise<ItemOutcome[]>
  undoStepSize?: number
}

export type StreamRun = {
  db: Db
  work: Work
  /**
   * Does one step and remembers where to go on, in one transaction. The step may run again when it meets a conflict.
   * @throws WorkStopped when the work was cancelled, is another's, or the process ends.
   */
  step(work: (step: Step) => Promise<{ cursor: unknown; done: number; total: number }>): Promise<void>
}

export type WorkAction = ItemAction | StreamAction
/** Every kind of long work. */
export type WorkActions = ReadonlyMap<string, WorkAction>

/** The work goes on elsewhere, later or not at all: nothing failed. */
export class WorkStopped extends Error {
  override name = 'WorkStopped'
}

/** An error that says what a person has to know, in words made for them. */
export const isForPeople = (error: unknown): error is Error =>
  error instanceof ConflictError ||
  error instanceof ForbiddenError ||
  error instanceof InputError ||
  error instanceof NotFoundError ||
  error instanceof ConnectorError

/** Does items one by one, each in a part of the transaction that can fail alone. */
export const oneByOne =
  <Item>(doOne: (step: Step, item: Item) => Promise<unknown>) =>
  async (step: Step, items: readonly Item[]): Promise<ItemOutcome[]> => {
    const outcomes: ItemOutcome[] = []
    for (const item of items)
      outcomes.push(await told(step, () => transact(step.tx, (tx) => doOne({ ...step, tx }, item))))
    return outcomes
  }

/** Like `oneByOne`, for what isolates each item itself and writes down that it failed. */
export const eachAlone =
  <Item>(doOne: (step: Step, item: Item) => Promise<unknown>) =>
  async (step: Step, items: readonly Item[]): Promise<ItemOutcome[]> => {
    const outcomes: ItemOutcome[] = []
    for (const item of items) outcomes.push(await told(step, () => doOne(step, item)))
    return outcomes
  }

async function told(step: Step, doIt: () => Promise<unknown>): Promise<ItemOutcome> {
  try {
    return { ok: true, undo: (await doIt()) ?? undefined }
  } catch (error) {
    // These are nobody's fault and end the whole transaction: the step is done again.
    if (isConnectionLost(error) || isConflict(error)) throw error
    if (isForPeople(error)) return { ok: false, reason: error.message }
    step.log.error({ err: error, work: step.work.id, kind: step.work.kind }, 'An item of long work failed')
    return { ok: false, reason: 'The hub failed here: its log says why, under the id of this work.' }
  }
}
