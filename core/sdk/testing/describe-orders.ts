import assert from 'node:assert/strict'
import type { ToldOrder } from '../model/order.ts'
import { assertSame, newestOf, placeOrders } from './describe-pull.ts'
import { inShop, placeAndRead, type Shop, seedListings, walk } from './shop.ts'
import { settled } from './stage.ts'
import type { Check, Subject } from './subject.ts'

/** What holds for orders beyond paging: amounts, versions, orders of one second. */
export function orderChecks(subject: Subject): Check[] {
  const { pullOrders, readOrders } = subject.connector.operations
  const check =
    (theme: string) =>
    (guarantee: string, visit: (shop: Shop) => Promise<void>): Check => ({
      theme,
      guarantee,
      run: () => inShop(subject, visit),
    })
  const pulls = check('pullOrders')
  const reads = check('readOrders')
  return [
    ...(pullOrders
      ? [
          pulls('finds all orders that were placed in the same second', sameSecond),
          pulls('finds an order that comes in the same second as the last one read', lateInSecond),
          pulls('tells lines and totals exactly', async (shop) =>
            assertAmounts(shop, await pulledOrder(shop)),
          ),
          pulls('a changed order comes again, with a newer updatedAt', changedLater),
          pulls('never tells an unpaid order as paid', unpaid),
        ]
      : []),
    ...(readOrders
      ? [
          reads('reads orders by id in any state, and leaves out what is not there', readById),
          reads('tells lines and totals exactly', async (shop) =>
            assertAmounts(shop, await placeAndRead(shop)),
          ),
        ]
      : []),
  ]
}

async function sameSecond(shop: Shop): Promise<void> {
  const [ref] = await seedListings(shop, 1)
  const placedAt = shop.clock.now()
  const ids = Array.from(
    { length: 125 },
    () => shop.sandbox.placeOrder({ lines: [{ sku: ref!.sku, quantity: 1 }], placedAt }).externalId,
  )
  await settled(shop)
  assertSame(await walk(shop.operations.pullOrders!, shop.client), ids)
}

async function lateInSecond(shop: Shop): Promise<void> {
  const [ref] = await seedListings(shop, 1)
  const place = () => shop.sandbox.placeOrder({ lines: [{ sku: ref!.sku, quantity: 1 }] }).externalId
  const first = place()
  const before = await walk(shop.operations.pullOrders!, shop.client)
  const second = place()
  await settled(shop)
  const after = await walk(shop.operations.pullOrders!, shop.client, before.next)
  assertSame({ items: [...before.items, ...after.items] }, [first, second])
}

async function pulledOrder(shop: Shop): Promise<ToldOrder> {
  const { externalId } = await placeAndRead(shop)
  const { items } = await walk(shop.operations.pullOrders!, shop.client)
  return newestOf(items).find((order) => order.externalId === externalId)!
}

function assertAmounts(shop: Shop, order: ToldOrder): void {
  const ledger = shop.sandbox.orders().find((entry) => entry.externalId === order.externalId)!
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
  const parts =
    sum(order.lines.map((line) => line.totalMinor)) + sum(order.charges.map((charge) => charge.amountMinor))
  assert.equal(order.totalMinor, parts, 'totalMinor has to be the sum of line totals and charges.')
  assert.equal(order.totalMinor, ledger.totalMinor, "The total is not the platform's.")
  assert.equal(order.currency, ledger.currency)
  assert(
    order.lines.every((line) => line.discountMinor >= 0),
    'A discount is not negative.',
  )
  assert.deepEqual(
    order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    ledger.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    "The lines are not the platform's.",
  )
  assert.equal(order.status, 'paid', 'A buyer paid this order.')
  const lineIds = order.lines.map((line) => line.externalId)
  assert.equal(new Set(lineIds).size, lineIds.length, 'Each line needs an external id of its own.')
}

async function changedLater(shop: Shop): Promise<void> {
  const pull = shop.operations.pullOrders!
  const [id] = await placeOrders(shop, 3)
  const before = await walk(pull, shop.client)
  shop.clock.advance(60_000)
  shop.sandbox.cancelOrder(id!)
  await settled(shop)
  const after = newestOf((await walk(pull, shop.client, before.next)).items)
  const [old, changed] = [before.items, after].map((items) => items.find((order) => order.externalId === id))
  assert(changed, 'A change of an order that was read before is never seen.')
  assert(changed.updatedAt > old!.updatedAt, 'A changed order needs a newer updatedAt.')
  assert.equal(changed.status, 'cancelled')
}

async function unpaid(shop: Shop): Promise<void> {
  const [ref] = await seedListings(shop, 1)
  const placed = shop.sandbox.placeOrder({ lines: [{ sku: ref!.sku, quantity: 1 }], isUnpaid: true })
  await settled(shop)
  const { items } = await walk(shop.operations.pullOrders!, shop.client)
  for (const order of items.filter((candidate) => candidate.externalId === placed.externalId)) {
    assert.equal(order.status, 'pending_payment', 'An unpaid order may be told as pending_payment only.')
    assert.equal(order.paidAt, null, 'An unpaid order has no paidAt.')
  }
}

async function readById(shop: Shop): Promise<void> {
  const read = shop.operations.readOrders!
  const ids = await placeOrders(shop, 3)
  shop.sandbox.cancelOrder(ids[0]!)
  await settled(shop)
  const wanted = [ids[2]!, shop.subject.unknownExternalId ?? '999999999', ids[0]!]
  const { items } = await read(shop.client, wanted)
  assert.deepEqual(items.map((order) => order.externalId).sort(), [ids[0]!, ids[2]!].sort())
  assert.equal(items.find((order) => order.externalId === ids[0])?.status, 'cancelled')
}
