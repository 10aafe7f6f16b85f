import { type Context, Hono } from 'hono'
import { shopOrigin } from './sandbox-auth.ts'
import type { Ledger, ShopOrder } from './sandbox-ledger.ts'
import { orderJson } from './sandbox-order-json.ts'
import { orderStatusSlugs, validateOrder } from './sandbox-order-rules.ts'
import { createOrder, setStatus, writeOrder } from './sandbox-order-write.ts'
import { runBatch } from './sandbox-products.ts'
import {
  type Complaint,
  invalidDate,
  invalidParams,
  notInEnum,
  readBody,
  readList,
  readPaging,
  sendJson,
  sendList,
  WpFailure,
} from './sandbox-wire.ts'

/** Lists show these to nobody who does not ask for them by name, not even for "any". */
const hidden = new Set(['trash', 'checkout-draft', 'auto-draft'])
const shownStatus = (order: ShopOrder): string => (order.isTrashed ? 'trash' : order.status)

export const invalidOrder = (status: number, message = 'Invalid ID.') =>
  new WpFailure(status, 'woocommerce_rest_shop_order_invalid_id', message)

/** The order, or the shop's refusal. */
export function findOrder(ledger: Ledger, id: unknown, missing: () => WpFailure): ShopOrder {
  const order = ledger.orders.get(Number(id))
  if (!order) throw missing()
  return order
}

function readStatuses(c: Context, custom: readonly string[]): string[] {
  const statuses = readList(c, 'status') ?? ['any']
  const known = ['any', 'trash', ...orderStatusSlugs, ...custom]
  const complaints: Record<string, Complaint> = {}
  for (const [index, status] of statuses.entries())
    if (!known.includes(status)) complaints.status = notInEnum(`status[${index}]`, known)
  if (Object.keys(complaints).length > 0) throw invalidParams(complaints)
  return statuses
}

function readTime(ledger: Ledger, c: Context, name: string): number | null {
  const text = c.req.query(name)
  if (text === undefined) return null
  const at = ledger.time.readFilter(text, c.req.query('dates_are_gmt') === 'true', 'orders')
  if (at === null) throw invalidParams({ [name]: invalidDate() })
  return at
}

/** The orders a list shows. By time of change they come from the ledger's index, unsorted otherwise by id. */
function select(ledger: Ledger, c: Context, custom: readonly string[]): ShopOrder[] {
  const statuses = readStatuses(c, custom)
  const after = readTime(ledger, c, 'modified_after')
  const before = readTime(ledger, c, 'modified_before')
  const include = readList(c, 'include')?.map(Number)
  const isByChange = c.req.query('orderby') === 'modified'
  let rows: ShopOrder[]
  if (include) rows = include.flatMap((id) => ledger.orders.get(id) ?? [])
  else if (isByChange || after !== null) rows = ledger.changedOrders(after)
  else rows = [...ledger.orders.values()]
  if (include && after !== null) rows = rows.filter(({ modifiedAt }) => modifiedAt.getTime() > after)
  if (before !== null) rows = rows.filter(({ modifiedAt }) => modifiedAt.getTime() < before)
  const isAny = statuses.includes('any')
  rows = rows.filter((order) => {
    const status = shownStatus(order)
    return isAny ? !hidden.has(status) : statuses.includes(status)
  })
  if (!isByChange && after !== null) rows.sort((a, b) => a.id - b.id)
  return (c.req.query('order') ?? 'desc') === 'asc' ? rows : rows.reverse()
}

/** Moves an order into the trash; its stock stays where it is. */
export function trashOrder(ledger: Ledger, order: ShopOrder): void {
  order.isTrashed = true
  ledger.touchOrder(order, 'deleted')
}

/** /orders. @param custom slugs of statuses that plugins registered */
export function orderRoutes(ledger: Ledger, custom: readonly string[]): Hono {
  const app = new Hono()
  const show = (c: Context) => ({ origin: shopOrigin(c), context: 'view' as const })
  const update = (order: ShopOrder, body: Record<string, unknown>) => {
    writeOrder(ledger, order, body, custom)
    ledger.touchOrder(order)
    return order
  }
  app.get('/orders', (c) => {
    const paging = readPaging(c)
    const rows = select(ledger, c, custom)
    const page = rows.slice(paging.offset, paging.offset + paging.perPage)
    return sendList(
      c,
      page.map((order) => orderJson(ledger, order, show(c))),
      rows.length,
      paging,
      true,
    )
  })
  app.post('/orders', async (c) => {
    const body = await readBody(c)
    validateOrder(body, custom)
    return sendJson(c, orderJson(ledger, createOrder(ledger, body, custom), show(c)), 201)
  })
  app.on(['POST', 'PUT', 'PATCH'], '/orders/batch', async (c) => {
    const answer = runBatch(await readBody(c), (operation, item) => {
      if (operation === 'create') return orderJson(ledger, createOrder(ledger, item, custom), show(c))
      const order = findOrder(ledger, item.id, () => invalidOrder(400, 'ID is invalid.'))
      if (operation === 'update') return orderJson(ledger, update(order, item), show(c))
      ledger.orders.delete(order.id)
      return orderJson(ledger, order, show(c))
    })
    return sendJson(c, answer, 200)
  })
  app.get('/orders/:id{\\d+}', (c) => {
    const order = findOrder(ledger, c.req.param('id'), () => invalidOrder(404))
    return sendJson(c, orderJson(ledger, order, show(c)), 200)
  })
  app.on(['POST', 'PUT', 'PATCH'], '/orders/:id{\\d+}', async (c) => {
    const body = await readBody(c)
    validateOrder(body, custom)
    const order = findOrder(ledger, c.req.param('id'), () => invalidOrder(400, 'ID is invalid.'))
    return sendJson(c, orderJson(ledger, update(order, body), show(c)), 200)
  })
  app.delete('/orders/:id{\\d+}', (c) => {
    const order = findOrder(ledger, c.req.param('id'), () => invalidOrder(404))
    const before = orderJson(ledger, order, show(c))
    if (c.req.query('force') === 'true') ledger.orders.delete(order.id)
    else if (order.isTrashed)
      throw new WpFailure(410, 'woocommerce_rest_already_trashed', 'The shop_order has already been deleted.')
    else trashOrder(ledger, order)
    return sendJson(c, before, 200)
  })
  return app
}

/** A buyer or the shop cancels. */
export function cancelShopOrder(ledger: Ledger, order: ShopOrder): void {
  setStatus(ledger, order, 'cancelled')
  ledger.touchOrder(order)
}
