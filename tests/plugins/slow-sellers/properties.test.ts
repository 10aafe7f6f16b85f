import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '../../../plugins/slow-sellers/days.ts'
import { useDatabase } from '../../support/database.ts'
import { fill, goods, judge, migrate } from './support.ts'

const until = '2026-01-01'
const day = fc.integer({ min: 1, max: 300 }).map((ago) => addDays(until, -ago))

/** A listing with any stock, any sales, on a connection that tells its sales or not. */
const listing = fc.record({
  isTold: fc.boolean(),
  isGoods: fc.boolean(),
  created: day,
  cost: fc.option(fc.integer({ min: 1, max: 5000 })),
  received: fc.array(fc.record({ day, units: fc.integer({ min: 1, max: 20 }) }), { maxLength: 4 }),
  isGone: fc.boolean(),
  gone: day,
  sold: fc.uniqueArray(day, { maxLength: 10 }),
})

describe('whatever the world, never slow is', () => {
  const database = useDatabase()
  beforeAll(() => migrate(database()))

  test('what has no sales figure, nothing on hand, is new, or is no goods', async () => {
    let slow = 0
    const property = fc.asyncProperty(fc.array(listing, { minLength: 40, maxLength: 80 }), async (world) => {
      const named = world.map((of, index) => ({ ...of, id: `L${index}` }))
      await fill(database(), {
        goods: named.map(({ id, isTold, isGoods, created, cost }) =>
          goods(id, {
            connection_id: isTold ? 'con_told' : 'con_silent',
            is_goods: isGoods,
            created_on: created,
            cost_minor: cost,
          }),
        ),
        sold: named.flatMap(({ id, isTold, sold }) =>
          isTold ? sold.map((on) => ({ listing: id, day: on, units: 1, revenue: 2000 })) : [],
        ),
        moved: named.flatMap(({ id, received, isGone, gone }) => {
          const came = received.map((row) => ({ variant: `var_${id}`, ...row }))
          const units = -came.reduce((sum, row) => sum + row.units, 0)
          return isGone && units < 0 ? [...came, { variant: `var_${id}`, day: gone, units }] : came
        }),
        sources: { con_told: '2025-01-01' },
      })
      const found = await judge(database(), until)
      expect(found.size).toBe(named.length)
      for (const { id, isTold, isGoods, created, received, isGone } of named) {
        const { verdict, units, boundMinor, costMinor } = found.get(id)!
        if (!isTold) expect(units).toBeNull()
        if (costMinor === null) expect(boundMinor).toBeNull()
        const isSpared =
          !isTold || !isGoods || created > addDays(until, -60) || received.length === 0 || isGone
        if (isSpared) expect(verdict).not.toBe('slow')
        else slow += Number(verdict === 'slow')
      }
    })
    await fc.assert(property, { numRuns: 15 })
    expect(slow).toBeGreaterThan(0)
  })
})
