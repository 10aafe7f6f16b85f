import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { listingAspects, syncRuns } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { ConflictError } from '../../core/sdk/errors.ts'
import { runLane } from '../../core/sync/lane.ts'
import { pushAspect } from '../../core/sync/push.ts'
import { readRun } from '../../core/sync/read.ts'
import { cancelRun, closeLostRuns } from '../../core/sync/runs.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop, listAll } from '../support/fake-shop.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'

const database = useDatabase()

describe('a run under way', () => {
  test('shows how far it is, stops between two batches when asked, and leaves the rest dirty', async () => {
    const sent: string[] = []
    // The calls beside the first take as long as it does.
    const { promise: isStopping, resolve: goOn } = Promise.withResolvers<void>()
    let onFirst: () => Promise<void> = async () => {}
    const shop = fakeShop({
      pushStock: {
        maxBatch: 1,
        async run(_client, [change]) {
          sent.push(change!.ref.sku)
          if (sent.length > 1) await isStopping
          else await onFirst().finally(goOn)
          return [{ ok: true }]
        },
      },
    })
    const hub = createTestHub(database(), [shop])
    const connection = await connectFake(hub, 'stopped')
    const skus = Array.from({ length: 40 }, (_, index) => ({ sku: `STOP-${index}` }))
    await listAll(hub, connection.id, await seed(hub, skus))
    const outcome = await runLane(hub, connection.id, 'push:stock', true, async (lane) => {
      onFirst = async () => {
        await lane.run.beat()
        expect(await readRun(hub.db, lane.run.tally.runId)).toMatchObject({
          finishedAt: null,
          counts: { batches: expect.any(Number) },
        })
        await transact(hub.db, (tx) => cancelRun(tx, lane.run.tally.runId, testAct('ada')))
        await lane.run.beat()
      }
      await pushAspect(lane, 'stock')
    })
    expect(outcome.state).toBe('waiting')
    expect(sent.length).toBeLessThan(20)
    const [run] = await hub.db.select().from(syncRuns).where(eq(syncRuns.connectionId, connection.id))
    expect(run).toMatchObject({ outcome: 'cancelled', cancelledBy: 'ada', finishedAt: expect.any(Date) })
    const dirty = await hub.db
      .select()
      .from(listingAspects)
      .where(eq(listingAspects.connectionId, connection.id))
    // What was sent is acknowledged, and nothing else is.
    expect(dirty.filter((row) => row.aspect === 'stock' && !row.isDirty)).toHaveLength(sent.length)
    await expect(transact(hub.db, (tx) => cancelRun(tx, run!.id, testAct()))).rejects.toThrow(ConflictError)
    // Its lane rests: the sweep does not start it again at once.
    const again = await runLane(hub, connection.id, 'push:stock', true, (lane) => pushAspect(lane, 'stock'))
    expect(again.state).toBe('waiting')
  })

  test('of a worker that died is closed once its lane is another’s, and not before', async () => {
    const hub = createTestHub(database(), [fakeShop({})])
    const connection = await connectFake(hub, 'died')
    let runId = ''
    const started = Promise.withResolvers<void>()
    const never = Promise.withResolvers<void>()
    const dying = runLane(hub, connection.id, 'push:stock', true, async (lane) => {
      await lane.run.beat()
      runId = lane.run.tally.runId
      started.resolve()
      await never.promise
    })
    await started.promise
    expect(await closeLostRuns(hub)).toBe(0)
    await hub.db.execute(`update leases set expires_at = now() - interval '1 second'`)
    expect(await closeLostRuns(hub)).toBe(1)
    expect(await readRun(hub.db, runId)).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('worker stopped'),
    })
    never.resolve()
    await dying
  })
})
