import assert from 'node:assert/strict'
import type { Pull } from '../connector.ts'
import type { ToldOrder } from '../model/order.ts'
import { singleDraft, sizesDraft } from './drafts.ts'
import { inShop, type Shop, seedDrafts, seedListings, walk } from './shop.ts'
import { settled } from './stage.ts'
import type { Check, Subject } from './subject.ts'

type PullOperation = 'pullListings' | 'pullOrders' | 'pullReturns'
type Known = { externalId: string }
/** Enough to see the page size of any API that pages at a hundred. */
const manyItems = 130

/** What every pull has to keep, whatever it reads. */
export function pullChecks(subject: Subject): Check[] {
  const { pullListings, pullOrders, pullReturns } = subject.connector.operations
  return [
    ...(pullListings ? pagingChecks(subject, 'pullListings', seedOneByOne) : []),
    ...(pullListings ? [listingsCheck(subject)] : []),
    ...(pullOrders ? pagingChecks(subject, 'pullOrders', placeOrders) : []),
    ...(pullReturns ? [emptyCheck(subject, 'pullReturns')] : []),
  ]
}

const pullOf = (shop: Shop, operation: PullOperation) =>
  shop.operations[operation] as unknown as Pull<unknown, Known>

/** Makes `count` things to pull and gives their external ids. */
type Fill = (shop: Shop, count: number) => Promise<string[]>

const seedOneByOne: Fill = async (shop, count) =>
  (await seedListings(shop, count)).map((ref) => ref.externalId)

/** Orders a second apart, as they come in a calm hour. */
export const placeOrders: Fill = async (shop, count) => {
  const [ref] = await seedListings(shop, 1)
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    shop.clock.advance(1000)
    ids.push(shop.sandbox.placeOrder({ lines: [{ sku: ref!.sku, quantity: 1 }] }).externalId)
  }
  await settled(shop)
  return ids
}

function emptyCheck(subject: Subject, operation: PullOperation): Check {
  return {
    theme: operation,
    guarantee: 'an empty shop gives empty pages, and few of them',
    run: () =>
      inShop(subject, async (shop) => {
        const { items, pages } = await walk(pullOf(shop, operation), shop.client)
        assert.deepEqual(items, [])
        assert(pages <= 5, `An empty shop takes ${pages} pages to read.`)
      }),
  }
}

function pagingChecks(subject: Subject, operation: PullOperation, fill: Fill): Check[] {
  const check = (guarantee: string, visit: (shop: Shop) => Promise<void>): Check => ({
    theme: operation,
    guarantee,
    run: () => inShop(subject, visit),
  })
  return [
    emptyCheck(subject, operation),
    check('the same cursor gives the same page', async (shop) => {
      await fill(shop, 3)
      const pull = pullOf(shop, operation)
      const first = await pull.run(shop.client, null)
      assert.deepEqual((await pull.run(shop.client, null)).items, first.items)
      if (first.next === null) return
      const second = await pull.run(shop.client, first.next)
      assert.deepEqual((await pull.run(shop.client, first.next)).items, second.items)
    }),
    check('walking all pages yields every item once', async (shop) => {
      const ids = await fill(shop, manyItems)
      assertSame(await walk(pullOf(shop, operation), shop.client), ids)
    }),
    {
      theme: operation,
      guarantee: 'an exact multiple of the page size ends, and yields every item',
      run: () => exactMultiples(subject, operation, fill),
    },
  ]
}

/** Finds the page size by looking, then fills shops with exactly one and two pages. */
async function exactMultiples(subject: Subject, operation: PullOperation, fill: Fill): Promise<void> {
  const pageSize = await inShop(subject, async (shop) => {
    await fill(shop, manyItems)
    const page = await pullOf(shop, operation).run(shop.client, null)
    return page.more ? page.items.length : null
  })
  if (pageSize === null) return
  for (const pages of [1, 2]) {
    await inShop(subject, async (shop) => {
      const ids = await fill(shop, pageSize * pages)
      assertSame(await walk(pullOf(shop, operation), shop.client), ids)
    })
  }
}

/** Asserts that the items are these, once each after de-duplication. */
export function assertSame(walked: { items: readonly Known[] }, ids: readonly string[]): void {
  const seen = [...new Set(walked.items.map((item) => item.externalId))]
  const missing = ids.filter((id) => !seen.includes(id))
  const strange = seen.filter((id) => !ids.includes(id))
  assert.deepEqual(missing, [], `The walk missed ${missing.length} of ${ids.length} items.`)
  assert.deepEqual(strange, [], 'The walk yields items that the platform does not have.')
}

function listingsCheck(subject: Subject): Check {
  return {
    theme: 'pullListings',
    guarantee: 'tells each listing and variation as the platform has it',
    run: () =>
      inShop(subject, async (shop) => {
        await seedDrafts(shop, [singleDraft(1, shop.currency, 0), sizesDraft(2, shop.currency)])
        const { items } = await walk(shop.operations.pullListings!, shop.client)
        const ledger = shop.sandbox.listings()
        assertSame(
          { items },
          ledger.map((listing) => listing.externalId),
        )
        for (const listing of ledger) {
          const item = items.findLast((candidate) => candidate.externalId === listing.externalId)!
          const { externalParentId, sku, title, price, quantity, status } = item
          assert.deepEqual(
            { externalParentId, sku, title, price, quantity, status },
            {
              externalParentId: listing.externalParentId,
              sku: listing.sku,
              title: listing.title,
              price: listing.price,
              quantity: listing.quantity,
              status: listing.status,
            },
            `${listing.sku} is told otherwise than the platform has it.`,
          )
        }
      }),
  }
}

/** The orders a walk yields, the newest version of each. */
export const newestOf = <Order extends ToldOrder>(orders: readonly Order[]): Order[] => {
  const newest = new Map<string, Order>()
  for (const order of orders) {
    const known = newest.get(order.externalId)
    if (!known || known.updatedAt <= order.updatedAt) newest.set(order.externalId, order)
  }
  return [...newest.values()]
}
