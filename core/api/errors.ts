import { OpenAPIHono, z } from '@hono/zod-openapi'
import { DrizzleQueryError } from 'drizzle-orm'
import type { Context, ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { brokenConstraint, postgresCode } from '../db/transact.ts'
import type { Log } from '../lib/log.ts'
import {
  ConflictError,
  ConnectorError,
  ForbiddenError,
  InputError,
  NotFoundError,
  TooManyError,
} from '../sdk/errors.ts'

export const errorCodes = [
  'invalid_input',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'too_many',
  'platform_failed',
  'unavailable',
  'internal',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** The one shape of every refusal. */
export const errorSchema = z
  .object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string().openapi({ example: 'There is no order ord_01k5.' }),
      field: z.string().optional().openapi({ description: 'What to correct in the request.' }),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .openapi('Error')

type Refusal = {
  status: ContentfulStatusCode
  code: ErrorCode
  message: string
  field?: string | undefined
  details?: Record<string, unknown>
}

/** Answers with the one error shape. */
export function refuse(c: Context, { status, ...error }: Refusal) {
  return c.json({ error }, status)
}

/** A router whose routes refuse what does not fit their schema, naming the field. */
export const createRouter = () =>
  new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined
      const issues = result.error.issues.map((issue) => ({
        field: issue.path.join('.') || result.target,
        message: issue.message,
      }))
      const [first] = issues
      return refuse(c, {
        status: 400,
        code: 'invalid_input',
        message: `${first?.field}: ${first?.message}`,
        field: first?.field,
        ...(issues.length > 1 ? { details: { issues } } : {}),
      })
    },
  })

/** Turns whatever a handler throws into the one error shape; what nobody expected is logged and not told. */
export const answerErrors =
  (log: Log): ErrorHandler =>
  (error, c) => {
    const known = toRefusal(error)
    if (error instanceof TooManyError) c.header('retry-after', secondsUntil(error.retryAt))
    if (known) return refuse(c, known)
    const requestId = String(c.get('requestId'))
    log.error({ requestId, method: c.req.method, ...withoutValues(error) }, 'A request failed')
    return refuse(c, {
      status: 500,
      code: 'internal',
      message: `The hub failed. The log has the cause under request ${requestId}.`,
      details: { requestId },
    })
  }

const secondsUntil = (at: Date): string => String(Math.max(1, Math.ceil((at.getTime() - Date.now()) / 1000)))

function toRefusal(error: Error): Refusal | null {
  const { message } = error
  if (error instanceof InputError) return { status: 400, code: 'invalid_input', message, field: error.field }
  if (error instanceof NotFoundError) return { status: 404, code: 'not_found', message }
  if (error instanceof ForbiddenError) return { status: 403, code: 'forbidden', message }
  if (error instanceof TooManyError)
    return { status: 429, code: 'too_many', message, details: { retryAt: error.retryAt.toISOString() } }
  if (error instanceof ConflictError) return { status: 409, code: 'conflict', message }
  if (error instanceof ConnectorError) {
    const { kind, vendorMessage = null, vendorCode = null, issues } = error
    return {
      status: 502,
      code: 'platform_failed',
      message,
      details: { kind, vendorMessage, vendorCode, issues },
    }
  }
  if (error instanceof HTTPException) return ofStatus(error.status, message)
  return ofDatabase(error)
}

function ofStatus(status: number, message: string): Refusal | null {
  if (status === 415)
    return {
      status: 400,
      code: 'invalid_input',
      message: 'Send the body as application/json.',
      field: 'content-type',
    }
  if (status === 413) return { status, code: 'too_large', message: 'The body is too large.' }
  if (status === 400)
    return { status, code: 'invalid_input', message: message || 'The request cannot be read.' }
  return null
}

/** What PostgreSQL refuses because of the data that was sent. Its own words may repeat that data: they stay here. */
function ofDatabase(error: Error): Refusal | null {
  const code = postgresCode(error) ?? ''
  const details = { constraint: brokenConstraint(error) ?? null }
  if (code === '23505')
    return {
      status: 409,
      code: 'conflict',
      message: 'Something with this name or key exists already.',
      details,
    }
  if (code === '23503')
    return { status: 400, code: 'invalid_input', message: 'It names something that does not exist.', details }
  if (code.startsWith('22') || code.startsWith('23'))
    return { status: 400, code: 'invalid_input', message: 'A value cannot be stored.', details }
  return null
}

/** A failed statement names its parameters, which may be personal data: only codes and places are kept. */
export function withoutValues(error: Error): Record<string, unknown> {
  const isStatement = error instanceof DrizzleQueryError || error.cause instanceof DrizzleQueryError
  const isAboutData = isStatement || error instanceof SyntaxError || error instanceof z.ZodError
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return {
    error: error.name,
    ...(isAboutData ? {} : { reason: error.message }),
    code: postgresCode(error) ?? null,
    constraint: brokenConstraint(error) ?? null,
    at: frames.slice(0, 5).map((line) => line.trim()),
  }
}
