import { createHash, timingSafeEqual } from 'node:crypto'
import {
  ConnectorError,
  type FailureKind,
  type ItemResult,
  type TrackingRef,
  type TrackingResult,
  toConnectorError,
  type WebhookAction,
  type WebhookRequest,
} from 'entrepot/sdk'
import type { UpsClient } from './client.ts'
import { toTracking } from './mapping-tracking.ts'
import { codes, hasCode } from './refusals.ts'
import { trackAlertSchema } from './schemas.ts'
import type { UpsCredentials } from './settings.ts'

/** Failures that the next parcel would meet as well: asking on would only make them worse. */
const ofTheConnection: readonly FailureKind[] = ['rate_limited', 'unavailable', 'auth']

/** One call a parcel: UPS tracks no list. */
export async function pullTracking(
  client: UpsClient,
  parcels: readonly TrackingRef[],
): Promise<TrackingResult[]> {
  const results: TrackingResult[] = []
  let standstill: ConnectorError | null = null
  for (const { trackingNumber } of parcels) {
    if (standstill) {
      results.push({ ok: false, error: standstill })
      continue
    }
    try {
      results.push({ ok: true, tracking: toTracking(await client.track(trackingNumber), trackingNumber) })
    } catch (cause) {
      const error = toConnectorError(cause)
      if (ofTheConnection.includes(error.kind)) standstill = error
      results.push({ ok: false, error })
    }
  }
  return results
}

/** The numbers that Track Alert takes: UPS's own and Roadie's. */
const ownNumber = /^(1Z[0-9A-Z]{16}|1R[0-9A-Z]{14}|1R[0-9A-Z]{26})$/

/** A subscription lives fourteen days; taking it again starts them anew. */
export async function subscribeTracking(
  client: UpsClient,
  parcels: readonly TrackingRef[],
): Promise<ItemResult[]> {
  const numbers = parcels.map(({ trackingNumber }) => trackingNumber)
  const valid = new Set(
    await subscribe(
      client,
      numbers.filter((number) => ownNumber.test(number)),
    ),
  )
  return numbers.map((number) => {
    if (valid.has(number)) return { ok: true, externalId: number }
    const message = `UPS sends no alerts about ${number}: it takes numbers of its own only (1Z...).`
    return { ok: false, error: new ConnectorError('rejected', message) }
  })
}

async function subscribe(client: UpsClient, numbers: readonly string[]): Promise<readonly string[]> {
  if (numbers.length === 0) return []
  try {
    return (await client.subscribe(numbers)).validTrackingNumbers ?? []
  } catch (error) {
    if (hasCode(error, codes.noValidTrackingNumber)) return []
    throw error
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * Whether the request shows the credential that was set at UPS, as a bearer token or in the header `credential`
 * of older subscriptions. UPS signs nothing: the body may be anybody's once the credential is known, which is
 * why a webhook only makes us ask.
 * @see https://developer.ups.com/update-webhook
 */
export function verifyWebhook({ headers }: WebhookRequest, { webhookCredential }: UpsCredentials): boolean {
  if (!webhookCredential) return false
  const bearer = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1]
  const shown = bearer ?? headers.get('credential')
  // Digests have one length, so that the comparison tells nothing of the credential's own.
  return shown !== null && shown !== undefined && timingSafeEqual(digest(shown), digest(webhookCredential))
}

export function interpretWebhook({ rawBody }: WebhookRequest): WebhookAction {
  const told = trackAlertSchema.safeParse(readJson(rawBody))
  return told.success
    ? { pull: 'tracking', externalIds: [told.data.trackingNumber] }
    : { ignore: 'The message names no parcel.' }
}

function readJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'))
  } catch {
    // What is no JSON names no parcel.
    return null
  }
}
