import { ConnectorError, type FieldIssue } from 'entrepot/sdk'
import { type OrderAnswer, type OrderItem, orderAnswerSchema, pickupRefusalSchema } from './schemas.ts'

/** One complaint of ours about what DHL would refuse or cut. The value itself is not repeated. */
export const complaint = (field: string, message: string): FieldIssue => ({
  field,
  code: null,
  message,
  severity: 'error',
})

/** @throws ConnectorError `rejected` when there are complaints: nothing was sent. */
export function refuseIf(issues: readonly FieldIssue[]): void {
  if (issues.length === 0) return
  const words = issues.map(({ field, message }) => `${field}: ${message}`).join(' ')
  throw new ConnectorError('rejected', `DHL was not asked, because it would refuse: ${words}`, { issues })
}

/** What DHL has against one shipment of a request, warnings included. */
export const issuesOf = (item: OrderItem): FieldIssue[] =>
  item.validationMessages.map(({ property, validationMessage, validationState, validationMessageCode }) => ({
    field: property ?? null,
    code: validationMessageCode ?? null,
    message: validationMessage ?? 'no explanation',
    severity: /^warning$/i.test(validationState ?? '') ? 'warning' : 'error',
  }))

/** Whether DHL made, deleted or found what this item is about. */
export const isDone = (item: OrderItem): boolean =>
  item.status === 200 ||
  (item.status === null && !issuesOf(item).some(({ severity }) => severity === 'error'))

const wordsOf = (answer: OrderAnswer): string =>
  [
    answer.detail ?? answer.title,
    ...answer.items
      .filter((item) => !isDone(item))
      .flatMap((item) => [
        item.detail,
        ...issuesOf(item).map(({ field, message }) => `${field ?? 'shipment'}: ${message}`),
      ]),
  ]
    .filter(Boolean)
    .join(' ')

/** The refusal of shipments, in DHL's words. Its answer is the cause, for those who have to know item by item. */
export function refusalOf(about: string, status: number, answer: OrderAnswer): ConnectorError {
  const issues = answer.items.flatMap(issuesOf)
  const words = wordsOf(answer)
  return new ConnectorError('rejected', `DHL refused ${about}: ${words || 'no explanation'}`.slice(0, 2000), {
    status,
    vendorCode: String(answer.status ?? status),
    vendorMessage: words || `HTTP ${status}`,
    issues,
    cause: answer,
  })
}

/** The refusal in a 400 or 422, or null where the answer is none of those. */
export function readRefusal(status: number, body: string, about: string): ConnectorError | null {
  if (status !== 400 && status !== 422) return null
  const json = tryJson(body)
  const pickup = pickupRefusalSchema.safeParse(json).data
  if (pickup) {
    const issues = pickup.map(({ errorCode, title, instance, detail }) => ({
      field: instance ?? null,
      code: String(errorCode),
      message: detail ? `${title}: ${detail}` : title,
      severity: 'error' as const,
    }))
    const words = issues.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(' ')
    const details = { status, vendorCode: issues[0]?.code ?? String(status), vendorMessage: words, issues }
    return new ConnectorError('rejected', `DHL refused ${about}: ${words}`, details)
  }
  const answer = orderAnswerSchema.safeParse(json).data
  return answer ? refusalOf(about, status, answer) : null
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
