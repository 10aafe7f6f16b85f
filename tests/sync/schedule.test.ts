import { and, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { addPromotions } from '../../core/catalog/promotions.ts'
import { pauseConnection, resumeConnection, setSchedule } from '../../core/connections/connections.ts'
import { schedules } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { assertCron, hasTick, runDueSchedules, tickPromotions } from '../../core/sync/schedule.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop, listAll } from '../support/fake-shop.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'

const at = (text: string) => new Date(text)

describe('a cron line', () => {
  test.each([
    ['*/5 * * * *', 'UTC', '2026-03-01T10:00:00Z', '2026-03-01T10:04:59Z', false],
    ['*/5 * * * *', 'UTC', '2026-03-01T10:00:00Z', '2026-03-01T10:05:00Z', true],
    ['*/5 * * * *', 'UTC', '2026-03-01T10:05:00Z', '2026-03-01T10:05:59Z', false],
    ['0 9 * * *', 'Europe/Berlin', '2026-03-28T07:30:00Z', '2026-03-28T08:00:00Z', true],
    ['0 9 * * *', 'Europe/Berlin', '2026-03-30T06:30:00Z', '2026-03-30T06:59:00Z', false],
    ['0 9 * * *', 'Europe/Berlin', '2026-03-30T06:30:00Z', '2026-03-30T07:00:00Z', true],
    ['0 9 * * *', 'America/New_York', '2026-11-02T13:30:00Z', '2026-11-02T13:59:00Z', false],
    ['0 9 * * *', 'America/New_York', '2026-11-02T13:30:00Z', '2026-11-02T14:00:00Z', true],
    ['30 0 * * 1', 'Asia/Kathmandu', '2026-03-01T18:44:00Z', '2026-03-01T18:45:00Z', true],
  ])('"%s" in %s has a tick between %s and %s: %s', (cron, zone, after, until, expected) => {
    expect(hasTick(cron, zone, at(after), at(until))).toBe(expected)
  })

  test('looks a week back without making anybody wait', () => {
    const start = performance.now()
    expect(
      hasTick('0 0 1 1 *', 'Europe/Berlin', at('2026-03-01T00:00:00Z'), at('2026-03-20T00:00:00Z')),
    ).toBe(false)
    expect(performance.now() - start).toBeLessThan(500)
  })

  test.each([
    ['every minute', 'UTC'],
    ['* * * * *', 'Mars/Olympus'],
  ])('"%s" in %s is refused', (cron, zone) => {
    expect(() => assertCron(cron, zone)).toThrow()
  })
})

describe('schedules', () => {
  const database = useDatabase()
  let made = 0
  const begin = async (cron: string) => {
    const clock = manualClock('2026-03-01T10:00:30Z')
    const hub = createTestHub(database(), [fakeShop({})], { clock })
    made += 1
    const { id } = await connectFake(hub, `scheduled ${made}`)
    await transact(hub.db, (tx) => setSchedule(tx, id, 'orders', { cron }, testAct()))
    const started: string[] = []
    const run = () =>
      runDueSchedules(hub, async (task, connectionId) => {
        if (connectionId === id) started.push(task)
      })
    await run()
    return { hub, id, clock, started, run }
  }

  test('that missed many ticks while the hub was off run once, not many times', async () => {
    const { clock, started, run } = await begin('* * * * *')
    clock.advance(3 * 24 * 3_600_000)
    await run()
    await run()
    expect(started).toEqual(['orders'])
    clock.advance(60_000)
    await run()
    expect(started).toEqual(['orders', 'orders'])
  })

  test('are started once although ten processes look at the same time', async () => {
    const { clock, started, run } = await begin('* * * * *')
    clock.advance(120_000)
    await Promise.all(Array.from({ length: 10 }, run))
    expect(started).toEqual(['orders'])
  })

  test('that could not be started are started at the next look', async () => {
    const { hub, id, clock, started, run } = await begin('0 12 * * *')
    clock.advance(2 * 3_600_000)
    const broken = runDueSchedules(hub, async (_task, connectionId) => {
      if (connectionId === id) throw new Error('The queue is away.')
    })
    await expect(broken).rejects.toThrow(/away/)
    await run()
    expect(started).toEqual(['orders'])
  })

  test('of a paused or switched-off task do not run, and catch up once afterwards', async () => {
    const { hub, id, clock, started, run } = await begin('* * * * *')
    await transact(hub.db, (tx) => pauseConnection(tx, id, 'holiday', testAct()))
    clock.advance(600_000)
    await run()
    expect(started).toEqual([])
    await transact(hub.db, (tx) => resumeConnection(tx, id, testAct()))
    await run()
    expect(started).toEqual(['orders'])
    await hub.db
      .update(schedules)
      .set({ isEnabled: false })
      .where(and(eq(schedules.connectionId, id), eq(schedules.task, 'orders')))
    clock.advance(600_000)
    await run()
    expect(started).toEqual(['orders'])
  })
})

describe('a promotion', () => {
  const database = useDatabase()

  test('begins and ends on time, also when the hub was off at that moment', async () => {
    const clock = manualClock('2026-03-01T12:00:00Z')
    const shown = new Map<string, number>()
    const shop = fakeShop({
      pushPrices: {
        maxBatch: 10,
        run: async (_client, items) =>
          items.map(({ ref, price, sale }) => {
            shown.set(ref.sku, sale?.price.minor ?? price.minor)
            return { ok: true as const }
          }),
      },
    })
    const open = (holder: string) => createTestHub(database(), [shop], { clock, holder })
    const hub = open('first')
    const connection = await connectFake(hub)
    const ids = await seed(hub, [{ sku: 'P', priceMinor: 1000 }])
    await listAll(hub, connection.id, ids)
    const look = async (at: ReturnType<typeof open>) => {
      await tickPromotions(at)
      await runTask(at, 'price', connection.id)
      return shown.get('P')
    }
    await transact(hub.db, (tx) =>
      addPromotions(
        tx,
        [
          { minor: 800, startsAt: '2026-03-02T00:00:00Z', endsAt: '2026-03-04T00:00:00Z', priority: 0 },
          { minor: 900, startsAt: '2026-03-03T00:00:00Z', endsAt: '2026-03-03T12:00:00Z', priority: 5 },
        ].map(({ minor, startsAt, endsAt, priority }) => ({
          variantId: ids.get('P')!,
          connectionId: null,
          price: { minor, currency: 'EUR' },
          startsAt: at(startsAt),
          endsAt: at(endsAt),
          priority,
          source: 'test',
        })),
        { actor: 'test', now: clock.now() },
      ),
    )
    expect(await look(hub)).toBe(1000)
    clock.advance(12 * 3_600_000)
    expect(await look(hub)).toBe(800)
    clock.advance(24 * 3_600_000)
    const second = open('second')
    expect(await look(second)).toBe(900)
    clock.advance(12 * 3_600_000)
    expect(await look(second)).toBe(800)
    clock.advance(36 * 3_600_000)
    expect(await look(open('third'))).toBe(1000)
  })
})
