import type { Clock, SandboxOrder, SandboxOrderInput } from 'entrepot/sdk'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { type Gate, refuse } from './sandbox-gate.ts'
import { type Ledger, titleOf } from './sandbox-ledger.ts'
import {
  type SandboxAmazonOrder as Order,
  type OrderItem,
  shipped,
  toOrderJson,
} from './sandbox-order-json.ts'

type Options = { clock: Clock; currency: string; marketplaceId: string; orderDelayMs: number }
type Search = { ids: string[]; filters: string; until: Date; expiresAt: number }

const tokenLifeMs = 24 * 60 * 60 * 1000
const minimumAgeMs = 2 * 60 * 1000
const confirmationSchema = z.object({
  marketplaceId: z.string(),
  packageDetail: z
    .object({
      packageReferenceId: z.string().regex(/^[1-9]\d*$/),
      carrierCode: z.string().min(1),
      carrierName: z.string().optional(),
      shippingMethod: z.string().optional(),
      trackingNumber: z.string().min(1),
      shipDate: z.iso.datetime({ offset: true }),
      orderItems: z.array(z.object({ orderItemId: z.string(), quantity: z.int().positive() })),
    })
    .refine(({ carrierCode, carrierName }) => carrierCode !== 'Other' || !!carrierName),
})

/** The Orders API: 2026-01-01 to read, v0 to confirm shipments; and the buyers. */
export function serveOrders(app: Hono, gate: Gate, ledger: Ledger, options: Options) {
  const { clock, currency, marketplaceId, orderDelayMs } = options
  const orders = new Map<string, Order>()
  const searches = new Map<string, Search>()
  let searched = 0
  const now = () => clock.now()
  const badInput = (c: Context, message: string) => refuse(c, 400, 'InvalidInput', message)
  const json = (order: Order, c: Context) =>
    toOrderJson(order, marketplaceId, new Set((c.req.query('includedData') ?? '').split(',')))
  const find = (externalId: string): Order => {
    const order = orders.get(externalId)
    if (!order) throw new Error(`There is no order ${externalId}.`)
    return order
  }

  app.get('/orders/2026-01-01/orders', gate.operation('searchOrders'), (c) => {
    const { lastUpdatedAfter, lastUpdatedBefore, paginationToken, ...rest } = c.req.query()
    const limit = Number(rest.maxResultsPerPage ?? 100)
    const after = Date.parse(lastUpdatedAfter ?? '')
    if (Number.isNaN(after) || rest.createdAfter)
      return badInput(c, 'Exactly one of createdAfter and lastUpdatedAfter is required.')
    const latest = now().getTime() - minimumAgeMs
    if (lastUpdatedBefore && !(Date.parse(lastUpdatedBefore) <= latest))
      return badInput(c, 'lastUpdatedBefore must be at least two minutes before the request.')
    if (!(limit >= 1 && limit <= 100)) return badInput(c, 'maxResultsPerPage must be between 1 and 100.')
    const filters = [lastUpdatedAfter, lastUpdatedBefore, rest.marketplaceIds, rest.fulfilledBy].join('|')
    const [key = '', offsetText = '0'] = paginationToken ? fromToken(paginationToken) : []
    const until = new Date(lastUpdatedBefore ?? now().getTime() - orderDelayMs)
    const search = paginationToken
      ? searches.get(key)
      : { ids: matching(orders, after, until, c), filters, until, expiresAt: now().getTime() + tokenLifeMs }
    if (!search || search.filters !== filters || search.expiresAt < now().getTime())
      return badInput(c, 'The paginationToken is not valid.')
    const end = Number(offsetText) + limit
    const searchKey = key || String(++searched)
    const hasMore = end < search.ids.length
    if (hasMore) searches.set(searchKey, search)
    for (const [old, { expiresAt }] of searches) if (expiresAt < now().getTime()) searches.delete(old)
    return c.json({
      orders: search.ids.slice(Number(offsetText), end).map((id) => json(find(id), c)),
      ...(hasMore ? { pagination: { nextToken: toToken(searchKey, end) } } : {}),
      lastUpdatedBefore: search.until.toISOString(),
    })
  })

  app.get('/orders/2026-01-01/orders/:orderId', gate.operation('getOrder'), (c) => {
    const order = orders.get(c.req.param('orderId'))
    return order ? c.json({ order: json(order, c) }) : refuse(c, 404, 'NotFound', 'The order does not exist.')
  })

  app.post(
    '/orders/v0/orders/:orderId/shipmentConfirmation',
    gate.operation('confirmShipment'),
    async (c) => {
      const order = orders.get(c.req.param('orderId'))
      if (!order) return refuse(c, 404, 'NotFound', 'The order does not exist.')
      const body = confirmationSchema.safeParse(await c.req.json().catch(() => null))
      if (!body.success || body.data.marketplaceId !== marketplaceId) return badInput(c, 'Invalid request.')
      const problem = shipped(order, body.data.packageDetail, now())
      return problem ? badInput(c, problem) : c.body(null, 204)
    },
  )

  return {
    orders: (): SandboxOrder[] => [...orders.values()].map(toSandboxOrder),

    placeOrder(input: SandboxOrderInput & { isFulfilledByAmazon?: boolean }): SandboxOrder {
      const id = orderIdOf(orders.size + 1)
      const taken: { sku: string; quantity: number }[] = []
      const items: OrderItem[] = []
      try {
        for (const { sku, quantity, unitPrice } of input.lines) {
          const listing = ledger.take(sku, input.isFulfilledByAmazon ? 0 : quantity)
          if (!input.isFulfilledByAmazon) taken.push({ sku, quantity })
          const price = unitPrice ?? ledger.priceOf(listing)
          if (!price) throw new Error(`${sku} has no offer.`)
          const itemId = `${id.replaceAll('-', '').slice(0, 12)}${String(items.length + 1).padStart(2, '0')}`
          items.push({
            id: itemId,
            sku,
            asin: listing.asin,
            title: titleOf(listing),
            quantity,
            sent: 0,
            cancelled: 0,
            price,
          })
        }
      } catch (error) {
        for (const { sku, quantity } of taken) ledger.take(sku, -quantity)
        throw error
      }
      const order: Order = {
        id,
        status: input.isUnpaid ? 'PENDING' : 'UNSHIPPED',
        isFulfilledByAmazon: input.isFulfilledByAmazon ?? false,
        createdAt: input.placedAt ?? now(),
        updatedAt: now(),
        buyerName: input.buyerName ?? 'Erika Mustermann',
        currency,
        shippingMinor: input.shippingMinor ?? 0,
        items,
        packages: [],
      }
      orders.set(id, order)
      return toSandboxOrder(order)
    },

    /** Puts what was not sent back on the shelf. @throws Error when it is on its way already. */
    cancelOrder(externalId: string): void {
      const order = find(externalId)
      if (order.status === 'CANCELLED') return
      if (order.status === 'SHIPPED') throw new Error(`The order ${externalId} has left already.`)
      for (const item of order.items) {
        const open = item.quantity - item.sent - item.cancelled
        if (!order.isFulfilledByAmazon) ledger.take(item.sku, -open)
        item.cancelled += open
      }
      order.status = 'CANCELLED'
      order.updatedAt = laterThan(order.updatedAt, now())
    },

    /** A change of an order that the buyer's bank or Amazon makes. */
    updateOrder(externalId: string, change: { status: string }): void {
      const order = find(externalId)
      order.status = change.status
      order.updatedAt = laterThan(order.updatedAt, now())
    },
  }
}

