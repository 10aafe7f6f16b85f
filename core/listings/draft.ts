import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows } from '../db/client.ts'
import type { ListingContent, ListingDraft } from '../sdk/model/listing.ts'
import { desiredContents, desiredPrices, desiredQuantities } from './desired.ts'
import { loadDictionary, type TentativeMapping } from './translate.ts'

type Row = {
  listing_id: string
  product_id: string
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
  productId: string
  sku: string
  kind: 'price_missing' | 'price_below_floor'
  message: string
}

/**
 * What is to be listed of these products on a connection: their variants that are not there yet, with the
 * values of now. A product of which nothing can be listed is not in `drafts`.
 */
export async function loadDrafts(
  db: DbOrTx,
  connectionId: string,
  productIds: readonly string[],
  now: Date,
  tentative: readonly TentativeMapping[] = [],
): Promise<{ drafts: Map<string, LoadedDraft>; unlistable: Unlistable[] }> {
  const found = await readUnlisted(db, connectionId, productIds)
  const ids = found.map((row) => row.listing_id)
  const prices = await desiredPrices(db, ids, now)
  const contents = await desiredContents(db, ids, tentative)
  const quantities = await desiredQuantities(db, ids)
  const options = found.flatMap((row) => row.option_names.map((word) => optionWord(connectionId, word)))
  const dictionary = await loadDictionary(db, options, tentative)
  const drafts = new Map<string, LoadedDraft>()
  const unlistable: Unlistable[] = []
  for (const [productId, mine] of Map.groupBy(found, (row) => row.product_id)) {
    const variants: ListingDraft['variants'][number][] = []
    const listingIds: string[] = []
    for (const { listing_id: listingId, sku } of mine) {
      const price = prices.get(listingId)!
      if (!price.ok) {
        unlistable.push({ listingId, productId, sku, kind: price.reason, message: price.message })
        continue
      }
      const { quantity } = quantities.get(listingId)!
      listingIds.push(listingId)
      variants.push({
        sku,
        content: contents.get(listingId)!,
        price: price.price,
        sale: price.sale,
        quantity,
      })
    }
    if (variants.length === 0) continue
    const optionNames = mine[0]!.option_names.map(
      (word) => dictionary.meaning(optionWord(connectionId, word)) ?? word,
    )
    drafts.set(productId, { ...toDraft(mine[0]!, optionNames, variants), listingIds })
  }
  return { drafts, unlistable }
}

const optionWord = (connectionId: string, word: string) =>
  ({ connectionId, kind: 'attribute', scope: '', word }) as const

function readUnlisted(db: DbOrTx, connectionId: string, productIds: readonly string[]): Promise<Row[]> {
  return query<Row>(
    db,
    sql`
    select listing.id as listing_id, product.id as product_id, variant.sku, sibling.external_parent_id as parent, product.option_names,
           product.key as product_key
    from ${rows(
      productIds.map((id) => ({ id })),
      'id text',
    )} join products product on product.id = item.id
    join variants variant on variant.product_id = product.id
    join listings listing on listing.variant_id = variant.id and listing.connection_id = ${connectionId}
    left join lateral (
      select other.external_parent_id from variants v join listings other on other.variant_id = v.id and other.connection_id = ${connectionId}
      where v.product_id = product.id and other.external_parent_id is not null limit 1
    ) sibling on true
    where listing.external_id is null and listing.status in ('draft', 'rejected', 'pending')
    order by product.id, variant.sku`,
  )
}

function toDraft(row: Row, optionNames: readonly string[], variants: ListingDraft['variants']): ListingDraft {
  const [first] = variants
  const shared: ListingContent = {
    ...first!.content,
    options: {},
    gtin: variants.length === 1 ? first!.content.gtin : null,
  }
  return {
    content: shared,
    optionNames,
    externalParentId: row.parent,
    parentSku: row.product_key,
    variants,
  }
}
