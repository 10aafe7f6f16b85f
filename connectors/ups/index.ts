import { defineCourier } from 'entrepot/sdk'
import { bookShipment, cancelShipment, quote } from './booking.ts'
import { createClient, type UpsClient } from './client.ts'
import { toRecoveryRequest } from './mapping-booking.ts'
import { pickup } from './pickup.ts'
import { codes, hasCode } from './refusals.ts'
import { servicesFrom } from './services.ts'
import {
  credentialsSchema,
  hostsOf,
  settingsSchema,
  type UpsCredentials,
  type UpsSettings,
} from './settings.ts'
import { textsZh } from './texts-zh.ts'
import { interpretWebhook, pullTracking, subscribeTracking, verifyWebhook } from './tracking.ts'

/** UPS publishes no number; it raises the limit of an application on request. Ours are careful ones. */
const source =
  'UPS names no rate, only that 429 ends it: https://github.com/UPS-API/api-documentation/issues/8'

/** UPS, by its REST APIs. See README.md. */
export const ups = defineCourier<UpsSettings, UpsCredentials, UpsClient>({
  id: 'ups',
  name: 'UPS',
  texts: { 'zh-CN': textsZh },
  settings: settingsSchema,
  credentials: credentialsSchema,
  // Apart from each other, so that labels never wait behind tracking.
  buckets: {
    oauth: { perSecond: 0.5, burst: 3, source },
    rating: { perSecond: 2, burst: 5, source },
    shipping: { perSecond: 2, burst: 5, source },
    tracking: { perSecond: 3, burst: 5, source },
  },
  hosts: hostsOf,
  createClient,
  check,
  webhook: { verify: verifyWebhook, interpret: interpretWebhook },
  services: ({ originCountry }) => servicesFrom(originCountry),
  labelFormats: ['zpl', 'png'],
  operations: {
    quote,
    bookShipment,
    cancelShipment,
    pullTracking: { bucket: 'tracking', maxBatch: 20, minIntervalMs: 30 * 60_000, run: pullTracking },
    subscribeTracking: { maxBatch: 100, run: subscribeTracking },
    pickup,
  },
  verification: [
    {
      document: "UPS's own OpenAPI descriptions of rating, shipping, tracking and pickup",
      version: 'v2409',
      url: 'https://github.com/UPS-API/api-documentation',
      by: 'description',
    },
  ],
  schedule: { tracking: '*/30 * * * *' },
  defaults: ({ currency, locale }) => ({ currency, locale }),
})

/**
 * Proves the credentials and that they may use the account: asks for the labels of a reference that nobody has.
 * @throws ConnectorError where UPS refuses either.
 */
async function check(client: UpsClient): Promise<string> {
  const { accountNumber, environment } = client.settings
  const nobodys = { reference: 'entrepot connection test', accountNumber }
  try {
    await client.recoverLabels(toRecoveryRequest(nobodys, 'pdf'), 'a connection test')
  } catch (error) {
    if (!hasCode(error, codes.labelNotFound, codes.labelOfVoided)) throw error
  }
  return `Reached UPS (${environment}) for the account ${accountNumber}.`
}
