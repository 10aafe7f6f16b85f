import type { DbOrTx, Tx } from './client.ts'

const conflictCodes = new Set(['40001', '40P01'])

/** PostgreSQL's error code, from the driver's error or from drizzle's wrapping of it. */
export function postgresCode(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown }
    if (typeof code === 'string') return code
  }
  return undefined
}

/** The driver's and PostgreSQL's codes for a connection that is gone, or is going. */
const lossCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
])

/** Whether a statement failed because its connection was lost. */
export const isConnectionLost = (error: unknown): boolean => lossCodes.has(postgresCode(error) ?? '')

/** Whether a statement met another transaction's: doing it again may help. */
export const isConflict = (error: unknown): boolean => conflictCodes.has(postgresCode(error) ?? '')

/** PostgreSQL's own words, without the statement and its values, which may be personal data. */
export function postgresWords(error: unknown): string {
  let words = 'no reason given'
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (typeof (at as { code?: unknown }).code === 'string') return at.message
    if (at.cause === undefined) words = at.message
  }
  return words
}

/** The constraint that a statement broke, if it did. */
export function brokenConstraint(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { constraint_name: name } = at as { constraint_name?: unknown }
    if (typeof name === 'string') return name
  }
  return undefined
}

/**
 * Runs `work` in a transaction, or within one in a part that can fail alone; a deadlock or serialisation conflict with
 * another one starts it again.
 */
export async function transact<Result>(db: DbOrTx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (attempt >= 5 || !isConflict(error)) throw error
    }
  }
}

/** Ends a transaction whose work is only wanted for what it returned. */
class OnlyTried extends Error {
  override name = 'OnlyTried'
}

/** Runs `work` as `transact` does and takes back whatever it wrote: only what it returns is left of it. */
export async function tryOut<Result>(db: DbOrTx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  let outcome: { result: Result } | undefined
  try {
    await transact(db, async (tx) => {
      outcome = { result: await work(tx) }
      throw new OnlyTried('It was only tried out.')
    })
  } catch (error) {
    if (!(error instanceof OnlyTried)) throw error
  }
  return outcome!.result
}
