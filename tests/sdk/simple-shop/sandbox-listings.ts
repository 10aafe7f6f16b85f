import { parseMoney, type SandboxListing } from 'entrepot/sdk'
import { Hono } from 'hono'
import { pageOf, refuse } from './sandbox-wire.ts'
import type { SimpleChange, SimpleListing, SimpleProduct } from './schemas.ts'

type Draft = { reference: string; variants: Pick<SimpleListing, 'sku' | 'title' | 'price' | 'quantity'>[] }

export type Listings = ReturnType<typeof createListings>

/** The stand-in's listings: its ledger and the routes that read and change it. */
export function createListings(currency: string) {
  const listings: SimpleListing[] = []
  const products = new Map<string, SimpleProduct>()
  const bulks: { changes: SimpleChange[]; asked: number }[] = []
  const routes = new Hono()

  const apply = (change: SimpleChange) => {
    const listing = listings.find(({ id }) => id === change.id)
    if (listing) Object.assign(listing, change)
    return { id: change.id, error: listing ? null : 'unknown' }
  }

  routes.get('/listings', (c) => {
    const { page, next, more } = pageOf(listings, c.req.query('after'))
    return c.json({ listings: page, next, more })
  })
  routes.patch('/listings', async (c) => {
    const { changes } = await c.req.json<{ changes: SimpleChange[] }>()
    if (changes.length > 50) return refuse(c, 422, 'many', 'At most 50 changes.')
    return c.json({ results: changes.map(apply) })
  })
  routes.post('/bulk', async (c) => {
    bulks.push({ ...(await c.req.json<{ changes: SimpleChange[] }>()), asked: 0 })
    return c.json({ ticket: String(bulks.length) })
  })
  routes.get('/bulk/:ticket', (c) => {
    const bulk = bulks[Number(c.req.param('ticket')) - 1]
    if (!bulk) return refuse(c, 404, 'unknown', 'No such ticket.')
    bulk.asked += 1
    return c.json(bulk.asked < 2 ? { state: 'working' } : { state: 'done', results: bulk.changes.map(apply) })
  })
  routes.get('/products', (c) => c.json({ product: products.get(c.req.query('reference') ?? '') ?? null }))
  routes.post('/products', async (c) => {
    const { reference, variants } = await c.req.json<Draft>()
    const productId = variants.length > 1 ? `product-${products.size + 1}` : null
    const added = variants.map(
      (variant, index): SimpleListing => ({
        ...variant,
        id: `listing-${listings.length + index + 1}`,
        productId,
        state: 'live',
      }),
    )
    listings.push(...added)
    const product = { productId, listings: added.map(({ id, sku }) => ({ id, sku })) }
    products.set(reference, product)
    return c.json(product, 201)
  })

  return {
    routes,
    ledger: (): SandboxListing[] => listings.map((listing) => toLedger(listing, currency)),
    /** Takes units for an order. @throws Error when there are too few. */
    take(sku: string, quantity: number): SimpleListing {
      const listing = listings.find((candidate) => candidate.sku === sku && candidate.state === 'live')
      if (!listing || listing.quantity < quantity) throw new Error(`Too few units of ${sku}.`)
      listing.quantity -= quantity
      return listing
    },
  }
}

const toLedger = (listing: SimpleListing, currency: string): SandboxListing => ({
  externalId: listing.id,
  externalParentId: listing.productId,
  sku: listing.sku,
  title: listing.title,
  status: listing.state,
  price: parseMoney(listing.price, currency),
  quantity: listing.quantity,
})
