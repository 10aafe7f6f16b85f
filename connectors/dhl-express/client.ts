import { type ConnectorContext, type HubHttp, requestJson } from 'entrepot/sdk'
import { readRefusal } from './errors.ts'
import type { DhlBucket } from './limits.ts'
import * as schemas from './schemas.ts'
import { type DhlCredentials, type DhlSettings, endpointOf } from './settings.ts'

type Context = ConnectorContext<DhlSettings, DhlCredentials>

/** The interface version that the description tells to send unchanged. */
const interfaceVersion = '3.1.0'

/** got with the account's Basic authentication and MyDHL's way of refusing. */
function authenticated({ http, settings, credentials }: Context): HubHttp {
  const basic = Buffer.from(`${credentials.apiKey}:${credentials.apiSecret}`).toString('base64')
  const root = new URL(endpointOf(settings)).pathname.replace(/\/$/, '')
  return http.extend({
    headers: { authorization: `Basic ${basic}`, 'x-version': interfaceVersion },
    hooks: {
      afterResponse: [
        (response) => {
          const { method, url, context } = response.request.options
          const path = (url as URL).pathname.slice(root.length)
          const isRepeatable = method === 'GET' || context.isRepeatable === true
          const answer = { status: response.statusCode, body: String(response.body) }
          const refusal = readRefusal(answer, `${method} ${path}`, isRepeatable)
          if (refusal) throw refusal
          return response
        },
      ],
    },
  })
}

/**
 * MyDHL API for one account; the only place that talks to it. Every method throws ConnectorError only.
 * @see https://developer.dhl.com/api-reference/dhl-express-mydhl-api
 */
export function createClient(context: Context) {
  const { settings, clock } = context
  const http = authenticated(context)
  const urlOf = (path: string, query: readonly (readonly [string, string])[] = []): URL => {
    const url = new URL(`${endpointOf(settings)}${path}`)
    for (const [name, value] of query) url.searchParams.append(name, value)
    return url
  }
  const in_ = (bucket: DhlBucket, isRepeatable: boolean) => ({ context: { bucket, isRepeatable } })
  const track = async (query: readonly (readonly [string, string])[]) =>
    (await requestJson(http, schemas.tracking, urlOf('/tracking', query), in_('tracking', true))).data
      .shipments

  return {
    settings,
    clock,
    /** POST /rates: prices for one or more parcels. It changes nothing. */
    readRates: async (json: object) =>
      (
        await requestJson(http, schemas.rates, urlOf('/rates'), {
          method: 'POST',
          json,
          ...in_('rating', true),
        })
      ).data,
    /** POST /shipments. `messageReference` (at most 36 characters) is kept in DHL's logs. */
    createShipment: async (json: object, messageReference: string) => {
      const headers = { 'message-reference': messageReference }
      const options = { method: 'POST', json, headers, ...in_('booking', false) } as const
      return (await requestJson(http, schemas.booked, urlOf('/shipments'), options)).data
    },
    /** GET /tracking for waybills or pieces, with what is known of each piece. */
    trackNumbers: (by: 'shipmentTrackingNumber' | 'pieceTrackingNumber', numbers: readonly string[]) =>
      track([
        ...numbers.map((number) => [by, number] as const),
        ['trackingView', 'all-checkpoints'],
        ['levelOfDetail', 'all'],
      ]),
    /** GET /tracking by a reference of the account's own, within one day (`YYYY-MM-DD`). */
    trackReference: (reference: string, day: string) =>
      track([
        ['shipmentReference', reference],
        ['shipperAccountNumber', settings.accountNumber],
        ['dateRangeFrom', day],
        ['dateRangeTo', day],
        ['trackingView', 'shipment-details-only'],
        ['levelOfDetail', 'shipment'],
      ]),
  }
}
export type DhlClient = ReturnType<typeof createClient>
