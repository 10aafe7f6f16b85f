import assert from 'node:assert/strict'
import { type OrderOnce, onceOf, orderOnceSpecs, orderOnces } from './onces.ts'
import { failureOf } from './outcome.ts'
import { inShop, placeAndRead, readOrder, type Shop } from './shop.ts'
import { settled } from './stage.ts'
import { type Check, type Subject, writesOf } from './subject.ts'

/** What must not happen twice to an order: acknowledging, shipping, cancelling, refunding. */
export function onceChecks(subject: Subject): Check[] {
  return orderOnces.flatMap((operation) => {
    const once = subject.connector.operations[operation]
    if (!once) return []
    const check = (guarantee: string, visit: (shop: Shop) => Promise<void>): Check => ({
      theme: operation,
      guarantee,
      run: () => inShop(subject, visit),
    })
    const always = [
      check('happens on the platform', (shop) => happens(shop, operation)),
      check('a lost answer neither hides it nor doubles it', (shop) => lostAnswer(shop, operation)),
    ]
    if (typeof once.find !== 'function') return always
    return [
      ...always,
      check('is not found before it ran, and found as it ran afterwards', (shop) =>
        findAgrees(shop, operation),
      ),
      ...(operation === 'refund'
        ? [check('another refund of the same amount is not taken for this one', otherRefund)]
        : []),
    ]
  })
}

const findOf = (shop: Shop, operation: OrderOnce) => {
  const { find } = onceOf(shop, operation)
  return typeof find !== 'function' ? null : find
}

async function assertHappened(shop: Shop, operation: OrderOnce, externalId: string): Promise<void> {
  const { hasHappened } = orderOnceSpecs[operation]
  const order = shop.sandbox.orders().find((entry) => entry.externalId === externalId)
  assert(order, `The order ${externalId} left the sandbox's ledger.`)
  if (hasHappened) assert(hasHappened(order), `${operation} did not reach the sandbox's ledger.`)
}

async function happens(shop: Shop, operation: OrderOnce): Promise<void> {
  const order = await placeAndRead(shop)
  await onceOf(shop, operation).run(shop.client, orderOnceSpecs[operation].input(shop, order), 'onc_1')
  await settled(shop)
  await assertHappened(shop, operation, order.externalId)
  if (operation === 'refund') await assertRefundedOnce(shop, order.externalId, amountOf(shop, order))
}

async function findAgrees(shop: Shop, operation: OrderOnce): Promise<void> {
  const order = await placeAndRead(shop)
  const input = orderOnceSpecs[operation].input(shop, order)
  const find = findOf(shop, operation)!
  assert.equal(await find(shop.client, input, 'onc_1'), null, `${operation} is found though it never ran.`)
  const output = await onceOf(shop, operation).run(shop.client, input, 'onc_1')
  await settled(shop)
  assert.deepEqual(await find(shop.client, input, 'onc_1'), output, 'run and find do not agree.')
}

async function lostAnswer(shop: Shop, operation: OrderOnce): Promise<void> {
  const order = await placeAndRead(shop)
  const input = orderOnceSpecs[operation].input(shop, order)
  const once = onceOf(shop, operation)
  const run = () => once.run(shop.client, input, 'onc_1')
  shop.sandbox.faults.add({ kind: 'lost_answer', when: writesOf(shop.subject) })
  const failure = await failureOf(run)
  await settled(shop)
  const find = findOf(shop, operation)
  if (failure?.kind === 'unavailable') await run()
  else if (failure) assert.equal(failure.kind, 'uncertain', `A lost answer is not ${failure.kind}.`)
  if (find && (await find(shop.client, input, 'onc_1')) === null) {
    // A step before the last one lost its answer: the whole is run again, as the hub does.
    assert(failure?.kind === 'uncertain', `${operation} ran, but is not found.`)
    const wrote = shop.sandbox.orders().find((entry) => entry.externalId === order.externalId)
    assert(!orderOnceSpecs[operation].hasHappened?.(wrote!), `${operation} happened, but is not found.`)
    await run()
    assert.notEqual(
      await find(shop.client, input, 'onc_1'),
      null,
      `${operation} ran again, but is not found.`,
    )
  }
  await assertHappened(shop, operation, order.externalId)
  if (operation === 'refund') await assertRefundedOnce(shop, order.externalId, amountOf(shop, order))
}

const amountOf = (shop: Shop, order: Parameters<(typeof orderOnceSpecs)['refund']['input']>[1]) =>
  (orderOnceSpecs.refund.input(shop, order) as { amountMinor: number }).amountMinor

async function assertRefundedOnce(shop: Shop, externalId: string, amountMinor: number): Promise<void> {
  const order = await readOrder(shop, externalId)
  assert.equal(order?.refundedMinor, amountMinor, 'refundedMinor has to be what was refunded, once.')
}

async function otherRefund(shop: Shop): Promise<void> {
  const order = await placeAndRead(shop)
  const input = orderOnceSpecs.refund.input(shop, order)
  const find = findOf(shop, 'refund')!
  await onceOf(shop, 'refund').run(shop.client, input, 'onc_1')
  await settled(shop)
  assert.equal(await find(shop.client, input, 'onc_2'), null, "Another key's refund is taken for this one.")
}
