import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isHeldBack } from '../../../plugins/slow-sellers/control.ts'
import { detectPromotions } from '../../../plugins/slow-sellers/detect-promotions.ts'
import { isGoods } from '../../../plugins/slow-sellers/goods.ts'
import { type Climber, lower, nextStep, roomFor, type Taken } from '../../../plugins/slow-sellers/ladder.ts'
import { toEffect } from '../../../plugins/slow-sellers/measure.ts'
import { stepKinds } from '../../../plugins/slow-sellers/settings.ts'
import { policy } from './support.ts'

const climber = (changes: Partial<Climber> = {}): Climber => ({
  priceMinor: 2000,
  saleMinor: null,
  floorMinor: 1000,
  currency: 'EUR',
  wanting: ['no brand'],
  otherListings: 0,
  partner: { sku: 'MUG', orders: 5 },
  taken: [],
  ...changes,
})
const taken = (...kinds: Taken['kind'][]): Taken[] =>
  kinds.map((kind, index) => ({
    kind,
    day: `2026-01-${String(index + 1).padStart(2, '0')}`,
    status: 'applied',
  }))
const next = (changes: Partial<Climber>, today = '2026-03-01') =>
  nextStep(climber(changes), today, stepKinds, policy())

describe('the ladder', () => {
  test('is climbed a step at a time, each with its waiting time', () => {
    expect(next({})?.kind).toBe('improve')
    expect(next({ taken: taken('improve') }, '2026-01-14')).toBeNull()
    expect(next({ taken: taken('improve') }, '2026-01-15')?.kind).toBe('reprice')
    expect(next({ taken: taken('improve', 'reprice') })?.kind).toBe('promote')
    expect(next({ taken: taken('improve', 'reprice', 'promote') })?.kind).toBe('bundle')
    expect(next({ taken: taken('improve', 'reprice', 'promote', 'bundle') })?.kind).toBe('end')
    expect(next({ taken: taken('end') })).toBeNull()
  })

  test.each([
    ['no cost and so no floor', { floorMinor: null }, 'bundle'],
    ['a price at its floor', { floorMinor: 2000 }, 'bundle'],
    ['a base price that other listings share', { otherListings: 1 }, 'promote'],
    ['a promotion of its own already', { otherListings: 1, saleMinor: 1500 }, 'bundle'],
    ['nothing it is bought with', { floorMinor: null, partner: null }, 'end'],
    ['too few orders together', { floorMinor: null, partner: { sku: 'MUG', orders: 2 } }, 'end'],
    [
      'a refusal, which moves on as well',
      { taken: [{ kind: 'reprice', day: '2026-01-01', status: 'rejected' }] },
      'promote',
    ],
  ] as const)('passes over what makes no sense: %s', (_why, changes, kind) => {
    expect(next({ wanting: [], ...changes } as Partial<Climber>)?.kind).toBe(kind)
  })

  test('never prices below the floor, nor up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e7 }),
        fc.integer({ min: 0, max: 1e7 }),
        fc.double({ min: 0, max: 90, noNaN: true }),
        (priceMinor, floorMinor, percent) => {
          const step = lower(climber({ priceMinor, floorMinor }), percent)
          return (
            step === null || (step.toMinor! >= floorMinor && step.toMinor! < priceMinor && step.toMinor! > 0)
          )
        },
      ),
    )
  })

  test('acts on no more of a shop than its cap, and still on one of a tiny shop', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.nat(1e6),
        fc.nat(1e4),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (live, lately, listingsPerRun, capPercent) => {
          const room = roomFor({ live, lately }, { listingsPerRun, capPercent })
          return (
            room >= 0 &&
            room <= listingsPerRun &&
            (room === 0 || room + lately <= Math.max(1, (live * capPercent) / 100))
          )
        },
      ),
    )
    expect(roomFor({ live: 3, lately: 0 }, policy())).toBe(1)
    expect(roomFor({ live: 3, lately: 1 }, policy())).toBe(0)
    expect(roomFor({ live: 3, lately: 0 }, policy({ capPercent: 0 }))).toBe(0)
  })

  test('draws the same control group every time, of about its share, and another one for another version', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `lst_${index}`)
    const group = (policyVersion: string, controlPercent = 10) =>
      new Set(ids.filter((id) => isHeldBack(id, { policyVersion, controlPercent })))
    const first = group('1')
    expect([...group('1')].join()).toBe([...first].join())
    expect(Math.abs(first.size / ids.length - 0.1)).toBeLessThan(0.01)
    const second = group('2')
    const both = [...first].filter((id) => second.has(id)).length
    expect(both / first.size).toBeLessThan(0.2)
    expect(group('1', 0).size).toBe(0)
  })
})

describe('an effect', () => {
  const side = (isControl: boolean, listings: number, before: number, after: number) => ({
    isControl,
    listings,
    before,
    after,
  })
  test('is the change of the treated less that of the control group', () => {
    const effect = toEffect('reprice', [side(false, 40, 0.1, 0.5), side(true, 20, 0.1, 0.2)], policy())
    expect(effect.difference).toBeCloseTo(0.3, 10)
    expect(effect.because).toContain('40 treated, 20 held back')
  })
  test.each([
    [[side(false, 40, 0.1, 0.5)]],
    [[side(false, 40, 0.1, 0.5), side(true, 19, 0.1, 0.2)]],
    [[side(true, 30, 0.1, 0.2)]],
  ])('of too small a sample is no data', (sides) => {
    const effect = toEffect('reprice', sides, policy())
    expect(effect.difference).toBeNull()
    expect(effect.because).toContain('No data')
  })
})

describe('a price round trip', () => {
  const series = (...prices: number[]) =>
    prices.map((priceMinor, index) => ({ day: `2026-11-${String(index + 1).padStart(2, '0')}`, priceMinor }))
  test('is a promotion with its days and depth', () => {
    expect(detectPromotions(series(100, 100, 60, 50, 100, 100))).toEqual([
      { from: '2026-11-03', to: '2026-11-04', regularMinor: 100, lowestMinor: 50, depthPercent: 50 },
    ])
    expect(detectPromotions(series(100, 80, 100, 90, 120))).toHaveLength(2)
  })
  test('a price that stays down, rises, or comes back too late is none', () => {
    expect(detectPromotions(series(100, 80, 80, 90))).toEqual([])
    expect(detectPromotions(series(100, 120, 120, 100, 100))).toEqual([])
    expect(detectPromotions(series(100, 80, 80, 80, 100), 2)).toEqual([])
    expect(detectPromotions([])).toEqual([])
  })
})

describe('what is goods', () => {
  const content = (title: string, attributes = {}) =>
    ({ title, attributes }) as Parameters<typeof isGoods>[0]['content']
  const yuan = (minor: number) => ({ minor, currency: 'CNY' })
  test.each([
    ['补邮费 1元', yuan(100), {}, false],
    ['补差价专拍', null, {}, false],
    ['免邮费 面霜50g', yuan(13_900), {}, true],
    ['面霜', yuan(100), {}, true],
    ['Anything', yuan(5000), { isGoods: 'false' }, false],
  ])('%s at %o', (title, price, attributes, is) => {
    expect(isGoods({ content: content(title, attributes), price }, policy())).toBe(is)
  })
})
