import { ConnectorError, defineMarketplace } from 'entrepot/sdk'
import { createClient, pageSize, type WooClient } from './client.ts'
import { createCoupon, endCoupon, findCoupon } from './coupons.ts'
import { createListing, findListing } from './create.ts'
import {
  cancelOrder,
  confirmShipment,
  findCancellation,
  findRefund,
  findShipment,
  refund,
} from './fulfilment.ts'
import { pullListings } from './listings.ts'
import { pullOrders, readOrders } from './orders.ts'
import {
  batchesFor,
  contentCallsFor,
  endListing,
  groupBy,
  pushContent,
  pushPrices,
  pushStock,
} from './push.ts'
import { credentials, settings } from './schemas.ts'
import { pullTerms } from './terms.ts'
import { textsZh } from './texts-zh.ts'
import { interpretWebhook, verifyWebhook } from './webhook.ts'

/** It names no limit: ours is a polite default for one PHP host. */
const politeDefault = 'https://woocommerce.github.io/woocommerce-rest-api-docs/#introduction'

/** A WooCommerce shop, through its REST API v3. */
export const woocommerce = defineMarketplace({
  id: 'woocommerce',
  name: 'WooCommerce',
  texts: { 'zh-CN': textsZh },
  settings,
  credentials,
  // Two buckets, so that orders never wait behind stock.
  buckets: {
    orders: { perSecond: 5, burst: 10, source: politeDefault },
    products: { perSecond: 2, burst: 2, source: politeDefault },
  },
  hosts: ({ url }) => [new URL(url).host],
  createClient,
  check,
  webhook: { verify: verifyWebhook, interpret: interpretWebhook },
  mapped: ['category', 'attribute', 'attribute_value', 'tax', 'carrier', 'order_state'],
  operations: {
    pullListings: { run: pullListings },
    createListing: { run: createListing, find: findListing },
    pushContent: {
      bucket: 'products',
      maxBatch: pageSize,
      groupBy,
      callsFor: contentCallsFor,
      run: pushContent,
    },
    pushPrices: { bucket: 'products', maxBatch: pageSize, groupBy, callsFor: batchesFor, run: pushPrices },
    pushStock: { bucket: 'products', maxBatch: pageSize, groupBy, callsFor: batchesFor, run: pushStock },
    endListing: {
      bucket: 'products',
      maxBatch: pageSize,
      groupBy: (ref) => groupBy({ ref }),
      callsFor: (refs) => batchesFor(refs.map((ref) => ({ ref }))),
      run: endListing,
    },
    pullOrders: { bucket: 'orders', run: pullOrders },
    readOrders,
    confirmShipment: { run: confirmShipment, find: findShipment },
    cancelOrder: { run: cancelOrder, find: findCancellation },
    refund: { run: refund, find: findRefund },
    createCoupon: { run: createCoupon, find: findCoupon },
    endCoupon: { run: endCoupon, find: 'repeatable' },
    pullTerms: { bucket: 'products', run: pullTerms },
  },
  verification: [
    {
      document: 'Recorded answers of a real shop, replayed against the connector and its stand-in',
      version: 'WooCommerce 11.0.1',
      url: 'https://woocommerce.github.io/woocommerce-rest-api-docs/',
      by: 'recordings',
    },
  ],
  schedule: {
    orders: '* * * * *',
    stock: '*/5 * * * *',
    price: '*/15 * * * *',
    content: '20 * * * *',
    listings: '10 3 * * *',
    reconcile: '40 3 * * *',
    terms: '50 2 * * *',
  },
  defaults: ({ currency, locale }) => ({ currency, locale }),
})

/**
 * Proves address, key and permissions: reads products and orders, and sends an empty batch, which changes
 * nothing and which a key without write permission may not send.
 */
async function check(client: WooClient): Promise<string> {
  const { url, currency } = client.settings
  const productCount = await client.countProducts()
  const orderCount = await client.countOrders()
  await client.batch('', {})
  const shopCurrency = await readCurrency(client)
  if (shopCurrency !== null && shopCurrency !== currency)
    throw new ConnectorError(
      'rejected',
      `The shop at ${url} sells in ${shopCurrency}, the connection says ${currency}. Prices carry no currency there: correct the connection.`,
    )
  return `Reached the shop at ${url} with ${productCount} products and ${orderCount} orders; the key may read and write.`
}

/** The shop's currency, or null where the key may not ask or the shop is too old to say. */
async function readCurrency(client: WooClient): Promise<string | null> {
  try {
    return await client.readCurrency()
  } catch (error) {
    if (error instanceof ConnectorError && [401, 403, 404].includes(error.status ?? 0)) return null
    throw error
  }
}
