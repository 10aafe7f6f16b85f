import {
  ConnectorError,
  type ContentChange,
  type ItemResult,
  type ListingRef,
  type PriceChange,
  type Push,
  type PushForms,
  type StockChange,
} from 'entrepot/sdk'
import type { AmazonClient } from './client.ts'
import { feedFromItems, feedMaxMessages } from './limits.ts'
import { contentPatch, endPatch, type ListingPatch, pricePatch, stockPatch } from './mapping-content.ts'
import { toFeedResults, toItemResult } from './mapping-listings.ts'
import type { AmazonSettings } from './settings.ts'

type ToPatch<Item> = (item: Item, settings: AmazonSettings) => ListingPatch

export const pushStock: PushForms<AmazonClient, StockChange> = bothForms((item) => stockPatch(item.quantity))
export const pushPrices: PushForms<AmazonClient, PriceChange> = bothForms((item, settings) =>
  pricePatch(item.price, item.sale, settings),
)
export const pushContent: PushForms<AmazonClient, ContentChange> = bothForms((item, settings) =>
  contentPatch(item.content, settings),
)
export const endListing: Push<AmazonClient, ListingRef> = singly((_ref, settings) => endPatch(settings))

function bothForms<Item extends { ref: ListingRef }>(toPatch: ToPatch<Item>): PushForms<AmazonClient, Item> {
  return { ...singly(toPatch), bulk: { fromItems: feedFromItems, ...asFeed(toPatch) } }
}

const skuOf = (item: ListingRef | { ref: ListingRef }): string => ('ref' in item ? item.ref : item).sku

/** One patchListingsItem an item. */
function singly<Item extends ListingRef | { ref: ListingRef }>(
  toPatch: ToPatch<Item>,
): Push<AmazonClient, Item> {
  return {
    bucket: 'patchListingsItem',
    maxBatch: 1,
    async run(client, items) {
      const results: ItemResult[] = []
      for (const item of items) results.push(await patchOne(client, item, toPatch))
      return results
    },
  }
}

async function patchOne<Item extends ListingRef | { ref: ListingRef }>(
  client: AmazonClient,
  item: Item,
  toPatch: ToPatch<Item>,
): Promise<ItemResult> {
  try {
    const sku = skuOf(item)
    return toItemResult(sku, await client.patchListing(sku, toPatch(item, client.settings)))
  } catch (error) {
    return { ok: false, error: ofItem(error) }
  }
}

/** The failure, if it concerns this item alone; what concerns the whole run is thrown on. */
export function ofItem(error: unknown): ConnectorError {
  const isOfItem =
    error instanceof ConnectorError && ['rejected', 'not_found', 'unexpected'].includes(error.kind)
  if (!isOfItem) throw error
  return error
}

type Prepared = { sku: string; patch: ListingPatch } | { sku: string; error: ConnectorError }

/** The same patches as messages of a JSON_LISTINGS_FEED. The ticket is the feed's id. */
function asFeed<Item extends { ref: ListingRef }>(toPatch: ToPatch<Item>): Push<AmazonClient, Item> {
  const prepare = (items: readonly Item[], settings: AmazonSettings): Prepared[] =>
    items.map((item) => {
      try {
        return { sku: item.ref.sku, patch: toPatch(item, settings) }
      } catch (error) {
        return { sku: item.ref.sku, error: ofItem(error) }
      }
    })
  /** What we refused ourselves was not in the feed; the report's verdicts fill the other places. */
  const inOrder = (prepared: readonly Prepared[], verdicts: Iterator<ItemResult>): ItemResult[] =>
    prepared.map((entry) =>
      'error' in entry ? { ok: false, error: entry.error } : (verdicts.next().value as ItemResult),
    )
  const sentOf = (prepared: readonly Prepared[]) => prepared.filter((entry) => 'patch' in entry)

  return {
    bucket: 'createFeed',
    maxBatch: feedMaxMessages,
    callsFor: () => 3,
    async run(client, items) {
      const prepared = prepare(items, client.settings)
      const sent = sentOf(prepared)
      if (sent.length === 0) return inOrder(prepared, [].values())
      return { ticket: await client.submitFeed(toFeed(sent, client.settings)) }
    },
    async settle(client, ticket, items) {
      const prepared = prepare(items, client.settings)
      const skus = sentOf(prepared).map((entry) => entry.sku)
      const verdicts = await readVerdicts(client, ticket, skus)
      return verdicts === 'pending' ? 'pending' : inOrder(prepared, verdicts.values())
    },
  }
}

const toFeed = (sent: readonly { sku: string; patch: ListingPatch }[], settings: AmazonSettings) => ({
  header: { sellerId: settings.sellerId, version: '2.0', issueLocale: settings.languageTag },
  messages: sent.map(({ sku, patch }, index) => ({
    messageId: index + 1,
    sku,
    operationType: 'PATCH',
    ...patch,
  })),
})

async function readVerdicts(
  client: AmazonClient,
  feedId: string,
  skus: readonly string[],
): Promise<ItemResult[] | 'pending'> {
  const feed = await client.getFeed(feedId)
  const status = feed.processingStatus
  if (status === 'IN_QUEUE' || status === 'IN_PROGRESS') return 'pending'
  const all = (error: ConnectorError): ItemResult[] => skus.map(() => ({ ok: false, error }))
  if (status === 'CANCELLED') {
    return all(new ConnectorError('unavailable', `Amazon cancelled the feed ${feedId}; it is sent again.`))
  }
  if (status === 'DONE' && feed.resultFeedDocumentId) {
    return toFeedResults(skus, await client.readReport(feed.resultFeedDocumentId))
  }
  // FATAL may have done some of it, or all: nothing counts as acknowledged, and sending again does no harm.
  const words = feed.resultFeedDocumentId ? await fatalWords(client, feed.resultFeedDocumentId) : undefined
  return all(
    new ConnectorError(
      'unexpected',
      `Amazon gave up on the feed ${feedId} (${status}): ${words ?? 'no reason given'}`,
      {
        vendorCode: status,
        vendorMessage: words,
      },
    ),
  )
}

/** The reason, if the report has one; what is left of a feed that failed need not have a report's form. */
async function fatalWords(client: AmazonClient, documentId: string): Promise<string | undefined> {
  try {
    return (await client.readReport(documentId)).issues[0]?.message
  } catch (error) {
    return ofItem(error).message
  }
}
