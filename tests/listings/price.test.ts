import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { computePrice, type PriceInput, plainRule } from '../../core/listings/price.ts'

const eur = (minor: number) => ({ minor, currency: 'EUR' })
const input = (more: Partial<PriceInput>): PriceInput => ({
  base: eur(1000),
  rule: plainRule,
  cost: null,
  promotion: null,
  ...more,
})
const promotion = (amountMinor: number) => ({
  amountMinor,
  startsAt: new Date('2026-03-01T00:00:00Z'),
  endsAt: new Date('2026-03-02T00:00:00Z'),
  source: 'test',
})

describe('the price of a listing', () => {
  test('is markup, fee, addition and rounding, one after the other and each explained', () => {
    const rule = {
      ...plainRule,
      markupBasisPoints: 1000,
      feeBasisPoints: 1500,
      addMinor: 30,
      roundToMinor: 100,
      minusMinor: 1,
    }
    const outcome = computePrice(input({ rule }))
    expect(outcome).toMatchObject({ ok: true, price: eur(1399), sale: null })
    expect(outcome.terms.map((term) => term.value)).toEqual([
      '10.00 EUR',
      '11.00 EUR',
      '12.95 EUR',
      '13.25 EUR',
      '14.00 EUR',
      '13.99 EUR',
    ])
  })

  test('that is missing is said to be missing and not guessed', () => {
    expect(computePrice(input({ base: null }))).toMatchObject({ ok: false, reason: 'price_missing' })
  })

  test('below the floor is not sent, be it the regular one or that of a promotion', () => {
    const rule = { ...plainRule, marginBasisPoints: 2000 }
    expect(computePrice(input({ rule, cost: eur(900) }))).toMatchObject({
      ok: false,
      reason: 'price_below_floor',
    })
    const sale = computePrice(input({ rule, cost: eur(700), promotion: promotion(800) }))
    expect(sale).toMatchObject({ ok: false, reason: 'price_below_floor' })
    expect(computePrice(input({ rule, cost: eur(700), promotion: promotion(850) }))).toMatchObject({
      ok: true,
    })
  })

  test('has no floor from a cost in another currency', () => {
    expect(computePrice(input({ cost: { minor: 100_000, currency: 'JPY' } }))).toMatchObject({
      ok: true,
      floor: null,
    })
  })

  test('of a promotion that is no lower is the regular one', () => {
    expect(computePrice(input({ promotion: promotion(1000) }))).toMatchObject({ ok: true, sale: null })
  })

  test('is a whole amount above nothing and never below the floor, whatever the rule', () => {
    const rule = fc.record({
      markupBasisPoints: fc.integer({ min: -9_000, max: 30_000 }),
      feeBasisPoints: fc.integer({ min: 0, max: 9_000 }),
      addMinor: fc.integer({ min: -5_000, max: 5_000 }),
      roundToMinor: fc.integer({ min: 1, max: 1_000 }),
      minusMinor: fc.integer({ min: 0, max: 1_000 }),
      marginBasisPoints: fc.integer({ min: 0, max: 20_000 }),
    })
    const given = fc.record({
      rule,
      base: fc.integer({ min: 1, max: 10_000_000 }),
      cost: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
      sale: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    })
    fc.assert(
      fc.property(given, ({ rule: chosen, base, cost, sale }) => {
        const outcome = computePrice({
          base: eur(base),
          rule: chosen,
          cost: cost === null ? null : eur(cost),
          promotion: sale === null ? null : promotion(sale),
        })
        if (!outcome.ok) return
        for (const { minor } of [outcome.price, ...(outcome.sale ? [outcome.sale.price] : [])]) {
          expect(Number.isSafeInteger(minor)).toBe(true)
          expect(minor).toBeGreaterThan(0)
          expect(minor).toBeGreaterThanOrEqual(outcome.floor?.minor ?? 1)
        }
        if (outcome.sale) expect(outcome.sale.price.minor).toBeLessThan(outcome.price.minor)
      }),
      { numRuns: 2000, seed: 20260303 },
    )
  })
})
