import { ConnectorError, type Page, type RemoteListing, type Unreadable } from 'entrepot/sdk'
import { z } from 'zod'
import { pageSize, type Query, type WooClient } from './client.ts'
import { isSellable, type ParentFacts, toRemoteListing } from './mapping-listings.ts'
import { product, type WooProduct } from './schemas.ts'

/** Rows read twice from page to page, so that a product deleted meanwhile shifts no other out of sight. */
const offsetOverlap = 10
/** Parents whose variations one page reads where the shop has no list of all variations. */
const parentsPerPage = 10

/** Products come first, then variations: all of them in pages, or parent by parent in older shops. */
const cursorSchema = z.object({
  phase: z.enum(['products', 'variations', 'parents']),
  offset: z.number().int().min(0),
})
type ListingCursor = z.infer<typeof cursorSchema>

const listFields = 'id,name,type,status,sku,regular_price,sale_price,manage_stock,stock_quantity,parent_id'
const byId = (offset: number, perPage = pageSize): Query => ({
  status: 'any',
  orderby: 'id',
  order: 'asc',
  per_page: perPage,
  offset: offset || undefined,
  _fields: listFields,
})

/**
 * All products and variations, by id. The cost is one call per 100 products, and one or two per 100 variations.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-products
 */
export async function pullListings(client: WooClient, after: string | null): Promise<Page<RemoteListing>> {
  const cursor: ListingCursor =
    after === null ? { phase: 'products', offset: 0 } : cursorSchema.parse(JSON.parse(after))
  if (cursor.phase === 'products') return productPage(client, cursor)
  if (cursor.phase === 'parents') return parentPage(client, cursor)
  try {
    return await variationPage(client, cursor)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.vendorCode !== 'rest_no_route') throw error
    return parentPage(client, { phase: 'parents', offset: 0 })
  }
}

const goOn = (cursor: ListingCursor | null) => ({
  next: cursor === null ? null : JSON.stringify(cursor),
  more: cursor !== null,
})
const following = (cursor: ListingCursor, rows: readonly unknown[]): ListingCursor | null =>
  rows.length < pageSize ? null : { ...cursor, offset: cursor.offset + pageSize - offsetOverlap }

/** Each row on its own, so that one which cannot be read is kept and spoils no other. */
function readRows(rows: readonly unknown[]): { readable: WooProduct[]; unreadable: Unreadable[] } {
  const readable: WooProduct[] = []
  const unreadable: Unreadable[] = []
  for (const raw of rows) {
    const parsed = product.safeParse(raw)
    if (parsed.success) readable.push(parsed.data)
    else {
      const id = product.pick({ id: true }).safeParse(raw).data?.id
      const reason = `Product ${id ?? 'without an id'} cannot be read: ${z.prettifyError(parsed.error)}`
      unreadable.push({ externalId: id === undefined ? null : String(id), raw, reason })
    }
  }
  return { readable, unreadable }
}

async function productPage(client: WooClient, cursor: ListingCursor): Promise<Page<RemoteListing>> {
  const rows = await client.listRows('/products', byId(cursor.offset))
  const { readable, unreadable } = readRows(rows)
  const items = readable.filter(isSellable).map((row) => toRemoteListing(row, null, client.settings.currency))
  return { items, unreadable, ...goOn(following(cursor, rows) ?? { phase: 'variations', offset: 0 }) }
}

async function variationPage(client: WooClient, cursor: ListingCursor): Promise<Page<RemoteListing>> {
  const rows = await client.listRows('/variations', byId(cursor.offset))
  const { readable, unreadable } = readRows(rows)
  const parents = await readParents(
    client,
    readable.map((row) => row.parent_id),
  )
  return { items: withParents(client, readable, parents), unreadable, ...goOn(following(cursor, rows)) }
}

/** Name, SKU and status of the parents, which a variation's own row does not have. */
async function readParents(client: WooClient, ids: readonly number[]): Promise<ParentFacts[]> {
  const include = [...new Set(ids)].join(',')
  return include === '' ? [] : client.listProducts({ ...byId(0), include, _fields: 'id,name,sku,status' })
}

const withParents = (
  client: WooClient,
  rows: readonly WooProduct[],
  parents: readonly ParentFacts[],
): RemoteListing[] => {
  const byParentId = new Map(parents.map((parent) => [parent.id, parent]))
  return rows.map((row) =>
    toRemoteListing(row, byParentId.get(row.parent_id) ?? null, client.settings.currency),
  )
}

async function parentPage(client: WooClient, cursor: ListingCursor): Promise<Page<RemoteListing>> {
  const parents = await client.listProducts({ ...byId(cursor.offset, parentsPerPage), type: 'variable' })
  const items: RemoteListing[] = []
  for (const parent of parents) {
    for (let page = 1; ; page += 1) {
      const rows = await client.listVariations(parent.id, { ...byId(0), page })
      const named = rows.map((row) => ({ ...row, parent_id: parent.id }))
      items.push(...withParents(client, named, [parent]))
      if (rows.length < pageSize) break
    }
  }
  const isLast = parents.length < parentsPerPage
  return { items, ...goOn(isLast ? null : { phase: 'parents', offset: cursor.offset + parentsPerPage - 1 }) }
}
