import type { Offer, TransitHistory } from 'entrepot/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareOffers, type Question } from '../../../plugins/carrier-costs/compare/compare-offers.ts'
import { keepsDeadline, toCalendarDays } from '../../../plugins/carrier-costs/compare/facts.ts'
import { dominates, type Merits, paretoSet } from '../../../plugins/carrier-costs/compare/pareto.ts'
import { createRates } from '../../../plugins/carrier-costs/exchange/rates.ts'
import { place } from './support.ts'

const offer = (carrier: string, totalMinor: number, more: Partial<Offer> = {}): Offer => ({
  id: carrier,
  source: { kind: 'courier', connectionId: carrier, name: carrier },
  connectionId: carrier,
  carrier,
  service: 'S',
  serviceName: 'Standard',
  currency: 'EUR',
  totalMinor,
  charges: [{ kind: 'base', code: null, label: 'Base', amountMinor: totalMinor }],
  transitDays: null,
  deliverBy: null,
  expiresAt: null,
  billedWeightGrams: null,
  explanation: [],
  ...more,
})

const history = (carrier: string, more: Partial<TransitHistory> = {}): TransitHistory => ({
  carrier,
  service: 'S',
  fromCountry: 'DE',
  toCountry: 'FR',
  delivered: 40,
  onTimeBasisPoints: 9500,
  promised: 40,
  medianDays: 1.52,
  p90Days: 2.2,
  lost: 0,
  damaged: 0,
  returned: 0,
  ...more,
})

// A Monday.
const shipAt = new Date('2026-03-02T12:00:00Z')
const ask = (more: Partial<Question>): Question => ({
  offers: [],
  unavailable: [],
  request: { from: place('DE'), to: place('FR'), shipAt },
  currency: 'EUR',
  deadline: null,
  rates: createRates([{ day: '2026-02-27', base: 'EUR', quote: 'JPY', rate: '150' }]),
  transit: [],
  ...more,
})

describe('a comparison', () => {
  const { offers, notOffered } = compareOffers(
    ask({
      offers: [
        offer('a', 1000, { transitDays: 3 }),
        offer('b', 1200),
        offer('c', 900, { currency: 'JPY' }),
        offer('d', 500, { currency: 'USD' }),
      ],
      transit: [
        history('b'),
        history('b', { toCountry: 'ES', medianDays: 9 }),
        history('a', { delivered: 29, promised: 29 }),
      ],
      unavailable: [
        { source: { kind: 'courier', connectionId: 'e', name: 'E' }, service: null, reason: 'Too heavy.' },
      ],
      deadline: new Date('2026-03-04T18:00:00Z'),
    }),
  )
  const of = (id: string) => offers.find((one) => one.id === id)!

  test('sorts by price in one currency with the day of the rate; what has no rate stands last in its own', () => {
    expect(offers.map(({ id, compared }) => [id, compared?.totalMinor, compared?.rateDay])).toEqual([
      ['c', 600, '2026-02-27'],
      ['a', 1000, null],
      ['b', 1200, null],
      ['d', undefined, undefined],
    ])
    expect(of('d')).toMatchObject({
      totalMinor: 500,
      currency: 'USD',
      score: null,
      isCheapest: false,
      isPareto: false,
    })
  })

  test('takes measured days over stated ones, and measures on too few parcels for no data', () => {
    expect(of('b')).toMatchObject({
      transit: { days: 1.5, basis: 'measured' },
      onTime: { basisPoints: 9500, sample: 40 },
    })
    expect(of('a')).toMatchObject({
      transit: { days: 3, basis: 'stated' },
      onTime: { basisPoints: null, sample: 29 },
    })
    expect(of('c')).toMatchObject({ transit: null, onTime: { basisPoints: null, sample: 0 } })
  })

  test('names the cheapest, the fastest and the best value by the stated score', () => {
    // Of 6000 for the price: 600/1000, 600/1200, 600/600. Of 2500 for the days: 1.5/3, 1.5/1.5. Of 1500: 95 %.
    expect(offers.map(({ id, score }) => [id, score])).toEqual([
      ['c', 6000],
      ['a', 3600 + 1250],
      ['b', 3000 + 2500 + 1425],
      ['d', null],
    ])
    const marked = (mark: 'isCheapest' | 'isFastest' | 'isBestValue' | 'isPareto') =>
      offers.filter((one) => one[mark]).map(({ id }) => id)
    expect(marked('isCheapest')).toEqual(['c'])
    expect(marked('isFastest')).toEqual(['b'])
    expect(marked('isBestValue')).toEqual(['b'])
    expect(marked('isPareto')).toEqual(['c', 'a', 'b'])
  })

  test('says who keeps the deadline, and who is not known to', () => {
    expect(offers.map(({ id, keepsDeadline: keeps }) => [id, keeps])).toEqual([
      ['c', null],
      ['a', false],
      ['b', true],
      ['d', null],
    ])
  })

  test('keeps what is not offered with its reason, and gives it no price', () => {
    expect(notOffered).toEqual([
      { source: { kind: 'courier', connectionId: 'e', name: 'E' }, service: null, reason: 'Too heavy.' },
    ])
    expect(JSON.stringify(notOffered)).not.toContain('totalMinor')
  })
})

