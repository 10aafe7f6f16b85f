import {
  ConnectorError,
  defineCourier,
  type ItemResult,
  type TrackingRef,
  type TrackingResult,
} from 'entrepot/sdk'
import { createClient, type Kuaidi100Client } from './client.ts'
import { toQuestion, toTracking } from './mapping.ts'
import { credentials, settings } from './schemas.ts'
import { textsZh } from './texts-zh.ts'
import { interpretWebhook, verifyWebhook } from './webhook.ts'

const halfAnHour = 30 * 60_000

/** It names no limit of calls, only of calls about one waybill: ours is a polite default. */
const politeDefault = {
  perSecond: 5,
  burst: 5,
  source: 'https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc',
}

/** Whether every further question would meet the same failure; 501 and 502 may be one waybill's alone. */
const isOfAll = ({ kind, vendorCode }: ConnectorError): boolean =>
  kind === 'auth' || kind === 'rate_limited' || (kind === 'unavailable' && vendorCode === undefined)

/** Does something for each parcel in turn; a failure of the whole is not met again for the rest. */
async function forEach<Done>(
  parcels: readonly TrackingRef[],
  act: (parcel: TrackingRef) => Promise<Done>,
): Promise<(Done | { ok: false; error: ConnectorError })[]> {
  const results: (Done | { ok: false; error: ConnectorError })[] = []
  let stopped: ConnectorError | null = null
  for (const parcel of parcels) {
    if (stopped) {
      results.push({ ok: false, error: stopped })
      continue
    }
    try {
      results.push(await act(parcel))
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      results.push({ ok: false, error })
      if (isOfAll(error)) stopped = error
    }
  }
  return results
}

const pullTracking = (client: Kuaidi100Client, parcels: readonly TrackingRef[]): Promise<TrackingResult[]> =>
  forEach(parcels, async (parcel) => ({
    ok: true,
    tracking: toTracking(await client.queryWaybill(toQuestion(parcel, client.settings))),
  }))

async function subscribe(client: Kuaidi100Client, parcels: readonly TrackingRef[]): Promise<ItemResult[]> {
  if (client.settings.callbackUrl === '')
    throw new ConnectorError(
      'rejected',
      'Kuaidi100 cannot send pushes: the connection has no callback address. Fill it in.',
    )
  return forEach(parcels, async (parcel) => {
    await client.subscribe(toQuestion(parcel, client.settings))
    return { ok: true }
  })
}

/** Kuaidi100 (快递100): tracks parcels of other carriers, and prints nothing. */
export const kuaidi100 = defineCourier({
  id: 'kuaidi100',
  name: 'Kuaidi100',
  texts: { 'zh-CN': textsZh },
  settings,
  credentials,
  buckets: { query: politeDefault, subscribe: politeDefault },
  hosts: ({ apiUrl }) => [new URL(apiUrl).host],
  createClient,
  async check(client) {
    await client.probe()
    return `Reached Kuaidi100 at ${new URL(client.settings.apiUrl).host}; it does not object to customer and key.`
  },
  webhook: {
    verify: verifyWebhook,
    interpret: interpretWebhook,
    // Any other answer has the message sent up to three times more.
    reply: { result: true, returnCode: '200', message: 'taken' },
  },
  verification: [
    {
      document: "Kuaidi100's public pages: fields, states, and samples of signatures",
      version: 'as read for this version of the hub',
      url: 'https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc',
      by: 'notes',
    },
  ],
  schedule: { tracking: '*/30 * * * *' },
  defaults: () => ({ currency: 'CNY', locale: 'zh-CN' }),
  services: () => [],
  labelFormats: [],
  operations: {
    pullTracking: { bucket: 'query', maxBatch: 20, minIntervalMs: halfAnHour, run: pullTracking },
    subscribeTracking: { maxBatch: 20, run: subscribe },
  },
})
