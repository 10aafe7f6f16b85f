import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '../../../plugins/slow-sellers/days.ts'
import { measureEffect, measureFreed } from '../../../plugins/slow-sellers/measure.ts'
import { recordSteps, undoSteps } from '../../../plugins/slow-sellers/steps.ts'
import { useDatabase } from '../../support/database.ts'
import { fill, goods, migrate, type Sold } from './support.ts'

const day = '2025-12-01'
const policy = { effectDays: 10, leastSample: 2 }
const ids = ['A', 'B', 'C', 'D'] as const

describe('what the steps did', () => {
  const database = useDatabase()
  const group = { connectionId: 'con_1', kind: 'end' as const, day, policyVersion: '1' }
  const row = (listingId: string, onHand: number, costMinor: number | null) => ({
    listingId,
    variantId: `var_${listingId}`,
    currency: 'EUR',
    onHand,
    costMinor,
  })
  /** Units a day from some days before the step up to some days after it. */
  const sell = (listing: string, before: number, after: number): Sold[] =>
    Array.from({ length: 20 }, (_, index) => ({
      listing,
      day: addDays(day, index - 10),
      units: index < 10 ? before : after,
    }))

  beforeAll(async () => {
    await migrate(database())
    await fill(database(), {
      goods: ids.map((id) =>
        goods(id, { on_hand: id === 'A' ? 4 : 10, status: id === 'B' ? 'ended' : 'live' }),
      ),
      sold: [
        // Treated: from 1 and 0 a day to 4 and 2. Held back: from 1 and 0 to 2 and 0.
        ...sell('A', 1, 4),
        ...sell('B', 0, 2),
        ...sell('C', 1, 2),
        { listing: 'A', day: addDays(day, 10), units: 99 },
        { listing: 'A', day: addDays(day, -11), units: 99 },
      ],
      sources: { con_1: '2025-01-01' },
    })
    const { db } = database()
    await recordSteps(db, { ...group, items: [row('A', 10, 300), row('B', 8, 200)] }, 'applied', 'prp_1')
    await recordSteps(db, { ...group, items: [row('C', 10, 300), row('D', 10, 300)] }, 'held_back', null)
  })

  test('is the change of the treated less that of the control group, once all days have passed', async () => {
    const { db } = database()
    expect(await measureEffect(db, addDays(day, 9), policy)).toEqual([])
    const [effect] = await measureEffect(db, addDays(day, 10), policy)
    expect(effect).toMatchObject({
      kind: 'end',
      treated: { listings: 2, before: 0.5, after: 3 },
      control: { listings: 2, before: 0.5, after: 1 },
    })
    expect(effect!.difference).toBeCloseTo(2.5 - 0.5, 10)
    const [thin] = await measureEffect(db, addDays(day, 10), { ...policy, leastSample: 3 })
    expect(thin!.difference).toBeNull()
    expect(thin!.because).toContain('No data')
  })

  test('sales that were not known before the step make no effect', async () => {
    const { db } = database()
    await db.execute(sql`update slow_sellers_sources set first_day = '2025-11-25'`)
    expect(await measureEffect(db, addDays(day, 10), policy)).toEqual([])
    await db.execute(sql`update slow_sellers_sources set first_day = '2025-01-01'`)
  })

  test('frees the units that went, at cost, and the slots that are empty; what was taken back frees nothing', async () => {
    const { db } = database()
    // A: 10 to 4 units at 3.00; it is live again, so it frees no slot. B: 8 to 10 units, and off the shelf.
    expect(await measureFreed(db)).toEqual([
      { currency: 'EUR', capitalMinor: 6 * 300, unknownCost: 0, shelvedMinor: 8 * 200, slots: 1 },
    ])
    await db.execute(sql`update slow_sellers_steps set cost_minor = null where listing_id = 'A'`)
    expect(await measureFreed(db)).toEqual([
      { currency: 'EUR', capitalMinor: 0, unknownCost: 1, shelvedMinor: 8 * 200, slots: 1 },
    ])
    await undoSteps(db, 'prp_1')
    expect(await measureFreed(db)).toEqual([])
    expect(await measureEffect(db, addDays(day, 10), { ...policy, leastSample: 1 })).toMatchObject([
      { treated: { listings: 0 }, difference: null },
    ])
  })
})
