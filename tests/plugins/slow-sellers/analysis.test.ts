import { beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '../../../plugins/slow-sellers/days.ts'
import { explainFinding } from '../../../plugins/slow-sellers/explain.ts'
import { useDatabase } from '../../support/database.ts'
import { fill, goods, judge, migrate, policy, type Sold } from './support.ts'

const until = '2026-01-01'
const start = '2025-10-03'
/** One unit every `every` days from a day up to another. */
const sales = (listing: string, from: string, to: string, every: number, units = 1): Sold[] => {
  const rows: Sold[] = []
  for (let day = from; day < to; day = addDays(day, every))
    rows.push({ listing, day, units, revenue: units * 2000 })
  return rows
}
const received = (id: string, day: string, units: number) => ({ variant: `var_${id}`, day, units })

describe('the analysis, in one statement', () => {
  const database = useDatabase()
  beforeAll(() => migrate(database()))
  const known = { con_1: '2023-01-01' }

  test('gives every figure of a listing exactly: window, days in stock, pace, cover, age, margin, return', async () => {
    await fill(database(), {
      goods: [goods('CUP')],
      // 9 units in the window of 90 days, and one the day before it, which does not count.
      sold: [...sales('CUP', start, until, 10), { listing: 'CUP', day: '2025-10-02', units: 7 }],
      moved: [
        received('CUP', '2025-01-01', 100),
        // Sold out on 12 October, back on 22 October: nine days without stock.
        received('CUP', '2025-10-12', -100),
        received('CUP', '2025-10-22', 30),
        received('CUP', '2025-12-02', 70),
        received('CUP', '2025-12-10', -10),
      ],
      sources: known,
    })
    const cup = (await judge(database(), until)).get('CUP')!
    expect(cup).toMatchObject({
      knownDays: 90,
      daysOut: 9,
      daysInStock: 81,
      units: 9,
      revenueMinor: 18_000,
      lastSoldOn: '2025-12-22',
      onHand: 90,
      // The oldest of what is left came on 22 October (20 of 30), the rest on 2 December.
      stockAgeDays: 71,
      marginPercent: 50,
      boundMinor: 90_000,
      verdict: 'slow',
      reasons: ['long_cover'],
    })
    expect(cup.velocity).toBeCloseTo(9 / 81, 10)
    expect(cup.coverDays).toBeCloseTo(810, 8)
    expect(cup.meanAgeDays).toBe(Math.round((20 * 71 + 70 * 30) / 90))
    // A year's margin at that pace over the cost of the stock.
    expect(cup.returnPercent).toBeCloseTo((((9 / 81) * 365 * 1000) / 90_000) * 100, 8)
    const words = explainFinding(cup).join('\n')
    expect(words).toContain('9 units in 90 days')
    expect(words).toContain('81 (90 less 9 without stock)')
    expect(words).toContain('Money bound: 900.00 EUR (90 units at cost)')
  })

  const often = sales('X', start, until, 2)
  test.each([
    ['sells enough', { moved: [received('X', '2025-12-01', 50)], sold: often }, 'fine', []],
    ['never sold', { moved: [received('X', '2025-12-01', 50)] }, 'slow', ['few_sales']],
    [
      'lies too long, though it sells',
      { moved: [received('X', '2024-06-01', 50)], sold: often },
      'slow',
      ['old_stock'],
    ],
    [
      'sells at a loss',
      { goods: { cost_minor: 2500 }, moved: [received('X', '2025-12-01', 50)], sold: often },
      'slow',
      ['low_return'],
    ],
    [
      'without a known cost has no return to be judged by',
      { goods: { cost_minor: null }, moved: [received('X', '2025-12-01', 50)], sold: often },
      'fine',
      [],
    ],
    [
      'has nothing on hand',
      { moved: [received('X', '2025-06-01', 5), received('X', '2025-11-01', -5)] },
      'out_of_stock',
      ['none_on_hand'],
    ],
    [
      'was out of stock for most of the window and came back',
      {
        moved: [
          received('X', '2025-06-01', 5),
          received('X', '2025-10-05', -5),
          received('X', '2025-12-20', 5),
        ],
      },
      'out_of_stock',
      ['mostly_out'],
    ],
    [
      'is new',
      { goods: { created_on: '2025-12-01' }, moved: [received('X', '2025-12-01', 5)] },
      'new',
      ['in_grace'],
    ],
    ['is no goods', { goods: { is_goods: false }, moved: [received('X', '2025-12-01', 5)] }, 'not_goods', []],
    [
      'nobody tells its sales',
      { moved: [received('X', '2025-06-01', 5)], sources: {} },
      'unknown',
      ['no_sales_figure'],
    ],
    ['has a stock that is not kept here', { goods: { on_hand: 7 } }, 'unknown', ['stock_not_kept']],
    [
      'has sales that are known for too few days',
      { moved: [received('X', '2025-06-01', 5)], sources: { con_1: '2025-12-20' } },
      'unknown',
      ['short_record'],
    ],
  ])('a listing that %s', async (_what, world, verdict, reasons) => {
    const {
      goods: changes = {},
      sold = [],
      moved = [],
      sources = known,
    } = world as {
      goods?: object
      sold?: Sold[]
      moved?: { variant: string; day: string; units: number }[]
      sources?: Record<string, string>
    }
    await fill(database(), { goods: [goods('X', changes)], sold, moved, sources })
    expect((await judge(database(), until)).get('X')).toMatchObject({ verdict, reasons })
  })

  test('out of season is not slow: the pace is that of the category in the same weeks of last year', async () => {
    // Sledges sold 5 units in the same weeks of last year and 95 in the rest of the year before the window.
    const sold = [
      ...sales('SLED', '2024-10-03', '2025-01-01', 18),
      ...sales('SLED', '2025-01-01', '2025-04-06', 1),
      { listing: 'SLED', day: '2025-11-01', units: 2, revenue: 4000 },
    ]
    const world = {
      goods: [goods('SLED', { category_key: 'sledges', created_on: '2023-06-01' })],
      sold,
      moved: [received('SLED', '2025-10-01', 12)],
    }
    await fill(database(), { ...world, sources: known })
    const seasonal = (await judge(database(), until)).get('SLED')!
    expect(seasonal.seasonGap).toBeNull()
    // 5 % of a year in 90 of 365 days: a fifth of an average time of year, bounded below by a quarter.
    expect(seasonal.seasonIndex).toBe(0.25)
    expect(seasonal.expectedUnits).toBeCloseTo(5, 8)
    expect(seasonal.verdict).toBe('fine')
    await fill(database(), { ...world, sources: { con_1: '2025-01-01' } })
    const blind = (await judge(database(), until)).get('SLED')!
    expect(blind).toMatchObject({
      seasonIndex: null,
      expectedUnits: null,
      seasonGap: 'no_year',
      verdict: 'slow',
    })
    expect(explainFinding(blind).join(' ')).toContain('Season: no data')
  })

  test('a category may have a policy of its own, and slow since stays until it is not slow', async () => {
    const world = {
      goods: [goods('A'), goods('B', { category_key: 'art' })],
      moved: [received('A', '2025-08-01', 5), received('B', '2025-08-01', 5)],
      sources: known,
    }
    await fill(database(), world)
    const patient = policy({ categoryPolicies: [{ categoryKey: 'art', leastUnitsPer30Days: 0 }] })
    const first = await judge(database(), '2025-12-01', patient)
    expect([first.get('A')!.verdict, first.get('B')!.verdict]).toEqual(['slow', 'fine'])
    const second = await judge(database(), '2025-12-02', patient)
    expect(second.get('A')).toMatchObject({ slowSince: '2025-12-01', analysedOn: '2025-12-02' })
    await judge(database(), '2025-12-03', policy({ leastUnitsPer30Days: 0 }))
    expect((await judge(database(), '2025-12-04', patient)).get('A')!.slowSince).toBe('2025-12-04')
  })
})
