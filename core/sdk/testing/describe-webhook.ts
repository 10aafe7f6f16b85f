import assert from 'node:assert/strict'
import type { WebhookRequest } from '../connector.ts'
import { inShop, type Shop, seedListings } from './shop.ts'
import type { Check, Subject } from './subject.ts'

type Delivery = { headers: Record<string, string>; body: string }

/** That a webhook is believed only when it truly comes from the platform. */
export function webhookChecks(subject: Subject): Check[] {
  if (!subject.connector.webhook) return []
  const check = (guarantee: string, visit: (shop: Shop, delivery: Delivery) => void): Check => ({
    theme: 'webhook',
    guarantee,
    run: () => inShop(subject, async (shop) => visit(shop, await delivered(shop))),
  })
  return [
    check('a delivery of the platform verifies and leads to its orders', (shop, delivery) => {
      assert(verifies(shop, delivery), 'A true delivery does not verify.')
      const action = shop.subject.connector.webhook!.interpret(asRequest(delivery))
      assert('pull' in action && action.pull === 'orders', 'A webhook for an order has to lead to orders.')
      const [order] = shop.sandbox.orders()
      if (action.externalIds) assert.deepEqual([...action.externalIds], [order!.externalId])
    }),
    check('a changed body does not verify', (shop, delivery) => {
      const changed = delivery.body.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))
      for (const body of [changed, `${delivery.body} `, '']) {
        if (body !== delivery.body) assert(!verifies(shop, { ...delivery, body }), 'A changed body verifies.')
      }
    }),
    check('a missing, empty or odd signature does not verify', signatureNeeded),
    check('another secret does not verify', (shop, delivery) => {
      const credentials = Object.fromEntries(
        Object.entries(shop.connection.credentials).map(([name, value]) => [
          name,
          typeof value === 'string' ? `${value}x` : value,
        ]),
      )
      assert(!verifies(shop, delivery, credentials), 'A delivery verifies with another secret.')
    }),
  ]
}

async function delivered(shop: Shop): Promise<Delivery> {
  const [ref] = await seedListings(shop, 1)
  shop.sandbox.takeWebhooks()
  shop.sandbox.placeOrder({ lines: [{ sku: ref!.sku, quantity: 1 }] })
  const [delivery] = shop.sandbox.takeWebhooks()
  return delivery ?? assert.fail('The sandbox delivers no webhook for a placed order.')
}

const asRequest = ({ headers, body }: Delivery): WebhookRequest => ({
  headers: new Headers(headers),
  rawBody: Buffer.from(body),
})

function verifies(shop: Shop, delivery: Delivery, credentials = shop.connection.credentials): boolean {
  const { connector } = shop.subject
  const settings = connector.settings.parse(shop.connection.settings)
  return connector.webhook!.verify(asRequest(delivery), credentials, settings)
}

function signatureNeeded(shop: Shop, delivery: Delivery): void {
  assert(!verifies(shop, { ...delivery, headers: {} }), 'A delivery without headers verifies.')
  const without = (name: string) =>
    Object.fromEntries(Object.entries(delivery.headers).filter(([other]) => other !== name))
  const signatures = Object.keys(delivery.headers).filter(
    (name) => !verifies(shop, { ...delivery, headers: without(name) }),
  )
  assert(signatures.length > 0, 'No header is needed for a delivery to verify.')
  for (const name of signatures) {
    for (const value of ['', 'x', `x${delivery.headers[name]}`, delivery.headers[name]!.slice(0, -4)]) {
      const headers = { ...delivery.headers, [name]: value }
      assert(!verifies(shop, { ...delivery, headers }), `A delivery verifies with ${name}: "${value}".`)
    }
  }
}
