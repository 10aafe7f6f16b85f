import type { CouponStatus } from './model/coupon.ts'
import type { Aspect, ListingContent, ListingStatus } from './model/listing.ts'
import type { Money } from './model/money.ts'

/** A listing with all that a plugin may judge it by. What is not known is null, never zero. */
export type ListingFacts = {
  listingId: string
  connectionId: string
  connector: string
  locale: string
  currency: string
  status: ListingStatus
  externalId: string | null
  variantId: string
  productId: string
  productKey: string
  sku: string
  /** What a bundle is made of; empty for what is none. */
  parts: readonly { sku: string; units: number }[]
  /** Our own category's key. */
  categoryKey: string | null
  /** What it should say, and what the marketplace acknowledged; null when it never did. */
  content: ListingContent
  acknowledgedContent: ListingContent | null
  /** The hub's base price in the connection's currency, before the connection's rule. */
  basePrice: Money | null
  /** The regular price that it should have; null with the reason in `priceProblem`. */
  price: Money | null
  priceProblem: string | null
  /** The dated price of now, if there is one. */
  salePrice: Money | null
  acknowledgedPrice: Money | null
  /** The least it may cost by cost and margin; null where the cost is not known. */
  floor: Money | null
  cost: Money | null
  /** Units to publish now. */
  quantity: number
  /** Units in all active warehouses: on hand, and thereof free to sell. */
  onHand: number
  available: number
  /** When it came to be on this connection. */
  createdAt: Date
  /** When the texts, facts or variants of its product were last changed. */
  changedAt: Date
  complaints: readonly { field: string | null; message: string }[]
}

export type ListingFilter = {
  connectionId?: string | undefined
  listingIds?: readonly string[] | undefined
  productIds?: readonly string[] | undefined
  variantIds?: readonly string[] | undefined
  skus?: readonly string[] | undefined
  categoryKeys?: readonly string[] | undefined
  statuses?: readonly ListingStatus[] | undefined
  /** Only those whose product (its texts, facts or variants) or base price changed after this instant. */
  changedAfter?: Date | undefined
}

/** Something that a plugin finds wrong with a listing. */
export type ListingFinding = {
  listingId: string
  severity: 'info' | 'warning' | 'error'
  /** Keeps the listing from being published as it is. */
  isBlocking: boolean
  /** What it is about, such as `title`; null for the listing as a whole. */
  field: string | null
  message: string
}

/** Units and money sold of a variant on a day (in the asked time zone) by one connection. Cancelled lines are out. */
export type DailySales = {
  day: string
  variantId: string
  connectionId: string
  units: number
  /** What buyers paid for the goods, without carriage, in `currency`. */
  revenueMinor: number
  currency: string
}

/** One entry of the stock ledger, the sum of which is the level. */
export type StockMovement = {
  id: number
  variantId: string
  warehouseId: string
  /** Change of what is on hand. */
  units: number
  kind: string
  at: Date
}

/** A dated price as the hub holds it. The highest priority wins, then the lowest price. */
export type PromotionalPrice = {
  id: string
  variantId: string
  connectionId: string | null
  price: Money
  startsAt: Date
  endsAt: Date
  priority: number
  source: string
}

/** A code that buyers enter on one marketplace. The hub makes it there at its start and takes it back at its end. */
export type CouponPlan = {
  connectionId: string
  /** Letters, digits, hyphens and underscores, 2 to 40 of them. Capitals do not tell codes apart. */
  code: string
  /** What is taken off, in hundredths of a percent, from 1 to 10000. */
  basisPoints: number
  /** The least value of a basket, in the currency of the connection; null: any. */
  least: Money | null
  /**
   * The goods it is for, at most 1000; null: all. Of these it is made for those that are listed when it starts, and
   * only once one of them is.
   */
  variantIds: readonly string[] | null
  /** Not for goods that have a sale price already. */
  excludesReduced: boolean
  /** How many orders may use it in all; null: any number. */
  usageLimit: number | null
  startsAt: Date
  endsAt: Date
}

/** What became of a coupon. */
export type CouponState = {
  id: string
  code: string
  connectionId: string
  state: CouponStatus
  externalId: string | null
  /** Why it could not be made or ended. */
  error: string | null
}

/**
 * What a plugin may do to the hub's goods, inside the transaction of an approved proposal. Each is written into the
 * audit log with what was before.
 */
export type HubActions = {
  /** Takes listings off the shelf. Those that are off already stay so. */
  endListings(listingIds: readonly string[], reason: string): Promise<void>
  /** Puts ended listings back with the values of now. */
  relistListings(listingIds: readonly string[]): Promise<void>
  /** Sets base prices, and returns those that were before; null where there was none. */
  setBasePrices(
    prices: readonly { variantId: string; price: Money }[],
  ): Promise<{ variantId: string; price: Money | null; currency: string }[]>
  /** Adds dated prices under this plugin's name; they switch by themselves. Returns their ids. */
  addPromotionalPrices(prices: readonly Omit<PromotionalPrice, 'id' | 'source'>[]): Promise<string[]>
  /** Takes away dated prices of this plugin: what holds then is what should hold without them. */
  removePromotionalPrices(ids: readonly string[]): Promise<void>
  /** Moves the end of dated prices of this plugin. */
  endPromotionalPrices(ids: readonly string[], endsAt: Date): Promise<void>
  /**
   * Plans coupons under this plugin's name; they start and end by themselves. Returns their ids. @throws InputError
   * naming the connection whose marketplace has none, or what does not fit; ConflictError when the code is in use
   */
  addCoupons(coupons: readonly CouponPlan[]): Promise<string[]>
  /**
   * Moves the end of coupons of this plugin, at once where it is now or past. @throws InputError when it is later than
   * planned, because the marketplace was told
   */
  endCoupons(ids: readonly string[], endsAt: Date): Promise<void>
  /** Takes coupons of this plugin back: those that have not started never will. */
  removeCoupons(ids: readonly string[]): Promise<void>
  /** Changes texts and facts of a product; null takes a value away. Returns what was before. */
  editProduct(edit: ProductEdit): Promise<ProductEdit>
  /** Keeps units of a variant back from a connection. Returns the buffer that was before. */
  setStockBuffer(connectionId: string, variantId: string, units: number): Promise<number>
}

/** Texts by locale; only what is named is changed. */
export type ProductEdit = {
  productId: string
  title?: Record<string, string | null>
  description?: Record<string, string | null>
  brand?: string | null
  attributes?: Record<string, string | null>
}

/** Reading goods. Everything comes in pages, so that a million listings need no memory. */
export type GoodsReader = {
  /** Listings in the order of their ids, a page at a time. */
  streamListings(filter?: ListingFilter): AsyncIterable<ListingFacts[]>
  /** A page a calendar day of `timeZone`, from `from` up to and without `to`; days without sales are left out. */
  streamSales(period: { from: Date; to: Date; timeZone?: string }): AsyncIterable<DailySales[]>
  /** The ledger after an entry and up to a minute ago, oldest first: to be continued after the last id. */
  streamMovements(afterId?: number): AsyncIterable<StockMovement[]>
  /** Dated prices that hold at some time in a period. */
  listPromotionalPrices(period: { from: Date; to: Date }): Promise<PromotionalPrice[]>
  /** What became of coupons; an id that nobody knows is left out. */
  readCoupons(ids: readonly string[]): Promise<CouponState[]>
  /** What marketplaces have not acknowledged yet, by connection. */
  countUnacknowledged(aspect: Aspect, variantIds: readonly string[]): Promise<Record<string, number>>
}
