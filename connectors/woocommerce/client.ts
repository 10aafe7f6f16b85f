import { type ConnectorContext, type JsonAnswer, requestJson } from 'entrepot/sdk'
import { z } from 'zod'
import { readRefusal } from './errors.ts'
import { signedUrl } from './oauth.ts'
import * as schemas from './schemas.ts'

/** The most items of a list page and of a batch. */
export const pageSize = 100

export type Query = Readonly<Record<string, string | number | undefined>>
type Call = { bucket: 'orders' | 'products'; isRepeatable?: boolean }
type Context = ConnectorContext<schemas.Settings, schemas.Credentials>

/** The address of a REST path of this shop. Lists are joined by commas, as WordPress reads them. */
export function restUrl(shopUrl: string, path: string, query: Query = {}): URL {
  const url = new URL(`${shopUrl}/wp-json/wc/v3${path}`)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** got with the shop's authentication (Basic over https, a signature over http) and its way of refusing. */
function authenticated({ http, settings, credentials, clock }: Context) {
  const isSecure = new URL(settings.url).protocol === 'https:'
  const { consumerKey, consumerSecret } = credentials
  const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')
  const withoutSecrets = (text: string) =>
    [consumerKey, consumerSecret, basic].reduce(
      (clean, secret) => clean.replaceAll(secret, '[redacted]'),
      text,
    )
  return http.extend({
    headers: isSecure ? { authorization: `Basic ${basic}` } : {},
    hooks: {
      beforeRequest: [
        // After the hub's own hook, so the time stamp is that of sending, not of queueing for a token.
        (options) => {
          if (!isSecure) options.url = signedUrl(options.method, options.url as URL, credentials, clock.now())
        },
      ],
      afterResponse: [
        (response) => {
          const { options } = response.request
          const isRepeatable = options.method === 'GET' || options.context.isRepeatable === true
          const path = (options.url as URL).pathname.replace(/^.*\/wp-json\/wc\/v3/, '')
          const refusal = readRefusal(
            { status: response.statusCode, body: withoutSecrets(String(response.body)) },
            `${options.method} ${path}`,
            isRepeatable,
          )
          if (refusal) throw refusal
          return response
        },
      ],
    },
  })
}

/**
 * The REST API of one shop; the only place that talks to it. Every method throws ConnectorError only.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/
 */
export function createClient(context: Context) {
  const { settings, clock } = context
  const http = authenticated(context)
  const get = <T>(schema: z.ZodType<T>, call: Call, path: string, query?: Query): Promise<JsonAnswer<T>> =>
    requestJson(http, schema, restUrl(settings.url, path, query), { context: { bucket: call.bucket } })
  const send = async <T>(
    schema: z.ZodType<T>,
    call: Call,
    method: 'POST' | 'PUT',
    path: string,
    json: object,
  ): Promise<T> =>
    (await requestJson(http, schema, restUrl(settings.url, path), { method, json, context: { ...call } }))
      .data
  const remove = async <T>(schema: z.ZodType<T>, call: Call, path: string, query: Query): Promise<T> =>
    (
      await requestJson(http, schema, restUrl(settings.url, path, query), {
        method: 'DELETE',
        context: { ...call },
      })
    ).data

  const products = { bucket: 'products' } as const
  const absolute = { bucket: 'products', isRepeatable: true } as const
  const orders = { bucket: 'orders' } as const
  return {
    settings,
    clock,
    /** Products; variations too when `sku` names them. */
    listProducts: async (query: Query) =>
      (await get(z.array(schemas.product), products, '/products', query)).data,
    /** The rows as they came, of /products or of /variations for the whole shop. */
    listRows: async (path: '/products' | '/variations', query: Query) =>
      (await get(z.array(z.unknown()), products, path, query)).data,
    /** The variations of a parent. */
    listVariations: async (parentId: number, query: Query) =>
      (await get(z.array(schemas.product), products, `/products/${parentId}/variations`, query)).data,
    readProduct: async (id: number) => (await get(schemas.product, products, `/products/${id}`)).data,
    createProduct: (body: object) => send(schemas.product, products, 'POST', '/products', body),
    updateProduct: (id: number, body: object) =>
      send(schemas.product, absolute, 'PUT', `/products/${id}`, body),
    /** Up to 100 products ('' as parent) or variations of one parent. A batch validates nothing. */
    batch: (parentId: string, body: { create?: readonly object[]; update?: readonly object[] }) =>
      send(
        schemas.batchAnswer,
        body.create ? products : absolute,
        'POST',
        parentId === '' ? '/products/batch' : `/products/${parentId}/variations/batch`,
        body,
      ),
    /** The rows as they came: one that cannot be read must not spoil its page. */
    listOrders: async (query: Query) => (await get(z.array(z.unknown()), orders, '/orders', query)).data,
    readOrder: async (id: string) => (await get(schemas.order, orders, `/orders/${id}`)).data,
    updateOrder: (id: string, body: object) => send(schemas.order, orders, 'PUT', `/orders/${id}`, body),
    listNotes: async (id: string) =>
      (await get(z.array(schemas.note), orders, `/orders/${id}/notes`, { type: 'customer' })).data,
    addCustomerNote: (id: string, note: string) =>
      send(schemas.note, orders, 'POST', `/orders/${id}/notes`, { note, customer_note: true }),
    listRefunds: async (id: string, page: number) =>
      (await get(z.array(schemas.refund), orders, `/orders/${id}/refunds`, { per_page: pageSize, page }))
        .data,
    createRefund: (id: string, body: object) =>
      send(schemas.refund, orders, 'POST', `/orders/${id}/refunds`, body),
    /** The coupons with this code, whatever its capitals; none from the trash. */
    listCoupons: async (code: string) =>
      (await get(z.array(schemas.coupon), products, '/coupons', { code, per_page: pageSize })).data,
    readCoupon: async (id: number) => (await get(schemas.coupon, products, `/coupons/${id}`)).data,
    createCoupon: (body: object) => send(schemas.coupon, products, 'POST', '/coupons', body),
    deleteCoupon: (id: number, isForGood: boolean) =>
      remove(schemas.coupon, absolute, `/coupons/${id}`, { force: String(isForGood) }),
    listCategories: async (query: Query) =>
      (await get(z.array(schemas.category), products, '/products/categories', query)).data,
    /** All of them: this list has no pages. */
    listAttributes: async () => (await get(z.array(schemas.named), products, '/products/attributes')).data,
    listAttributeTerms: async (id: number, query: Query) =>
      (await get(z.array(schemas.named), products, `/products/attributes/${id}/terms`, query)).data,
    listTaxClasses: async () => (await get(z.array(schemas.slugged), products, '/taxes/classes')).data,
    /** Every order status of the shop, those of plugins too. */
    listOrderTotals: async () =>
      (await get(z.array(schemas.slugged), products, '/reports/orders/totals')).data,
    /** How many products and orders the key may see. */
    countProducts: async () => countOf(await get(z.array(z.unknown()), products, '/products', probe)),
    countOrders: async () => countOf(await get(z.array(z.unknown()), orders, '/orders', probe)),
    readCurrency: async () =>
      (await get(schemas.currentCurrency, products, '/data/currencies/current')).data.code,
  }
}
export type WooClient = ReturnType<typeof createClient>

const probe = { per_page: 1, _fields: 'id' }
const countOf = ({ headers }: JsonAnswer<unknown>): string =>
  String(headers['x-wp-total'] ?? 'an unknown number of')
