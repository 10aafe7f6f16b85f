import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { rateCard } from '../../connectors/rate-card/index.ts'
import { addConnection, type Connection } from '../../core/connections/connections.ts'
import { transact } from '../../core/db/transact.ts'
import { cancelBatch, listBatches, readBatch, runBatch, startBatch } from '../../core/sync/batch.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { placeOrders, prepare } from './support.ts'

describe('batches of shipments', () => {
  const database = useDatabase()
  let hub: Hub & { queue: Queue }
  let courier: Connection
  beforeAll(async () => {
    const queue = await startQueue(database(), { isWorker: false })
    hub = Object.assign(createTestHub(database(), [rateCard]), { queue })
    await seed(hub, [{ sku: 'CUP', stock: 50 }])
    await prepare(hub)
    courier = await transact(hub.db, (tx) =>
      addConnection(
        tx,
        hub.key,
        rateCard,
        {
          name: 'Kurier',
          settings: { carrierName: 'Kurier', numberPrefix: 'KK', services: [{ code: 'day', name: 'Day' }] },
          credentials: {},
        },
        testAct(),
      ),
    )
    return () => queue.stop()
  })
  const start = async (orders: Parameters<typeof placeOrders>[1]) => {
    const placed = await placeOrders(hub, orders)
    return startBatch(hub, [...placed.values()], { connectionId: courier.id, service: 'day' }, testAct('ann'))
  }
  const newest = { field: 'created' as const, isDescending: true, after: null, limit: 10 }

  test('the list tells how far each is: booked, skipped with the reason, the newest first', async () => {
    const first = await start({ 'B-1': [{ sku: 'CUP' }], 'B-2': [{ sku: 'NONE' }] })
    await runBatch(hub, { batchId: first })
    expect(await readBatch(hub, first)).toMatchObject({ orders: 2, booking: 1, booked: 0 })
    await runTask(hub, 'once', courier.id)
    const second = await start({ 'B-3': [{ sku: 'CUP' }] })
    const found = await listBatches(hub.db, newest)
    expect(found.map(({ id, orders, booked, createdBy }) => ({ id, orders, booked, createdBy }))).toEqual([
      { id: second, orders: 1, booked: 0, createdBy: 'ann' },
      { id: first, orders: 2, booked: 1, createdBy: 'ann' },
    ])
    expect(found[1]!.skipped).toMatchObject([{ number: 'B-2' }])
  })

  test('a stopped batch begins nothing more, gives up what is only planned, and keeps what is booked', async () => {
    const id = await start({ 'C-1': [{ sku: 'CUP' }], 'C-2': [{ sku: 'CUP' }] })
    await transact(hub.db, (tx) => cancelBatch(tx, id, testAct('bob')))
    await runBatch(hub, { batchId: id })
    expect(await readBatch(hub, id)).toMatchObject({ planned: 0, booking: 0, booked: 0, skipped: [] })
    await expect(transact(hub.db, (tx) => cancelBatch(tx, id, testAct()))).rejects.toThrow(
      'cancelled already',
    )
    const kept = await start({ 'C-3': [{ sku: 'CUP' }], 'C-4': [{ sku: 'CUP' }] })
    await runBatch(hub, { batchId: kept })
    await runTask(hub, 'once', courier.id)
    await hub.db.execute(sql`
      update shipments set state = 'planned' where id = (select max(id) from shipments where batch_id = ${kept})`)
    await transact(hub.db, (tx) => cancelBatch(tx, kept, testAct('bob')))
    expect(await readBatch(hub, kept)).toMatchObject({ planned: 0, cancelled: 1, booked: 1 })
  })
})
