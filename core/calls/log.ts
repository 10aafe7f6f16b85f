import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { type ConnectorError, toConnectorError } from '../sdk/errors.ts'
import type { HttpCall } from '../sdk/http.ts'
import { isKept, maskBody, maskPath } from './mask.ts'
import { type CallRow, type OutcomeRow, writeCalls } from './write.ts'

/** How long a call waits to be written with others. */
const patienceMs = 500
/** Calls that may wait; where the database is away for longer, the log has a gap and says so. */
const mostWaiting = 2_000

/** What a call belongs to. */
export type CallOrigin = {
  connectionId: string
  runId: string | null
  operation: string | null
  secrets: readonly string[]
}

/** Keeps calls and what became of operations, beside the work: nothing ever waits for it. */
export type CallLog = {
  noteCall(origin: CallOrigin, call: HttpCall): void
  /** An operation worked, or failed with this error. */
  noteOutcome(connectionId: string, operation: string, error: unknown): void
  /** Writes what waits. Resolves when it is there. */
  flush(): Promise<void>
}

type Waiting = { origin: CallOrigin; call: HttpCall; at: Date }

/** A log that writes in batches through `db`, whose commits may be forgotten. */
export function createCallLog({ db, clock, log }: { db: Db; clock: Clock; log: Log }): CallLog {
  let calls: Waiting[] = []
  let outcomes = new Map<string, OutcomeRow>()
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const soon = () => {
    timer ??= setTimeout(() => void flush(), patienceMs).unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    if (calls.length === 0 && outcomes.size === 0) return
    const [taken, told] = [calls, [...outcomes.values()]]
    calls = []
    outcomes = new Map()
    try {
      await writeCalls(db, taken.map(toRow), told)
      if (lost > 0) log.warn({ lost }, 'The call log has a gap: calls came faster than they could be written')
      lost = 0
    } catch (error) {
      // The work goes on without its log; what it loses is counted, and said once it writes again.
      lost += taken.length
      log.warn({ err: error, calls: taken.length }, 'Calls could not be written to the call log')
    }
  }

  return {
    noteCall(origin, call) {
      if (calls.length >= mostWaiting) {
        lost += 1
        return
      }
      const hasFailed = call.failure !== null
      const request = isKept(call.request, hasFailed) ? call.request : withoutBytes(call.request)
      const response = isKept(call.response, hasFailed) ? call.response : withoutBytes(call.response)
      calls.push({ origin, at: clock.now(), call: { ...call, request, response } })
      soon()
    },
    noteOutcome(connectionId, operation, error) {
      const key = `${connectionId} ${operation}`
      outcomes.set(key, addOutcome(outcomes.get(key), { connectionId, operation, at: clock.now() }, error))
      soon()
    },
    flush,
  }
}

/** A body that is too long keeps its size alone. */
const withoutBytes = (body: HttpCall['request']): HttpCall['request'] & { size: number } => ({
  type: body.type,
  bytes: null,
  size: body.bytes?.length ?? 0,
})

const sizeOf = (body: HttpCall['request'] & { size?: number }): number => body.size ?? body.bytes?.length ?? 0

function toRow({ origin, call, at }: Waiting): CallRow {
  const rules = { operation: origin.operation, hasFailed: call.failure !== null, secrets: origin.secrets }
  const bodyOf = (body: HttpCall['request'] & { size?: number }) =>
    body.size ? `[${body.size} bytes, too long to keep]` : maskBody(body, rules)
  return {
    connection_id: origin.connectionId,
    run_id: origin.runId,
    operation: origin.operation,
    at,
    method: call.method,
    host: call.url.host,
    path: maskPath(call.url, origin.secrets),
    bucket: call.bucket,
    waited_ms: Math.round(call.waitedMs),
    duration_ms: Math.round(call.durationMs),
    status: call.status,
    failure: call.failure,
    request_bytes: sizeOf(call.request),
    response_bytes: sizeOf(call.response),
    request_body: bodyOf(call.request),
    response_body: bodyOf(call.response),
  }
}

function addOutcome(
  known: OutcomeRow | undefined,
  { connectionId, operation, at }: { connectionId: string; operation: string; at: Date },
  error: unknown,
): OutcomeRow {
  const row = known ?? {
    connection_id: connectionId,
    operation,
    last_success_at: null,
    last_failure_at: null,
    last_failure_kind: null,
    last_failure_message: null,
    successes: 0,
    failures: 0,
  }
  if (error === null) return { ...row, last_success_at: at, successes: row.successes + 1 }
  const { kind, message }: ConnectorError = toConnectorError(error)
  return {
    ...row,
    last_failure_at: at,
    last_failure_kind: kind,
    last_failure_message: message.slice(0, 1000),
    failures: row.failures + 1,
  }
}
