import { beforeAll, describe, expect, test } from 'vitest'
import { addPromotions, endPromotions } from '../../core/catalog/promotions.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { wakeChannel } from '../../core/listings/dirty.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { nextSwitch, startPriceSwitch } from '../../core/sync/price-switch.ts'
import { tickPromotions } from '../../core/sync/schedule.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed } from '../support/hub.ts'

describe('dated prices', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-01T12:00:00Z')
  const act = () => ({ actor: 'test', now: clock.now() })
  const at = (text: string) => new Date(`2026-03-01T${text}Z`)
  let hub: Hub
  let promotionIds: string[]
  beforeAll(async () => {
    hub = createTestHub(database(), [], { clock })
    const ids = await seed(hub, [{ sku: 'CUP', priceMinor: 2000 }])
    const price = { variantId: ids.get('CUP')!, connectionId: null, price: { minor: 1500, currency: 'EUR' } }
    await tickPromotions(hub)
    promotionIds = await transact(hub.db, (tx) =>
      addPromotions(
        tx,
        [
          { ...price, startsAt: at('12:00:07'), endsAt: at('12:00:31'), source: 'test' },
          { ...price, startsAt: at('10:00:00'), endsAt: at('18:00:00'), source: 'test' },
        ],
        act(),
      ),
    )
  })

  test('are waited for until their very second: each start and each end sets the next timer', async () => {
    const timers: { work: () => void; ms: number; isCleared: boolean }[] = []
    const prices = startPriceSwitch(hub, (work, ms) => {
      const timer = { work, ms, isCleared: false }
      timers.push(timer)
      return {
        clear: () => {
          timer.isCleared = true
        },
      }
    })
    await prices.look()
    expect(timers.map(({ ms }) => ms)).toEqual([7_000])
    const passNext = async (): Promise<number> => {
      const timer = timers.at(-1)!
      clock.advance(timer.ms)
      const before = timers.length
      timer.work()
      while (timers.length === before) await new Promise(setImmediate)
      return timers.at(-1)!.ms
    }
    expect(await passNext()).toBe(24_000)
    // 18:00 is more than an hour ahead: it is looked at again then.
    expect(await passNext()).toBe(3_600_000)
    prices.stop()
    expect(timers.at(-1)!.isCleared).toBe(true)
  })

  test('that are changed tell the workers to look again', async () => {
    const woken: string[] = []
    await database().listen(wakeChannel, (payload) => woken.push(payload))
    await transact(hub.db, (tx) => endPromotions(tx, promotionIds.slice(1), 'test', at('17:00:00'), act()))
    while (!woken.includes('dated-prices')) await new Promise(setImmediate)
    expect(await nextSwitch(hub.db, at('12:00:31'))).toEqual(at('17:00:00'))
    expect(await nextSwitch(hub.db, at('17:00:00'))).toBeNull()
  })
})
