import type { Clock } from 'entrepot/sdk'
import type { ShopTime } from './sandbox-wire.ts'

export type Meta = { id: number; key: string; value: unknown }
export type Picture = { id: number; src: string; name: string; alt: string; createdAt: Date }
export type ShopAttribute = {
  id: number
  name: string
  position: number
  visible: boolean
  variation: boolean
  options: string[]
}

export type ShopProduct = {
  id: number
  type: string
  parentId: number
  name: string
  status: string
  sku: string
  description: string
  shortDescription: string
  regularPrice: string
  salePrice: string
  saleFrom: Date | null
  saleTo: Date | null
  manageStock: boolean
  stockQuantity: number | null
  stockStatus: string
  backorders: string
  globalUniqueId: string
  weight: string
  dimensions: { length: string; width: string; height: string }
  categories: number[]
  /** Slug; the standard class is empty. */
  taxClass: string
  pictures: Picture[]
  attributes: ShopAttribute[]
  /** Name and value, of a variation. */
  options: { name: string; option: string }[]
  variations: number[]
  meta: Meta[]
  totalSales: number
  createdAt: Date
  modifiedAt: Date
}

export type ShopLine = {
  id: number
  name: string
  productId: number
  variationId: number
  sku: string | null
  quantity: number
  subtotalMinor: number
  totalMinor: number
  /** Units taken out of stock for this line. */
  reduced: number
  /** Units that refunds put back. */
  restocked: number
  meta: Meta[]
}
export type ShopRefund = {
  id: number
  amountMinor: number
  reason: string
  isFull: boolean
  createdAt: Date
  meta: Meta[]
  lines: { id: number; lineId: number; quantity: number; totalMinor: number }[]
}
export type ShopNote = { id: number; note: string; isForCustomer: boolean; createdAt: Date }
export type ShopOrder = {
  id: number
  status: string
  /** Before it went into the trash. */
  isTrashed: boolean
  currency: string
  createdVia: string
  orderKey: string
  customerNote: string
  billing: Record<string, string>
  shipping: Record<string, string>
  paymentMethod: string
  paymentMethodTitle: string
  transactionId: string
  lines: ShopLine[]
  shippingLines: { id: number; title: string; methodId: string; totalMinor: number }[]
  feeLines: { id: number; name: string; totalMinor: number }[]
  refunds: ShopRefund[]
  notes: ShopNote[]
  meta: Meta[]
  createdAt: Date
  modifiedAt: Date
  paidAt: Date | null
  completedAt: Date | null
}

export type ShopCoupon = {
  id: number
  /** In small letters, as the shop keeps it. */
  code: string
  status: string
  discountType: string
  amount: string
  description: string
  expiresAt: Date | null
  individualUse: boolean
  productIds: number[]
  excludedProductIds: number[]
  usageLimit: number
  usageCount: number
  excludeSaleItems: boolean
  minimumAmount: string
  meta: Meta[]
  createdAt: Date
  modifiedAt: Date
}

export type ShopTerms = {
  categories: Map<number, { id: number; name: string; slug: string; parent: number }>
  attributes: Map<
    number,
    { id: number; name: string; slug: string; terms: { id: number; name: string; slug: string }[] }
  >
  taxClasses: { slug: string; name: string }[]
}

export type ShopEvent = { topic: string; resourceId: number }
export type Ledger = {
  clock: Clock
  time: ShopTime
  currency: string
  random: () => number
  products: Map<number, ShopProduct>
  /** SKU in small letters to the product that owns it, the trash apart. */
  bySku: Map<string, number>
  trashedSkus: Map<string, number>
  orders: Map<number, ShopOrder>
  coupons: Map<number, ShopCoupon>
  terms: ShopTerms
  /** What webhooks tell of, by topic and id: later deliveries of the same thing are merged. */
  events: Map<string, ShopEvent>
  nextId(): number
  nextItemId(): number
  nextMetaId(): number
  now(): Date
  /** Marks an order as changed now, and tells webhooks. */
  touchOrder(order: ShopOrder, event?: 'created' | 'updated' | 'deleted'): void
  touchProduct(product: ShopProduct, event?: 'created' | 'updated'): void
  /** Orders changed strictly after that instant, by time of change; all of them for null. */
  changedOrders(afterMs: number | null): ShopOrder[]
}

const second = 1000
/** MySQL keeps whole seconds. */
const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / second) * second)

/** The categories, attributes and tax classes that a new shop has. */
const newTerms = (): ShopTerms => ({
  categories: new Map([[15, { id: 15, name: 'Uncategorized', slug: 'uncategorized', parent: 0 }]]),
  attributes: new Map(),
  taxClasses: [
    { slug: 'standard', name: 'Standard rate' },
    { slug: 'reduced-rate', name: 'Reduced rate' },
    { slug: 'zero-rate', name: 'Zero rate' },
  ],
})

/** An empty shop. */
export function createLedger(options: {
  clock: Clock
  time: ShopTime
  currency: string
  random: () => number
}): Ledger {
  let ids = 10
  let itemIds = 0
  let metaIds = 0
  const orders = new Map<number, ShopOrder>()
  const products = new Map<number, ShopProduct>()
  const events = new Map<string, ShopEvent>()
  const index = createModifiedIndex(orders)
  const now = () => wholeSecond(options.clock.now())
  const tell = (topic: string, resourceId: number) =>
    events.set(`${topic}:${resourceId}`, { topic, resourceId })
  return {
    ...options,
    products,
    orders,
    coupons: new Map(),
    terms: newTerms(),
    events,
    bySku: new Map(),
    trashedSkus: new Map(),
    nextId: () => (ids += 1),
    nextItemId: () => (itemIds += 1),
    nextMetaId: () => (metaIds += 1),
    now,
    touchOrder(order, event = 'updated') {
      order.modifiedAt = now()
      index.add(order)
      tell(`order.${event}`, order.id)
    },
    touchProduct(product, event = 'updated') {
      product.modifiedAt = now()
      const parent = products.get(product.parentId)
      if (parent) parent.modifiedAt = product.modifiedAt
      tell(`product.${event}`, product.id)
    },
    changedOrders: index.after,
  }
}

/**
 * Orders by time of change without sorting: every change appends an entry, an entry whose order changed again
 * is stale and skipped, and the log is rewritten when most of it is stale.
 */
function createModifiedIndex(orders: ReadonlyMap<number, ShopOrder>) {
  let log: { ms: number; id: number; order: ShopOrder }[] = []
  const latest = new Map<number, object>()
  const isLive = (entry: (typeof log)[number]) => latest.get(entry.id) === entry && orders.has(entry.id)
  const firstAfter = (ms: number): number => {
    let low = 0
    let high = log.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (log[middle]!.ms > ms) high = middle
      else low = middle + 1
    }
    return low
  }
  return {
    add(order: ShopOrder) {
      const entry = { ms: order.modifiedAt.getTime(), id: order.id, order }
      latest.set(order.id, entry)
      if ((log.at(-1)?.ms ?? 0) <= entry.ms) log.push(entry)
      else log.splice(firstAfter(entry.ms), 0, entry)
      if (log.length > 1000 && log.length > orders.size * 3) log = log.filter(isLive)
    },
    after(ms: number | null): ShopOrder[] {
      const found: ShopOrder[] = []
      for (let at = ms === null ? 0 : firstAfter(ms); at < log.length; at += 1) {
        const entry = log[at]!
        if (isLive(entry)) found.push(entry.order)
      }
      return found
    },
  }
}
