import assert from 'node:assert/strict'
import type { WebhookAction } from '../connector.ts'
import { checksOf, type Depot, firstStateOf, newParcel, refOf, scan, stateOf } from './depot.ts'
import { sendBatch } from './pushes.ts'
import type { Check, CourierSubject } from './subject.ts'
import { asRequest, type Delivery, proofChecks, verifies } from './webhook-proof.ts'

/** Bodies that nobody means well with. */
const hostile: readonly string[] = [
  '',
  ' ',
  'not json',
  'null',
  '[]',
  '{}',
  '"text"',
  '7',
  '{"a":',
  '<?xml version="1.0"?><a/>',
  'param=%7B&sign=',
  '\u0000\uFFFF',
  '['.repeat(100_000),
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
]

/** That a courier's webhook is believed only when it truly comes from it, and says of which parcel it is. */
export function courierWebhookChecks(subject: CourierSubject): Check[] {
  if (!subject.connector.webhook) return []
  const check = checksOf(subject, 'webhook')
  return [
    check('a delivery of the courier verifies, and names the parcel or tells its news', async (depot) => {
      const number = await subscribed(depot)
      const delivery = deliveryOf(depot, number)
      assert(verifies(depot, delivery), 'A true delivery does not verify.')
      assertNames(depot, subject.connector.webhook!.interpret(asRequest(delivery)), number)
    }),
    check('a hostile body neither verifies nor throws', async (depot) => {
      const delivery = deliveryOf(depot, await subscribed(depot))
      for (const body of hostile) assertHarmless(depot, { ...delivery, body })
    }),
    ...proofChecks(subject, async (depot) => deliveryOf(depot, await subscribed(depot))),
  ]
}

/** A parcel of which webhooks tell. */
async function subscribed(depot: Depot): Promise<string> {
  const number = await newParcel(depot, 1)
  const { subscribeTracking } = depot.operations
  if (subscribeTracking) {
    const [result] = await sendBatch(depot, subscribeTracking, [refOf(depot, number)])
    assert(result?.ok, 'Subscribing to a parcel fails.')
  }
  return number
}

function deliveryOf(depot: Depot, number: string): Delivery {
  depot.sandbox.takeWebhooks()
  scan(depot, number, firstStateOf(depot.subject))
  const [delivery] = depot.sandbox.takeWebhooks()
  return delivery ?? assert.fail('The sandbox delivers no webhook for a scan.')
}

function assertNames(depot: Depot, action: WebhookAction, number: string): void {
  if ('told' in action) {
    const news = action.told.find((tracking) => tracking.trackingNumber === number)
    assert(news, 'The webhook of a parcel tells nothing of it.')
    const state = firstStateOf(depot.subject)
    assert.equal(stateOf(news), state, `A parcel that is ${state} is told to be ${stateOf(news)}.`)
    return
  }
  assert('pull' in action && action.pull === 'tracking', 'A webhook of a parcel has to lead to tracking.')
  assert.deepEqual([...action.externalIds], [number], 'The webhook leads to other parcels.')
}

function assertHarmless(depot: Depot, delivery: Delivery): void {
  const what = `"${delivery.body.slice(0, 40)}"`
  const { webhook } = depot.subject.connector
  const isSigned = depot.subject.webhookProof !== 'header credential'
  try {
    const isBelieved = verifies(depot, delivery)
    assert(!isSigned || !isBelieved, `The body ${what} verifies.`)
    webhook!.interpret(asRequest(delivery))
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error
    assert.fail(`The body ${what} throws: ${error}`)
  }
}
