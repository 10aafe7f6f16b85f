import { ConnectorError, type HubHttp, requestJson } from 'entrepot/sdk'
import { z } from 'zod'
import { readRefusal, tryJson } from './errors.ts'
import { readMultipart } from './multipart.ts'
import {
  accountSchema,
  cancelSchema,
  labelSchema,
  optionsSchema,
  pickupSchema,
  trackingSchema,
} from './schemas.ts'
import type { Context, UspsBucket } from './settings.ts'
import { withTokens } from './tokens.ts'

type Call = {
  method?: 'GET' | 'POST' | 'DELETE'
  bucket: UspsBucket
  path: string
  json?: object
  headers?: Record<string, string>
  /** Reads, and what may be sent twice without harm. */
  isRepeatable?: boolean
  isPaying?: boolean
}

/** Labels at home and abroad differ in address and bucket alone. */
const labelApis = {
  home: { bucket: 'labels', path: '/labels/v3/label' },
  abroad: { bucket: 'internationalLabels', path: '/international-labels/v3/international-label' },
} as const satisfies Record<string, { bucket: UspsBucket; path: string }>
export type LabelApi = keyof typeof labelApis

/** All calls to USPS. Every method throws ConnectorError only. */
export function createClient(context: Context) {
  const http = readingRefusals(context.http)
  const request = ({
    method = 'GET',
    bucket,
    path,
    json,
    headers,
    isRepeatable = method === 'GET',
  }: Call) => ({
    url: `${context.settings.endpoint}${path}`,
    options: { method, ...(json ? { json } : {}), context: { bucket, isRepeatable } },
    headers: headers ?? {},
  })
  async function call<Data>(schema: z.ZodType<Data>, what: Call): Promise<Data> {
    const { url, options, headers } = request(what)
    const answer = await withTokens(context, http, what.isPaying === true, (authority) =>
      requestJson(http, schema, url, { ...options, headers: { ...headers, ...authority } }),
    )
    return answer.data
  }
  async function callForLabel(what: Call) {
    const { url, options, headers } = request({ method: 'POST', isPaying: true, ...what })
    const answer = await withTokens(context, http, true, (authority) =>
      http(url, { ...options, headers: { ...headers, ...authority }, responseType: 'text' }),
    )
    return readLabel(answer, options.context.isRepeatable)
  }

  return {
    settings: context.settings,
    credentials: context.credentials,
    /** https://developers.usps.com/paymentsv3 */
    readAccount: () => {
      const { accountType, permitZip } = context.settings
      const query = new URLSearchParams({ accountType, ...(permitZip ? { permitZIPCode: permitZip } : {}) })
      const path = `/payments/v3/payment-account/${encodeURIComponent(context.credentials.accountNumber)}`
      return call(accountSchema, { bucket: 'payments', path: `${path}?${query}`, isPaying: true })
    },
    /** Prices with days, at home and abroad. https://developers.usps.com/shippingoptionsv3 */
    searchOptions: (json: object) =>
      call(optionsSchema, {
        method: 'POST',
        bucket: 'prices',
        path: '/shipments/v3/options/search',
        json,
        isRepeatable: true,
      }),
    /**
     * Buys a label. The same key with the same request gives the label that is there, at no further charge.
     * https://developers.usps.com/domesticlabelsv3 https://developers.usps.com/internationallabelsv3
     */
    createLabel: (api: LabelApi, key: string, json: object) =>
      callForLabel({ ...labelApis[api], headers: { 'x-idempotency-key': key }, json }),
    /** The label that was bought with a key: at most three times, until the mailing date. */
    reprintLabel: (api: LabelApi, key: string, json: object) => {
      const { bucket, path } = labelApis[api]
      const headers = { 'x-idempotency-key': key }
      return callForLabel({ bucket, path: `${path}-reprint`, headers, json, isRepeatable: true })
    },
    /** Cancels, or asks for a refund when the label was manifested; doing it again is refused and harmless. */
    cancelLabel: (api: LabelApi, trackingNumber: string) => {
      const { bucket, path } = labelApis[api]
      return call(cancelSchema, {
        method: 'DELETE',
        bucket,
        path: `${path}/${encodeURIComponent(trackingNumber)}`,
        isRepeatable: true,
        isPaying: true,
      })
    },
    /** https://developers.usps.com/trackingv3 */
    readTracking: (trackingNumber: string) =>
      call(trackingSchema, {
        bucket: 'tracking',
        path: `/tracking/v3/tracking/${encodeURIComponent(trackingNumber)}?expand=DETAIL`,
      }),
    /** https://developers.usps.com/carrierpickupv3 */
    schedulePickup: (json: object) =>
      call(pickupSchema, { method: 'POST', bucket: 'pickup', path: '/pickup/v3/carrier-pickup', json }),
  }
}
export type UspsClient = ReturnType<typeof createClient>

/** got that reads a refusal in USPS's own words. */
const readingRefusals = (http: HubHttp): HubHttp =>
  http.extend({
    hooks: {
      afterResponse: [
        (response) => {
          const { bucket, isRepeatable } = response.request.options.context as {
            bucket: string
            isRepeatable: boolean
          }
          const { statusCode: status, body, headers } = response
          const refusal = readRefusal(
            { status, body, retryAfter: headers['retry-after'] },
            { bucket, isRepeatable },
          )
          if (refusal) throw refusal
          return response
        },
      ],
    },
  })

type LabelAnswer = { statusCode: number; headers: Record<string, unknown>; body: unknown }

function readLabel({ statusCode: status, headers, body }: LabelAnswer, isRepeatable: boolean) {
  const fail = (reason: string) =>
    new ConnectorError(
      isRepeatable ? 'unexpected' : 'uncertain',
      `The answer of USPS with the label cannot be read: ${reason}.`,
      { status },
    )
  const parts = readMultipart(String(headers['content-type'] ?? ''), String(body))
  if (!parts) throw fail('it is no whole multipart message')
  const metadata = labelSchema.safeParse(tryJson(parts.get('labelMetadata')?.text ?? ''))
  if (!metadata.success) throw fail(z.prettifyError(metadata.error))
  const image = parts.get('labelImage')?.text
  if (!image) throw fail('it holds no label')
  return { metadata: metadata.data, image, receipt: parts.get('receiptImage')?.text ?? null }
}
export type UspsLabel = ReturnType<typeof readLabel>
