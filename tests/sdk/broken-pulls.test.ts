import type { ToldOrder } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { brokenOperations, expectCaught, operations, type SimpleClient } from './broken.ts'

const { pullOrders, pullListings, readOrders } = operations
type Run = typeof pullOrders.run

const pulling = (run: Run) => brokenOperations({ pullOrders: { run } })

/** The order pull with each order bent. */
const bent = (bend: (order: ToldOrder) => ToldOrder) =>
  pulling(async (client, after) => {
    const page = await pullOrders.run(client, after)
    return { ...page, items: page.items.map(bend) }
  })

async function allOrders(client: SimpleClient): Promise<ToldOrder[]> {
  const items: ToldOrder[] = []
  for (let after: string | null = null, more = true; more; ) {
    const page = await pullOrders.run(client, after)
    items.push(...page.items)
    after = page.next
    more = page.more
  }
  return items
}

const multiples = 'pullOrders: an exact multiple of the page size ends, and yields every item'
const amounts = 'pullOrders: tells lines and totals exactly'

describe('a pull is caught', () => {
  test('that skips the last page of an exact multiple', () => {
    const run: Run = async (client, after) => {
      const page = await pullOrders.run(client, after)
      return !page.more && page.items.length === 50 ? { ...page, items: [] } : page
    }
    return expectCaught(pulling(run), multiples, /missed 50 of 50/)
  })

  test('that never ends on an exact multiple', () => {
    const run: Run = async (client, after) => {
      const page = await pullOrders.run(client, after)
      return { ...page, more: page.more || page.items.length % 50 === 0 }
    }
    return expectCaught(pulling(run), multiples, /cursor does not move/)
  })

  test('that stops after the first page', () => {
    const run: Run = async (client, after) => ({ ...(await pullOrders.run(client, after)), more: false })
    return expectCaught(
      pulling(run),
      'pullOrders: walking all pages yields every item once',
      /missed 80 of 130/,
    )
  })

  test('that reads page after page of an empty shop', () => {
    const run: Run = async (_client, after) => {
      const next = Number(after) + 1
      return { items: [], next: String(next), more: next < 50 }
    }
    const name = 'pullOrders: an empty shop gives empty pages, and few of them'
    return expectCaught(pulling(run), name, /takes 50 pages/)
  })

  test('that reads on from where it was, whatever cursor it is given', () => {
    let at: string | null = null
    const run: Run = async (client) => {
      const page = await pullOrders.run(client, at)
      at = page.next
      return page
    }
    return expectCaught(pulling(run), 'pullOrders: the same cursor gives the same page', /deep/i)
  })

  test('whose cursor is a time that it reads strictly after', () => {
    const run: Run = async (client, after) => {
      const waiting = (await allOrders(client)).filter(
        (order) => after === null || order.placedAt.toISOString() > after,
      )
      const items = waiting.slice(0, 50)
      const next = items.at(-1)?.placedAt.toISOString() ?? after
      return { items, next, more: waiting.length > 50 }
    }
    return expectCaught(
      pulling(run),
      'pullOrders: finds all orders that were placed in the same second',
      /missed 75 of 125/,
    )
  })

  test('that loses an order which comes in the same second as the last one', () => {
    const run: Run = async (client, after) => {
      const items = (await allOrders(client)).filter((order) => order.updatedAt.toISOString() > (after ?? ''))
      return { items, next: items.at(-1)?.updatedAt.toISOString() ?? after, more: false }
    }
    const name = 'pullOrders: finds an order that comes in the same second as the last one read'
    return expectCaught(pulling(run), name, /missed 1 of 2/)
  })

  test('that forgets shipping in the total', () =>
    expectCaught(
      bent((order) => ({ ...order, totalMinor: order.totalMinor - 490 })),
      amounts,
      /sum of line totals and charges/,
    ))

  test('that leaves out a charge and lowers the total to fit', () =>
    expectCaught(
      bent((order) => ({ ...order, totalMinor: order.totalMinor - 490, charges: [] })),
      amounts,
      /not the platform's/,
    ))

  test('that drops a line', () =>
    expectCaught(
      bent((order) => ({ ...order, lines: order.lines.slice(1) })),
      amounts,
      /sum of line totals/,
    ))

  test('whose orders keep their old version when they change', () =>
    expectCaught(
      bent((order) => ({ ...order, updatedAt: order.placedAt })),
      'pullOrders: a changed order comes again, with a newer updatedAt',
      /newer updatedAt/,
    ))

  test('that reads each order once and never again', () => {
    const seen = new Set<string>()
    const run: Run = async (client, after) => {
      const page = await pullOrders.run(client, after)
      const items = after === null ? page.items : page.items.filter((order) => !seen.has(order.externalId))
      for (const order of items) seen.add(order.externalId)
      return { ...page, items }
    }
    const name = 'pullOrders: a changed order comes again, with a newer updatedAt'
    return expectCaught(pulling(run), name, /never seen/)
  })

  test('that takes an unpaid order for paid', () =>
    expectCaught(
      bent((order) => ({ ...order, status: order.status === 'pending_payment' ? 'paid' : order.status })),
      'pullOrders: never tells an unpaid order as paid',
      /pending_payment only/,
    ))

  test('that calls a listing by another quantity', () => {
    const run: typeof pullListings.run = async (client, after) => {
      const page = await pullListings.run(client, after)
      return { ...page, items: page.items.map((item) => ({ ...item, quantity: item.quantity || null })) }
    }
    const name = 'pullListings: tells each listing and variation as the platform has it'
    return expectCaught(brokenOperations({ pullListings: { run } }), name, /told otherwise/)
  })

  test('that reads no order when one of them is not there', () => {
    const read: typeof readOrders = async (client, ids) => {
      const page = await readOrders(client, ids)
      return page.items.length === ids.length ? page : { ...page, items: [] }
    }
    const name = 'readOrders: reads orders by id in any state, and leaves out what is not there'
    return expectCaught(brokenOperations({ readOrders: read }), name, /deep/i)
  })
})
