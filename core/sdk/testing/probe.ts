import type { MarketplaceOperation } from '../connector.ts'
import type { CourierOperation } from '../courier.ts'
import type { Stage } from './stage.ts'

export type Nature = 'read' | 'repeatable' | 'once'

/** One call of an operation that works when the platform does; what it needs is set up before. */
export type Probe = {
  operation: MarketplaceOperation | CourierOperation
  nature: Nature
  /** Sets the scene, and returns the call. */
  prepare(stage: Stage): Promise<(client: unknown) => Promise<unknown>>
}

const marketplace: Record<MarketplaceOperation, Nature> = {
  pullListings: 'read',
  createListing: 'once',
  pushContent: 'repeatable',
  pushPrices: 'repeatable',
  pushStock: 'repeatable',
  endListing: 'repeatable',
  pullOrders: 'read',
  readOrders: 'read',
  acknowledgeOrder: 'once',
  confirmShipment: 'once',
  cancelOrder: 'once',
  pullReturns: 'read',
  pullTerms: 'read',
  refund: 'once',
  createCoupon: 'once',
  endCoupon: 'once',
}
const courier: Record<CourierOperation, Nature> = {
  quote: 'read',
  bookShipment: 'once',
  cancelShipment: 'once',
  pullTracking: 'read',
  subscribeTracking: 'repeatable',
  pickup: 'once',
}

/** The operations that the suite knows how to exercise, by kind of connector. A new operation has to be added here. */
export const knownOperations = { marketplace, courier }
