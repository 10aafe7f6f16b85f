import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/client.ts'
import type { FailureKind } from '../sdk/errors.ts'

/** A call as it is kept: masked already. */
export type CallRow = {
  connection_id: string
  run_id: string | null
  operation: string | null
  at: Date
  method: string
  host: string
  path: string
  bucket: string
  waited_ms: number
  duration_ms: number
  status: number | null
  failure: FailureKind | null
  request_bytes: number
  response_bytes: number
  request_body: string | null
  response_body: string | null
}

export type OutcomeRow = {
  connection_id: string
  operation: string
  last_success_at: Date | null
  last_failure_at: Date | null
  last_failure_kind: FailureKind | null
  last_failure_message: string | null
  successes: number
  failures: number
}

const callColumns = `connection_id text, run_id text, operation text, at timestamptz, method text, host text, path text, bucket text, waited_ms int, duration_ms int,
  status int, failure text, request_bytes int, response_bytes int, request_body text, response_body text`

const outcomeColumns = `connection_id text, operation text, last_success_at timestamptz, last_failure_at timestamptz, last_failure_kind text,
  last_failure_message text, successes bigint, failures bigint`

/** PostgreSQL keeps no zero characters and no halves of a pair. */
const storable = (text: string | null): string | null =>
  text?.toWellFormed().replaceAll('\0', '\uFFFD') ?? null

/** Writes calls, their hours and what became of operations: a statement each, in an order that cannot deadlock. */
export async function writeCalls(
  db: Db,
  calls: readonly CallRow[],
  outcomes: readonly OutcomeRow[],
): Promise<void> {
  const given = calls.map((call) => ({
    ...call,
    path: storable(call.path)!,
    request_body: storable(call.request_body),
    response_body: storable(call.response_body),
  }))
  if (given.length > 0)
    await db.execute(sql`
      with item as materialized (select * from ${rows(given, callColumns)}),
      kept as (
        insert into http_calls (connection_id, run_id, operation, at, method, host, path, bucket, waited_ms, duration_ms, status, failure,
          request_bytes, response_bytes, request_body, response_body)
        select item.* from item
      )
      insert into call_hours (connection_id, hour, bucket, outcome, calls, waited_ms, duration_ms)
      select connection_id, date_trunc('hour', at, 'UTC'), bucket, coalesce(failure, 'ok'), count(*), sum(waited_ms), sum(duration_ms)
      from item group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (connection_id, hour, bucket, outcome) do update set calls = call_hours.calls + excluded.calls,
        waited_ms = call_hours.waited_ms + excluded.waited_ms, duration_ms = call_hours.duration_ms + excluded.duration_ms`)
  if (outcomes.length > 0)
    await db.execute(sql`
      insert into operation_outcomes (connection_id, operation, last_success_at, last_failure_at, last_failure_kind, last_failure_message, successes, failures)
      select item.* from ${rows(outcomes, outcomeColumns)} order by item.connection_id, item.operation
      on conflict (connection_id, operation) do update set
        last_success_at = greatest(operation_outcomes.last_success_at, excluded.last_success_at),
        last_failure_at = greatest(operation_outcomes.last_failure_at, excluded.last_failure_at),
        last_failure_kind = coalesce(excluded.last_failure_kind, operation_outcomes.last_failure_kind),
        last_failure_message = coalesce(excluded.last_failure_message, operation_outcomes.last_failure_message),
        successes = operation_outcomes.successes + excluded.successes, failures = operation_outcomes.failures + excluded.failures`)
}

/** Writes down that a webhook came. */
export async function noteWebhook(
  db: Db,
  connectionId: string,
  outcome: 'accepted' | 'ignored' | 'forged',
  at: Date,
): Promise<void> {
  await db.execute(sql`
    insert into webhook_receipts (connection_id, outcome, last_at, received) values (${connectionId}, ${outcome}, ${at.toISOString()}::timestamptz, 1)
    on conflict (connection_id, outcome) do update set last_at = excluded.last_at, received = webhook_receipts.received + 1`)
}
