/**
 * The one word for each way a remote call can fail. What follows from each stands in `failure-policy.ts`.
 * - `rate_limited`: the platform asks us to wait.
 * - `unavailable`: it did not do it, and may do it later (a 5xx, a refused connection, a read that timed out).
 * - `uncertain`: it may or may not have done it (a write whose answer was lost).
 * - `auth`: it does not accept our credentials.
 * - `rejected`: it understood and refused; the same request will be refused again.
 * - `not_found`: what the request is about does not exist there.
 * - `unexpected`: it answered what we cannot read.
 */
export const failureKinds = [
  'rate_limited',
  'unavailable',
  'uncertain',
  'auth',
  'rejected',
  'not_found',
  'unexpected',
] as const
export type FailureKind = (typeof failureKinds)[number]

/** A complaint of the platform about one field, in its own words. `field` is the platform's name for it. */
export type FieldIssue = {
  field: string | null
  code: string | null
  message: string
  severity: 'error' | 'warning'
}

type Details = {
  /** The platform's own words, shown to the operator beside ours. */
  vendorMessage?: string | undefined
  vendorCode?: string | undefined
  /** HTTP status, where there was an answer. */
  status?: number | undefined
  /** How long the platform asked us to wait, in milliseconds. */
  retryAfterMs?: number | undefined
  issues?: readonly FieldIssue[] | undefined
  cause?: unknown
}

/** A remote call that failed, as one of the seven words. Connectors throw it or return it per item. */
export class ConnectorError extends Error {
  override name = 'ConnectorError'
  readonly kind: FailureKind
  readonly vendorMessage: string | undefined
  readonly vendorCode: string | undefined
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly issues: readonly FieldIssue[]

  /** @param message what happened, to what, and what to do about it. */
  constructor(kind: FailureKind, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    this.vendorMessage = details.vendorMessage
    this.vendorCode = details.vendorCode
    this.status = details.status
    this.retryAfterMs = details.retryAfterMs
    this.issues = details.issues ?? []
  }
}

/** The error as a ConnectorError; what is not one yet becomes `unexpected` with the original as its cause. */
export function toConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ConnectorError('unexpected', `The connector failed: ${message}`, { cause: error })
}

/** Bad input from a person or a file: nothing was changed. `field` names what to correct. */
export class InputError extends Error {
  override name = 'InputError'
  readonly field: string | undefined
  constructor(message: string, field?: string) {
    super(message)
    this.field = field
  }
}

/** What was named does not exist here. */
export class NotFoundError extends Error {
  override name = 'NotFoundError'
}

/** The change does not fit the present state (approved twice, cancelled after shipping). */
export class ConflictError extends Error {
  override name = 'ConflictError'
}

/** Who asks may not do this, whatever state things are in. */
export class ForbiddenError extends Error {
  override name = 'ForbiddenError'
}

/** Too many attempts: not before `retryAt`. */
export class TooManyError extends Error {
  override name = 'TooManyError'
  readonly retryAt: Date
  constructor(message: string, retryAt: Date) {
    super(message)
    this.retryAt = retryAt
  }
}
