import type { FailureKind } from './errors.ts'

/** What follows from a failure. The only place where retries are decided. */
export type Consequence = {
  /** Whether the same request is sent again by itself. */
  retry: 'after_wait' | 'with_backoff' | 'after_looking' | 'when_changed' | 'never'
  /** First wait in milliseconds; doubled for each further failure up to `maxWaitMs`. */
  waitMs: number
  maxWaitMs: number
  /** What stops: only this item, the rest of this run, or the whole connection until someone acts. */
  stops: 'item' | 'run' | 'connection'
  /** Who has to know: nobody (it heals), an operator, or whoever wrote the connector. */
  tell: 'nobody' | 'operator' | 'integrator'
  /** After how many failures in a row somebody is told although it may still heal. */
  tellAfter: number
}

const second = 1000
const minute = 60 * second
const day = 24 * 60 * minute

/** One row a failure kind. */
export const failurePolicy: Readonly<Record<FailureKind, Consequence>> = {
  rate_limited: {
    retry: 'after_wait',
    waitMs: second,
    maxWaitMs: 10 * minute,
    stops: 'run',
    tell: 'nobody',
    tellAfter: 20,
  },
  unavailable: {
    retry: 'with_backoff',
    waitMs: second,
    maxWaitMs: 5 * minute,
    stops: 'run',
    tell: 'operator',
    tellAfter: 5,
  },
  uncertain: {
    retry: 'after_looking',
    waitMs: second,
    maxWaitMs: 5 * minute,
    stops: 'item',
    tell: 'operator',
    tellAfter: 5,
  },
  auth: { retry: 'never', waitMs: 0, maxWaitMs: 0, stops: 'connection', tell: 'operator', tellAfter: 1 },
  rejected: {
    retry: 'when_changed',
    waitMs: day,
    maxWaitMs: day,
    stops: 'item',
    tell: 'operator',
    tellAfter: 1,
  },
  not_found: {
    retry: 'when_changed',
    waitMs: day,
    maxWaitMs: day,
    stops: 'item',
    tell: 'operator',
    tellAfter: 1,
  },
  unexpected: {
    retry: 'with_backoff',
    waitMs: minute,
    maxWaitMs: 15 * minute,
    stops: 'item',
    tell: 'integrator',
    tellAfter: 1,
  },
}

/** Milliseconds to wait before attempt number `attempts + 1`, given what the platform asked for, if it did. */
export function waitBeforeRetry(kind: FailureKind, attempts: number, retryAfterMs?: number): number {
  const { waitMs, maxWaitMs } = failurePolicy[kind]
  const own = Math.min(maxWaitMs, waitMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20))
  return Math.max(own, retryAfterMs ?? 0)
}
