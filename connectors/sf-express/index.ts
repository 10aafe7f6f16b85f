import { defineCourier } from 'entrepot/sdk'
import { createClient } from './client.ts'
import { bookShipment, cancelShipment, check, findShipment, pullTracking, quote } from './operations.ts'
import { credentials, settings } from './schemas.ts'
import { textsZh } from './texts-zh.ts'

/**
 * 30 calls a second for each interface and customer code. A full bucket and a second's refill may fall into
 * one of SF's seconds, so each gets half.
 */
const perInterface = {
  perSecond: 15,
  burst: 15,
  source: 'https://open.sf-express.com/Api/ApiDetails?level3=393',
}

/** SF Express (顺丰速运), through its open platform. */
export const sfExpress = defineCourier({
  id: 'sf-express',
  name: 'SF Express',
  texts: { 'zh-CN': textsZh },
  settings,
  credentials,
  buckets: { orders: perInterface, routes: perInterface, prices: perInterface, labels: perInterface },
  // Labels lie on other machines of SF, whose names come with the answer.
  hosts: ({ apiUrl }) => [new URL(apiUrl).host, '*.sf-express.com'],
  createClient,
  check,
  verification: [
    {
      document:
        "SF's own request samples and its one example of a signature; answers as others wrote them down",
      version: 'as read for this version of the hub',
      url: 'https://open.sf-express.com/Api',
      by: 'notes',
    },
  ],
  schedule: { tracking: '*/30 * * * *' },
  defaults: ({ currency }) => ({ currency, locale: 'zh-CN' }),
  services: ({ products }) => Object.entries(products).map(([code, name]) => ({ code, name })),
  labelFormats: ['pdf'],
  operations: {
    quote,
    bookShipment: { run: bookShipment, find: findShipment },
    // SF tells nobody whether an order is cancelled, but cancelling again changes nothing.
    cancelShipment: { run: cancelShipment, find: 'unsupported' },
    pullTracking: { bucket: 'routes', maxBatch: 10, minIntervalMs: 15 * 60_000, run: pullTracking },
  },
})
