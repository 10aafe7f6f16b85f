import { InputError, type ListingFacts, type Money, type PluginContext } from 'entrepot/sdk'
import { type Campaign, type Period, periodOn } from './campaign.ts'
import { type PromotionalOutcome, priceOf } from './price-of.ts'
import type { Settings } from './settings.ts'

const dayMs = 86_400_000

export type Connection = { id: string; name: string; connector: string; currency: string; canCoupon: boolean }

/** A listing in the scope of a campaign, with its price there and what it is expected to sell. */
export type Goods = Pick<
  ListingFacts,
  | 'listingId'
  | 'connectionId'
  | 'variantId'
  | 'productId'
  | 'sku'
  | 'currency'
  | 'floor'
  | 'cost'
  | 'quantity'
  | 'available'
> & {
  regular: Money | null
  complaints: number
  hasImage: boolean
  period: Period
  outcome: PromotionalOutcome
  /** Thousandths of units over the whole period: as it sells now, and with the expected uplift. Null: no data. */
  usualMilliUnits: number | null
  expectedMilliUnits: number | null
}

export type Collected = { connections: Connection[]; missing: string[]; goods: Goods[] }
type Context = Pick<PluginContext, 'services' | 'clock'>

/** The marketplaces of a campaign; `missing` are named by it and are none. */
export async function listTargets(
  { services }: Context,
  campaign: Campaign,
): Promise<{ connections: Connection[]; missing: string[] }> {
  const all = (await services.listConnections()).filter(({ kind }) => kind === 'marketplace')
  if (campaign.connections === 'all') return { connections: all, missing: [] }
  const wanted = new Set(campaign.connections)
  const connections = all.filter(({ id }) => wanted.has(id))
  return { connections, missing: [...wanted].filter((id) => !connections.some((found) => found.id === id)) }
}

/** All live listings in scope, priced and forecast. Page by page: only what a campaign needs of each is kept. */
export async function collectGoods(
  context: Context,
  campaign: Campaign,
  settings: Settings,
): Promise<Collected> {
  const { connections, missing } = await listTargets(context, campaign)
  const sold = await readHistory(context, settings)
  const goods: Goods[] = []
  for (const { id } of connections) {
    const period = periodOn(campaign, id)
    const partPrices = await readPartPrices(context, campaign, id)
    const filter = { connectionId: id, statuses: ['live'] as const, ...narrow(campaign) }
    for await (const page of context.services.streamListings(filter))
      for (const listing of page)
        if (isInScope(campaign, listing))
          goods.push(toGoods(campaign, listing, { period, sold, settings, partPrices }))
  }
  return { connections, missing, goods }
}

/** What the parts of a bundle cost singly on a connection, by SKU; empty for other kinds. */
async function readPartPrices(
  { services }: Context,
  { kind }: Campaign,
  connectionId: string,
): Promise<Map<string, Money>> {
  const found = new Map<string, Money>()
  if (kind.kind !== 'bundle') return found
  for await (const page of services.streamListings({ connectionId, skus: kind.skus }))
    for (const { sku, price } of page) if (price) found.set(sku, price)
  return found
}

/** What they cost together; null where one has no price, or another currency. */
function sumOf(parts: ListingFacts['parts'], prices: ReadonlyMap<string, Money>): Money | null {
  const currency = prices.values().next().value?.currency
  let minor = 0
  for (const { sku, units } of parts) {
    const price = prices.get(sku)
    if (!price || price.currency !== currency) return null
    minor += price.minor * units
  }
  return currency === undefined || parts.length === 0 ? null : { minor, currency }
}

/** What the hub itself can leave out of a stream. */
const narrow = ({ scope: { categoryKeys, skus } }: Campaign) => ({
  ...(categoryKeys.length > 0 ? { categoryKeys } : {}),
  ...(skus.length > 0 ? { skus } : {}),
})

