import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { query } from '../../core/db/client.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { listProblems } from '../../core/problems/problems.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { emitEvents } from '../../core/sync/events.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { runDuePluginJobs } from '../../core/sync/plugin-work.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { startWorker, sweep, type Worker } from '../../core/sync/worker.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub } from '../support/hub.ts'
import { shopNotes } from './shop-notes/index.ts'

const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 20_000, interval: 50 })
const hourMs = 3_600_000

describe('ticks of jobs', () => {
  const database = useDatabase()
  let queue: Queue
  beforeAll(async () => {
    queue = await startQueue(database(), { isWorker: false })
  })
  afterAll(() => queue.stop())
  const waiting = async () =>
    query<{ data: unknown }>(database().db, sql`select data from pgboss.job where name = 'plugin'`)

  test('are each taken by one process; a job seen first waits, and missed ticks are caught up once', async () => {
    const clock = manualClock('2026-03-01T10:30:00Z')
    const hubs = ['a', 'b', 'c'].map((holder) =>
      Object.assign(createTestHub(database(), [], { clock, plugins: [shopNotes], holder }), { queue }),
    )
    const tick = async () => {
      const started = await Promise.all(hubs.map(runDuePluginJobs))
      return started.reduce((sum, count) => sum + count, 0)
    }
    expect(await tick()).toBe(0)
    clock.advance(hourMs / 4)
    expect(await tick()).toBe(0)
    clock.advance(hourMs / 4)
    expect(await tick()).toBe(1)
    expect(await tick()).toBe(0)
    expect(await waiting()).toEqual([{ data: { pluginId: 'shop-notes', jobId: 'tidy' } }])
    await queue.boss.deleteAllJobs('plugin')
    clock.advance(5 * hourMs)
    expect(await tick()).toBe(1)
    expect(await tick()).toBe(0)
    expect(await waiting()).toHaveLength(1)
  })

  test('that cannot be enqueued are not lost', async () => {
    const clock = manualClock('2026-03-02T10:30:00Z')
    const job = { id: 'late', cron: '0 * * * *', run: async () => {} }
    const plugin: PluginDefinition = { id: 'late', name: 'Late', jobs: [job] }
    const hub = Object.assign(createTestHub(database(), [], { clock, plugins: [plugin] }), { queue })
    await runDuePluginJobs(hub)
    clock.advance(hourMs)
    const send = vi.spyOn(queue.boss, 'send').mockRejectedValueOnce(new Error('no queue'))
    await expect(runDuePluginJobs(hub)).rejects.toThrow('no queue')
    send.mockRestore()
    expect(await runDuePluginJobs(hub)).toBe(1)
  })
})

describe('a hub whose plugin breaks', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-01T10:30:00Z')
  let isBroken = true
  const broken: PluginDefinition = {
    id: 'broken',
    name: 'Broken',
    on: {
      'stock.changed': async (_event, { db }) => {
        await db.execute(sql`insert into orders (id) values (${'private-name'})`)
      },
    },
    jobs: [
      {
        id: 'fails',
        cron: '0 * * * *',
        run: async () => {
          if (isBroken) throw new Error('the shelf fell down')
        },
      },
    ],
  }
  let hub: Hub & { queue: Queue }
  let worker: Worker

  beforeAll(async () => {
    await migratePlugins(database(), [shopNotes], clock)
    const queue = await startQueue(database(), { isWorker: true })
    for (const name of ['plugin', 'event'])
      await queue.boss.updateQueue(name, { retryLimit: 1, retryDelay: 0, retryBackoff: false })
    const plugins = [broken, shopNotes]
    hub = Object.assign(createTestHub(database(), [], { clock, plugins }), { queue })
    worker = await startWorker(hub)
  })
  afterAll(() => worker.stop())

  const notes = async () =>
    (await query<{ text: string }>(hub.db, sql`select text from shop_notes_notes order by id`)).map(
      ({ text }) => text,
    )
  const problem = async (key: string) =>
    (await listProblems(hub.db)).find((candidate) => candidate.key === key)

  test('delivers the event to the others, and tells of the one that gave up without its values', async () => {
    const data = { variantId: 'var_1', warehouseId: 'wh_1' }
    await hub.db.transaction((tx) => emitEvents(tx, hub, [{ event: 'stock.changed', data }]))
    await until(async () => expect(await notes()).toEqual(['var_1 moved']))
    await until(async () => expect(await problem('plugin-event:broken:stock.changed')).toBeDefined())
    const found = await problem('plugin-event:broken:stock.changed')
    expect(found).toMatchObject({ kind: 'plugin', detail: { pluginId: 'broken', data } })
    expect(found?.message).toMatch(/"broken".*stock\.changed.*null value/)
    const kept = await query(
      hub.db,
      sql`select output::text, data::text from pgboss.job where name in ('event', 'plugin_failed')`,
    )
    expect(JSON.stringify([found, kept])).not.toContain('private-name')
  })

  test('runs the other jobs, names the failing one as a problem, and settles it when it runs again', async () => {
    await sweep(hub)
    clock.advance(hourMs)
    await sweep(hub)
    await until(async () => expect(await notes()).toEqual([]))
    await until(async () => expect(await problem('plugin-job:broken:fails')).toBeDefined())
    expect(await problem('plugin-job:broken:fails')).toMatchObject({
      message: 'Job "fails" of plugin "broken" failed: the shelf fell down',
      holdsUp: 'what the job does',
    })
    isBroken = false
    clock.advance(hourMs)
    await sweep(hub)
    await until(async () => expect(await problem('plugin-job:broken:fails')).toBeUndefined())
  })
})
