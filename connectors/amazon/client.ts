import { gunzipSync } from 'node:zlib'
import { ConnectorError, requestJson } from 'entrepot/sdk'
import { z } from 'zod'
import { accessToken, type Context } from './access-token.ts'
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
  productTypesSchema,
  submissionSchema,
} from './schemas.ts'
import { orderAnswerSchema, ordersPageSchema } from './schemas-orders.ts'
import { type AmazonSettings, endpointOf } from './settings.ts'

type Query = Record<string, string | number | readonly string[] | undefined>
type Call = {
  method?: 'GET' | 'PUT' | 'PATCH' | 'POST'
  query?: Query
  json?: unknown
  isRepeatable?: boolean
}

const feedContentType = 'application/json; charset=UTF-8'

/** All calls to Amazon. Every method throws ConnectorError only. */
export function createClient(context: Context) {
  const call = caller(context)
  return {
    settings: context.settings,
    clock: context.clock,
    ...listingCalls(call, context.settings),
    ...feedCalls(call, context),
    ...orderCalls(call, context.settings),
    /** https://developer-docs.amazon.com/sp-api/reference/searchdefinitionsproducttypes */
    searchProductTypes: () =>
      call('searchDefinitionsProductTypes', productTypesSchema, '/definitions/2020-09-01/productTypes', {
        query: { marketplaceIds: [context.settings.marketplaceId], locale: context.settings.languageTag },
      }),
    /** https://developer-docs.amazon.com/sp-api/reference/getmarketplaceparticipations */
    participations: () =>
      call('getMarketplaceParticipations', participationsSchema, '/sellers/v1/marketplaceParticipations'),
  }
}
export type AmazonClient = ReturnType<typeof createClient>
type Caller = ReturnType<typeof caller>

/** Calls with an access token. A refused token is dropped, and the call made once more: it did nothing. */
function caller(context: Context) {
  return async <Data>(
    bucket: AmazonBucket,
    schema: z.ZodType<Data>,
    path: string,
    options: Call = {},
  ): Promise<Data> => {
    const { method = 'GET', query = {}, json, isRepeatable = method !== 'POST' } = options
    const url = `${endpointOf(context.settings)}${path}${queryString(query)}`
    const send = async (token: string) => {
      const headers = { 'x-amz-access-token': token }
      const body = json === undefined ? {} : { json }
      const request = { method, headers, ...body, context: { bucket, isRepeatable } }
      return (await requestJson(context.http, schema, url, request)).data
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

function listingCalls(call: Caller, settings: AmazonSettings) {
  const { marketplaceId, languageTag: issueLocale } = settings
  const seller = `/listings/2021-08-01/items/${encodeURIComponent(settings.sellerId)}`
  const itemPath = (sku: string) => `${seller}/${encodeURIComponent(sku)}`
  return {
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
  }
}

function feedCalls(call: Caller, { settings, http }: Context) {
  return {
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
      await presigned(
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
          marketplaceIds: [settings.marketplaceId],
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
      const { body } = await presigned(http.get(url, request))
      return parseReport(Buffer.from(body), compressionAlgorithm)
    },
  }
}

function orderCalls(call: Caller, settings: AmazonSettings) {
  const { marketplaceId } = settings
  const orders = '/orders/2026-01-01/orders'
  return {
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

/** One call to a presigned address. It carries its own signature, and must not carry our token. */
async function presigned<Answer>(answer: Promise<Answer>): Promise<Answer> {
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