/** Whether the filter of the campaign lets a listing in. What has no known price or brand is out where it asks for one. */
export function isInScope({ scope, kind }: Campaign, listing: ListingFacts): boolean {
  const { sku, price, available, quantity, content, parts } = listing
  if (kind.kind === 'bundle') {
    const wanted = new Set(kind.skus)
    if (parts.length !== wanted.size || !parts.every((part) => wanted.has(part.sku))) return false
  }
  if (scope.excludedSkus.includes(sku)) return false
  if (scope.brands.length > 0 && !scope.brands.includes(content.brand ?? '')) return false
  if (Math.max(available, quantity) < scope.stockAtLeast) return false
  const bounds = [scope.priceFrom, scope.priceTo].filter((bound) => bound !== null)
  if (bounds.length === 0) return true
  if (!price || bounds.some(({ currency }) => currency !== price.currency)) return false
  return (
    price.minor >= (scope.priceFrom?.minor ?? 0) &&
    price.minor <= (scope.priceTo?.minor ?? Number.MAX_SAFE_INTEGER)
  )
}

type Given = {
  period: Period
  sold: ReadonlyMap<string, number>
  settings: Settings
  partPrices: ReadonlyMap<string, Money>
}

function toGoods(
  campaign: Campaign,
  listing: ListingFacts,
  { period, sold, settings, partPrices }: Given,
): Goods {
  const { listingId, connectionId, variantId, productId, sku, currency, floor, cost, quantity, available } =
    listing
  const units = sold.get(soldKey(connectionId, variantId)) ?? 0
  const usual = forecast(units, period, settings)
  return {
    listingId,
    connectionId,
    variantId,
    productId,
    sku,
    currency,
    floor,
    quantity,
    available,
    cost: cost?.currency === currency ? cost : null,
    regular: listing.price,
    complaints: listing.complaints.length,
    hasImage: listing.content.images.length > 0,
    period,
    outcome: priceOf(campaign, {
      sku,
      regular: listing.price,
      floor,
      parts: sumOf(listing.parts, partPrices),
    }),
    usualMilliUnits: usual,
    expectedMilliUnits:
      usual === null ? null : Math.round((usual * (10_000 + campaign.expectedUpliftBasisPoints)) / 10_000),
  }
}

export const soldKey = (connectionId: string, variantId: string): string => `${connectionId} ${variantId}`

/** What sells in a period at the pace of the history; null where it sold too little to tell. */
export function forecast(
  units: number,
  { startsAt, endsAt }: Pick<Period, 'startsAt' | 'endsAt'>,
  settings: Settings,
): number | null {
  if (units < settings.leastUnitsForForecast) return null
  return Math.round((units * 1000 * (endsAt.getTime() - startsAt.getTime())) / (settings.historyDays * dayMs))
}

async function readHistory({ services, clock }: Context, settings: Settings): Promise<Map<string, number>> {
  const to = clock.now()
  const from = new Date(to.getTime() - settings.historyDays * dayMs)
  const sold = new Map<string, number>()
  for await (const page of services.streamSales({ from, to }))
    for (const { connectionId, variantId, units } of page) {
      const key = soldKey(connectionId, variantId)
      sold.set(key, (sold.get(key) ?? 0) + units)
    }
  return sold
}

export type PricedGoods = Goods & { regular: Money; outcome: PromotionalOutcome & { ok: true } }

/** Those that take part: they have a price that is neither below the floor nor no reduction. */
export const priced = (goods: readonly Goods[]): PricedGoods[] =>
  goods.filter((item): item is PricedGoods => item.outcome.ok)

/** @throws InputError where a campaign would have more listings than one proposal carries */
export function assertSize(goods: readonly Goods[]): void {
  if (goods.length > mostGoods)
    throw new InputError(
      `The scope holds ${goods.length} listings; a campaign takes ${mostGoods}. Narrow it, or make two.`,
      'scope',
    )
}
const mostGoods = 100_000
