import assert from 'node:assert/strict'
import type { Pull } from '../connector.ts'
import type { ListingDraft, ListingRef } from '../model/listing.ts'
import type { ToldOrder } from '../model/order.ts'
import { singleDraft } from './drafts.ts'
import { inStage, type Stage, settled } from './stage.ts'
import type { Subject } from './subject.ts'

/** A running shop with a client on it. */
export type Shop = Stage<Subject>

/** Opens an empty shop, visits it, and closes it whatever happened. */
export const inShop = <T>(subject: Subject, visit: (shop: Shop) => Promise<T>): Promise<T> =>
  inStage(subject, visit)

/** The draft as the platform wants it. */
export const completed = (shop: Shop, draft: ListingDraft): ListingDraft =>
  shop.subject.completeDraft?.(draft) ?? draft

/** Lists the drafts, by the subject's `seed` or through the connector; refs come in the variants' order. */
export async function seedDrafts(shop: Shop, drafts: readonly ListingDraft[]): Promise<ListingRef[]> {
  const complete = drafts.map((draft) => completed(shop, draft))
  const { createListing } = shop.operations
  if (shop.subject.seed) await shop.subject.seed(shop.sandbox, complete)
  else {
    assert(createListing, 'A connector without createListing needs `seed` in describeConnector.')
    for (const [index, draft] of complete.entries()) {
      const created = await createListing.run(shop.client, draft, `seed-${draft.parentSku}-${index}`)
      for (const variant of created.variants) if (!variant.ok) throw variant.error
    }
  }
  await settled(shop)
  const bySku = new Map(shop.sandbox.listings().map((listing) => [listing.sku, listing]))
  return complete.flatMap((draft) =>
    draft.variants.map(({ sku }) => {
      const listing = bySku.get(sku)
      assert(listing, `The sandbox's ledger has no listing with SKU ${sku} after it was created.`)
      return { externalId: listing.externalId, externalParentId: listing.externalParentId, sku }
    }),
  )
}

/** Lists `count` products of one variant each. */
export const seedListings = (shop: Shop, count: number, quantity = 900): Promise<ListingRef[]> =>
  seedDrafts(
    shop,
    Array.from({ length: count }, (_, index) => singleDraft(index + 1, shop.currency, quantity)),
  )

export type Walk<Item> = { items: Item[]; next: string | null; pages: number; firstPage: number }

/** Reads pages from a cursor until no more wait. */
export async function walk<Item>(
  pull: Pull<unknown, Item>,
  client: unknown,
  from: string | null = null,
): Promise<Walk<Item>> {
  const items: Item[] = []
  let after = from
  let firstPage = 0
  for (let pages = 1; pages <= 500; pages++) {
    const page = await pull.run(client, after)
    assert.deepEqual(
      page.unreadable ?? [],
      [],
      'The pull calls an item of a well-behaved platform unreadable.',
    )
    items.push(...page.items)
    if (pages === 1) firstPage = page.items.length
    if (!page.more) return { items, next: page.next, pages, firstPage }
    assert.notEqual(page.next, after, 'A page says that more wait, but its cursor does not move.')
    after = page.next
  }
  return assert.fail('The pull still says that more wait after 500 pages.')
}

/** Lists two products, lets a buyer order both, and reads the order through the connector. */
export async function placeAndRead(shop: Shop): Promise<ToldOrder> {
  const [first, second] = await seedListings(shop, 2)
  const placed = shop.sandbox.placeOrder({
    lines: [
      { sku: first!.sku, quantity: 2 },
      { sku: second!.sku, quantity: 1 },
    ],
    shippingMinor: 490,
  })
  await settled(shop)
  const order = await readOrder(shop, placed.externalId)
  assert(order, `The order ${placed.externalId} that a buyer placed is not found by the connector.`)
  return order
}

/** The order as the connector reads it now. */
export async function readOrder(shop: Shop, externalId: string): Promise<ToldOrder | undefined> {
  const { readOrders, pullOrders } = shop.operations
  assert(readOrders || pullOrders, 'Order operations need pullOrders or readOrders to be tested.')
  const items = readOrders
    ? (await readOrders(shop.client, [externalId])).items
    : (await walk(pullOrders!, shop.client)).items
  return items.findLast((order) => order.externalId === externalId)
}
