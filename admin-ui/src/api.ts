import { hc } from 'hono/client'
import type { Api } from '../../core/api/app.ts'

/** The hub's API, typed by its own routes: `api.api.products.$get({ query: { limit: '50' } })`. */
export const api = hc<Api>('/')

export type VendorIssue = { field?: string | null; code?: string | null; message: string }

/** A refusal of the hub: what happened and what to do, the field it is about, and the platform's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly field: string | null
  readonly details: Record<string, unknown>

  constructor(
    status: number,
    body: Partial<{ code: string; message: string; field: string; details: object }>,
  ) {
    super(body.message ?? `The hub answered ${status}.`)
    this.status = status
    this.code = body.code ?? 'internal'
    this.field = body.field ?? null
    this.details = (body.details ?? {}) as Record<string, unknown>
  }

  /** What the platform said, in its own words. */
  get vendorMessage(): string | null {
    return typeof this.details.vendorMessage === 'string' ? this.details.vendorMessage : null
  }

  /** Every field that is wrong, where the hub names more than one. */
  get issues(): readonly VendorIssue[] {
    return Array.isArray(this.details.issues) ? (this.details.issues as VendorIssue[]) : []
  }
}

/** What a refusal says of a field, to stand beside it. Of a list it says it of an entry: `address.addressLines.0`. */
export function faultOf(error: Error | null, field: string): string | null {
  if (!(error instanceof ApiError)) return null
  const isOf = (name: string | null | undefined) => name === field || !!name?.startsWith(`${field}.`)
  const issue = error.issues.find((one) => isOf(one.field))
  if (issue) return issue.message
  return isOf(error.field) ? error.message.replace(`${error.field}: `, '') : null
}

/** The part of a response that is read here: that of Hono's client and that of fetch. */
type Answer = { ok: boolean; status: number; json(): Promise<unknown>; text(): Promise<string> }
/** What a call answers when it succeeds. */
export type Success<Response> = Response extends { json(): Promise<infer Body> }
  ? Exclude<Body, { error: { code: string; message: string } }>
  : never

/** The body of an answer. @throws ApiError for a refusal, and for a hub that cannot be reached. */
export async function read<Response extends Answer>(call: Promise<Response>): Promise<Success<Response>> {
  const response = await reach(call)
  if (response.ok) return (await response.json()) as Success<Response>
  throw await toError(response)
}

async function reach<Response>(call: Promise<Response>): Promise<Response> {
  try {
    return await call
  } catch (cause) {
    throw Object.assign(new ApiError(0, { code: 'unreachable', message: 'The hub cannot be reached.' }), {
      cause,
    })
  }
}

async function toError(response: Answer): Promise<ApiError> {
  const text = await response.text()
  try {
    const { error } = JSON.parse(text) as { error?: { code: string; message: string } }
    return new ApiError(response.status, error ?? {})
  } catch {
    return new ApiError(response.status, {
      message: `The hub answered ${response.status}: ${text.slice(0, 200)}`,
    })
  }
}

/** A call below /plugins, whose shape only the plugin knows. */
export const callPlugin = (pluginId: string, method: string, path: string): Promise<unknown> =>
  read(fetch(`/plugins/${pluginId}${path}`, { method, headers: { accept: 'application/json' } }))
