import assert from 'node:assert/strict'
import type { ItemResult, Push, PushForms } from '../connector.ts'
import type { ContentChange, ListingRef, PriceChange, StockChange } from '../model/listing.ts'
import type { SandboxListing } from '../sandbox.ts'
import { singleDraft, sizeIn } from './drafts.ts'
import { completed, type Shop } from './shop.ts'
import { type Stage, settled } from './stage.ts'

export const pushOperations = ['pushContent', 'pushPrices', 'pushStock', 'endListing'] as const
export type PushOperation = (typeof pushOperations)[number]
export type PushItem = ContentChange | PriceChange | StockChange | ListingRef
export type AnyPush = Push<unknown, PushItem>

/** How the suite makes an item of a push, and where the value shows in the sandbox's ledger. */
type PushSpec = {
  make(shop: Shop, ref: ListingRef, n: number): PushItem
  sent(item: PushItem): unknown
  /** What the ledger holds; `sent` itself where it means the same. */
  held(listing: SandboxListing | undefined, sent: unknown): unknown
}

/** Whether a listing has this title. A platform may add the options to the title of a variation. */
export const isTitled = ({ title, externalParentId }: SandboxListing, sent: string): boolean =>
  externalParentId === null ? title === sent : title.startsWith(sent)

export const pushSpecs: Record<PushOperation, PushSpec> = {
  pushContent: {
    make: (shop, ref, n) => {
      const { content } = completed(shop, singleDraft(7000 + n, shop.currency)).variants[0]!
      // Siblings share a title: on many platforms it stands in their parent.
      const mug = ref.externalParentId ?? n
      const options: Record<string, string> = ref.externalParentId === null ? {} : { Size: sizeIn(ref.sku) }
      return { ref, content: { ...content, options, title: `Renamed mug ${mug} – kühl & klar` } }
    },
    sent: (item) => (item as ContentChange).content.title,
    held: (listing, sent) => (listing && isTitled(listing, String(sent)) ? sent : listing?.title),
  },
  pushPrices: {
    make: (shop, ref, n) => ({ ref, price: { minor: 2101 + 13 * n, currency: shop.currency }, sale: null }),
    sent: (item) => (item as PriceChange).price,
    held: (listing) => listing?.price,
  },
  pushStock: {
    make: (_shop, ref, n) => ({ ref, quantity: n % 5 === 4 ? 0 : 3 + n, acknowledgedQuantity: null }),
    sent: (item) => (item as StockChange).quantity,
    held: (listing) => listing?.quantity,
  },
  endListing: {
    make: (_shop, ref) => ref,
    sent: () => 'ended',
    held: (listing) => listing?.status ?? 'ended',
  },
}

export const refOf = (item: PushItem): ListingRef => ('ref' in item ? item.ref : item)

/** The forms of a push that the connector has: the usual one, and the one for long queues. */
export function formsOf(shop: Shop, operation: PushOperation, form: 'single' | 'bulk'): AnyPush {
  const push = shop.operations[operation] as PushForms<unknown, PushItem> | undefined
  const found = form === 'bulk' ? push?.bulk : push
  return found ?? assert.fail(`The connector has no ${form} form of ${operation}.`)
}

/** Sends one batch and waits for its ticket, if it got one. */
export async function sendBatch<Item>(
  stage: Pick<Stage, 'client' | 'clock'>,
  push: Push<unknown, Item>,
  items: readonly Item[],
  client: unknown = stage.client,
): Promise<ItemResult[]> {
  const outcome = await push.run(client, items)
  if (Array.isArray(outcome)) return outcome
  assert(push.settle, 'A push that answers with a ticket needs `settle`.')
  for (let round = 0; round < 100; round++) {
    const results = await push.settle(client, outcome.ticket, items)
    if (results !== 'pending') return results
    await stage.clock.sleep(60_000)
  }
  return assert.fail(`The ticket ${outcome.ticket} is still pending after 100 minutes.`)
}

/** Sends items as the engine does: grouped by `groupBy`, at most `maxBatch` a call; results in the items' order. */
export async function sendAll(
  shop: Shop,
  push: AnyPush,
  items: readonly PushItem[],
  client: unknown = shop.client,
): Promise<ItemResult[]> {
  const groups = new Map<string, number[]>()
  for (const [index, item] of items.entries()) {
    const key = push.groupBy?.(item) ?? ''
    groups.set(key, [...(groups.get(key) ?? []), index])
  }
  const results: ItemResult[] = []
  for (const group of groups.values()) {
    for (let start = 0; start < group.length; start += push.maxBatch) {
      const indexes = group.slice(start, start + push.maxBatch)
      const batch = indexes.map((index) => items[index]!)
      const answers = await sendBatch(shop, push, batch, client)
      assert.equal(answers.length, batch.length, 'A push has to give one result for each item.')
      for (const [position, index] of indexes.entries()) results[index] = answers[position]!
    }
  }
  await settled(shop)
  return results
}

/** Asserts that the sandbox's own ledger holds what was sent. */
export function assertHeld(shop: Shop, operation: PushOperation, items: readonly PushItem[]): void {
  const spec = pushSpecs[operation]
  const ledger = new Map(shop.sandbox.listings().map((listing) => [listing.externalId, listing]))
  for (const item of items) {
    const { sku, externalId } = refOf(item)
    const sent = spec.sent(item)
    assert.deepEqual(
      spec.held(ledger.get(externalId), sent),
      sent,
      `${operation}: the sandbox's ledger does not hold what was sent for ${sku}.`,
    )
  }
}

/** Asserts that each result is a success for its own item. */
export function assertAllOk(results: readonly ItemResult[], items: readonly PushItem[]): void {
  for (const [index, result] of results.entries()) assertOk(result, items[index]!)
}

export function assertOk(result: ItemResult | undefined, item: PushItem): void {
  const { sku, externalId } = refOf(item)
  assert(result, `There is no result for ${sku}.`)
  assert(result.ok, `${sku} has to succeed, but: ${result.ok ? '' : result.error.message}`)
  if (result.externalId !== undefined) {
    assert.equal(result.externalId, externalId, `The result in the place of ${sku} names another listing.`)
  }
}
