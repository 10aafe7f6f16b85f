import type { MarketplaceOperation } from '../connector.ts'
import { singleDraft } from './drafts.ts'
import { onceOf, orderOnceSpecs, orderOnces } from './onces.ts'
import { formsOf, pushOperations, pushSpecs, sendAll } from './pushes.ts'
import { completed, placeAndRead, type Shop, seedListings } from './shop.ts'
import type { Subject } from './subject.ts'

/** One call of an operation that works when the platform does; what it needs is set up before. */
export type Probe = {
  operation: MarketplaceOperation
  nature: 'read' | 'repeatable' | 'once'
  /** Sets the scene, and returns the call. */
  prepare(shop: Shop): Promise<(client: unknown) => Promise<unknown>>
}

/** The operations that the suite knows how to exercise. A new operation has to be added here. */
export const knownOperations: Record<MarketplaceOperation, Probe['nature']> = {
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
  refund: 'once',
}

/** One probe for each operation that the connector has. */
export function probesOf(subject: Subject): Probe[] {
  const { operations } = subject.connector
  const all: Probe[] = [...readProbes, ...pushProbes, ...onceProbes]
  return all.filter((probe) => operations[probe.operation] !== undefined)
}

const readProbes: Probe[] = [
  {
    operation: 'pullListings',
    nature: 'read',
    async prepare(shop) {
      await seedListings(shop, 2)
      return (client) => shop.operations.pullListings!.run(client, null)
    },
  },
  {
    operation: 'pullOrders',
    nature: 'read',
    async prepare(shop) {
      await placeAndRead(shop)
      return (client) => shop.operations.pullOrders!.run(client, null)
    },
  },
  {
    operation: 'readOrders',
    nature: 'read',
    async prepare(shop) {
      const { externalId } = await placeAndRead(shop)
      return (client) => shop.operations.readOrders!(client, [externalId])
    },
  },
  {
    operation: 'pullReturns',
    nature: 'read',
    prepare: async (shop) => (client) => shop.operations.pullReturns!.run(client, null),
  },
]

const pushProbes: Probe[] = pushOperations.map((operation) => ({
  operation,
  nature: 'repeatable',
  async prepare(shop) {
    const refs = await seedListings(shop, 2)
    const items = refs.map((ref, n) => pushSpecs[operation].make(shop, ref, n))
    return (client) => sendAll(shop, formsOf(shop, operation, 'single'), items, client)
  },
}))

const onceProbes: Probe[] = [
  {
    operation: 'createListing',
    nature: 'once',
    prepare: async (shop) => (client) =>
      onceOf(shop, 'createListing').run(client, completed(shop, singleDraft(1, shop.currency)), 'onc_probe'),
  },
  ...orderOnces.map(
    (operation): Probe => ({
      operation,
      nature: 'once',
      async prepare(shop) {
        const input = orderOnceSpecs[operation].input(shop, await placeAndRead(shop))
        return (client) => onceOf(shop, operation).run(client, input, 'onc_probe')
      },
    }),
  ),
]