test('working days skip weekends', () => {
  expect(toCalendarDays(0, shipAt)).toBe(0)
  expect(toCalendarDays(4, shipAt)).toBe(4)
  expect(toCalendarDays(5, shipAt)).toBe(7)
  expect(toCalendarDays(1, new Date('2026-03-06T12:00:00Z'))).toBe(3)
  expect(toCalendarDays(1, new Date('2026-03-07T12:00:00Z'))).toBe(2)
})

test('a deadline is judged by nine tenths of our parcels, else by what the courier says', () => {
  const deadline = new Date('2026-03-04T12:00:00Z')
  const judge = (more: Partial<Offer>, lane?: TransitHistory) =>
    keepsDeadline(offer('a', 1, more), lane, shipAt, deadline)
  expect(judge({ deliverBy: new Date('2026-03-04T12:00:00Z') })).toBe(true)
  expect(judge({ deliverBy: new Date('2026-03-04T12:00:01Z') })).toBe(false)
  expect(judge({ transitDays: 2 })).toBe(true)
  expect(judge({ transitDays: 1 }, history('a', { p90Days: 2.01 }))).toBe(false)
  expect(judge({ transitDays: 3 }, history('a', { delivered: 29, p90Days: 1 }))).toBe(false)
  expect(judge({})).toBeNull()
})

describe('the Pareto set', () => {
  const some = (least: number, most: number) =>
    fc.option(fc.integer({ min: least, max: most }), { nil: null })
  const merits = fc.record({ cost: some(1, 6), days: some(0, 4), onTime: some(0, 3) })

  test('leaves out exactly what another one outdoes, and never all', () => {
    fc.assert(
      fc.property(fc.array(merits, { minLength: 1, maxLength: 12 }), (items) => {
        const kept = new Set(paretoSet(items))
        expect(kept.size).toBeGreaterThan(0)
        for (const item of items) {
          expect(kept.has(item)).toBe(!items.some((other) => dominates(other, item)))
          if (!kept.has(item)) expect([...kept].some((other) => dominates(other, item))).toBe(true)
        }
      }),
    )
  })

  test('takes what is not known for no better than what is', () => {
    fc.assert(
      fc.property(
        merits,
        fc.constantFrom('cost' as const, 'days' as const, 'onTime' as const),
        (item, what) => {
          const unknown: Merits = { ...item, [what]: null }
          expect(dominates(unknown, item)).toBe(false)
          expect(dominates(item, unknown)).toBe(item[what] !== null)
        },
      ),
    )
  })

  test('holds an order: nothing outdoes itself, nor what outdoes it', () => {
    fc.assert(
      fc.property(merits, merits, merits, (a, b, c) => {
        expect(dominates(a, a)).toBe(false)
        expect(dominates(a, b) && dominates(b, a)).toBe(false)
        if (dominates(a, b) && dominates(b, c)) expect(dominates(a, c)).toBe(true)
      }),
    )
  })
})
