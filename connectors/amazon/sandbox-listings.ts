import { formatDecimal } from 'entrepot/sdk'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { type Gate, refuse } from './sandbox-gate.ts'
import {
  type Attributes,
  type Held,
  type Issue,
  isBuyable,
  isParent,
  type Ledger,
  parentSkuOf,
  patchesSchema,
  quantityOf,
  titleOf,
} from './sandbox-ledger.ts'

const putSchema = z.object({
  productType: z.string().min(1),
  requirements: z.enum(['LISTING', 'LISTING_PRODUCT_ONLY', 'LISTING_OFFER_ONLY']).default('LISTING'),
  attributes: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
})
const patchSchema = z.object({ productType: z.string().min(1), patches: patchesSchema.min(1) })
/** Amazon shows no more of one search. */
const searchLimit = 1000
const maxPageSize = 20

/** The Listings Items API 2021-08-01. */
export function serveListings(app: Hono, gate: Gate, ledger: Ledger, marketplaceId: string): void {
  const root = '/listings/2021-08-01/items/:sellerId'
  let submissions = 0
  const submitted = (c: Context, sku: string, issues: Issue[]) => {
    const status = issues.some((entry) => entry.severity === 'ERROR') ? 'INVALID' : 'ACCEPTED'
    const submissionId = `sub-${String(++submissions).padStart(8, '0')}`
    return c.json({ sku, status, submissionId, issues })
  }
  const isOurs = (c: Context) => c.req.query('marketplaceIds') === marketplaceId
  const badInput = (c: Context, message: string) => refuse(c, 400, 'InvalidInput', message)

  app.put(`${root}/:sku`, gate.operation('putListingsItem'), async (c) => {
    const body = putSchema.safeParse(await c.req.json().catch(() => null))
    if (!body.success || !isOurs(c)) return badInput(c, 'Invalid request parameters.')
    const { productType, requirements, attributes } = body.data
    const sku = c.req.param('sku')
    return submitted(
      c,
      sku,
      ledger.put(sku, productType, attributes as Attributes, requirements === 'LISTING'),
    )
  })

  app.patch(`${root}/:sku`, gate.operation('patchListingsItem'), async (c) => {
    const body = patchSchema.safeParse(await c.req.json().catch(() => null))
    if (!body.success || !isOurs(c)) return badInput(c, 'Invalid request parameters.')
    const sku = c.req.param('sku')
    const issues = ledger.patch(sku, body.data.productType, body.data.patches)
    if (!issues) return badInput(c, `SKU '${sku}' not found in marketplace ${marketplaceId}`)
    return submitted(c, sku, issues)
  })

  app.get(`${root}/:sku`, gate.operation('getListingsItem'), (c) => {
    const entry = ledger.get(c.req.param('sku'))
    if (!entry || !ledger.isVisible(entry) || !isOurs(c)) {
      const message = `SKU '${c.req.param('sku')}' not found in marketplace ${marketplaceId}`
      return refuse(c, 404, 'NOT_FOUND', message)
    }
    return c.json(toItem(entry, ledger, marketplaceId, includedData(c)))
  })

  app.get(root, gate.operation('searchListingsItems'), (c) => {
    const {
      sortBy = 'lastUpdatedDate',
      sortOrder = 'DESC',
      createdAfter,
      createdBefore,
      pageToken,
    } = c.req.query()
    const pageSize = Number(c.req.query('pageSize') ?? 10)
    if (!isOurs(c) || !(pageSize >= 1 && pageSize <= maxPageSize))
      return badInput(c, 'Invalid request parameters.')
    const from = createdAfter ? Date.parse(createdAfter) : Number.NEGATIVE_INFINITY
    const until = createdBefore ? Date.parse(createdBefore) : Number.POSITIVE_INFINITY
    const found = ledger
      .all()
      .filter((entry) => ledger.isVisible(entry) && isBetween(entry.createdAt.getTime(), from, until))
    // The ledger keeps them by date of creation.
    if (sortBy !== 'createdDate') found.sort(order[sortBy] ?? order.lastUpdatedDate)
    if (sortOrder === 'DESC') found.reverse()
    const offset = pageToken ? Number(Buffer.from(pageToken, 'base64url').toString()) : 0
    if (!Number.isInteger(offset)) return badInput(c, 'The page token is not valid.')
    const end = Math.min(offset + pageSize, searchLimit)
    const token = (at: number) => Buffer.from(String(at)).toString('base64url')
    const pagination = {
      ...(end < Math.min(found.length, searchLimit) ? { nextToken: token(end) } : {}),
      ...(offset > 0 ? { previousToken: token(Math.max(0, offset - pageSize)) } : {}),
    }
    const data = includedData(c)
    return c.json({
      numberOfResults: found.length,
      ...(Object.keys(pagination).length > 0 ? { pagination } : {}),
      items: found.slice(offset, end).map((entry) => toItem(entry, ledger, marketplaceId, data)),
    })
  })
}

