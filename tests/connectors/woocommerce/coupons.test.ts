import type { Coupon } from 'entrepot/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCoupon, endCoupon, findCoupon } from '../../../connectors/woocommerce/coupons.ts'
import { openShop, type Shop, stillClock } from './support.ts'

let shop: Shop
beforeEach(async () => {
  shop = await openShop({ clock: stillClock(), timeZone: 'America/New_York' })
})
afterEach(() => shop.sandbox.close())

const couponOf = (more: Partial<Coupon> = {}): Coupon => ({
  code: 'Spring-20',
  basisPoints: 1250,
  least: null,
  externalIds: [],
  excludesReduced: false,
  usageLimit: null,
  endsAt: new Date('2026-03-09T22:00:00.500Z'),
  ...more,
})
const create = (coupon = couponOf(), key = 'onc_1') => createCoupon(shop.client, coupon, key)
const find = (key = 'onc_1') => findCoupon(shop.client, couponOf(), key)
const held = () => shop.sandbox.coupons()
const isCreation = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path.endsWith('/coupons')

describe('createCoupon', () => {
  test('the shop holds what was asked for, in its own form, and ends it at that instant in any time zone', async () => {
    const ids = ['A', 'B'].map((sku) =>
      shop.sandbox.addProduct({ sku, name: sku, price: '10.00', quantity: 1 }),
    )
    const { externalId } = await create(
      couponOf({
        least: { minor: 5000, currency: 'EUR' },
        externalIds: ids,
        excludesReduced: true,
        usageLimit: 40,
      }),
    )
    expect(held()).toMatchObject([
      {
        id: Number(externalId),
        code: 'spring-20',
        status: 'publish',
        discountType: 'percent',
        amount: '12.50',
        minimumAmount: '50.00',
        productIds: ids.map(Number),
        excludeSaleItems: true,
        usageLimit: 40,
        expiresAt: new Date('2026-03-09T22:00:00Z'),
      },
    ])
  })

  test('it is found by its code and its own request alone', async () => {
    await expect(find()).resolves.toBeNull()
    const created = await create()
    await expect(find()).resolves.toEqual(created)
    await expect(find('onc_2')).resolves.toBeNull()
  })

  test('after a lost answer it is found, and asking again makes no second one', async () => {
    shop.sandbox.faults.add({ kind: 'lost_answer', when: isCreation })
    await expect(create()).rejects.toMatchObject({ kind: 'uncertain' })
    const found = await find()
    expect(found).not.toBeNull()
    await expect(create()).resolves.toEqual(found)
    expect(held()).toHaveLength(1)
  })

  test('a code that somebody else uses is refused in words that name the coupon, which stays as it is', async () => {
    const id = shop.sandbox.addCoupon({ code: 'spring-20', amount: '5', discount_type: 'fixed_cart' })
    const before = structuredClone(held())
    await expect(create()).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining(`taken by coupon ${id}, which somebody else made`),
      vendorMessage: 'The coupon code already exists',
      issues: [{ field: 'code' }],
    })
    expect(held()).toEqual(before)
    await expect(find()).resolves.toBeNull()
  })

  test('a code of an earlier coupon of this hub is refused too', async () => {
    await create()
    await expect(create(couponOf(), 'onc_2')).rejects.toThrow('which this hub made before')
    expect(held()).toHaveLength(1)
  })

  test.each([
    ['an empty percentage', { basisPoints: 0 }, 'take off'],
    ['more than everything', { basisPoints: 10_001 }, 'take off'],
    ['another currency', { least: { minor: 100, currency: 'USD' } }, 'USD'],
    ['an id that is none', { externalIds: ['B00X'] }, 'B00X'],
  ])('%s is refused before it is sent', async (_, wrong, words) => {
    await expect(create(couponOf(wrong))).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining(words),
    })
    expect(shop.sandbox.calls.filter(({ isWrite }) => isWrite)).toEqual([])
  })

  test("what the shop refuses is told in the shop's words", async () => {
    await expect(create(couponOf({ code: '   ' }))).rejects.toMatchObject({
      kind: 'rejected',
      vendorCode: 'woocommerce_rest_empty_coupon_code',
      vendorMessage: 'The coupon code cannot be empty.',
    })
  })

  test('a key whose user may not make coupons stops this coupon, not the whole connection', async () => {
    const words = 'Sorry, you are not allowed to create resources.'
    const body = JSON.stringify({
      code: 'woocommerce_rest_cannot_create',
      message: words,
      data: { status: 403 },
    })
    shop.sandbox.faults.add({ kind: 'status', status: 403, body, when: isCreation })
    await expect(create()).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('shop manager'),
      vendorMessage: words,
    })
  })

  test.each([
    ['the percentage', { amount: '50' }, '50.00 as percent'],
    ['the end', { date_expires: '' }, 'the end "never"'],
    ['the goods', { product_ids: [7] }, '1 products'],
    ['the least basket', { minimum_amount: '0.01' }, 'the least basket 0.01'],
  ])('a coupon whose %s the shop changed on the way is taken back', async (_, change, words) => {
    shop.sandbox.faults.add({ kind: 'lost_answer', when: isCreation })
    await expect(create()).rejects.toMatchObject({ kind: 'uncertain' })
    const id = held()[0]!.id
    // As a plugin of the shop would have done while the coupon was saved.
    await changeOnTheWay(id, change)
    await expect(find()).resolves.toBeNull()
    await expect(create()).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining(words),
    })
    expect(held().filter(({ status }) => status === 'publish')).toEqual([])
  })
})

