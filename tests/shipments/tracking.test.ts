import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import type { CourierSandbox } from '../../core/sdk/courier-sandbox.ts'
import type { ParcelTracking, TrackingEvent } from '../../core/sdk/model/tracking.ts'
import type { RunningSandbox } from '../../core/sdk/sandbox.ts'
import { applyTracking } from '../../core/shipments/tracking.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { simpleCourier } from '../sdk/simple-courier/index.ts'
import { createSimpleCourierSandbox } from '../sdk/simple-courier/sandbox.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed } from '../support/hub.ts'
import { openProblems, stockOf } from '../support/orders.ts'
import { seededRandom } from '../support/platforms.ts'
import { hurriedClock, openCourier, placeOrders, planAndBook, prepare, shipmentOf } from './support.ts'

describe('following parcels', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-02T09:00:00Z')
  let hub: Hub
  let courier: { sandbox: RunningSandbox<CourierSandbox>; connection: Connection }
  let orders: Map<string, string>
  const numbers = Array.from({ length: 12 }, (_, index) => `T-${index + 1}`)

  beforeAll(async () => {
    hub = createTestHub(database(), [simpleCourier], { clock })
    courier = await openCourier(hub, simpleCourier, () =>
      createSimpleCourierSandbox({ clock: hurriedClock() }),
    )
    await seed(hub, [{ sku: 'CUP', stock: 500 }])
    await prepare(hub)
    orders = await placeOrders(
      hub,
      Object.fromEntries(numbers.map((number) => [number, [{ sku: 'CUP', quantity: 2 }]])),
    )
  })
  afterAll(() => courier.sandbox.close())

  const halves = async (order: string) => {
    const [line] = await query<{ id: string }>(
      hub.db,
      sql`select id from order_lines where order_id = ${order}`,
    )
    const parcel = {
      weightGrams: 500,
      lengthMm: null,
      widthMm: null,
      heightMm: null,
      lines: [{ lineId: line!.id, quantity: 1 }],
    }
    return { parcels: [parcel, parcel] }
  }
  const booked = async (number: string, isInHalves = false) => {
    const order = orders.get(number)!
    const id = await planAndBook(
      hub,
      courier.connection,
      'economy',
      order,
      isInHalves ? await halves(order) : {},
    )
    await runTask(hub, 'once', courier.connection.id)
    return shipmentOf(hub, id)
  }
  const ask = () => runTask(hub, 'tracking', courier.connection.id)
  const statusOf = async (number: string) =>
    (
      await query<{ status: string }>(
        hub.db,
        sql`select status from orders where id = ${orders.get(number)!}`,
      )
    )[0]!.status

  test('the first scan hands over: stock leaves once, and the order follows to delivered', async () => {
    const before = await stockOf(hub.db, 'CUP')
    const { id, trackingNumbers } = await booked('T-1')
    courier.sandbox.scan(trackingNumbers[0]!, 'collected')
    await ask()
    expect(await stockOf(hub.db, 'CUP')).toMatchObject({ onHand: before.onHand - 2 })
    expect(await statusOf('T-1')).toBe('shipped')
    courier.sandbox.scan(trackingNumbers[0]!, 'delivered')
    clock.advance(4 * 3_600_000)
    await ask()
    expect(await shipmentOf(hub, id)).toMatchObject({
      deliveredAt: expect.any(Date),
      parcels: [{ state: 'delivered' }],
    })
    expect(await statusOf('T-1')).toBe('delivered')
    expect(await stockOf(hub.db, 'CUP')).toMatchObject({ onHand: before.onHand - 2 })
    const calls = courier.sandbox.calls.length
    clock.advance(48 * 3_600_000)
    await ask()
    expect(courier.sandbox.calls.length).toBe(calls)
  })

  test('two parcels of a shipment never mix, and it is delivered with the last', async () => {
    const { id, trackingNumbers } = await booked('T-2', true)
    const [first, second] = trackingNumbers
    courier.sandbox.scan(first!, 'delivered')
    courier.sandbox.scan(second!, 'in_transit')
    await ask()
    const half = await shipmentOf(hub, id)
    expect(half.parcels.map((parcel) => parcel.state)).toEqual(['delivered', 'in_transit'])
    expect(half.deliveredAt).toBeNull()
    expect(await statusOf('T-2')).toBe('shipped')
    courier.sandbox.scan(second!, 'delivered')
    clock.advance(4 * 3_600_000)
    await ask()
    expect((await shipmentOf(hub, id)).deliveredAt).not.toBeNull()
    expect(await statusOf('T-2')).toBe('delivered')
  })

  test('events in any order, late and repeated, lead to the same state and are kept once', async () => {
    const random = seededRandom(7)
    const states = ['announced', 'collected', 'in_transit', 'out_for_delivery', 'delivered'] as const
    const events: TrackingEvent[] = states.map((state, index) => ({
      at: new Date(Date.UTC(2026, 2, 3, 8 + index)),
      state,
      incident: null,
      code: `C${index}`,
      description: `The parcel is ${state}`,
      location: 'Springfield',
    }))
    const { id, parcels } = await booked('T-3')
    const follow = { minIntervalMs: 0, claimDays: 14 }
    const tell = (told: ParcelTracking) =>
      transact(hub.db, (tx) =>
        applyTracking(tx, parcels[0]!.id, told, follow, { actor: 'test', now: clock.now() }),
      )
    const seen: number[] = []
    for (let round = 0; round < 20; round += 1) {
      const some = events.filter(() => random() < 0.5).sort(() => random() - 0.5)
      await tell({ trackingNumber: parcels[0]!.trackingNumber!, events: some, estimatedAt: null })
      const { state } = (await shipmentOf(hub, id)).parcels[0]!
      seen.push(states.indexOf(state as (typeof states)[number]))
    }
    await tell({ trackingNumber: parcels[0]!.trackingNumber!, events, estimatedAt: null })
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    const { parcels: after } = await shipmentOf(hub, id)
    expect(after[0]).toMatchObject({
      state: 'delivered',
      collectedAt: events[1]!.at,
      deliveredAt: events[4]!.at,
    })
    expect(after[0]!.events.map((event) => event.code)).toEqual(['C0', 'C1', 'C2', 'C3', 'C4'])
  })

  test('a lost parcel is a problem with the last day of a claim, and is none once it turns up', async () => {
    const { id, trackingNumbers } = await booked('T-4')
    courier.sandbox.scan(trackingNumbers[0]!, 'lost')
    await ask()
    const [problem] = await query<{ message: string }>(
      hub.db,
      sql`select message from problems where subject = ${id} and kind = 'parcel_lost' and resolved_at is null`,
    )
    const due = new Date(clock.now().getTime() + 14 * 86_400_000).toISOString().slice(0, 10)
    expect(problem!.message).toBe(
      `Parcel ${trackingNumbers[0]} (simple-courier) is lost, says the courier. A claim can be made until ${due}.`,
    )
    courier.sandbox.scan(trackingNumbers[0]!, 'delivered')
    clock.advance(25 * 3_600_000)
    await ask()
    expect(await openProblems(hub.db, 'parcel_lost')).toEqual([])
    expect((await shipmentOf(hub, id)).parcels[0]!.state).toBe('delivered')
  })

  test('a parcel that comes back, and one that is late, are problems', async () => {
    const back = await booked('T-5')
    const late = await booked('T-6')
    await hub.db.execute(
      sql`update shipments set promised_at = ${clock.now().toISOString()}::timestamptz where id = ${late.id}`,
    )
    courier.sandbox.scan(back.trackingNumbers[0]!, 'returned')
    courier.sandbox.scan(late.trackingNumbers[0]!, 'in_transit')
    clock.advance(20 * 3_600_000)
    await ask()
    expect(await openProblems(hub.db, 'parcel_returned')).toEqual([`parcel_returned:${back.parcels[0]!.id}`])
    expect(await openProblems(hub.db, 'parcel_delayed')).toEqual([])
    clock.advance(5 * 3_600_000)
    await ask()
    expect(await openProblems(hub.db, 'parcel_delayed')).toEqual([`parcel_delayed:${late.parcels[0]!.id}`])
    courier.sandbox.scan(late.trackingNumbers[0]!, 'delivered')
    clock.advance(5 * 3_600_000)
    await ask()
    expect(await openProblems(hub.db, 'parcel_delayed')).toEqual([])
  })

  test('a parcel that the courier does not know yet holds up no other, and is asked about again', async () => {
    const [unknown, known] = [await booked('T-7'), await booked('T-8')]
    await hub.db.execute(sql`update parcels set tracking_number = 'SP0-0' where shipment_id = ${unknown.id}`)
    courier.sandbox.scan(known.trackingNumbers[0]!, 'collected')
    await ask()
    expect((await shipmentOf(hub, known.id)).parcels[0]!.state).toBe('collected')
    const [row] = await query<{ asked: boolean; again: boolean }>(
      hub.db,
      sql`select asked_at is not null as asked, ask_at > ${clock.now().toISOString()}::timestamptz as again from parcels where shipment_id = ${unknown.id}`,
    )
    expect(row).toEqual({ asked: true, again: true })
  })

  test('a parcel is never asked about again sooner than the courier allows, whoever asks', async () => {
    const slow = {
      ...simpleCourier,
      operations: {
        ...simpleCourier.operations,
        pullTracking: { ...simpleCourier.operations.pullTracking!, minIntervalMs: 30 * 60_000 },
      },
    }
    const patient = createTestHub(database(), [slow], { clock })
    Object.assign(patient, { key: hub.key })
    const { trackingNumbers } = await booked('T-9')
    const asks = () => courier.sandbox.calls.filter(({ path }) => path === '/parcels').length
    const askNow = () => runTask(patient, 'tracking', courier.connection.id, { externalIds: trackingNumbers })
    await askNow()
    const before = asks()
    await askNow()
    clock.advance(29 * 60_000)
    await askNow()
    expect(asks()).toBe(before)
    clock.advance(61_000)
    await askNow()
    expect(asks()).toBe(before + 1)
  })
})
