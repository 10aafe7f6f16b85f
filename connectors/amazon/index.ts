import { ConnectorError, defineMarketplace } from 'entrepot/sdk'
import { type AmazonClient, createClient } from './client.ts'
import { buckets } from './limits.ts'
import { createListing, pullListings } from './listings.ts'
import { confirmShipment, pullOrders, readOrders } from './orders.ts'
import { endListing, pushContent, pushPrices, pushStock } from './push.ts'
import {
  type AmazonCredentials,
  type AmazonSettings,
  credentialsSchema,
  hostsOf,
  settingsSchema,
} from './settings.ts'
import { pullTerms } from './terms.ts'
import { textsZh } from './texts-zh.ts'

/** Amazon, by the Selling Partner API. See README.md. */
export const amazon = defineMarketplace<AmazonSettings, AmazonCredentials, AmazonClient>({
  id: 'amazon',
  name: 'Amazon',
  texts: { 'zh-CN': textsZh },
  settings: settingsSchema,
  credentials: credentialsSchema,
  buckets,
  hosts: hostsOf,
  createClient,
  check,
  mapped: ['category', 'attribute', 'attribute_value', 'tax', 'carrier', 'location', 'order_state'],
  operations: {
    pullListings,
    createListing,
    pushContent,
    pushPrices,
    pushStock,
    endListing,
    pullOrders,
    readOrders,
    confirmShipment,
    pullTerms: { bucket: 'searchDefinitionsProductTypes', run: pullTerms },
  },
  verification: [
    {
      document: 'Listings Items API',
      version: '2021-08-01',
      url: 'https://github.com/amzn/selling-partner-api-models/tree/main/models/listings-items-api-model',
      by: 'description',
      operations: ['pullListings', 'createListing', 'pushContent', 'pushPrices', 'pushStock', 'endListing'],
    },
    {
      document: 'Feeds API',
      version: '2021-06-30',
      url: 'https://github.com/amzn/selling-partner-api-models/tree/main/models/feeds-api-model',
      by: 'description',
      operations: ['pushContent', 'pushPrices', 'pushStock'],
    },
    {
      document: 'Orders API',
      version: '2026-01-01',
      url: 'https://github.com/amzn/selling-partner-api-models/tree/main/models/orders-api-model',
      by: 'description',
      operations: ['pullOrders', 'readOrders'],
    },
  ],
  // searchOrders refills one call in three minutes; every five leaves room for pages and for pulls between.
  schedule: {
    orders: '*/5 * * * *',
    content: '*/10 * * * *',
    price: '*/5 * * * *',
    stock: '* * * * *',
    reconcile: '17 3 * * *',
    terms: '5 2 * * 1',
  },
  defaults: ({ currency, locale }) => ({ currency, locale }),
})

/** Reads the marketplaces the seller takes part in. @throws ConnectorError when ours is not among them. */
async function check(client: AmazonClient): Promise<string> {
  const { marketplaceId } = client.settings
  const { payload } = await client.participations()
  const ours = payload.find((entry) => entry.marketplace.id === marketplaceId)
  if (!ours?.participation.isParticipating) {
    const others = payload.map((entry) => `${entry.marketplace.name} (${entry.marketplace.id})`).join(', ')
    throw new ConnectorError(
      'rejected',
      `The seller does not sell on the marketplace ${marketplaceId}. Choose one of: ${others || 'none at all'}.`,
    )
  }
  const suspended = ours.participation.hasSuspendedListings ? '; its listings are inactive' : ''
  return `Reached ${ours.storeName} on ${ours.marketplace.name}${suspended}.`
}
