import { type CallContext, type ConnectorContext, requestJson } from 'entrepot/sdk'
import type { z } from 'zod'
import type { Credentials, Settings } from './index.ts'
import * as schemas from './schemas.ts'

export type SimpleClient = ReturnType<typeof createSimpleClient>

/** The only place that talks to Simple Shop: one function a call, what it sends and answers checked by schema. */
export function createSimpleClient({ settings, credentials, http }: ConnectorContext<Settings, Credentials>) {
  const headers = { authorization: `Bearer ${credentials.apiKey}` }

  async function call<Data>(
    schema: z.ZodType<Data>,
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    context: CallContext,
    json?: object,
  ): Promise<Data> {
    const options = { method, headers, context, ...(json ? { json } : {}) }
    return (await requestJson(http, schema, new URL(path, settings.shopUrl), options)).data
  }

  const listings = { bucket: 'listings' }
  const orders = { bucket: 'orders' }
  const repeatable = { bucket: 'listings', isRepeatable: true }
  const query = (values: Record<string, string>) => new URLSearchParams(values).toString()

  return {
    currency: settings.currency,
    listListings: (after: string) =>
      call(schemas.listingPage, 'GET', `/listings?${query({ after })}`, listings),
    findProduct: (reference: string) =>
      call(schemas.foundProduct, 'GET', `/products?${query({ reference })}`, listings),
    createProduct: (product: object) => call(schemas.product, 'POST', '/products', listings, product),
    changeListings: (changes: readonly object[]) =>
      call(schemas.changeResults, 'PATCH', '/listings', repeatable, { changes }),
    startBulk: (changes: readonly object[]) =>
      call(schemas.bulkTicket, 'POST', '/bulk', repeatable, { changes }),
    readBulk: (ticket: string) =>
      call(schemas.bulkState, 'GET', `/bulk/${encodeURIComponent(ticket)}`, listings),
    listOrders: (after: string) => call(schemas.orderPage, 'GET', `/orders?${query({ after })}`, orders),
    readOrder: (id: string) => call(schemas.order, 'GET', `/orders/${encodeURIComponent(id)}`, orders),
    /** `action` is the last part of the path: `acknowledgement`, `shipment`, `cancellation`, `refund`. */
    actOnOrder: (id: string, action: string, json: object) =>
      call(schemas.order, 'POST', `/orders/${encodeURIComponent(id)}/${action}`, orders, json),
  }
}
