import { sampleCoupon } from './describe-coupon.ts'
import { singleDraft } from './drafts.ts'
import { onceOf, orderOnceSpecs, orderOnces } from './onces.ts'
import type { Probe } from './probe.ts'
import { formsOf, pushOperations, pushSpecs, sendAll } from './pushes.ts'
import { completed, placeAndRead, type Shop, seedListings } from './shop.ts'
import { settled } from './stage.ts'

const readProbes: Probe[] = [
  {
    operation: 'pullListings',
    nature: 'read',
    async prepare(shop: Shop) {
      await seedListings(shop, 2)
      return (client) => shop.operations.pullListings!.run(client, null)
    },
  },
  {
    operation: 'pullOrders',
    nature: 'read',
    async prepare(shop: Shop) {
      await placeAndRead(shop)
      return (client) => shop.operations.pullOrders!.run(client, null)
    },
  },
  {
    operation: 'readOrders',
    nature: 'read',
    async prepare(shop: Shop) {
      const { externalId } = await placeAndRead(shop)
      return (client) => shop.operations.readOrders!(client, [externalId])
    },
  },
  {
    operation: 'pullReturns',
    nature: 'read',
    prepare: async (shop: Shop) => (client) => shop.operations.pullReturns!.run(client, null),
  },
  {
    operation: 'pullTerms',
    nature: 'read',
    prepare: async (shop: Shop) => (client) => shop.operations.pullTerms!.run(client, null),
  },
]

const pushProbes: Probe[] = pushOperations.map((operation) => ({
  operation,
  nature: 'repeatable',
  async prepare(shop: Shop) {
    const refs = await seedListings(shop, 2)
    const items = refs.map((ref, n) => pushSpecs[operation].make(shop, ref, n))
    return (client) => sendAll(shop, formsOf(shop, operation, 'single'), items, client)
  },
}))

const onceProbes: Probe[] = [
  {
    operation: 'createListing',
    nature: 'once',
    prepare: async (shop: Shop) => (client) =>
      onceOf(shop, 'createListing').run(client, completed(shop, singleDraft(1, shop.currency)), 'onc_probe'),
  },
  ...orderOnces.map(
    (operation): Probe => ({
      operation,
      nature: 'once',
      async prepare(shop: Shop) {
        const input = orderOnceSpecs[operation].input(shop, await placeAndRead(shop))
        return (client) => onceOf(shop, operation).run(client, input, 'onc_probe')
      },
    }),
  ),
]

const couponProbes: Probe[] = [
  {
    operation: 'createCoupon',
    nature: 'once',
    async prepare(shop: Shop) {
      const coupon = await sampleCoupon(shop)
      return (client) => shop.operations.createCoupon!.run(client, coupon, 'onc_probe')
    },
  },
  {
    operation: 'endCoupon',
    nature: 'once',
    async prepare(shop: Shop) {
      const coupon = await sampleCoupon(shop)
      const { externalId } = await shop.operations.createCoupon!.run(shop.client, coupon, 'onc_probe')
      await settled(shop)
      return (client) => shop.operations.endCoupon!.run(client, { externalId, code: coupon.code }, 'onc_end')
    },
  },
]

/** One call of each operation that a marketplace may have. */
export const shopProbes: readonly Probe[] = [...readProbes, ...pushProbes, ...onceProbes, ...couponProbes]
