import { ConnectorError, type FailureKind } from 'entrepot/sdk'
import { refusalSchema } from './schemas.ts'

/**
 * UPS's own codes that say more than the HTTP status with which they come.
 * @see https://developer.ups.com/api/reference/shipping/errors
 */
export const codes = {
  alreadyVoided: '190117',
  labelNotFound: '300007',
  labelOfVoided: '300033',
  trackingNotFound: 'TW0001',
  noValidTrackingNumber: 'VSS210',
} as const

/** Refusals of a price that mean "not on this route". */
const notOffered = new Set(['111100', '111210', '111217'])
export const isNotOffered = ({ vendorCode }: ConnectorError): boolean => notOffered.has(vendorCode ?? '')

const kindByCode: Readonly<Record<string, FailureKind>> = {
  '10429': 'rate_limited',
  '190001': 'unavailable',
  '300000': 'unavailable',
}

/** The hub's error with what UPS says in it, which stands deeper than the hub looks. */
export function withUpsWords(error: unknown, what: string): unknown {
  if (!(error instanceof ConnectorError) || error.status === undefined || !error.vendorMessage) return error
  const refusal = readRefusal(error.vendorMessage)
  if (!refusal) return error
  const [first] = refusal
  const words = refusal.map(({ code, message }) => `${message} (${code})`).join(' ')
  return new ConnectorError(
    kindByCode[first!.code] ?? error.kind,
    `UPS answered ${what} with ${error.status}: ${words}`,
    {
      status: error.status,
      vendorCode: first!.code,
      vendorMessage: refusal.map(({ message }) => message).join(' '),
      retryAfterMs: error.retryAfterMs,
      issues: refusal.map(({ code, message }) => ({ field: null, code, message, severity: 'error' })),
      cause: error.cause,
    },
  )
}

function readRefusal(body: string): { code: string; message: string }[] | null {
  try {
    return refusalSchema.safeParse(JSON.parse(body)).data?.response.errors ?? null
  } catch {
    // An answer that is no JSON comes from a gateway: the hub's words for it stand.
    return null
  }
}

export const hasCode = (error: unknown, ...wanted: readonly string[]): boolean =>
  error instanceof ConnectorError && wanted.includes(error.vendorCode ?? '')
