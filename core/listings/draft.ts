import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import type { ListingContent, ListingDraft } from '../sdk/model/listing.ts'
import { desiredContents, desiredPrices, desiredQuantities } from './desired.ts'

type Row = {
  listing_id: string
  sku: string
  parent: string | null
  option_names: string[]
  product_key: string
}

/** A draft with the listings behind its variants, in the same order. */
export type LoadedDraft = ListingDraft & { listingIds: string[] }

/** A variant that cannot be listed, and why. */
export type Unlistable = {
  listingId: string
  sku: string
  kind: 'price_missing' | 'price_below_floor'
  message: string
}

/**
 * What is to be listed of a product on a connection: its variants that are not there yet, with the values of
 * now. `draft` is null when none can be listed.
 */
export async function loadDraft(
  db: DbOrTx,
  connectionId: string,
  productId: string,
  now: Date,
): Promise<{ draft: LoadedDraft | null; unlistable: Unlistable[] }> {
  const found = await query<Row>(
    db,
    sql`
    select listing.id as listing_id, variant.sku, sibling.external_parent_id as parent, product.option_names, product.key as product_key
    from listings listing join variants variant on variant.id = listing.variant_id join products product on product.id = variant.product_id
    left join lateral (
      select other.external_parent_id from listings other join variants v on v.id = other.variant_id
      where other.connection_id = listing.connection_id and v.product_id = product.id and other.external_parent_id is not null limit 1
    ) sibling on true
    where listing.connection_id = ${connectionId} and variant.product_id = ${productId} and listing.external_id is null and listing.status in ('draft', 'rejected', 'pending')
    order by variant.sku`,
  )
  const ids = found.map((row) => row.listing_id)
  const [prices, contents, quantities] = [
    await desiredPrices(db, ids, now),
    await desiredContents(db, ids),
    await desiredQuantities(db, ids),
  ]
  const unlistable: Unlistable[] = []
  const variants: ListingDraft['variants'][number][] = []
  const listingIds: string[] = []
  for (const row of found) {
    const price = prices.get(row.listing_id)!
    if (!price.ok) {
      unlistable.push({ listingId: row.listing_id, sku: row.sku, kind: price.reason, message: price.message })
      continue
    }
    listingIds.push(row.listing_id)
    variants.push({
      sku: row.sku,
      content: contents.get(row.listing_id)!,
      price: price.price,
      sale: price.sale,
      quantity: quantities.get(row.listing_id)!.quantity,
    })
  }
  const [first] = variants
  if (!first) return { draft: null, unlistable }
  const shared: ListingContent = {
    ...first.content,
    options: {},
    gtin: variants.length === 1 ? first.content.gtin : null,
  }
  const optionNames = found[0]!.option_names
  return {
    draft: {
      content: shared,
      optionNames,
      externalParentId: found[0]!.parent,
      parentSku: found[0]!.product_key,
      variants,
      listingIds,
    },
    unlistable,
  }
}
