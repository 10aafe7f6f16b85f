import {
  ConnectorError,
  type ContentChange,
  type ItemResult,
  type ListingRef,
  type PriceChange,
  type StockChange,
  toConnectorError,
} from 'entrepot/sdk'
import { pageSize, type WooClient } from './client.ts'
import { fromWpError } from './errors.ts'
import {
  optionValuesOf,
  physicalFields,
  productContent,
  variationContent,
  variationImage,
} from './mapping-content.ts'
import { priceDifference, priceUpdate, stockDifference, stockUpdate, toId } from './mapping-listings.ts'
import type { BatchItem, WooProduct } from './schemas.ts'

type WithRef = { ref: ListingRef }
const parentOf = ({ ref }: WithRef): string => ref.externalParentId ?? ''

/** Products share one batch, the variations of a parent another. */
export const groupBy = parentOf
const groupsOf = <Item extends WithRef>(items: readonly Item[]): Map<string, Item[]> =>
  Map.groupBy(items, parentOf)

/** How many batches these items need. */
export const batchesFor = (items: readonly WithRef[]): number =>
  [...groupsOf(items).values()].reduce((sum, group) => sum + Math.ceil(group.length / pageSize), 0)

/** A batch's answer for one item; a failure inside a 200 becomes that item's error. */
function toResult(
  item: BatchItem | undefined,
  ref: ListingRef,
  differs: (stored: WooProduct) => ConnectorError | null,
): ItemResult {
  if (item === undefined || (item.id !== null && String(item.id) !== ref.externalId))
    return failed(
      new ConnectorError('unexpected', `The batch answer has no entry for ${ref.sku} in its place.`),
    )
  if ('error' in item) {
    const status = (item.error.data as { status?: number } | null)?.status ?? 400
    return failed(fromWpError(item.error, status, `${ref.sku} (product ${ref.externalId})`))
  }
  if ('isUnreadable' in item)
    return failed(new ConnectorError('unexpected', `The answer for ${ref.sku} cannot be read.`))
  const difference = differs(item.product)
  return difference ? failed(difference) : { ok: true, externalId: ref.externalId }
}
const failed = (error: ConnectorError): ItemResult => ({ ok: false, error })

/**
 * Sends one update per item in batches of up to 100, each to the endpoint of its parent. An item whose own
 * values are wrong is refused here and takes no other with it.
 */
async function pushEach<Item extends WithRef>(
  client: WooClient,
  items: readonly Item[],
  update: (item: Item) => object,
  differs: (item: Item, stored: WooProduct) => ConnectorError | null,
): Promise<ItemResult[]> {
  const results = new Map<Item, ItemResult>()
  for (const [parentId, group] of groupsOf(items)) {
    const sendable: { item: Item; body: object }[] = []
    for (const item of group) {
      try {
        sendable.push({ item, body: update(item) })
      } catch (error) {
        results.set(item, failed(toConnectorError(error)))
      }
    }
    for (let from = 0; from < sendable.length; from += pageSize) {
      const part = sendable.slice(from, from + pageSize)
      const answer = await client.batch(parentId, { update: part.map(({ body }) => body) })
      part.forEach(({ item }, index) => {
        results.set(
          item,
          toResult(answer.update[index], item.ref, (stored) => differs(item, stored)),
        )
      })
    }
  }
  return items.map((item) => results.get(item)!)
}

/** @see https://woocommerce.github.io/woocommerce-rest-api-docs/#batch-update-products */
export const pushStock = (client: WooClient, items: readonly StockChange[]): Promise<ItemResult[]> =>
  pushEach(client, items, stockUpdate, stockDifference)

export const pushPrices = (client: WooClient, items: readonly PriceChange[]): Promise<ItemResult[]> =>
  pushEach(client, items, (item) => priceUpdate(item, client.settings.currency), priceDifference)

/** Ends listings by taking them off sale: `draft`, or `private` for a variation. They can be put back. */
export const endListing = (client: WooClient, refs: readonly ListingRef[]): Promise<ItemResult[]> =>
  pushEach(
    client,
    refs.map((ref) => ({ ref })),
    ({ ref }) => ({ id: toId(ref.externalId, ref.sku), status: ref.externalParentId ? 'private' : 'draft' }),
    ({ ref }, { status }) =>
      status === 'publish' ? new ConnectorError('rejected', `WooCommerce left ${ref.sku} published.`) : null,
  )

/** One read and one batch for products; for variations also the parent is read and written. */
export const contentCallsFor = (items: readonly WithRef[]): number =>
  [...groupsOf(items)].reduce(
    (sum, [parentId, group]) => sum + Math.ceil(group.length / pageSize) * 2 + (parentId === '' ? 0 : 2),
    0,
  )

/**
 * Content needs what is there: a write replaces all attributes, and pictures known by id are not downloaded
 * again. A parent carries name, text, pictures and facts for its variations; they keep options and measures.
 */
export async function pushContent(client: WooClient, items: readonly ContentChange[]): Promise<ItemResult[]> {
  const results = new Map<ContentChange, ItemResult>()
  for (const [parentId, group] of groupsOf(items)) {
    for (let from = 0; from < group.length; from += pageSize) {
      const part = group.slice(from, from + pageSize)
      const done = await pushContentPart(client, parentId, part)
      part.forEach((item, index) => {
        results.set(item, done[index]!)
      })
    }
  }
  return items.map((item) => results.get(item)!)
}

async function pushContentPart(
  client: WooClient,
  parentId: string,
  items: readonly ContentChange[],
): Promise<ItemResult[]> {
  const ids = items.map(({ ref }) => ref.externalId).join(',')
  const query = {
    include: ids,
    per_page: pageSize,
    status: 'any',
    _fields: 'id,status,type,attributes,images,image',
  }
  let parent: WooProduct | null = null
  try {
    if (parentId !== '') parent = await pushParent(client, toId(parentId, 'a parent'), items)
  } catch (error) {
    const refusal = toConnectorError(error)
    if (refusal.kind !== 'rejected' && refusal.kind !== 'not_found') throw refusal
    return items.map(() => failed(refusal))
  }
  const rows = parent ? await client.listVariations(parent.id, query) : await client.listProducts(query)
  const present = new Map(rows.map((row) => [String(row.id), row]))
  const { settings } = client
  return pushEach(
    client,
    items,
    ({ ref, content }) => {
      const held = present.get(ref.externalId) ?? null
      const id = toId(ref.externalId, ref.sku)
      if (parent)
        return {
          id,
          ...variationContent(content, settings, parent.attributes),
          ...variationImage(content, held?.image),
        }
      return { id, ...productContent(content, new Map(), held), ...physicalFields(content, settings) }
    },
    () => null,
  )
}

/** The shared content is that of the first variant; the others say the same. */
async function pushParent(
  client: WooClient,
  parentId: number,
  items: readonly ContentChange[],
): Promise<WooProduct> {
  const parent = await client.readProduct(parentId)
  const contents = items.map(({ content }) => content)
  const body = productContent(contents[0]!, optionValuesOf([], contents), parent)
  return client.updateProduct(parentId, body)
}
