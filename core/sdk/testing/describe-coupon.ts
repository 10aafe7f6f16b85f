import assert from 'node:assert/strict'
import type { Coupon } from '../model/coupon.ts'
import { assertFailsAs, failureOf } from './outcome.ts'
import { inShop, type Shop, seedListings } from './shop.ts'
import { settled } from './stage.ts'
import { type Check, type Subject, writesOf } from './subject.ts'

/** A coupon that the suite makes: 10 % off two listings for a week. */
export async function sampleCoupon(shop: Shop): Promise<Coupon> {
  const refs = await seedListings(shop, 2)
  return {
    code: 'SUITE-10',
    basisPoints: 1000,
    least: { minor: 5000, currency: shop.currency },
    externalIds: refs.map((ref) => ref.externalId),
    excludesReduced: true,
    usageLimit: 100,
    endsAt: new Date(shop.clock.now().getTime() + 7 * 24 * 3_600_000),
  }
}

/** What coupons have to keep: made once, found by their request alone, and gone when they are ended. */
export function couponChecks(subject: Subject): Check[] {
  const { createCoupon } = subject.connector.operations
  if (!createCoupon) return []
  const check = (
    guarantee: string,
    visit: (shop: Shop, coupon: Coupon) => Promise<void>,
    theme = 'createCoupon',
  ): Check => ({
    theme,
    guarantee,
    run: () => inShop(subject, async (shop) => visit(shop, await sampleCoupon(shop))),
  })
  return [
    check('is not found before it ran, and found as it ran afterwards', findAgrees),
    check('a lost answer neither hides it nor doubles it', lostAnswer),
    check('a code that another coupon has is refused', codeTaken),
    check('ends on the platform, and its code is free again', ends, 'endCoupon'),
    check('what has ended already is ended', endsTwice, 'endCoupon'),
  ]
}

const run = (shop: Shop, coupon: Coupon, key = 'onc_1') =>
  shop.operations.createCoupon!.run(shop.client, coupon, key)

const find = (shop: Shop, coupon: Coupon, key = 'onc_1') =>
  shop.operations.createCoupon!.find(shop.client, coupon, key)

function end(shop: Shop, externalId: string, coupon: Coupon): Promise<true> {
  const { endCoupon } = shop.operations
  assert(endCoupon, 'A connector with createCoupon needs endCoupon.')
  return endCoupon.run(shop.client, { externalId, code: coupon.code }, 'onc_1')
}

async function findAgrees(shop: Shop, coupon: Coupon): Promise<void> {
  assert.equal(await find(shop, coupon), null, 'The coupon is found though it was never made.')
  const made = await run(shop, coupon)
  await settled(shop)
  assert.deepEqual(await find(shop, coupon), made, 'run and find do not agree.')
  assert.equal(await find(shop, coupon, 'onc_2'), null, "Another request's coupon is taken for this one.")
}

async function lostAnswer(shop: Shop, coupon: Coupon): Promise<void> {
  shop.sandbox.faults.add({ kind: 'lost_answer', when: writesOf(shop.subject) })
  const failure = await failureOf(() => run(shop, coupon))
  await settled(shop)
  assert.equal(failure?.kind, 'uncertain', 'A lost answer to a coupon has to be uncertain.')
  const found = await find(shop, coupon)
  assert(found, 'The coupon was made, but is not found.')
  await end(shop, found.externalId, coupon)
  await settled(shop)
  assert.equal(await find(shop, coupon), null, 'The coupon was made twice.')
}

async function codeTaken(shop: Shop, coupon: Coupon): Promise<void> {
  const made = await run(shop, coupon)
  await settled(shop)
  await assertFailsAs(
    () => run(shop, { ...coupon, basisPoints: 9000 }, 'onc_2'),
    ['rejected'],
    'A taken code',
  )
  assert.deepEqual(await find(shop, coupon), made, 'The coupon that had the code is not what it was.')
}

async function ends(shop: Shop, coupon: Coupon): Promise<void> {
  const { externalId } = await run(shop, coupon)
  await end(shop, externalId, coupon)
  await settled(shop)
  assert.equal(await find(shop, coupon), null, 'The coupon was ended, but is still found.')
  await run(shop, coupon, 'onc_2')
}

async function endsTwice(shop: Shop, coupon: Coupon): Promise<void> {
  const { externalId } = await run(shop, coupon)
  await end(shop, externalId, coupon)
  await settled(shop)
  assert.equal(await end(shop, externalId, coupon), true)
}
