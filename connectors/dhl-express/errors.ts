import { ConnectorError, type FailureKind, type FieldIssue, kindOfStatus } from 'entrepot/sdk'
import { problem } from './schemas.ts'

/** "#/content/packages/0: required key [weight] not found" names its field by a path and a key. */
function toIssue(text: string): FieldIssue {
  const [, path, words] = /^#\/?(\S*?):\s*(.+)$/s.exec(text) ?? []
  if (words === undefined)
    return { field: null, code: codeIn(text) ?? null, message: text, severity: 'error' }
  const key = /\bkey \[(\w+)\]/.exec(words)?.[1]
  const field = [...path!.split('/'), key].filter(Boolean).join('.')
  return { field: field === '' ? null : field, code: null, message: words, severity: 'error' }
}

/** "8003: Account not allowed" begins with DHL's own number. */
const codeIn = (text: string): string | undefined => /^(\d{3,6}):/.exec(text)?.[1]

function kindOf(status: number, isRepeatable: boolean): FailureKind {
  const kind = kindOfStatus(status)
  return kind === 'unavailable' && status >= 500 && !isRepeatable ? 'uncertain' : kind
}

/**
 * Reads MyDHL's `{instance, detail, title, message, additionalDetails, status}`. Null where it is none of that,
 * and for 429 and 503, whose Retry-After the hub reads itself.
 * @param about what was asked for, as it stands in the message: "POST /shipments".
 */
export function readRefusal(
  answer: { status: number; body: string },
  about: string,
  isRepeatable: boolean,
): ConnectorError | null {
  const { status, body } = answer
  if (status < 400 || status === 429 || status === 503) return null
  const parsed = problem.safeParse(tryJson(body))
  const { detail, title, message, additionalDetails = [] } = parsed.success ? parsed.data : {}
  const main = detail ?? title ?? message
  if (main === undefined) return null
  const words = [main, ...additionalDetails].join(' ')
  return new ConnectorError(kindOf(status, isRepeatable), `DHL Express refused ${about}: ${words}`, {
    status,
    vendorCode: codeIn(main) ?? String(status),
    vendorMessage: words,
    issues: (additionalDetails.length > 0 ? additionalDetails : [main]).map(toIssue),
  })
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
