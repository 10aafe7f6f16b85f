import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { newId } from '../../core/lib/id.ts'
import { takeSales } from '../../core/overview/plots.ts'
import { countListings, takeStockDay } from '../../core/overview/refresh.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeWorld, type World } from './world.ts'

describe('the overview', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let world: World

  beforeAll(async () => {
    world = await makeWorld(api(), shop())
    await api().hub.calls.flush()
  })

  const read = async (query = '') => {
    const answer = await api().call('GET', `/api/overview${query}`)
    expect(answer.status, answer.text).toBe(200)
    return answer.json
  }

  /** An order that is to be shipped then, placed today unless told. */
  async function addOrder(shipBy: Date | null, status = 'paid', placedAt = new Date(), totalMinor = 100) {
    const id = newId('ord')
    await api().hub.db.execute(sql`
      insert into orders (id, connection_id, external_id, number, status, external_status, is_stock_held, placed_at, external_updated_at,
        external_fingerprint, currency, total_minor, ship_by)
      values (${id}, ${world.connection.id}, ${id}, ${id}, ${status}, 'x', false, ${placedAt.toISOString()}::timestamptz, now(), 'x', 'EUR',
        ${totalMinor}, ${shipBy?.toISOString() ?? null}::timestamptz)`)
    return id
  }

  test('names each connection with what waits, and says when nothing does', async () => {
    const { connections } = await read()
    expect(connections).toMatchObject([
      { name: 'woocommerce', status: 'active', areOrdersComplete: true, ordersReadAt: expect.any(String) },
    ])
    const stock = connections[0].aspects.find((one: { aspect: string }) => one.aspect === 'stock')
    expect(stock).toMatchObject({ dirty: 0, refused: 0, oldestDirtySince: null })
    const products = connections[0].buckets.find((one: { bucket: string }) => one.bucket === 'products')
    expect(products.calls).toBeGreaterThan(0)
  })

  test('counts a change that waits until it is pushed, and of how many listings', async () => {
    const { hub } = api()
    await hub.db.transaction(async (tx) =>
      changeStock(
        tx,
        [
          {
            variantId: world.skus.get('MUG')!,
            warehouseId: await defaultWarehouse(tx),
            delta: 1,
            reason: 'found',
          },
        ],
        'adjust',
        testAct(),
      ),
    )
    await countListings(hub.db, new Date())
    const stockOf = async () =>
      (await read()).connections[0].aspects.find((one: { aspect: string }) => one.aspect === 'stock')
    expect(await stockOf()).toMatchObject({
      dirty: 1,
      listings: 5,
      oldestDirtySince: expect.any(String),
      lastPushAt: expect.any(String),
    })
    await runTask(hub, 'stock', world.connection.id)
    expect(await stockOf()).toMatchObject({ dirty: 0, listings: 5 })
  })

  test('sorts orders to ship by their day in the time zone of whoever looks', async () => {
    const before = (await read('?timeZone=Pacific/Auckland')).orders.toShip
    const [ends] = await query<{ today: string; tomorrow: string }>(
      api().hub.db,
      sql`select (date_trunc('day', now() at time zone 'Pacific/Auckland') + interval '1 day') at time zone 'Pacific/Auckland' as today,
        (date_trunc('day', now() at time zone 'Pacific/Auckland') + interval '2 days') at time zone 'Pacific/Auckland' as tomorrow`,
    )
    const [today, tomorrow] = [new Date(ends!.today), new Date(ends!.tomorrow)]
    await addOrder(new Date(Date.now() - 1000))
    await addOrder(new Date(today.getTime() - 1))
    await addOrder(today, 'allocated')
    await addOrder(tomorrow)
    await addOrder(null)
    await addOrder(new Date(Date.now() - 1000), 'delivered')
    const { toShip } = (await read('?timeZone=Pacific/Auckland')).orders
    const grown = Object.fromEntries(
      Object.entries(toShip).map(([name, one]) => [
        name,
        (one as { value: number }).value - before[name].value,
      ]),
    )
    expect(grown).toEqual({ overdue: 1, today: 1, tomorrow: 1, later: 1, withoutDeadline: 1 })
    expect(toShip.overdue.list).toMatchObject({ path: '/api/orders', query: { status: 'paid,allocated' } })
  })

  test('adds up sales by day, connection and currency, without what is unpaid or cancelled', async () => {
    const at = new Date(Date.now() - 3 * 86_400_000)
    await addOrder(null, 'completed', at, 1500)
    await addOrder(null, 'shipped', at, 500)
    await addOrder(null, 'cancelled', at, 9999)
    await addOrder(null, 'pending_payment', at, 9999)
    await addOrder(null, 'completed', new Date(Date.now() - 40 * 86_400_000), 9999)
    const { days } = (await read()).sales
    const day = at.toISOString().slice(0, 10)
    expect(days.filter((one: { day: string }) => one.day === day)).toEqual([
      { day, connectionId: world.connection.id, currency: 'EUR', orders: 2, totalMinor: 2000 },
    ])
    expect(days.every((one: { totalMinor: number }) => one.totalMinor < 9999)).toBe(true)
    // What is added up beforehand says the same as reading every order; what comes later counts at once, or at the next turn.
    await takeSales(api().hub.db, new Date())
    expect((await read()).sales.days).toEqual(days)
    await addOrder(null, 'completed', new Date(), 700)
    await addOrder(null, 'completed', at, 300)
    const sum = async () =>
      (await read()).sales.days.reduce((all: number, one: { totalMinor: number }) => all + one.totalMinor, 0)
    const before = days.reduce((all: number, one: { totalMinor: number }) => all + one.totalMinor, 0)
    expect(await sum()).toBe(before + 700)
    await takeSales(api().hub.db, new Date())
    expect(await sum()).toBe(before + 1000)
  })

  test('works the stock of earlier days back from the ledger, and keeps a day once it is counted', async () => {
    const { hub } = api()
    await hub.db.execute(sql`update variants set cost_minor = 200, cost_currency = 'EUR' where sku = 'CUP'`)
    const units = async () =>
      Number(
        (await query<{ sum: string }>(hub.db, sql`select sum(on_hand) as sum from stock_levels`))[0]!.sum,
      )
    const held = await units()
    await takeStockDay(hub.db, new Date())
    const { days } = (await read()).stock
    const today = new Date().toISOString().slice(0, 10)
    const ofToday = days.filter((one: { day: string }) => one.day === today)
    expect(ofToday.reduce((sum: number, one: { units: number }) => sum + one.units, 0)).toBe(held)
    const [cup] = await query<{ onHand: string }>(
      hub.db,
      sql`select sum(on_hand) as "onHand" from stock_levels where variant_id = ${world.skus.get('CUP')!}`,
    )
    expect(ofToday.find((one: { currency: string }) => one.currency === 'EUR').valueMinor).toBe(
      Number(cup!.onHand) * 200,
    )
    // All movements are of today: yesterday there was nothing.
    const earlier = days.filter((one: { day: string }) => one.day < today)
    expect(earlier.length).toBeGreaterThan(20)
    expect(new Set(earlier.map((one: { units: number }) => one.units))).toEqual(new Set([0]))
  })

  test('says what to do first, and that a paused connection comes before everything', async () => {
    expect((await read()).verdict).toMatchObject({ state: 'attention', code: 'orders_overdue' })
    await api().call('POST', `/api/connections/${world.connection.id}/pause`, { reason: 'The shop moves' })
    expect((await read()).verdict).toMatchObject({
      state: 'stopped',
      code: 'connection_paused',
      values: { name: 'woocommerce', reason: 'The shop moves' },
    })
    await api().call('POST', `/api/connections/${world.connection.id}/resume`)
  })

  test('counts open problems by kind with their weight, and proposals', async () => {
    const { problems, proposals } = await read()
    expect(problems).toContainEqual(
      expect.objectContaining({
        kind: 'unknown_sku',
        severity: 'high',
        figure: expect.objectContaining({ value: 1 }),
      }),
    )
    expect(proposals).toMatchObject([{ kind: 'price_step', figure: { value: 2 } }])
  })

  test('a time zone that is none is refused', async () => {
    const answer = await api().call('GET', '/api/overview?timeZone=Mars/Olympus')
    expect(answer).toMatchObject({ status: 400, json: { error: { field: 'timeZone' } } })
  })
})
