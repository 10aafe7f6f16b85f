import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dhlParcelDe } from '../../connectors/dhl-parcel-de/index.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import type { CourierSandbox } from '../../core/sdk/courier-sandbox.ts'
import type { RunningSandbox } from '../../core/sdk/sandbox.ts'
import { decideOnce } from '../../core/sync/decide.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { requestCancelling, requestHandOver } from '../../core/sync/shipment-requests.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { simpleCourier } from '../sdk/simple-courier/index.ts'
import { createSimpleCourierSandbox } from '../sdk/simple-courier/sandbox.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { openProblems, stockOf } from '../support/orders.ts'
import { passTime, seededRandom } from '../support/platforms.ts'
import { hurriedClock, openCourier, placeOrders, plan, planAndBook, prepare, shipmentOf } from './support.ts'

/** The same courier, if it could not be asked about a booking. */
const silent = {
  ...simpleCourier,
  id: 'silent-courier',
  operations: {
    ...simpleCourier.operations,
    bookShipment: { ...simpleCourier.operations.bookShipment!, find: 'unsupported' as const },
  },
}
const isBooking = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path === '/shipments'

describe('booking a shipment', () => {
  const database = useDatabase()
  let hub: Hub
  let courier: { sandbox: RunningSandbox<CourierSandbox>; connection: Connection }
  let mute: typeof courier
  let orders: Map<string, string>
  const numbers = Array.from({ length: 30 }, (_, index) => `S-${index + 1}`)

  beforeAll(async () => {
    hub = createTestHub(database(), [simpleCourier, silent, dhlParcelDe])
    const create = () => createSimpleCourierSandbox({ clock: hurriedClock() })
    courier = await openCourier(hub, simpleCourier, create)
    mute = await openCourier(hub, silent, create)
    await seed(hub, [
      { sku: 'CUP', stock: 5000 },
      { sku: 'POT', stock: 1000 },
    ])
    await prepare(hub)
    orders = await placeOrders(
      hub,
      Object.fromEntries(numbers.map((number) => [number, [{ sku: 'CUP', quantity: 2 }, { sku: 'POT' }]])),
    )
  })
  afterAll(async () => {
    await courier.sandbox.close()
    await mute.sandbox.close()
  })
  const once = (connection: Connection) => runTask(hub, 'once', connection.id)
  const labelsOf = (sandbox: CourierSandbox, id: string) =>
    sandbox.shipments().filter((shipment) => shipment.reference === id && !shipment.isCancelled)
  const bookOf = (number: string, at = courier) =>
    planAndBook(hub, at.connection, 'economy', orders.get(number)!)

  test('stores the label, the number and what the courier charges, and asks nothing twice', async () => {
    const id = await bookOf('S-1')
    await once(courier.connection)
    await once(courier.connection)
    const shipment = await shipmentOf(hub, id)
    const [held] = labelsOf(courier.sandbox, id)
    expect(labelsOf(courier.sandbox, id)).toHaveLength(1)
    expect(shipment).toMatchObject({
      state: 'booked',
      externalId: held!.externalId,
      trackingNumbers: held!.trackingNumbers,
      bookedMinor: held!.price!.totalMinor,
      documents: [{ kind: 'label', format: 'zpl' }],
      parcels: [
        {
          weightGrams: 1500,
          state: 'announced',
          items: expect.arrayContaining([expect.objectContaining({ sku: 'CUP', quantity: 2 })]),
        },
      ],
    })
  })

  test.each(['lost_answer', 'lost_request', 'half_answer', 'garbage'] as const)(
    'a spoilt answer (%s) gives one label, found again by our reference',
    async (kind) => {
      const id = await bookOf(
        { lost_answer: 'S-2', lost_request: 'S-3', half_answer: 'S-4', garbage: 'S-5' }[kind],
      )
      courier.sandbox.faults.add({ kind, when: isBooking })
      await once(courier.connection)
      await passTime(hub.db)
      await once(courier.connection)
      expect(labelsOf(courier.sandbox, id)).toHaveLength(1)
      expect(await shipmentOf(hub, id)).toMatchObject({ state: 'booked', documents: [{ kind: 'label' }] })
    },
  )

  test('a kill between the label and our commit gives one label', async () => {
    const id = await bookOf('S-6')
    courier.sandbox.faults.add({ kind: 'lost_answer', when: isBooking })
    await once(courier.connection)
    // As a worker leaves it that dies right after the courier answered.
    await hub.db.execute(
      sql`update once_calls set state = 'running', error = null, not_before = null where subject = ${id}`,
    )
    await passTime(hub.db)
    await once(courier.connection)
    expect(labelsOf(courier.sandbox, id)).toHaveLength(1)
    expect((await shipmentOf(hub, id)).state).toBe('booked')
  })

  test('a courier that cannot be asked leads to a person: told that it happened, the label counts as booked', async () => {
    const id = await bookOf('S-7', mute)
    mute.sandbox.faults.add({ kind: 'lost_answer', when: isBooking })
    await once(mute.connection)
    await passTime(hub.db)
    await once(mute.connection)
    expect(await openProblems(hub.db, 'needs_decision', mute.connection.id)).toHaveLength(1)
    const [held] = labelsOf(mute.sandbox, id)
    const callId = await callOf(id)
    const say = (decision: Parameters<typeof decideOnce>[3]) =>
      transact(hub.db, (tx) => decideOnce(tx, hub, callId, decision, testAct()))
    await expect(say({ happened: true })).rejects.toThrow('Give the tracking numbers')
    await expect(
      say({ happened: true, booking: { externalId: null, trackingNumbers: ['one', 'two'] } }),
    ).rejects.toThrow('has 1 parcels, and 2 tracking numbers came')
    await say({
      happened: true,
      booking: { externalId: held!.externalId, trackingNumbers: held!.trackingNumbers },
    })
    await once(mute.connection)
    expect(labelsOf(mute.sandbox, id)).toHaveLength(1)
    expect(await shipmentOf(hub, id)).toMatchObject({
      state: 'booked',
      trackingNumbers: held!.trackingNumbers,
    })
    expect(await openProblems(hub.db, 'needs_decision', mute.connection.id)).toEqual([])
  })

  test('told that it did not happen, it is booked then', async () => {
    const id = await bookOf('S-8', mute)
    mute.sandbox.faults.add({ kind: 'lost_request', when: isBooking })
    await once(mute.connection)
    await passTime(hub.db)
    await once(mute.connection)
    expect(labelsOf(mute.sandbox, id)).toHaveLength(0)
    const callId = await callOf(id)
    await transact(hub.db, (tx) => decideOnce(tx, hub, callId, { happened: false }, testAct()))
    await once(mute.connection)
    expect(labelsOf(mute.sandbox, id)).toHaveLength(1)
    expect((await shipmentOf(hub, id)).state).toBe('booked')
  })
  const callOf = async (subject: string): Promise<string> =>
    (
      await query<{ id: string }>(
        hub.db,
        sql`select id from once_calls where subject = ${subject} and operation = 'bookShipment'`,
      )
    )[0]!.id

  test("a refusal is a problem in the courier's words, and the units may ship otherwise", async () => {
    const id = await bookOf('S-9')
    courier.sandbox.faults.add({
      kind: 'status',
      status: 422,
      body: '{"code":"postcode","message":"The postcode 78701 is not served."}',
      when: isBooking,
    })
    await once(courier.connection)
    expect((await shipmentOf(hub, id)).state).toBe('refused')
    const [problem] = await query<{ vendor_message: string; kind: string }>(
      hub.db,
      sql`select vendor_message, kind from problems where subject = ${id}`,
    )
    expect(problem).toEqual({ kind: 'booking_refused', vendor_message: 'The postcode 78701 is not served.' })
    const other = await bookOf('S-9')
    await once(courier.connection)
    expect((await shipmentOf(hub, other)).state).toBe('booked')
  })

  test('units are never in two live shipments; a cancelled one gives them back', async () => {
    const order = orders.get('S-10')!
    const id = await planAndBook(hub, courier.connection, 'economy', order)
    await expect(plan(hub, order)).rejects.toThrow('no units to ship')
    await once(courier.connection)
    await transact(hub.db, (tx) => requestCancelling(tx, hub, id, testAct()))
    expect((await shipmentOf(hub, id)).state).toBe('cancelling')
    await once(courier.connection)
    expect((await shipmentOf(hub, id)).state).toBe('cancelled')
    expect(labelsOf(courier.sandbox, id)).toHaveLength(0)
    expect((await shipmentOf(hub, await plan(hub, order))).parcels[0]!.items).toHaveLength(2)
  })

  test('a shipment in parts takes from stock what each part hands over, and the order is shipped with the last', async () => {
    const order = orders.get('S-11')!
    const lines = await query<{ id: string; sku: string }>(
      hub.db,
      sql`select id, sku from order_lines where order_id = ${order} order by sku`,
    )
    const [cups, pots] = lines
    const before = await stockOf(hub.db, 'CUP')
    const first = await planAndBook(hub, courier.connection, 'economy', order, {
      lines: [{ lineId: cups!.id, quantity: 1 }],
    })
    await expect(plan(hub, order, { lines: [{ lineId: cups!.id, quantity: 2 }] })).rejects.toThrow(
      'has 1 units to ship, not 2',
    )
    const second = await planAndBook(hub, courier.connection, 'economy', order, {
      parcels: [
        {
          weightGrams: 600,
          lengthMm: null,
          widthMm: null,
          heightMm: null,
          lines: [{ lineId: cups!.id, quantity: 1 }],
        },
        {
          weightGrams: 700,
          lengthMm: 300,
          widthMm: 200,
          heightMm: 100,
          lines: [{ lineId: pots!.id, quantity: 1 }],
        },
      ],
    })
    await once(courier.connection)
    const hand = (id: string) => transact(hub.db, (tx) => requestHandOver(tx, hub, id, testAct()))
    const statusNow = async () =>
      (await query<{ status: string }>(hub.db, sql`select status from orders where id = ${order}`))[0]!.status
    expect(await hand(first)).toBe(true)
    expect(await hand(first)).toBe(false)
    expect(await statusNow()).toBe('allocated')
    expect(await stockOf(hub.db, 'CUP')).toMatchObject({
      onHand: before.onHand - 1,
      reserved: before.reserved - 1,
    })
    await hand(second)
    expect(await statusNow()).toBe('shipped')
    expect(await stockOf(hub.db, 'CUP')).toMatchObject({
      onHand: before.onHand - 2,
      reserved: before.reserved - 2,
    })
    await expect(transact(hub.db, (tx) => requestCancelling(tx, hub, second, testAct()))).rejects.toThrow(
      'with the courier already',
    )
    const shipment = await shipmentOf(hub, second)
    expect(new Set(shipment.trackingNumbers).size).toBe(2)
  })

  test('what cannot ship says why: no weight, no address, nothing paid', async () => {
    await seed(hub, [{ sku: 'FOG', stock: 5 }])
    const found = await placeOrders(hub, { 'F-1': [{ sku: 'FOG' }] })
    await expect(plan(hub, found.get('F-1')!)).rejects.toThrow('FOG has no weight')
    const unpaid = await placeOrders(hub, { 'F-2': [{ sku: 'CUP' }] }, { status: 'pending_payment' })
    await expect(plan(hub, unpaid.get('F-2')!)).rejects.toThrow('is pending_payment')
    const hidden = await placeOrders(
      hub,
      { 'F-3': [{ sku: 'CUP' }] },
      { shipTo: { kind: 'handle', handle: 'OAID-1' } },
    )
    await expect(plan(hub, hidden.get('F-3')!)).rejects.toThrow("the platform's own labels")
  })

  test('a thousand bookings with one answer in ten lost give exactly a thousand labels', async () => {
    const many = await openCourier(
      hub,
      simpleCourier,
      () => createSimpleCourierSandbox({ clock: hurriedClock() }),
      'busy',
    )
    const random = seededRandom(20260302)
    const placed = await placeOrders(
      hub,
      Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`M-${index + 1}`, [{ sku: 'CUP' }]])),
    )
    const ids: string[] = []
    for (const orderId of placed.values())
      ids.push(await planAndBook(hub, many.connection, 'economy', orderId))
    const when = (request: { method: string; path: string }) => isBooking(request) && random() < 0.1
    many.sandbox.faults.add({ kind: 'lost_answer', when, times: Infinity })
    for (let round = 0; round < 12; round += 1) {
      await runTask(hub, 'once', many.connection.id)
      await passTime(hub.db)
    }
    const live = many.sandbox.shipments().filter((shipment) => !shipment.isCancelled)
    expect(live).toHaveLength(1000)
    expect(new Set(live.map((shipment) => shipment.reference))).toEqual(new Set(ids))
    const [booked] = await query<{ count: number }>(
      hub.db,
      sql`select count(*)::int as count from shipments where connection_id = ${many.connection.id} and state = 'booked'`,
    )
    expect(booked!.count).toBe(1000)
    await many.sandbox.close()
  }, 240_000)
})
