import { afterEach, describe, expect, test } from 'vitest'
import { nextCursor, orderQuery, pullOrders, readOrders } from '../../../connectors/woocommerce/orders.ts'
import { openShop, type Shop, stillClock } from './support.ts'

let open: Shop | null = null
afterEach(async () => {
  await open?.sandbox.close()
  open = null
})

async function shopOf(timeZone = 'UTC') {
  const clock = stillClock()
  open = await openShop({ clock, timeZone })
  open.sandbox.addProduct({ sku: 'A', name: 'A', price: '1.00', quantity: 100_000 })
  const place = () => open!.sandbox.placeOrder({ lines: [{ sku: 'A', quantity: 1 }] }).externalId
  return { ...open, clock, place }
}

/** Pulls until no more wait, and counts the calls. */
async function pullAll({ client, sandbox }: Pick<Shop, 'client' | 'sandbox'>, from: string | null = null) {
  const before = sandbox.calls.length
  const ids: string[] = []
  for (let cursor = from; ; ) {
    const page = await pullOrders(client, cursor)
    expect(page.unreadable).toEqual([])
    ids.push(...page.items.map((order) => order.externalId))
    cursor = page.next
    if (!page.more) return { ids, next: cursor, calls: sandbox.calls.length - before }
  }
}

describe('200 new orders take exactly three calls, and none is missed', () => {
  test.each([
    ['a second apart', () => 1000],
    ['three in each second, so that pages end inside one', (n: number) => (n % 3 === 0 ? 1000 : 0)],
    ['all in one second', () => 0],
  ])('%s', async (_, gapMs) => {
    const shop = await shopOf()
    const placed = Array.from({ length: 200 }, (_unused, n) => {
      shop.clock.advance(gapMs(n))
      return shop.place()
    })
    const { ids, calls } = await pullAll(shop)
    expect(calls).toBe(3)
    expect([...new Set(ids)]).toEqual(placed)
  })

  test('also where all the orders of several pages share one second in the middle', async () => {
    const shop = await shopOf()
    const placed = Array.from({ length: 330 }, (_unused, n) => {
      if (n < 50 || n > 300) shop.clock.advance(1000)
      return shop.place()
    })
    const { ids } = await pullAll(shop)
    expect([...new Set(ids)]).toEqual(placed)
  })
})

test('a row touched between two pages is read again, and shifts no other out of sight', async () => {
  const shop = await shopOf()
  const placed = Array.from({ length: 150 }, () => {
    shop.clock.advance(1000)
    return shop.place()
  })
  const first = await pullOrders(shop.client, null)
  shop.clock.advance(1000)
  shop.sandbox.setOrderStatus(placed[3]!, 'completed')
  const rest = await pullAll(shop, first.next)
  const seen = new Set([...first.items.map(({ externalId }) => externalId), ...rest.ids])
  expect(placed.filter((id) => !seen.has(id))).toEqual([])
  expect(rest.ids.at(-1)).toBe(placed[3])
})

test.each(['Asia/Shanghai', 'UTC', 'America/New_York'])(
  'in a shop in %s no new order is missed',
  async (zone) => {
    const shop = await shopOf(zone)
    shop.place()
    const { next } = await pullAll(shop)
    shop.clock.advance(3_600_000)
    const late = shop.place()
    expect((await pullAll(shop, next)).ids).toContain(late)
  },
)

test('a new pull reads the last minute again, for orders that were committed late', async () => {
  const shop = await shopOf()
  const old = shop.place()
  shop.clock.advance(61_000)
  const near = shop.place()
  shop.clock.advance(30_000)
  const last = shop.place()
  const { next } = await pullAll(shop)
  expect((await pullAll(shop, next)).ids).toEqual([near, last])
  expect(old).not.toBe(near)
})

test('the same cursor gives the same page and the same next cursor', async () => {
  const shop = await shopOf()
  for (let n = 0; n < 120; n += 1) shop.place()
  const first = await pullOrders(shop.client, null)
  expect(await pullOrders(shop.client, null)).toEqual(first)
  expect(await pullOrders(shop.client, first.next)).toEqual(await pullOrders(shop.client, first.next))
})

test('an empty shop starts over, and a page without news keeps its place', async () => {
  const shop = await shopOf()
  await expect(pullOrders(shop.client, null)).resolves.toMatchObject({ items: [], next: null, more: false })
  shop.place()
  const { next } = await pullAll(shop)
  expect((await pullAll(shop, next)).next).toBe(next)
})

test('the time is sent as seconds and Z alone', () => {
  expect(orderQuery({ seen: 1_795_468_591 })).toMatchObject({
    modified_after: '2026-11-23T21:15:31Z',
    orderby: 'modified',
    order: 'asc',
    status: 'any',
  })
  expect(orderQuery({ seen: 1, since: 1_795_468_591 }).modified_after).toBe('2026-11-23T21:16:31Z')
  expect(orderQuery(null)).not.toHaveProperty('dates_are_gmt')
})

test('a page that is not full is the last, whatever its length', () => {
  expect(nextCursor(null, [5, 6])).toEqual({ seen: 6 })
  expect(nextCursor({ seen: 9, since: 8 }, [])).toEqual({ seen: 9 })
  expect(nextCursor(null, [])).toBeNull()
})

test('orders are read by id, from the trash too, and those that are gone are left out', async () => {
  const shop = await shopOf()
  const [kept, trashed] = [shop.place(), shop.place()]
  shop.sandbox.trashOrder(trashed)
  const page = await readOrders(shop.client, [kept, trashed, '999999'])
  expect(page.items.map(({ externalId, status }) => [externalId, status])).toEqual([
    [kept, 'paid'],
    [trashed, 'cancelled'],
  ])
})

test('a shop that ignores the filter is not read for ever', async () => {
  const shop = await shopOf()
  for (let n = 0; n < 120; n += 1) {
    shop.clock.advance(1000)
    shop.place()
  }
  const rows = await shop.client.listOrders(orderQuery(null))
  const deaf = { ...shop.client, listOrders: async () => rows }
  const first = await pullOrders(deaf, null)
  await expect(pullOrders(deaf, first.next)).rejects.toMatchObject({ kind: 'unexpected' })
})