/** Ids of what changed in the window, oldest change first. */
function matching(orders: ReadonlyMap<string, Order>, after: number, until: Date, c: Context): string[] {
  const fulfilledBy = c.req.query('fulfilledBy')?.split(',')
  return [...orders.values()]
    .filter((order) => order.updatedAt.getTime() >= after && order.updatedAt <= until)
    .filter(
      (order) => !fulfilledBy || fulfilledBy.includes(order.isFulfilledByAmazon ? 'AMAZON' : 'MERCHANT'),
    )
    .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime() || (a.id < b.id ? -1 : 1))
    .map((order) => order.id)
}

/** Amazon's 3-7-7 form. */
const orderIdOf = (n: number): string => `302-${String(1_000_000 + n)}-${String(7_000_000 + n)}`
const toToken = (key: string, offset: number) => Buffer.from(`${key}:${offset}`).toString('base64url')
const fromToken = (token: string) => Buffer.from(token, 'base64url').toString().split(':')
const laterThan = (before: Date, now: Date): Date => (now > before ? now : new Date(before.getTime() + 1))

function toSandboxOrder(order: Order): SandboxOrder {
  const goods = order.items.reduce((sum, item) => sum + item.price.minor * item.quantity, 0)
  return {
    externalId: order.id,
    totalMinor: goods + order.shippingMinor,
    currency: order.currency,
    isCancelled: order.status === 'CANCELLED',
    isShipped: order.status === 'SHIPPED',
    lines: order.items.map(({ sku, quantity }) => ({ sku, quantity })),
  }
}