const order: Record<string, (a: Held, b: Held) => number> = {
  sku: (a, b) => (a.sku < b.sku ? -1 : 1),
  lastUpdatedDate: (a, b) => a.updatedAt.getTime() - b.updatedAt.getTime(),
}

const isBetween = (time: number, from: number, until: number): boolean => time >= from && time <= until

const includedData = (c: Context): Set<string> =>
  new Set((c.req.query('includedData') ?? 'summaries').split(','))

function toItem(entry: Held, ledger: Ledger, marketplaceId: string, data: ReadonlySet<string>) {
  const price = ledger.priceOf(entry)
  const quantity = quantityOf(entry)
  const image = entry.attributes.main_product_image_locator?.[0]?.media_location
  const summary = {
    marketplaceId,
    asin: entry.asin,
    productType: entry.productType,
    conditionType: 'new_new',
    status: isBuyable(entry) ? ['BUYABLE', 'DISCOVERABLE'] : isParent(entry) ? [] : ['DISCOVERABLE'],
    itemName: titleOf(entry),
    createdDate: entry.createdAt.toISOString(),
    lastUpdatedDate: entry.updatedAt.toISOString(),
    ...(image ? { mainImage: { link: image, height: 500, width: 500 } } : {}),
  }
  const offer = price && {
    marketplaceId,
    offerType: 'B2C',
    price: { currencyCode: price.currency, amount: formatDecimal(price) },
    audience: { value: 'ALL', displayName: 'Sell on Amazon' },
  }
  const availability = { fulfillmentChannelCode: 'DEFAULT', ...(quantity === null ? {} : { quantity }) }
  return {
    sku: entry.sku,
    ...(data.has('summaries') ? { summaries: [summary] } : {}),
    ...(data.has('attributes') ? { attributes: entry.attributes } : {}),
    ...(data.has('issues') ? { issues: [] } : {}),
    ...(data.has('offers') ? { offers: offer ? [offer] : [] } : {}),
    ...(data.has('fulfillmentAvailability')
      ? { fulfillmentAvailability: isParent(entry) ? [] : [availability] }
      : {}),
    ...(data.has('relationships') ? { relationships: relationsOf(entry, ledger, marketplaceId) } : {}),
  }
}

function relationsOf(entry: Held, ledger: Ledger, marketplaceId: string) {
  const parentSku = parentSkuOf(entry)
  if (!parentSku && !isParent(entry)) return []
  const kin = parentSku
    ? { parentSkus: [parentSku] }
    : {
        childSkus: ledger
          .all()
          .filter((other) => parentSkuOf(other) === entry.sku)
          .map((other) => other.sku),
      }
  const theme = String(entry.attributes.variation_theme?.[0]?.name ?? '')
  const variationTheme = { attributes: theme.toLowerCase().split('/'), theme }
  return [{ marketplaceId, relationships: [{ type: 'VARIATION', variationTheme, ...kin }] }]
}
