import {
  ConnectorError,
  type CreatedListing,
  type ListingDraft,
  type Once,
  type Page,
  type Pull,
  type RemoteListing,
  type Unreadable,
} from 'entrepot/sdk'
import { z } from 'zod'
import type { AmazonClient } from './client.ts'
import { parentPut, parentSkuOf, variantPut } from './mapping-content.ts'
import { toItemResult, toRemoteListing } from './mapping-listings.ts'
import { ofItem } from './push.ts'
import { type AmazonListing, listingSchema } from './schemas.ts'

/**
 * Puts each variant under its SKU; a family gets its parent first. A put may be repeated, so an unclear outcome
 * is cleared up by looking and, if need be, putting again. The ASIN is Amazon's affair and comes later.
 */
export const createListing: Once<AmazonClient, ListingDraft, CreatedListing> = {
  async run(client, draft) {
    const parentSku = parentSkuOf(draft)
    if (parentSku !== null && draft.externalParentId === null) {
      const parent = toItemResult(
        parentSku,
        await client.putListing(parentSku, parentPut(draft, client.settings)),
      )
      if (!parent.ok) throw parent.error
    }
    const variants: CreatedListing['variants'][number][] = []
    for (const variant of draft.variants) variants.push(await putVariant(client, variant, draft))
    return { externalParentId: parentSku, variants }
  },
  async find(client, draft) {
    for (const { sku } of draft.variants) {
      try {
        await client.getListing(sku)
      } catch (error) {
        if (error instanceof ConnectorError && error.kind === 'not_found') return null
        throw error
      }
    }
    const variants = draft.variants.map(({ sku }) => ({ sku, ok: true as const, externalId: sku }))
    return { externalParentId: parentSkuOf(draft), variants }
  },
}

async function putVariant(
  client: AmazonClient,
  variant: ListingDraft['variants'][number],
  draft: ListingDraft,
): Promise<CreatedListing['variants'][number]> {
  const { sku } = variant
  try {
    const result = toItemResult(
      sku,
      await client.putListing(sku, variantPut(variant, draft, client.settings)),
    )
    return result.ok ? { sku, ok: true, externalId: sku } : { sku, ok: false, error: result.error }
  } catch (error) {
    const failure = ofItem(error)
    // Amazon may have taken what it answered unreadably: the hub looks before it says anything of this SKU.
    if (failure.kind === 'unexpected') throw failure
    return { sku, ok: false, error: failure }
  }
}

/**
 * Where a listing pull stands. One search gives 1,000 listings at most, so the catalogue is read in windows by
 * date of creation: `from` starts the window, `token` is its next page, `read` and `last` are what it gave.
 */
const cursorSchema = z.object({
  from: z.string().nullable(),
  token: z.string().nullable(),
  read: z.int(),
  last: z.string().nullable(),
})
type Cursor = z.infer<typeof cursorSchema>

const searchLimit = 1000
const start: Cursor = { from: null, token: null, read: 0, last: null }

export const pullListings: Pull<AmazonClient, RemoteListing> = {
  async run(client, after) {
    const cursor = after === null ? start : cursorSchema.parse(JSON.parse(after))
    const page = await client.searchListings({
      ...(cursor.from === null ? {} : { createdAfter: cursor.from }),
      ...(cursor.token === null ? {} : { pageToken: cursor.token }),
    })
    const { listings, unreadable } = readItems(page.items)
    const items = listings.flatMap((item) => toRemoteListing(item, client.settings) ?? [])
    const dates = listings.flatMap((item) => createdDateOf(item, client.settings.marketplaceId) ?? [])
    const read = cursor.read + page.items.length
    const last = dates.at(-1) ?? cursor.last
    const token = page.pagination?.nextToken
    const next = token
      ? { ...cursor, token, read, last }
      : nextWindow(cursor.from, read, last, page.numberOfResults)
    return toPage(items, unreadable, next)
  },
}

/** The window after this one, which begins with the last listing seen; null when everything has been read. */
function nextWindow(from: string | null, read: number, last: string | null, found: number): Cursor | null {
  const isCapped = read >= searchLimit
  if (!isCapped && read >= found) return null
  if (last !== null && last !== from) return { ...start, from: last }
  if (!isCapped) return null
  throw new ConnectorError(
    'unexpected',
    `More than ${searchLimit} listings were created at ${last}; Amazon's search cannot show all of them.`,
  )
}

function readItems(raw: readonly unknown[]) {
  const listings: AmazonListing[] = []
  const unreadable: Unreadable[] = []
  for (const entry of raw) {
    const parsed = listingSchema.safeParse(entry)
    if (parsed.success) listings.push(parsed.data)
    else {
      const externalId = z.object({ sku: z.string() }).safeParse(entry).data?.sku ?? null
      unreadable.push({ externalId, raw: entry, reason: z.prettifyError(parsed.error) })
    }
  }
  return { listings, unreadable }
}

const createdDateOf = (item: AmazonListing, marketplaceId: string): string | undefined =>
  item.summaries?.find((summary) => summary.marketplaceId === marketplaceId)?.createdDate

const toPage = (
  items: readonly RemoteListing[],
  unreadable: readonly Unreadable[],
  next: Cursor | null,
): Page<RemoteListing> => ({
  items,
  unreadable,
  next: next === null ? null : JSON.stringify(next),
  more: next !== null,
})
