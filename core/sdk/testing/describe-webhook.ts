import assert from 'node:assert/strict'
import { inShop, type Shop, seedListings } from './shop.ts'
import type { Check, Subject } from './subject.ts'
import { asRequest, type Delivery, proofChecks, verifies } from './webhook-proof.ts'

/** That a webhook of a marketplace is believed only when it truly comes from it, and leads to its orders. */
export function webhookChecks(subject: Subject): Check[] {
  if (!subject.connector.webhook) return []
  return [
    {
      theme: 'webhook',
      guarantee: 'a delivery of the platform verifies and leads to its orders',
      run: () => inShop(subject, leadsToOrders),
    },
    ...proofChecks(subject, delivered),
  ]
}

async function leadsToOrders(shop: Shop): Promise<void> {
  const delivery = await delivered(shop)
  assert(verifies(shop, delivery), 'A true delivery does not verify.')
  const action = shop.subject.connector.webhook!.interpret(asRequest(delivery))
  assert('pull' in action && action.pull === 'orders', 'A webhook for an order has to lead to orders.')
  const [order] = shop.sandbox.orders()
  if (action.externalIds) assert.deepEqual([...action.externalIds], [order!.externalId])
}

async function delivered(shop: Shop): Promise<Delivery> {
  const [ref] = await seedListings(shop, 1)
  shop.sandbox.takeWebhooks()
  shop.sandbox.placeOrder({ lines: [{ sku: ref!.sku, quantity: 1 }] })
  const [delivery] = shop.sandbox.takeWebhooks()
  return delivery ?? assert.fail('The sandbox delivers no webhook for a placed order.')
}
