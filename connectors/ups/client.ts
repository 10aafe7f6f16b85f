import { randomUUID } from 'node:crypto'
import { type ConnectorContext, ConnectorError, requestJson } from 'entrepot/sdk'
import type { z } from 'zod'
import { withUpsWords } from './refusals.ts'
import * as schemas from './schemas.ts'
import { endpointOf, type UpsCredentials, type UpsSettings } from './settings.ts'

type Context = ConnectorContext<UpsSettings, UpsCredentials>
type Bucket = 'oauth' | 'rating' | 'shipping' | 'tracking'
type Call = {
  bucket: Bucket
  isRepeatable?: boolean
  method?: 'GET' | 'POST' | 'DELETE'
  headers?: Record<string, string>
  json?: object
  /** What the call is about, for messages. */
  what: string
}

/** A token is given up this long before it expires, so that none dies on the way. */
const tokenMarginSeconds = 60

/** The access token of this connection. @see https://developer.ups.com/api/reference/oauth/client-credentials */
function accessToken({ settings, credentials, http, tokens, clock }: Context): Promise<string> {
  const basic = Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')
  return tokens.get('access', async () => {
    try {
      const { data } = await requestJson(
        http,
        schemas.tokenSchema,
        `${endpointOf(settings)}/security/v1/oauth/token`,
        {
          method: 'POST',
          headers: { authorization: `Basic ${basic}`, 'x-merchant-id': settings.accountNumber },
          form: { grant_type: 'client_credentials' },
          context: { bucket: 'oauth', isRepeatable: true },
        },
      )
      const lifeMs = Math.max(data.expires_in - tokenMarginSeconds, 1) * 1000
      return { value: data.access_token, expiresAt: new Date(clock.now().getTime() + lifeMs) }
    } catch (error) {
      throw withUpsWords(error, 'the sign-in')
    }
  })
}

/**
 * UPS's REST APIs for one account; the only place that talks to them. Every method throws ConnectorError only.
 * @see https://developer.ups.com/api/reference
 */
export function createClient(context: Context) {
  const { settings, http, tokens, clock, log } = context
  const api = `${endpointOf(settings)}/api`

  async function callOnce<T>(schema: z.ZodType<T>, path: string, call: Call, token: string): Promise<T> {
    const { bucket, isRepeatable = false, method = 'POST', headers, json, what } = call
    try {
      const { data } = await requestJson(http, schema, `${api}${path}`, {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${token}`,
          transId: randomUUID().replaceAll('-', ''),
          transactionSrc: 'entrepot',
        },
        ...(json ? { json } : {}),
        context: { bucket, isRepeatable },
      })
      return data
    } catch (error) {
      throw withUpsWords(error, what)
    }
  }

  /** One refused token is dropped and the call made once more: a 401 did nothing. */
  async function call<T>(schema: z.ZodType<T>, path: string, options: Call): Promise<T> {
    const token = await accessToken(context)
    try {
      return await callOnce(schema, path, options, token)
    } catch (error) {
      if (!(error instanceof ConnectorError && error.status === 401)) throw error
      await tokens.drop('access', token)
      return callOnce(schema, path, options, await accessToken(context))
    }
  }

  return {
    settings,
    clock,
    log,
    /** Prices and transit times of all services. @see https://developer.ups.com/api/reference/rating */
    rate: async (json: object) =>
      (
        await call(schemas.rateSchema, '/rating/v2409/Shoptimeintransit', {
          bucket: 'rating',
          isRepeatable: true,
          json,
          what: 'the request for prices',
        })
      ).RateResponse.RatedShipment,
    /** Books and prints. @see https://developer.ups.com/api/reference/shipping */
    ship: async (json: object, reference: string) =>
      (
        await call(schemas.shipmentSchema, '/shipments/v2409/ship', {
          bucket: 'shipping',
          json,
          what: `the booking of ${reference}`,
        })
      ).ShipmentResponse.ShipmentResults,
    /** Labels of what was booked, again. It changes nothing. */
    recoverLabels: async (json: object, of: string) =>
      (
        await call(schemas.recoverySchema, '/labels/v1/recovery', {
          bucket: 'shipping',
          isRepeatable: true,
          json,
          what: `the search for the labels of ${of}`,
        })
      ).LabelRecoveryResponse,
    voidShipment: async (externalId: string) =>
      (
        await call(schemas.voidSchema, `/shipments/v2409/void/cancel/${encodeURIComponent(externalId)}`, {
          bucket: 'shipping',
          method: 'DELETE',
          what: `the cancellation of ${externalId}`,
        })
      ).VoidShipmentResponse,
    /** @see https://developer.ups.com/api/reference/tracking */
    track: async (trackingNumber: string) =>
      (
        await call(
          schemas.trackSchema,
          `/track/v1/details/${encodeURIComponent(trackingNumber)}?locale=en_US`,
          {
            bucket: 'tracking',
            method: 'GET',
            what: `the tracking of ${trackingNumber}`,
          },
        )
      ).trackResponse.shipment,
    /** @see https://developer.ups.com/api/reference/trackalert */
    subscribe: (trackingNumbers: readonly string[]) =>
      call(schemas.subscriptionSchema, '/track/v2/subscription/standard/package', {
        bucket: 'tracking',
        isRepeatable: true,
        json: { locale: 'en_US', countryCode: settings.originCountry, trackingNumberList: trackingNumbers },
        what: 'the subscription to parcels',
      }),
    /** @see https://developer.ups.com/api/reference/pickup */
    createPickup: async (json: object, reference: string) =>
      (
        await call(schemas.pickupSchema, '/pickupcreation/v2409/pickup', {
          bucket: 'shipping',
          json,
          what: `the request of the pickup ${reference}`,
        })
      ).PickupCreationResponse,
    /** On-call pickups that are still to come, today's and tomorrow's. */
    pendingPickups: async () =>
      (
        await call(schemas.pendingPickupsSchema, '/shipments/v2409/pickup/oncall', {
          bucket: 'shipping',
          method: 'GET',
          headers: { AccountNumber: settings.accountNumber },
          what: 'the question for pending pickups',
        })
      ).PickupPendingStatusResponse.PendingStatus,
  }
}
export type UpsClient = ReturnType<typeof createClient>
