import { gunzipSync } from 'node:zlib'
import { type ConnectorContext, ConnectorError, kindOfStatus, requestJson } from 'entrepot/sdk'
import { z } from 'zod'
import type { AmazonBucket } from './limits.ts'
import type { ListingPatch, ListingPut } from './mapping-content.ts'
import {
  documentSchema,
  feedReportSchema,
  feedSchema,
  listingSchema,
  listingsPageSchema,
  newDocumentSchema,
  newFeedSchema,
  participationsSchema,
  submissionSchema,
  tokenRefusalSchema,
  tokenSchema,
} from './schemas.ts'
import { orderAnswerSchema, ordersPageSchema } from './schemas-orders.ts'
import { type AmazonCredentials, type AmazonSettings, endpointOf, tokenEndpointOf } from './settings.ts'

type Context = ConnectorContext<AmazonSettings, AmazonCredentials>
type Query = Record<string, string | number | readonly string[] | undefined>
type Call = {
  method?: 'GET' | 'PUT' | 'PATCH' | 'POST'
  query?: Query
  json?: unknown
  isRepeatable?: boolean
}

/** An access token is given up this long before it expires, so that none dies on the way. */
const tokenMarginSeconds = 60
const feedContentType = 'application/json; charset=UTF-8'

export type AmazonClient = ReturnType<typeof createClient>

/** All calls to Amazon. Every method throws ConnectorError only. */
export function createClient(context: Context) {
  const { settings, http, clock } = context
  const { marketplaceId, languageTag: issueLocale } = settings
  const seller = `/listings/2021-08-01/items/${encodeURIComponent(settings.sellerId)}`
  const itemPath = (sku: string) => `${seller}/${encodeURIComponent(sku)}`
  const orders = '/orders/2026-01-01/orders'

  /** One call with an access token. A refused token is dropped, and the call repeated once: it did nothing. */
  async function call<Data>(bucket: AmazonBucket, schema: z.ZodType<Data>, path: string, options: Call = {}) {
    const { method = 'GET', query = {}, json, isRepeatable = method !== 'POST' } = options
    const url = `${endpointOf(settings)}${path}${queryString(query)}`
    const send = async (token: string) => {
      const headers = { 'x-amz-access-token': token }
      const body = json === undefined ? {} : { json }
      const request = { method, headers, ...body, context: { bucket, isRepeatable } }
      return (await requestJson(http, schema, url, request)).data
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

  /** One call to a presigned address. It carries its own signature, and must not carry our token. */
  async function document<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.status === undefined) throw error
      throw new ConnectorError(
        'unavailable',
        'Amazon no longer accepts the address it gave for a feed document; a new one is asked for.',
        { status: error.status, vendorMessage: error.vendorMessage, cause: error },
      )
    }
  }

  return {
    settings,
    clock,

    /** https://developer-docs.amazon.com/sp-api/reference/getmarketplaceparticipations */
    participations: () =>
      call('getMarketplaceParticipations', participationsSchema, '/sellers/v1/marketplaceParticipations'),

    /** https://developer-docs.amazon.com/sp-api/reference/getlistingsitem */
    getListing: (sku: string) =>
      call('getListingsItem', listingSchema, itemPath(sku), {
        query: { marketplaceIds: [marketplaceId], issueLocale, includedData: ['summaries', 'issues'] },
      }),

    /** https://developer-docs.amazon.com/sp-api/reference/searchlistingsitems */
    searchListings: (query: { createdAfter?: string; pageToken?: string }) =>
      call('searchListingsItems', listingsPageSchema, seller, {
        query: {
          marketplaceIds: [marketplaceId],
          issueLocale,
          includedData: ['summaries', 'offers', 'fulfillmentAvailability', 'issues', 'relationships'],
          sortBy: 'createdDate',
          sortOrder: 'ASC',
          pageSize: 20,
          ...query,
        },
      }),

    /**
     * Creates a listing, so an answer that is lost or unreadable leaves it uncertain, and the hub looks.
     * https://developer-docs.amazon.com/sp-api/reference/putlistingsitem
     */
    putListing: (sku: string, json: ListingPut) =>
      call('putListingsItem', submissionSchema, itemPath(sku), {
        method: 'PUT',
        isRepeatable: false,
        query: { marketplaceIds: [marketplaceId], issueLocale },
        json,
      }),

    /** https://developer-docs.amazon.com/sp-api/reference/patchlistingsitem */
    patchListing: (sku: string, json: ListingPatch) =>
      call('patchListingsItem', submissionSchema, itemPath(sku), {
        method: 'PATCH',
        query: { marketplaceIds: [marketplaceId], issueLocale },
        json,
      }),

    /**
     * Uploads a JSON_LISTINGS_FEED and submits it; resolves to the feed's id. All three calls may be repeated:
     * the values are absolute, and a feed whose id was lost is only processed once more than needed.
     * https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-use-case-guide
     */
    async submitFeed(content: unknown): Promise<string> {
      const target = await call('createFeedDocument', newDocumentSchema, '/feeds/2021-06-30/documents', {
        method: 'POST',
        json: { contentType: feedContentType },
        isRepeatable: true,
      })
      await document(
        requestJson(http, z.unknown(), target.url, {
          method: 'PUT',
          headers: { 'content-type': feedContentType },
          body: JSON.stringify(content),
          context: { bucket: 'documents', isRepeatable: true },
        }),
      )
      const feed = await call('createFeed', newFeedSchema, '/feeds/2021-06-30/feeds', {
        method: 'POST',
        json: {
          feedType: 'JSON_LISTINGS_FEED',
          marketplaceIds: [marketplaceId],
          inputFeedDocumentId: target.feedDocumentId,
        },
        isRepeatable: true,
      })
      return feed.feedId
    },

    /** https://developer-docs.amazon.com/sp-api/reference/getfeed */
    getFeed: (feedId: string) =>
      call('getFeed', feedSchema, `/feeds/2021-06-30/feeds/${encodeURIComponent(feedId)}`),

    /** The processing report. https://developer-docs.amazon.com/sp-api/reference/getfeeddocument */
    async readReport(documentId: string) {
      const path = `/feeds/2021-06-30/documents/${encodeURIComponent(documentId)}`
      const { url, compressionAlgorithm } = await call('getFeedDocument', documentSchema, path)
      const request = { context: { bucket: 'documents' }, responseType: 'buffer' } as const
      const { body } = await document(http.get(url, request))
      return parseReport(Buffer.from(body), compressionAlgorithm)
    },

    /** https://developer-docs.amazon.com/sp-api/reference/searchorders */
    searchOrders: (query: { lastUpdatedAfter: string; paginationToken?: string }) =>
      call('searchOrders', ordersPageSchema, orders, {
        query: {
          marketplaceIds: [marketplaceId],
          fulfilledBy: ['MERCHANT'],
          maxResultsPerPage: 100,
          includedData: orderData(settings),
          ...query,
        },
      }),

    /** https://developer-docs.amazon.com/sp-api/reference/getorder */
    getOrder: async (orderId: string) => {
      const query = { includedData: orderData(settings) }
      return (
        await call('getOrder', orderAnswerSchema, `${orders}/${encodeURIComponent(orderId)}`, { query })
      ).order
    },

    /** https://developer-docs.amazon.com/sp-api/reference/confirmshipment */
    confirmShipment: (orderId: string, packageDetail: object) =>
      call(
        'confirmShipment',
        z.unknown(),
        `/orders/v0/orders/${encodeURIComponent(orderId)}/shipmentConfirmation`,
        { method: 'POST', json: { marketplaceId, packageDetail } },
      ),
  }
}

