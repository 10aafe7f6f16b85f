import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import type { ListOrder } from '../../core/db/keyset.ts'
import { transact } from '../../core/db/transact.ts'
import { correctAddress, holdOrder, noteOrder, releaseOrder } from '../../core/orders/edit.ts'
import { countExceptions, readExceptions } from '../../core/orders/exceptions.ts'
import { listOrders, type OrderFilter, type OrderSort, orderSortFields } from '../../core/orders/list.ts'
import { maskParty } from '../../core/orders/mask.ts'
import { readOrder } from '../../core/orders/read.ts'
import type { OrderSource } from '../../core/orders/source.ts'
import type { RemoteOrder } from '../../core/sdk/model/order.ts'
import { planShipment } from '../../core/shipments/plan.ts'
import { findDueOrders } from '../../core/sync/batch.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { prepare, recipient } from '../shipments/support.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { addSource, importNow, later, remoteOrder } from '../support/orders.ts'

const now = new Date('2026-03-10T20:30:00Z')

describe('the list of orders', () => {
  const database = useDatabase()
  let hub: Hub
  let source: OrderSource
  const told = new Map<string, RemoteOrder>()
  const place = (
    number: string,
    lines: Parameters<typeof remoteOrder>[1],
    more: Partial<RemoteOrder> = {},
  ) => {
    const order = remoteOrder(number, lines, { shipTo: recipient, ...more })
    told.set(number, order)
    return order
  }
  const idOf = async (number: string) =>
    (await query<{ id: string }>(hub.db, sql`select id from orders where number = ${number}`))[0]!.id
  const numbers = async (filter: OrderFilter, order: Partial<ListOrder<OrderSort>> = {}) =>
    (
      await listOrders(
        hub.db,
        filter,
        { field: 'number', isDescending: false, after: null, limit: 100, ...order },
        now,
      )
    ).map((row) => row.number)

  beforeAll(async () => {
    hub = createTestHub(database(), [])
    await seed(hub, [
      { sku: 'CUP', stock: 5 },
      { sku: 'MUG', stock: 0 },
    ])
    await prepare(hub)
    source = await addSource(hub.db, 'shop')
    const country = { ...recipient, country: null }
    const handle = { kind: 'handle' as const, handle: 'oaid-7' }
    await importNow(hub.db, source, [
      place('A-1', [{ sku: 'CUP' }], { shipBy: new Date('2026-03-10T20:00:00Z') }),
      // In Berlin it is the eleventh already.
      place('A-2', [{ sku: 'CUP' }], { shipBy: new Date('2026-03-10T23:30:00Z') }),
      place('A-3', [{ sku: 'CUP' }], { shipBy: new Date('2026-03-14T12:00:00Z') }),
      place('B-1', [{ sku: 'MUG' }]),
      place('B-2', [{ sku: 'NONE' }]),
      place('B-3', [{ sku: 'CUP' }], { shipTo: country }),
      place('B-4', [{ sku: 'CUP' }], { shipTo: handle }),
      place('C-1', [{ sku: 'NONE' }], { status: 'completed', externalStatus: 'completed' }),
    ])
  })

  test('every sort walks all pages, each order once, those without a deadline last', async () => {
    const all = await numbers({})
    for (const field of orderSortFields)
      for (const isDescending of [true, false]) {
        const seen: string[] = []
        let after: ListOrder<OrderSort>['after'] = null
        do {
          const page = await listOrders(hub.db, {}, { field, isDescending, after, limit: 3 }, now)
          seen.push(...page.slice(0, 3).map((row) => row.number))
          after = page.length > 3 ? page[2]!.place : null
        } while (after)
        expect(seen.toSorted(), `${field} ${isDescending}`).toEqual(all)
        if (field === 'shipBy') expect(seen.slice(0, 3).toSorted()).toEqual(['A-1', 'A-2', 'A-3'])
      }
  })

  test('a deadline is judged by the days of the business', async () => {
    expect(await numbers({ due: 'overdue' })).toEqual(['A-1'])
    expect(await numbers({ due: 'today' })).toEqual(['A-1', 'A-2'])
    expect(await numbers({ due: 'today', timeZone: 'Europe/Berlin' })).toEqual(['A-1'])
    expect(await numbers({ due: 'tomorrow', timeZone: 'Europe/Berlin' })).toEqual(['A-2'])
    expect(await numbers({ due: 'week' })).toEqual(['A-1', 'A-2', 'A-3'])
  })

  test('orders are found by what their number begins with, by an id, and by a SKU; a joker is a letter', async () => {
    expect(await numbers({ q: 'A-' })).toEqual(['A-1', 'A-2', 'A-3'])
    expect(await numbers({ q: 'NONE' })).toEqual(['B-2', 'C-1'])
    expect(await numbers({ q: await idOf('B-1') })).toEqual(['B-1'])
    expect(await numbers({ q: '%' })).toEqual([])
    expect(await numbers({ q: recipient.name })).toEqual([])
    expect(await numbers({ status: ['completed'], connectionId: source.id })).toEqual(['C-1'])
  })

  test('each cause that stops an open order is found, counted and told with its order; history stops nothing', async () => {
    expect(await numbers({ exception: 'unknown_sku' })).toEqual(['B-2'])
    expect(await numbers({ exception: 'short' })).toEqual(['B-1'])
    expect(await numbers({ exception: 'address' })).toEqual(['B-3', 'B-4'])
    expect(await numbers({ exception: 'any' })).toEqual(['B-1', 'B-2', 'B-3', 'B-4'])
    expect(await countExceptions(hub.db)).toMatchObject({ unknown_sku: 1, short: 1, address: 2, hold: 0 })
    const found = await readExceptions(hub.db, [await idOf('B-1'), await idOf('B-4')])
    expect(found.map(({ cause, message }) => `${cause}: ${message}`).sort()).toEqual([
      'address: The platform keeps the recipient to itself',
      'short: 1 of MUG missing',
    ])
  })

  test('what is on hold neither ships nor is planned, until it is released; two editors do not collide unseen', async () => {
    const id = await idOf('A-1')
    const act = { actor: 'ann', now }
    await transact(hub.db, (tx) => holdOrder(tx, id, 1, 'Fraud check', act))
    await expect(transact(hub.db, (tx) => noteOrder(tx, id, 1, 'x', testAct('bob')))).rejects.toThrow(
      'changed meanwhile, by ann at 2026-03-10T20:30:00.000Z',
    )
    expect(await findDueOrders(hub, null)).not.toContain(id)
    expect(await numbers({ isShippable: true })).not.toContain('A-1')
    await expect(transact(hub.db, (tx) => planShipment(tx, { orderId: id }, testAct()))).rejects.toThrow(
      'on hold by ann: Fraud check',
    )
    expect(await numbers({ exception: 'hold' })).toEqual(['A-1'])
    await transact(hub.db, (tx) => releaseOrder(tx, id, 2, testAct('bob')))
    expect(await findDueOrders(hub, null)).toContain(id)
    expect(await numbers({ isShippable: true })).toContain('A-1')
    const { timeline } = await readOrder(hub.db, id)
    expect(timeline.slice(-2).map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
      'held ann',
      'released bob',
    ])
  })

  test('a corrected address ships, survives news of the order, and yields to a new address of the platform', async () => {
    const id = await idOf('B-3')
    const { kind: _kind, ...address } = { ...recipient, country: 'DE', city: 'Bonn' }
    await transact(hub.db, (tx) => correctAddress(tx, id, 1, address, testAct('ann')))
    expect(await numbers({ exception: 'address' })).toEqual(['B-4'])
    const first = told.get('B-3')!
    const second = later(first, { shippingService: 'Express' })
    await importNow(hub.db, source, [second])
    const shipTo = async () => (await readOrder(hub.db, id)).parties.find(({ role }) => role === 'ship_to')
    expect(await shipTo()).toMatchObject({ isCorrected: true, party: { city: 'Bonn' } })
    await importNow(hub.db, source, [later(second, { shipTo: { ...recipient, city: 'Ulm' } })])
    expect(await shipTo()).toMatchObject({ isCorrected: false, party: { city: 'Ulm' } })
    const [audit] = await query<{ after: unknown }>(
      hub.db,
      sql`select after from audit_log where action = 'order.address_corrected'`,
    )
    expect(JSON.stringify(audit)).not.toContain('Bonn')
    expect(audit!.after).toEqual({ fields: ['city', 'country'] })
  })

  test('the address of an order with a shipment, or that the platform keeps to itself, is not corrected', async () => {
    const { kind: _kind, ...address } = recipient
    const handled = await idOf('B-4')
    await expect(
      transact(hub.db, (tx) => correctAddress(tx, handled, 1, address, testAct())),
    ).rejects.toThrow('keeps the recipient')
    const planned = await idOf('A-2')
    await transact(hub.db, (tx) => planShipment(tx, { orderId: planned }, testAct()))
    expect(await numbers({ isShippable: true })).not.toContain('A-2')
    await expect(
      transact(hub.db, (tx) => correctAddress(tx, planned, 1, address, testAct())),
    ).rejects.toThrow('to the present address')
  })

  test('who need not reach a person sees initials and places', () => {
    expect(maskParty(recipient)).toEqual({
      ...recipient,
      name: 'A. R.',
      phone: null,
      addressLines: [],
      postcode: null,
    })
  })
})
