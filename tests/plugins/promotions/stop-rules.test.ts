import { describe, expect, test } from 'vitest'
import { findStops, type Running } from '../../../plugins/promotions/stop-rules.ts'
import { campaign } from './support.ts'

const cup = {
  listingId: 'lst_1',
  sku: 'CUP',
  currency: 'EUR',
  priceMinor: 1600,
  costMinor: 1000,
  floorMinor: 1000,
  available: 10,
}
const running = (more: Partial<Running>, rules: object = {}): Running => ({
  campaign: campaign({ stopRules: rules, budget: { minor: 1000, currency: 'EUR' } }),
  goods: [cup],
  discountMinor: {},
  unitsSold: 0,
  unitsPlanned: null,
  hours: 1,
  answers: [],
  ...more,
})
const rulesOf = (given: Running) => findStops(given).map(({ rule }) => rule)

describe('the rules that stop a campaign', () => {
  test('stop goods whose floor rose above their price, whatever else was asked', () => {
    expect(rulesOf(running({ goods: [cup, { ...cup, listingId: 'lst_2', floorMinor: 1601 }] }))).toEqual([
      'below-floor',
    ])
    expect(findStops(running({ goods: [{ ...cup, floorMinor: 1601 }] }))).toMatchObject([
      { listingIds: ['lst_1'] },
    ])
  })

  test('stop goods that run out or bring too little, and nothing by a cost that nobody knows', () => {
    expect(rulesOf(running({}, { stockBelow: 11, marginBelowBasisPoints: 3751 }))).toEqual([
      'stock',
      'margin',
    ])
    expect(rulesOf(running({}, { stockBelow: 10, marginBelowBasisPoints: 3750 }))).toEqual([])
    expect(
      rulesOf(
        running({ goods: [{ ...cup, costMinor: null, floorMinor: null }] }, { marginBelowBasisPoints: 9000 }),
      ),
    ).toEqual([])
  })

  test('stop all of it at the budget in its currency, unless the budget is not kept', () => {
    expect(findStops(running({ discountMinor: { EUR: 1000 } }))).toMatchObject([
      { rule: 'budget', listingIds: null },
    ])
    expect(rulesOf(running({ discountMinor: { EUR: 999, USD: 5000 } }))).toEqual([])
    expect(rulesOf(running({ discountMinor: { EUR: 1000 } }, { isBudgetKept: false }))).toEqual([])
  })

  test('stop all of it when too little of the plan is sold, not before its hours, and not without a plan', () => {
    const rules = { salesUnderPlan: { afterHours: 24, shareBasisPoints: 5000 } }
    expect(rulesOf(running({ unitsSold: 4, unitsPlanned: 10, hours: 24 }, rules))).toEqual(['under-plan'])
    expect(rulesOf(running({ unitsSold: 5, unitsPlanned: 10, hours: 24 }, rules))).toEqual([])
    expect(rulesOf(running({ unitsSold: 4, unitsPlanned: 10, hours: 23 }, rules))).toEqual([])
    expect(rulesOf(running({ unitsSold: 0, unitsPlanned: null, hours: 99 }, rules))).toEqual([])
  })

  test('ask again only for goods that nobody has decided on', () => {
    const mug = { ...cup, listingId: 'lst_2', sku: 'MUG' }
    const refused = { rule: 'stock', listingIds: ['lst_1'], isOpen: false }
    const given = (more: Partial<Running>) => running({ goods: [cup, mug], ...more }, { stockBelow: 11 })
    expect(findStops(given({ answers: [refused] }))).toMatchObject([
      { listingIds: ['lst_2'], reason: '1 listings have fewer than 11 units free to sell: MUG.' },
    ])
    const waits = { rule: 'stock', listingIds: ['lst_1', 'lst_2'], isOpen: true }
    expect(findStops(given({ answers: [waits] }))).toEqual([])
    expect(findStops(given({ answers: [{ ...waits, listingIds: ['lst_2'] }] }))).toMatchObject([
      { listingIds: ['lst_1', 'lst_2'] },
    ])
    const whole = { rule: 'budget', listingIds: null, isOpen: false }
    expect(rulesOf(given({ discountMinor: { EUR: 1000 }, answers: [whole] }))).toEqual(['stock'])
  })
})
