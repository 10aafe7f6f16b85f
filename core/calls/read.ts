import { and, desc, eq, getTableColumns, gte, isNotNull, lt } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { callHours, httpCalls, operationOutcomes, webhookReceipts } from '../db/schema/index.ts'
import { type FailureKind, NotFoundError } from '../sdk/errors.ts'

export type CallFilter = {
  connectionId?: string | undefined
  runId?: string | undefined
  failure?: FailureKind | 'any' | undefined
  operation?: string | undefined
  /** Only calls with a smaller id: where the page before ended. */
  before?: number | undefined
  limit: number
}

const { requestBody: _sent, responseBody: _told, ...listed } = getTableColumns(httpCalls)

/** Calls without their bodies, the latest first. One row more than `limit`. */
export async function listCalls(db: DbOrTx, filter: CallFilter) {
  const { connectionId, runId, failure, operation, before, limit } = filter
  return db
    .select(listed)
    .from(httpCalls)
    .where(
      and(
        connectionId === undefined ? undefined : eq(httpCalls.connectionId, connectionId),
        runId === undefined ? undefined : eq(httpCalls.runId, runId),
        operation === undefined ? undefined : eq(httpCalls.operation, operation),
        failure === undefined
          ? undefined
          : failure === 'any'
            ? isNotNull(httpCalls.failure)
            : eq(httpCalls.failure, failure),
        before === undefined ? undefined : lt(httpCalls.id, before),
      ),
    )
    .orderBy(desc(httpCalls.id))
    .limit(limit + 1)
}

/** A call with what was said, masked. @throws NotFoundError */
export async function readCall(db: DbOrTx, id: string) {
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0
  const [found] = await db.select().from(httpCalls).where(eq(httpCalls.id, number))
  if (!found) throw new NotFoundError(`There is no call ${id}: calls are kept for some days only.`)
  return found
}

/** When each operation of a connection last worked and last failed. */
export const readOutcomes = (db: DbOrTx, connectionId: string) =>
  db.select().from(operationOutcomes).where(eq(operationOutcomes.connectionId, connectionId))

/** The last webhook of a connection, by what became of it. */
export const readReceipts = (db: DbOrTx, connectionId: string) =>
  db.select().from(webhookReceipts).where(eq(webhookReceipts.connectionId, connectionId))

/** Calls by the hour, bucket and outcome, from an instant on; of one connection or of all. */
export async function readCallHours(db: DbOrTx, since: Date, connectionId?: string) {
  return db
    .select()
    .from(callHours)
    .where(
      and(
        gte(callHours.hour, since),
        connectionId === undefined ? undefined : eq(callHours.connectionId, connectionId),
      ),
    )
    .orderBy(callHours.hour, callHours.bucket, callHours.outcome)
}
