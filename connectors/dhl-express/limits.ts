import type { Bucket } from 'entrepot/sdk'

/**
 * The test environment takes 500 calls a day; what production takes stands in the contract and in no page. These
 * rates are ours: slow enough for any contract, and apart, so that a label never waits behind tracking.
 */
const source = 'https://developer.dhl.com/api-reference/dhl-express-mydhl-api'

export const buckets = {
  booking: { perSecond: 1, burst: 5, source },
  rating: { perSecond: 1, burst: 5, source },
  tracking: { perSecond: 0.2, burst: 5, source },
} as const satisfies Record<string, Bucket>
export type DhlBucket = keyof typeof buckets

/** The most numbers in one tracking call. DHL takes 200; 100 keep the address below 8 KB. */
export const maxTracked = 100

/**
 * DHL asks to be asked about a shipment ten times a day at most.
 * @see https://support-developer.dhl.com/en/support/solutions/articles/47001248773-i-m-running-out-of-calls-how-much-quota-should-i-request-for-an-upgrade-
 */
export const trackingIntervalMs = 144 * 60_000
