import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kuaidi100 } from '../../connectors/kuaidi100/index.ts'
import { createKuaidi100Sandbox } from '../../connectors/kuaidi100/sandbox.ts'
import { createApi } from '../../core/api/app.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { manualClock, systemClock } from '../../core/lib/clock.ts'
import type { CourierSandbox } from '../../core/sdk/courier-sandbox.ts'
import type { RunningSandbox } from '../../core/sdk/sandbox.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { openCourier, placeOrders, prepare, shipmentOf } from '../shipments/support.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed } from '../support/hub.ts'

/** Parcels that others carry, followed through one who tracks for all of them. */
describe('following parcels that were booked elsewhere', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-02T09:00:00Z')
  let hub: Hub & { queue: Queue }
  let tracker: { sandbox: RunningSandbox<CourierSandbox>; connection: Connection }
  let api: ReturnType<typeof createApi>
  let orders: Map<string, string>
  beforeAll(async () => {
    const queue = await startQueue(database(), { isWorker: false })
    hub = Object.assign(createTestHub(database(), [kuaidi100], { clock }), { queue })
    api = withKey(createApi(hub), hub.db)
    const at = { now: clock.now, sleep: systemClock.sleep }
    tracker = await openCourier(hub, kuaidi100, () => createKuaidi100Sandbox({ clock: at }))
    await seed(hub, [{ sku: 'CUP', stock: 10 }])
    await prepare(hub)
    orders = await placeOrders(hub, { 'A-1': [{ sku: 'CUP' }] })
  })
  afterAll(async () => {
    await hub.queue.stop()
    await tracker.sandbox.close()
  })
  const post = async (path: string, json: unknown) => {
    const response = await api.request(path, {
      method: 'POST',
      body: JSON.stringify(json),
      headers: { 'content-type': 'application/json' },
    })
    return { status: response.status, json: (await response.json()) as { id: string } }
  }
  const asked = (path: RegExp) => tracker.sandbox.calls.filter((call) => path.test(call.path)).length

  test('a waybill is subscribed once, asked about no sooner than allowed, and a push carries the news', async () => {
    const orderId = orders.get('A-1')!
    const [line] = await query<{ id: string }>(
      hub.db,
      sql`select id from order_lines where order_id = ${orderId}`,
    )
    const number = 'YT0000000000001'
    tracker.sandbox.announce(number)
    const { status, json } = await post('/api/shipments/recorded', {
      orderId,
      carrier: 'yuantong',
      trackingConnectionId: tracker.connection.id,
      parcels: [{ weightGrams: 500, trackingNumber: number, lines: [{ lineId: line!.id, quantity: 1 }] }],
    })
    expect(status).toBe(201)
    const follow = () => runTask(hub, 'tracking', tracker.connection.id)
    await follow()
    await follow()
    expect([asked(/poll$/), asked(/query/)]).toEqual([1, 1])
    expect((await shipmentOf(hub, json.id)).handedOverAt).toBeNull()

    tracker.sandbox.scan(number, 'collected')
    const [push] = tracker.sandbox.takeWebhooks()
    const deliver = (body: string) =>
      api.request(`/webhooks/${tracker.connection.id}`, { method: 'POST', body, headers: push!.headers })
    const forged = push!.body.replace(/sign=./, (found) => (found === 'sign=A' ? 'sign=B' : 'sign=A'))
    expect((await deliver(forged)).status).toBe(401)
    expect((await shipmentOf(hub, json.id)).handedOverAt).toBeNull()
    const answer = await deliver(push!.body)
    expect(await answer.json()).toMatchObject({ result: true, returnCode: '200' })
    await deliver(push!.body)
    const shipment = await shipmentOf(hub, json.id)
    expect(shipment).toMatchObject({ handedOverAt: expect.any(Date), parcels: [{ state: 'collected' }] })
    expect(shipment.parcels[0]!.events.map((event) => event.state).sort()).toEqual(['announced', 'collected'])
    expect([asked(/poll$/), asked(/query/)]).toEqual([1, 1])
  })
})