const changeOnTheWay = async (id: number, change: Record<string, unknown>) => {
  const { code, meta, ...coupon } = held().find((one) => one.id === id)!
  shop.sandbox.removeCoupon(String(id))
  shop.sandbox.addCoupon({
    code,
    discount_type: coupon.discountType,
    amount: coupon.amount,
    date_expires: coupon.expiresAt!.toISOString().replace('.000', ''),
    meta_data: meta,
    ...change,
  })
}

describe('endCoupon', () => {
  const end = (externalId: string) => endCoupon(shop.client, { externalId, code: 'Spring-20' })

  test('takes it off the shop and frees its code, once and for all', async () => {
    const { externalId } = await create()
    await expect(end(externalId)).resolves.toBe(true)
    expect(held()).toMatchObject([{ status: 'trash' }])
    await expect(end(externalId)).resolves.toBe(true)
    await expect(create(couponOf(), 'onc_2')).resolves.toMatchObject({ externalId: expect.any(String) })
  })

  test('one that is gone already is ended', async () => {
    const { externalId } = await create()
    shop.sandbox.removeCoupon(externalId)
    await expect(end(externalId)).resolves.toBe(true)
  })

  test('one that goes between looking and deleting is ended', async () => {
    const { externalId } = await create()
    shop.sandbox.faults.add({
      kind: 'status',
      status: 410,
      body: JSON.stringify({ code: 'woocommerce_rest_already_trashed', message: 'Deleted.' }),
      when: ({ method }) => method === 'DELETE',
    })
    await expect(end(externalId)).resolves.toBe(true)
  })

  test('a lost answer may be asked again', async () => {
    const { externalId } = await create()
    shop.sandbox.faults.add({ kind: 'lost_answer', when: ({ method }) => method === 'DELETE' })
    await expect(end(externalId)).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(end(externalId)).resolves.toBe(true)
  })

  test('a coupon of somebody else stays', async () => {
    const id = shop.sandbox.addCoupon({ code: 'staff', amount: '5' })
    await expect(end(id)).rejects.toMatchObject({ kind: 'rejected' })
    expect(held()).toMatchObject([{ status: 'publish' }])
  })

  test('a shop without trash deletes it', async () => {
    await shop.sandbox.close()
    shop = await openShop({ clock: stillClock(), hasTrash: false })
    const { externalId } = await create()
    await expect(end(externalId)).resolves.toBe(true)
    expect(held()).toEqual([])
  })
})

describe("the stand-in, by WooCommerce's own code", () => {
  test('writing date_expires_gmt changes nothing', async () => {
    shop.sandbox.addCoupon({ code: 'a', amount: '5', date_expires_gmt: '2026-03-09T22:00:00' })
    expect(held()).toMatchObject([{ expiresAt: null }])
  })

  test('an end without a zone is local time', async () => {
    shop.sandbox.addCoupon({ code: 'a', amount: '5', date_expires: '2026-03-02T22:00:00' })
    expect(held()).toMatchObject([{ expiresAt: new Date('2026-03-03T03:00:00Z') }])
  })

  test('no percentage is negative', () => {
    expect(() => shop.sandbox.addCoupon({ code: 'a', amount: '-5', discount_type: 'percent' })).toThrow(
      'Invalid discount amount.',
    )
  })
})
