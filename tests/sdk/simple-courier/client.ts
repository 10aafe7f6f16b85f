import { type CallContext, type ConnectorContext, requestJson } from 'entrepot/sdk'
import type { z } from 'zod'
import type { Credentials, Settings } from './index.ts'
import * as schemas from './schemas.ts'

export type SimpleParcelClient = ReturnType<typeof createSimpleParcelClient>

/** The only place that talks to Simple Parcel: one function a call, what it answers checked by schema. */
export function createSimpleParcelClient({
  settings,
  credentials,
  http,
}: ConnectorContext<Settings, Credentials>) {
  const headers = { authorization: `Bearer ${credentials.apiKey}` }

  async function call<Data>(
    schema: z.ZodType<Data>,
    method: 'GET' | 'POST',
    path: string,
    context: CallContext,
    json?: object,
  ): Promise<Data> {
    const options = { method, headers, context, ...(json ? { json } : {}) }
    return (await requestJson(http, schema, new URL(path, settings.apiUrl), options)).data
  }

  const shipping = { bucket: 'shipping' }
  const query = (values: Record<string, string>) => new URLSearchParams(values).toString()
  const at = (id: string) => `/shipments/${encodeURIComponent(id)}`

  return {
    /** A POST that changes nothing, so it may be repeated. */
    priceParcels: (request: object) =>
      call(schemas.offers, 'POST', '/prices', { ...shipping, isRepeatable: true }, request),
    bookShipment: (shipment: object) => call(schemas.shipment, 'POST', '/shipments', shipping, shipment),
    findShipments: (reference: string) =>
      call(schemas.foundShipments, 'GET', `/shipments?${query({ reference })}`, shipping),
    readShipment: (id: string) => call(schemas.shipment, 'GET', at(id), shipping),
    /** Cancelling what is cancelled answers as the first time. */
    cancelShipment: (id: string) =>
      call(schemas.shipment, 'POST', `${at(id)}/cancellation`, { ...shipping, isRepeatable: true }),
    /** Numbers that the courier does not know are left out of the answer. */
    trackParcels: (numbers: readonly string[]) =>
      call(schemas.tracked, 'GET', `/parcels?${query({ numbers: numbers.join(',') })}`, {
        bucket: 'tracking',
      }),
  }
}
