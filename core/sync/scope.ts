import { AsyncLocalStorage } from 'node:async_hooks'

/** What a run has called so far. */
export type RunTally = { runId: string; calls: number; failedCalls: number }

/** What is under way: a run of a lane, and the operation of a connector within it. */
export type Scope = { run: RunTally | null; operation: string | null }

const storage = new AsyncLocalStorage<Scope>()
const nothing: Scope = { run: null, operation: null }

/** What the present call belongs to. */
export const currentScope = (): Scope => storage.getStore() ?? nothing

/** Runs `work` as part of a run. */
export const withinRun = <Result>(run: RunTally, work: () => Result): Result =>
  storage.run({ run, operation: null }, work)

/** Runs `work` as an operation of a connector, in whatever run is under way. */
export const withinOperation = <Result>(operation: string, work: () => Result): Result =>
  storage.run({ ...currentScope(), operation }, work)
