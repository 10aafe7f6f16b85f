import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CampaignKind } from '../../../plugins/promotions/campaign.ts'
import { priceOf } from '../../../plugins/promotions/price-of.ts'

const eur = (minor: number) => ({ minor, currency: 'EUR' })
const percentage = (basisPoints: number, more = {}): CampaignKind => ({
  kind: 'percentage',
  basisPoints,
  roundToMinor: 1,
  minusMinor: 0,
  ...more,
})
const goods = { sku: 'CUP', regular: eur(2000), floor: eur(1500), parts: null }

describe('the price in a campaign', () => {
  test('is the regular price less a share, rounded as asked, with each term', () => {
    const campaign = {
      kind: percentage(1750, { roundToMinor: 100, minusMinor: 1 }),
      belowFloor: 'block' as const,
    }
    expect(priceOf(campaign, goods)).toEqual({
      ok: true,
      price: eur(1699),
      terms: [
        { label: 'regular price', value: '20.00 EUR' },
        { label: '17.5 % off', value: '16.50 EUR' },
        { label: 'rounded up to 1.00 EUR', value: '17.00 EUR' },
        { label: 'minus 0.01 EUR', value: '16.99 EUR' },
      ],
    })
  })

  test('of a bundle is taken off what its parts cost singly, and is none where a part has no price', () => {
    const campaign = {
      kind: { kind: 'bundle' as const, skus: ['CUP', 'MUG'], basisPoints: 1000 },
      belowFloor: 'block' as const,
    }
    const bundle = { ...goods, sku: 'SET', regular: eur(4000) }
    expect(priceOf(campaign, { ...bundle, parts: eur(4200) })).toMatchObject({
      ok: true,
      price: eur(3780),
      terms: [
        { label: 'regular price', value: '40.00 EUR' },
        { label: 'its parts cost', value: '42.00 EUR' },
        { label: '10 % off', value: '37.80 EUR' },
      ],
    })
    expect(priceOf(campaign, bundle)).toMatchObject({ ok: false, reason: 'kind' })
    expect(priceOf(campaign, { ...bundle, parts: eur(4500) })).toMatchObject({ reason: 'no_reduction' })
  })

  test('below the floor is none, or the floor itself where that is wished', () => {
    const kind = percentage(5000)
    expect(priceOf({ kind, belowFloor: 'block' }, goods)).toMatchObject({ ok: false, reason: 'below_floor' })
    expect(priceOf({ kind, belowFloor: 'raise-to-floor' }, goods)).toMatchObject({
      ok: true,
      price: eur(1500),
    })
    expect(priceOf({ kind, belowFloor: 'raise-to-floor' }, { ...goods, floor: eur(2000) })).toMatchObject({
      reason: 'no_reduction',
    })
  })

  test('that is fixed is that of the SKU, else that of all, in the currency of the listing only', () => {
    const prices = [
      { sku: null, price: eur(1800) },
      { sku: 'CUP', price: eur(1700) },
    ]
    const campaign = { kind: { kind: 'fixed-price' as const, prices }, belowFloor: 'block' as const }
    expect(priceOf(campaign, goods)).toMatchObject({ price: eur(1700) })
    expect(priceOf(campaign, { ...goods, sku: 'MUG' })).toMatchObject({ price: eur(1800) })
    const yen = { sku: 'MUG', regular: { minor: 2000, currency: 'JPY' }, floor: null, parts: null }
    expect(priceOf(campaign, yen)).toMatchObject({ ok: false, reason: 'kind' })
  })

  test('is never below the floor nor as high as the regular price, whatever is asked', () => {
    const whole = fc.integer({ min: 1, max: 1_000_000 })
    const below = fc.constantFrom('block' as const, 'leave-out' as const, 'raise-to-floor' as const)
    fc.assert(
      fc.property(
        whole,
        whole,
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 1, max: 500 }),
        below,
        (regular, floor, share, round, belowFloor) => {
          const kind = percentage(share, { roundToMinor: round, minusMinor: round - 1 })
          const outcome = priceOf(
            { kind, belowFloor },
            { sku: 'X', regular: eur(regular), floor: eur(floor), parts: null },
          )
          if (!outcome.ok) return
          expect(outcome.price.minor).toBeGreaterThanOrEqual(floor)
          expect(outcome.price.minor).toBeLessThan(regular)
        },
      ),
    )
  })
})
