import { DrizzleQueryError } from 'drizzle-orm'
import { postgresWords } from '../db/transact.ts'

/** A plugin's failure without the values of the statement that failed, which may be personal data. */
export function describeFailure(error: unknown): { reason: string; at: string[] } {
  const isStatement = [error, (error as { cause?: unknown } | null)?.cause].some(
    (at) => at instanceof DrizzleQueryError,
  )
  const reason = isStatement ? postgresWords(error) : error instanceof Error ? error.message : String(error)
  const frames = error instanceof Error ? (error.stack ?? '').split('\n') : []
  return {
    reason,
    at: frames
      .map((line) => line.trim())
      .filter((line) => line.startsWith('at '))
      .slice(0, 5),
  }
}
