import { ConnectorError, type FailureKind, type FieldIssue } from 'entrepot/sdk'
import { z } from 'zod'
import { type Envelope, type Result, result } from './schemas.ts'

/** What is known of a call when its answer is read. */
export type CallNature = {
  /** What was asked for, as it stands in messages. */
  about: string
  /** Whether it may be sent twice without harm; if not, a failure in the middle of it is uncertain. */
  isRepeatable: boolean
}

/** "unanswered": the service behind the gateway may or may not have done it. */
type GatewayWord = FailureKind | 'unanswered'

/** What the gateway's codes mean. @see https://open.sf-express.com/Api/ApiDetails?level3=393 */
const gatewayCodes: readonly [GatewayWord, readonly string[]][] = [
  ['auth', ['A1002', 'A1003', 'A1004', 'A1006', 'A1010', 'A1011']],
  ['rate_limited', ['A1005']],
  ['rejected', ['A1001', 'A1007', 'A1008']],
  ['unanswered', ['A1009', 'A1099']],
]

/** Codes of the services that say something else than that they refuse. */
const serviceCodes: readonly [GatewayWord, readonly string[]][] = [
  ['not_found', ['6150', '8018', '8024']],
  ['unanswered', ['S0003']],
]

/** The order id was used before: SF has the shipment. */
export const alreadyBooked = '8016'
/** The order was cancelled before. */
export const alreadyCancelled = '8037'

/** Which field a refusal is about, by SF's name for it. */
const fields: readonly [string, readonly string[]][] = [
  ['sender address', ['1010']],
  ['sender contact', ['1011']],
  ['sender mobile', ['1012']],
  ['receiver address', ['1014']],
  ['receiver contact', ['1015']],
  ['receiver mobile', ['1016']],
  ['postCode', ['1020', '6200', '6201']],
  ['cargoDetails.name', ['1023', '20035']],
  ['cargoDetails.count', ['1028', '6202']],
  ['cargoDetails.weight', ['6204']],
  ['cargoDetails.amount', ['6205']],
  ['cargoDetails.currency', ['6206']],
  ['cargoDetails.sourceArea', ['6207']],
  ['declaredValue', ['1038', '8194']],
  ['monthlyCard', ['6126', '8114', '8119', '8256', '20052']],
  ['expressTypeId', ['8057', '8179', '20036']],
  ['parcelQty', ['8067', '8117']],
  ['totalWeight', ['20012']],
]

const lookUp = <Word>(table: readonly [Word, readonly string[]][], code: string): Word | undefined =>
  table.find(([, codes]) => codes.includes(code))?.[0]

const settle = (word: GatewayWord, { isRepeatable }: CallNature): FailureKind =>
  word === 'unanswered' ? (isRepeatable ? 'unavailable' : 'uncertain') : word

/**
 * Reads both levels of an answer: the gateway's code, then the result of the service behind it.
 * @throws ConnectorError when either says no, or cannot be read.
 */
export function unwrap<Data>(
  answer: Envelope,
  schema: z.ZodType<Data>,
  part: 'msgData' | 'obj',
  nature: CallNature,
): Data {
  if (answer.apiResultCode !== 'A1000') throw fromGateway(answer, nature)
  const outcome = read(result, answer.apiResultData, nature)
  if (!outcome.success) throw fromService(outcome, nature)
  return read(schema, outcome[part], nature)
}

function read<Data>(schema: z.ZodType<Data>, value: unknown, nature: CallNature): Data {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ConnectorError(
    nature.isRepeatable ? 'unexpected' : 'uncertain',
    `SF Express's answer to ${nature.about} cannot be read: ${z.prettifyError(parsed.error)}`.slice(0, 1000),
  )
}

function fromGateway({ apiResultCode, apiErrorMsg }: Envelope, nature: CallNature): ConnectorError {
  const word = lookUp(gatewayCodes, apiResultCode)
  // A code that nobody documented says nothing of what became of the call.
  const kind = word ? settle(word, nature) : nature.isRepeatable ? 'unexpected' : 'uncertain'
  return new ConnectorError(
    kind,
    `SF Express's gateway refused ${nature.about} with ${apiResultCode}: ${apiErrorMsg || 'no explanation'}`,
    { vendorCode: apiResultCode, vendorMessage: apiErrorMsg ?? undefined },
  )
}

function fromService(outcome: Result, nature: CallNature): ConnectorError {
  const code = outcome.errorCode ?? ''
  const message = outcome.errorMsg ?? outcome.errorMessage ?? 'no explanation'
  const field = lookUp(fields, code)
  const issues: FieldIssue[] = field ? [{ field, code, message, severity: 'error' }] : []
  const where = field ? ` Correct ${field}.` : ''
  return new ConnectorError(
    settle(lookUp(serviceCodes, code) ?? 'rejected', nature),
    `SF Express refused ${nature.about}${code ? ` with ${code}` : ''}: ${message}${where}`,
    { vendorCode: code || undefined, vendorMessage: message, issues },
  )
}
