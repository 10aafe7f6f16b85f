import { ConnectorError, type FieldIssue, kindOfStatus } from 'entrepot/sdk'
import { z } from 'zod'

/** USPS's own shape; and OAuth's, which says `error` as a word. */
const refusalSchema = z.object({
  error: z.union([
    z.string(),
    z.object({
      code: z.coerce.string().optional(),
      message: z.string().optional(),
      errors: z
        .array(
          z.object({
            code: z.coerce.string().optional(),
            title: z.string().optional(),
            detail: z.string().optional(),
            source: z
              .union([z.string(), z.object({ parameter: z.string().optional() })])
              .nullish()
              .catch(null),
          }),
        )
        .nullish(),
    }),
  ]),
  error_description: z.string().optional(),
})

/** What USPS says in words only: a 400 that means that there is no such label, or nothing was scanned yet. */
const notFoundWords: Readonly<Record<string, RegExp>> = {
  labels: /\b(order|label)( was)? not found/i,
  internationalLabels: /\b(order|label)( was)? not found/i,
  tracking: /no record|not found|not (yet )?available/i,
}

type Answer = { status: number; body: unknown; retryAfter: string | undefined }
type Call = { bucket: string; isRepeatable: boolean }

/** USPS's refusal as one of the seven words; null when it refused nothing. */
export function readRefusal({ status, body, retryAfter }: Answer, call: Call): ConnectorError | null {
  if (status < 400) return null
  const { code, message, issues } = readWords(body)
  const details = {
    status,
    vendorCode: code,
    vendorMessage: message,
    issues,
    retryAfterMs: Number(retryAfter) >= 0 ? Number(retryAfter) * 1000 : undefined,
  }
  const words = message || 'no explanation'
  return new ConnectorError(
    kindOf(status, words, call),
    `USPS answered a call of ${call.bucket} with ${status}: ${words}`,
    details,
  )
}

function kindOf(status: number, words: string, { bucket, isRepeatable }: Call): ConnectorError['kind'] {
  if (status === 400 && notFoundWords[bucket]?.test(words)) return 'not_found'
  // The gateway's own word for wrong client credentials.
  if (bucket === 'oauth' && status === 400) return 'auth'
  const kind = kindOfStatus(status)
  return kind === 'unavailable' && status >= 500 && !isRepeatable ? 'uncertain' : kind
}

function readWords(body: unknown): {
  code: string | undefined
  message: string | undefined
  issues: FieldIssue[]
} {
  const read = refusalSchema.safeParse(tryJson(String(body))).data
  if (!read) return { code: undefined, message: String(body).slice(0, 500), issues: [] }
  const { error, error_description: description } = read
  if (typeof error === 'string') return { code: error, message: description ?? error, issues: [] }
  const entries = error.errors ?? []
  const issues = entries.map(
    (entry): FieldIssue => ({
      field: (typeof entry.source === 'string' ? entry.source : entry.source?.parameter) ?? null,
      code: entry.code ?? null,
      message: entry.detail ?? entry.title ?? error.message ?? '',
      severity: 'error',
    }),
  )
  const said = [...new Set(issues.map((issue) => issue.message).filter((text) => text !== ''))]
  return {
    code: entries[0]?.code ?? error.code,
    message: said.length > 0 ? said.join(' ') : error.message,
    issues,
  }
}

/** The JSON value, or undefined when the text is no JSON. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
