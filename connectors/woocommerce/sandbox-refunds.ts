import { parseMoney } from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { shopOrigin } from './sandbox-auth.ts'
import type { Ledger, ShopOrder, ShopRefund } from './sandbox-ledger.ts'
import { orderTotal, refundedTotal, refundJson } from './sandbox-order-json.ts'
import { moveStock, setStatus } from './sandbox-order-write.ts'
import { findOrder, invalidOrder } from './sandbox-orders.ts'
import { linksTo } from './sandbox-product-json.ts'
import { storedText, writeMeta } from './sandbox-product-write.ts'
import {
  type Body,
  invalidParams,
  notOfType,
  readBody,
  readPaging,
  sendJson,
  sendList,
  WpFailure,
} from './sandbox-wire.ts'

/** Refunds report every refusal as a 500, with the status they mean as a bare number. */
const refusal = (message: string) =>
  new WpFailure(500, 'woocommerce_rest_cannot_create_order_refund', message, 500)

function readLines(order: ShopOrder, body: Body): ShopRefund['lines'] {
  const given = Array.isArray(body.line_items) ? (body.line_items as Body[]) : []
  return given.map(({ id, quantity, refund_total: net, refund_tax: taxes }) => {
    const shares = Array.isArray(taxes) ? (taxes as Body[]).map((share) => share.refund_total) : []
    const totalMinor = [net, ...shares]
      .map((part) => parseMoney(String(part ?? 0), order.currency).minor)
      .reduce((sum, part) => sum + part, 0)
    return { id: 0, lineId: Number(id), quantity: Number(quantity ?? 0), totalMinor }
  })
}

/** Books a refund the way WooCommerce does. @throws WpFailure */
function createRefund(ledger: Ledger, order: ShopOrder, body: Body): ShopRefund {
  const lines = readLines(order, body)
  const amountMinor =
    body.amount === undefined
      ? lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0)
      : parseMoney(String(body.amount), order.currency).minor
  if (amountMinor < 0)
    throw new WpFailure(
      500,
      'woocommerce_rest_invalid_order_refund',
      'Refund amount must be greater than zero.',
      400,
    )
  const left = orderTotal(order) - refundedTotal(order)
  if (amountMinor > left) throw refusal('Invalid refund amount.')
  // No gateway of this shop can move money back.
  if (body.api_refund !== false)
    throw refusal('The payment gateway for this order does not support automatic refunds.')
  const refund: ShopRefund = {
    id: ledger.nextId(),
    amountMinor,
    reason: storedText(body.reason ?? ''),
    isFull: amountMinor > 0 && amountMinor === left,
    createdAt: ledger.now(),
    meta: [],
    lines: lines.map((line) => ({ ...line, id: ledger.nextItemId() })),
  }
  writeMeta(ledger, refund.meta, body.meta_data)
  for (const { lineId, quantity } of body.api_restock === false ? [] : refund.lines) {
    const line = order.lines.find(({ id }) => id === lineId)
    const units = Math.min(quantity, line?.reduced ?? 0)
    if (!line || units <= 0 || !moveStock(ledger, line, -units)) continue
    line.reduced -= units
    line.restocked += units
  }
  order.refunds.unshift(refund)
  if (refund.isFull) setStatus(ledger, order, 'refunded')
  ledger.touchOrder(order)
  return refund
}

/** /orders/{id}/refunds and the list of all refunds. There is no PUT. */
export function refundRoutes(ledger: Ledger): Hono {
  const app = new Hono()
  const show = (c: Context) => ({ origin: shopOrigin(c), context: 'view' as const })
  const base = '/orders/:order{\\d+}/refunds'
  const orderIn = (c: Context, missing = () => invalidOrder(404)) =>
    findOrder(ledger, c.req.param('order'), missing)
  const pick = (order: ShopOrder, id: unknown): ShopRefund => {
    const refund = order.refunds.find((held) => held.id === Number(id))
    if (!refund)
      throw new WpFailure(404, 'woocommerce_rest_invalid_order_refund_id', 'Invalid order refund ID.')
    return refund
  }
  const list = (c: Context, rows: readonly object[]) => {
    const paging = readPaging(c)
    return sendList(c, rows.slice(paging.offset, paging.offset + paging.perPage), rows.length, paging, false)
  }
  app.get('/refunds', (c) => {
    const rows = [...ledger.orders.values()].flatMap((order) =>
      order.refunds.map((refund) => ({
        id: refund.id,
        parent_id: order.id,
        ...refundJson(ledger, order, refund, show(c)),
      })),
    )
    return list(
      c,
      rows.sort((a, b) => b.id - a.id),
    )
  })
  app.get(base, (c) => {
    const order = orderIn(c)
    return list(
      c,
      order.refunds.map((refund) => refundJson(ledger, order, refund, show(c))),
    )
  })
  app.post(base, async (c) => {
    const body = await readBody(c)
    if (body.amount !== undefined && typeof body.amount !== 'string')
      throw invalidParams({ amount: notOfType('amount', 'string') })
    const order = orderIn(
      c,
      () => new WpFailure(500, 'woocommerce_rest_invalid_order_id', 'Invalid order ID.', 404),
    )
    return sendJson(c, refundJson(ledger, order, createRefund(ledger, order, body), show(c)), 201)
  })
  app.get(`${base}/:id{\\d+}`, (c) => {
    const order = orderIn(c)
    return sendJson(c, refundJson(ledger, order, pick(order, c.req.param('id')), show(c)), 200)
  })
  app.delete(`${base}/:id{\\d+}`, (c) => {
    const order = orderIn(c)
    const refund = pick(order, c.req.param('id'))
    order.refunds = order.refunds.filter((held) => held !== refund)
    return sendJson(c, refundJson(ledger, order, refund, show(c)), 200)
  })
  return app
}

/** /orders/{id}/notes. A note does not change the order's date_modified. */
export function noteRoutes(ledger: Ledger): Hono {
  const app = new Hono()
  const base = '/orders/:order{\\d+}/notes'
  const orderIn = (c: Context) =>
    findOrder(
      ledger,
      c.req.param('order'),
      () => new WpFailure(404, 'woocommerce_rest_order_invalid_id', 'Invalid order ID.'),
    )
  const json = (
    c: Context,
    order: ShopOrder,
    { id, note, isForCustomer, createdAt }: ShopOrder['notes'][number],
  ) => {
    const url = `${shopOrigin(c)}/wp-json/wc/v3/orders/${order.id}`
    return {
      id,
      author: 'WooCommerce',
      date_created: ledger.time.local(createdAt),
      date_created_gmt: ledger.time.gmt(createdAt),
      note,
      customer_note: isForCustomer,
      ...linksTo(`${url}/notes/${id}`, `${url}/notes`, url, ['GET', 'DELETE']),
    }
  }
  app.get(base, (c) => {
    const order = orderIn(c)
    const type = c.req.query('type') ?? 'any'
    const notes = order.notes.filter(
      ({ isForCustomer }) => type === 'any' || isForCustomer === (type === 'customer'),
    )
    return sendJson(
      c,
      notes.map((note) => json(c, order, note)),
      200,
    )
  })
  app.post(base, async (c) => {
    const order = orderIn(c)
    const body = await readBody(c)
    const note = {
      id: ledger.nextId(),
      note: storedText(body.note ?? ''),
      isForCustomer: body.customer_note === true,
      createdAt: ledger.now(),
    }
    order.notes.unshift(note)
    return sendJson(c, json(c, order, note), 201)
  })
  return app
}
