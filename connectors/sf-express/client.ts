import { randomUUID } from 'node:crypto'
import { type ConnectorContext, ConnectorError, requestJson } from 'entrepot/sdk'
import type { z } from 'zod'
import { unwrap } from './errors.ts'
import * as schemas from './schemas.ts'
import { digest } from './signature.ts'

type Call = {
  service: string
  bucket: 'orders' | 'routes' | 'prices' | 'labels'
  isRepeatable: boolean
  part?: 'msgData' | 'obj'
}

/** Asking changes nothing, so a lost answer is asked for again. */
const orders = { bucket: 'orders', isRepeatable: true } as const

/**
 * SF Express's one address for everything; the only place that talks to it. Every method throws
 * ConnectorError only.
 * @see https://open.sf-express.com/Api
 */
export function createClient(context: ConnectorContext<schemas.Settings, schemas.Credentials>) {
  const { settings, credentials, http, clock } = context
  const withoutSecrets = (answer: schemas.Envelope): schemas.Envelope =>
    answer.apiErrorMsg
      ? { ...answer, apiErrorMsg: answer.apiErrorMsg.replaceAll(credentials.checkword, '[redacted]') }
      : answer

  async function call<Data>(schema: z.ZodType<Data>, call: Call, message: object): Promise<Data> {
    const msgData = JSON.stringify(message)
    const timestamp = String(clock.now().getTime())
    const { service: serviceCode, bucket, isRepeatable, part = 'msgData' } = call
    const { data } = await requestJson(http, schemas.envelope, settings.apiUrl, {
      method: 'POST',
      form: {
        partnerID: settings.partnerId,
        requestID: randomUUID(),
        serviceCode,
        timestamp,
        msgDigest: digest(msgData, timestamp, credentials.checkword),
        msgData,
      },
      context: { bucket, isRepeatable },
    })
    return unwrap(withoutSecrets(data), schema, part, { about: serviceCode, isRepeatable })
  }

  return {
    settings,
    /** Books. The same order id twice is refused with 8016, or answered as the first time. */
    createOrder: (message: object) =>
      call(
        schemas.order,
        { service: 'EXP_RECE_CREATE_ORDER', bucket: 'orders', isRepeatable: false },
        message,
      ),
    readOrder: (orderId: string) =>
      call(
        schemas.order,
        { ...orders, service: 'EXP_RECE_SEARCH_ORDER_RESP' },
        { searchType: '1', orderId, language: 'zh-cn' },
      ),
    /** A second cancellation is refused with 8037 and changes nothing. */
    cancelOrder: (orderId: string) =>
      call(schemas.cancellation, { ...orders, service: 'EXP_RECE_UPDATE_ORDER' }, { dealType: 2, orderId }),
    /** Up to ten numbers. SF tells only to who knows the phone of one side, by its last four digits. */
    searchRoutes: async (trackingNumbers: readonly string[], phoneEnd: string | null) =>
      (
        await call(
          schemas.routeAnswer,
          { service: 'EXP_RECE_SEARCH_ROUTES', bucket: 'routes', isRepeatable: true },
          {
            language: '0',
            trackingType: '1',
            trackingNumber: trackingNumbers,
            methodType: '1',
            ...(phoneEnd ? { checkPhoneNo: phoneEnd } : {}),
          },
        )
      ).routeResps,
    queryPrices: async (message: object) =>
      (
        await call(
          schemas.quoteAnswer,
          { service: 'EXP_RECE_QUERY_DELIVERTM', bucket: 'prices', isRepeatable: true },
          message,
        )
      ).deliverTmDto,
    /** Renders labels of up to 20 waybills; they lie at their address for 24 hours. */
    printLabels: async (message: object) =>
      (
        await call(
          schemas.printAnswer,
          { service: 'COM_RECE_CLOUD_PRINT_WAYBILLS', bucket: 'labels', isRepeatable: true, part: 'obj' },
          message,
        )
      ).files,
    /** The bytes of a rendered label. */
    async download({ url, token, waybillNo }: schemas.PrintFile): Promise<Buffer> {
      const response = await http(url, {
        headers: { 'X-Auth-token': token },
        responseType: 'buffer',
        context: { bucket: 'labels' },
      })
      const bytes = Buffer.from(response.body as unknown as Uint8Array)
      if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return bytes
      throw new ConnectorError('unexpected', `SF Express gave no PDF as the label of ${waybillNo}.`)
    },
  }
}
export type SfClient = ReturnType<typeof createClient>
