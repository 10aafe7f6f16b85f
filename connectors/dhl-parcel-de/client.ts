import { type ConnectorContext, ConnectorError, type LabelFormat, requestJson } from 'entrepot/sdk'
import { z } from 'zod'
import type { OrderRequest } from './mapping-order.ts'
import type { PickupOrder } from './mapping-pickup.ts'
import { readRefusal } from './refusal.ts'
import {
  manifestSchema,
  type OrderAnswer,
  orderAnswerSchema,
  pickupConfirmationSchema,
  pickupOrdersSchema,
  tokenSchema,
} from './schemas.ts'
import type { DhlCredentials, DhlSettings } from './settings.ts'
import { trackingRequest } from './tracking-xml.ts'

export const paths = {
  token: '/parcel/de/account/auth/ropc/v1/token',
  orders: '/parcel/de/shipping/v2/orders',
  manifests: '/parcel/de/shipping/v2/manifests',
  tracking: '/parcel/de/tracking/v0/shipments',
  pickups: '/parcel/de/transportation/pickup/v3/orders',
} as const

type Context = ConnectorContext<DhlSettings, DhlCredentials>
type Query = Readonly<Record<string, string | readonly string[] | undefined>>
type Call = {
  bucket: 'shipping' | 'pickup'
  method?: 'GET' | 'POST' | 'DELETE'
  query?: Query
  json?: unknown
  isRepeatable?: boolean
}

/** A token is given up this long before it expires, so that none dies on the way. */
const tokenMarginSeconds = 60

/** All calls to DHL. Every method throws ConnectorError only. */
export function createClient(context: Context) {
  const { settings, clock } = context
  const call = caller(context)
  return {
    settings,
    clock,
    accessToken: () => accessToken(context),
    /** Makes shipments, or only says whether they could be made. */
    order: (request: OrderRequest, format: LabelFormat, isTrial: boolean): Promise<OrderAnswer> =>
      call(orderAnswerSchema, paths.orders, {
        bucket: 'shipping',
        method: 'POST',
        query: {
          validate: isTrial ? 'true' : undefined,
          mustEncode: settings.isRoutableRequired ? 'true' : undefined,
          docFormat: format === 'zpl' ? 'ZPL2' : 'PDF',
          printFormat: settings.printFormat,
        },
        json: request,
        isRepeatable: isTrial,
      }),
    /** Deletes shipments; deleting twice does no harm. */
    deleteOrders: (shipment: readonly string[]): Promise<OrderAnswer> =>
      call(orderAnswerSchema, paths.orders, {
        bucket: 'shipping',
        method: 'DELETE',
        query: { profile: settings.profile, shipment },
        isRepeatable: true,
      }),
    /** Shipments that stand and are not closed. */
    readOrders: (shipment: readonly string[]): Promise<OrderAnswer> =>
      call(orderAnswerSchema, paths.orders, { bucket: 'shipping', query: { shipment, includeDocs: 'URL' } }),
    /** Numbers of the shipments that were closed for a day, written 2026-03-02. Empty where nothing was. */
    readManifest: async (date: string): Promise<string[]> => {
      const query = { date, includeDocs: 'URL' }
      const answer = await call(manifestSchema, paths.manifests, { bucket: 'shipping', query }).catch(absent)
      return (answer?.items ?? []).map(({ shipmentNo }) => shipmentNo)
    },
    /** The XML of up to 15 parcels. */
    track: (trackingNumbers: readonly string[]): Promise<string> => track(context, trackingNumbers),
    orderPickup: (json: PickupOrder) =>
      call(pickupConfirmationSchema, paths.pickups, { bucket: 'pickup', method: 'POST', json }),
    readPickups: (pickupDate: string, pickupPostalCode: string) =>
      call(pickupOrdersSchema, paths.pickups, { bucket: 'pickup', query: { pickupDate, pickupPostalCode } }),
  }
}
export type DhlClient = ReturnType<typeof createClient>

function absent(error: unknown): null {
  if (error instanceof ConnectorError && error.kind === 'not_found') return null
  throw error
}

function urlOf(settings: DhlSettings, path: string, query: Query = {}): URL {
  const url = new URL(settings.url + path)
  for (const [name, value] of Object.entries(query))
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) url.searchParams.append(name, one)
  return url
}

/** Calls with an access token. A refused token is dropped, and the call made once more: it did nothing. */
function caller(context: Context) {
  const http = context.http.extend({
    hooks: {
      afterResponse: [
        (response) => {
          const { method, url } = response.request.options
          const about = `${method} ${(url as URL).pathname}`
          const refusal = readRefusal(response.statusCode, String(response.body), about)
          if (refusal) throw refusal
          return response
        },
      ],
    },
  })
  return async <Data>(schema: z.ZodType<Data>, path: string, options: Call): Promise<Data> => {
    const { bucket, method = 'GET', query, json, isRepeatable = method !== 'POST' } = options
    const send = async (token: string) => {
      const request: Parameters<typeof requestJson>[3] = {
        method,
        headers: { authorization: `Bearer ${token}`, 'accept-language': 'en-US' },
        context: { bucket, isRepeatable },
        ...(json === undefined ? {} : { json }),
      }
      return (await requestJson(http, schema, urlOf(context.settings, path, query), request)).data
    }
    const token = await accessToken(context)
    try {
      return await send(token)
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.kind !== 'auth') throw error
      await context.tokens.drop('access', token)
      return send(await accessToken(context))
    }
  }
}

/**
 * The access token of this connection. @throws ConnectorError
 * @see https://developer.dhl.com/api-reference/authentication-api-post-parcel-germany
 */
function accessToken({ settings, credentials, http, tokens, clock }: Context): Promise<string> {
  return tokens.get('access', async () => {
    const { status, data } = await requestJson(http, z.unknown(), urlOf(settings, paths.token), {
      method: 'POST',
      form: {
        grant_type: 'password',
        client_id: credentials.apiKey,
        client_secret: credentials.apiSecret,
        username: credentials.user,
        password: credentials.password,
      },
      context: { bucket: 'token', isRepeatable: true },
    }).catch(refusedLogin)
    const token = tokenSchema.safeParse(data).data
    if (!token) throw new ConnectorError('unexpected', 'DHL answered the login without a token.', { status })
    const lifeMs = Math.max(token.expires_in - tokenMarginSeconds, 1) * 1000
    return { value: token.access_token, expiresAt: new Date(clock.now().getTime() + lifeMs) }
  })
}

/** DHL answers a wrong password with 400, as OAuth has it. */
function refusedLogin(error: unknown): never {
  if (!(error instanceof ConnectorError) || error.kind !== 'rejected') throw error
  const { status, vendorMessage } = error
  const words = `DHL refused the login (${vendorMessage}). Check key and secret of the app, user and password.`
  throw new ConnectorError('auth', words, { status, vendorMessage })
}

/** The tracking interface knows no tokens: the app signs in by Basic, and the user within the XML. */
async function track(
  { settings, credentials, http }: Context,
  trackingNumbers: readonly string[],
): Promise<string> {
  const { apiKey, apiSecret, user, password, trackingUser, trackingPassword } = credentials
  const xml = trackingRequest({
    user: trackingUser ?? user,
    password: trackingPassword ?? password,
    trackingNumbers,
  })
  const basic = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')
  const response = await http(urlOf(settings, paths.tracking, { xml }), {
    headers: { authorization: `Basic ${basic}`, 'dhl-api-key': apiKey },
    responseType: 'text',
    context: { bucket: 'tracking' },
  })
  return response.body as string
}
