import type { Bucket } from 'entrepot/sdk'

const reference = (page: string) => `https://developer-docs.amazon.com/sp-api/reference/${page}`
const plan = (perSecond: number, burst: number, page: string): Bucket => ({
  perSecond,
  burst,
  source: reference(page),
})

/** The default usage plan of each operation, as its description says. Amazon limits each operation by itself. */
export const usagePlans = {
  getListingsItem: plan(5, 10, 'getlistingsitem'),
  searchListingsItems: plan(5, 5, 'searchlistingsitems'),
  putListingsItem: plan(5, 10, 'putlistingsitem'),
  patchListingsItem: plan(5, 5, 'patchlistingsitem'),
  createFeedDocument: plan(0.5, 15, 'createfeeddocument'),
  createFeed: plan(0.0083, 15, 'createfeed'),
  getFeed: plan(2, 15, 'getfeed'),
  getFeedDocument: plan(0.0222, 10, 'getfeeddocument'),
  searchOrders: plan(0.0056, 20, 'searchorders'),
  getOrder: plan(0.5, 30, 'getorder'),
  confirmShipment: plan(2, 10, 'confirmshipment'),
  searchDefinitionsProductTypes: plan(5, 10, 'searchdefinitionsproducttypes'),
  getMarketplaceParticipations: plan(0.016, 15, 'getmarketplaceparticipations'),
} as const satisfies Record<string, Bucket>
export type Operation = keyof typeof usagePlans

export const buckets = {
  ...usagePlans,
  // A JSON_LISTINGS_FEED may come five times in five minutes besides, so the burst is 5 and not 15.
  createFeed: {
    ...usagePlans.createFeed,
    burst: 5,
    source:
      'https://developer-docs.amazon.com/sp-api/changelog/update-feed-size-and-rate-limit-changes-for-the-json_listings_feed',
  },
  // Login with Amazon publishes no number and a token lasts an hour; this only stops a runaway.
  token: {
    perSecond: 1,
    burst: 5,
    source: 'https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api',
  },
  // Feed documents lie in Amazon S3, whose limits are far above what a hub sends.
  documents: {
    perSecond: 10,
    burst: 20,
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html',
  },
} as const satisfies Record<string, Bucket>
export type AmazonBucket = keyof typeof buckets

/** The most messages one JSON_LISTINGS_FEED takes; the source is that of the `createFeed` bucket. */
export const feedMaxMessages = 25_000

/**
 * From how many items a feed is the quicker form. A feed costs one `createFeed`, of which there is one in
 * 1 / 0.0083 s = 120 s; single patches get 5 a second, so 603 of them go out in that time.
 */
export const feedFromItems = Math.ceil(buckets.patchListingsItem.perSecond / buckets.createFeed.perSecond)