/** @see https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api */
function accessToken({ settings, credentials, http, tokens, clock }: Context): Promise<string> {
  return tokens.get('access', async () => {
    const answer = await requestJson(http, z.unknown(), tokenEndpointOf(settings), {
      method: 'POST',
      form: {
        grant_type: 'refresh_token',
        refresh_token: credentials.refreshToken,
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
      },
      throwHttpErrors: false,
      context: { bucket: 'token', isRepeatable: true },
    })
    const token = tokenSchema.safeParse(answer.data)
    if (answer.status === 200 && token.success) {
      const lifeMs = Math.max(token.data.expires_in - tokenMarginSeconds, 1) * 1000
      return { value: token.data.access_token, expiresAt: new Date(clock.now().getTime() + lifeMs) }
    }
    throw tokenRefusal(answer.status, answer.data)
  })
}

function tokenRefusal(status: number, data: unknown): ConnectorError {
  const refusal = tokenRefusalSchema.safeParse(data).data
  if (!refusal) {
    const kind = status === 200 ? 'unexpected' : kindOfStatus(status)
    return new ConnectorError(kind, `Login with Amazon answered ${status} without a token.`, { status })
  }
  return new ConnectorError(
    status >= 500 ? 'unavailable' : 'auth',
    `Login with Amazon refused the refresh token (${refusal.error}). Authorise the application again in Seller Central.`,
    { status, vendorCode: refusal.error, vendorMessage: refusal.error_description ?? refusal.error },
  )
}

function queryString(query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  return params.size === 0 ? '' : `?${params}`
}

const orderData = (settings: AmazonSettings): string[] => [
  'PROCEEDS',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'PAYMENT',
  ...(settings.hasPersonalData ? ['BUYER', 'RECIPIENT'] : []),
]

function parseReport(body: Buffer, compression: string | undefined) {
  try {
    // The bytes decide with the declaration: a client between may have unpacked them already.
    const isPacked = compression === 'GZIP' && body[0] === 0x1f && body[1] === 0x8b
    return feedReportSchema.parse(JSON.parse((isPacked ? gunzipSync(body) : body).toString('utf8')))
  } catch (cause) {
    throw new ConnectorError('unexpected', 'The processing report of the feed cannot be read.', { cause })
  }
}
