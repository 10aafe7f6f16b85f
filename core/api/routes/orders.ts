import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { listOrders, orderCursor, readOrder } from '../../orders/read.ts'
import { orderStatuses } from '../../sdk/model/order.ts'
import {
  requestAcknowledgement,
  requestCancellation,
  requestRefund,
  requestShipmentConfirmation,
} from '../../sync/order-requests.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, givenInstant, idParam, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'
import { orderDetail, orderRow, refundInput, requestedCall, shipmentInput } from './order-shapes.ts'

const tags = ['orders']
const params = idParam('ord_01k5')

const list = createRoute({
  method: 'get',
  path: '/orders',
  operationId: 'listOrders',
  tags,
  summary: 'Orders, the newest first; with dueBefore the most urgent first',
  request: {
    query: pageQuery.extend({
      status: z.enum(orderStatuses).optional(),
      connectionId: z.string().max(200).optional(),
      dueBefore: givenInstant.optional().openapi({ description: 'Only orders to be shipped by then.' }),
    }),
  },
  responses: { 200: answer(pageOf(orderRow), 'A page of orders.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/orders/{id}',
  operationId: 'readOrder',
  tags,
  summary: 'An order with lines, charges, payments, parties, timeline and what its platform was asked',
  request: { params },
  responses: { 200: answer(orderDetail, 'The order.'), ...refusals(404) },
})

const cancel = createRoute({
  method: 'post',
  path: '/orders/{id}/cancel',
  operationId: 'cancelOrder',
  tags,
  summary: 'Asks the platform to cancel an order, once',
  request: {
    params,
    body: body(z.strictObject({ reason: z.string().min(1).max(500).openapi({ example: 'Sold out' }) })),
  },
  responses: { 202: answer(requestedCall, 'It will be asked.'), ...refusals(400, 404, 409) },
})

const confirm = createRoute({
  method: 'post',
  path: '/orders/{id}/confirm-shipment',
  operationId: 'confirmShipment',
  tags,
  summary: 'Tells the platform that a parcel left, once per tracking number',
  request: { params, body: body(shipmentInput) },
  responses: { 202: answer(requestedCall, 'It will be told.'), ...refusals(400, 404, 409) },
})

const acknowledge = createRoute({
  method: 'post',
  path: '/orders/{id}/acknowledge',
  operationId: 'acknowledgeOrder',
  tags,
  summary: 'Tells the platform that an order is taken on, once',
  request: { params },
  responses: { 202: answer(requestedCall, 'It will be told.'), ...refusals(404, 409) },
})

const refund = createRoute({
  method: 'post',
  path: '/orders/{id}/refund',
  operationId: 'refundOrder',
  tags,
  summary: 'Asks the platform to give money back, once per reference',
  request: { params, body: body(refundInput) },
  responses: { 202: answer(requestedCall, 'It will be asked.'), ...refusals(400, 404, 409) },
})

export const orderRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const filter = c.req.valid('query')
      const found = await listOrders(hub.db, filter)
      return c.json(
        toPage(found, filter.limit, (order) => orderCursor(filter, order)),
        200,
      )
    })
    .openapi(read, async (c) => c.json(await readOrder(hub.db, c.req.valid('param').id), 200))
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      const { reason } = c.req.valid('json')
      const call = await transact(hub.db, (tx) => requestCancellation(tx, hub.connectors, id, reason, act()))
      return c.json(call, 202)
    })
    .openapi(confirm, async (c) => {
      const { id } = c.req.valid('param')
      const shipment = c.req.valid('json')
      const call = await transact(hub.db, (tx) =>
        requestShipmentConfirmation(tx, hub.connectors, id, shipment, act()),
      )
      return c.json(call, 202)
    })
    .openapi(refund, async (c) => {
      const { id } = c.req.valid('param')
      const wanted = c.req.valid('json')
      const call = await transact(hub.db, (tx) => requestRefund(tx, hub.connectors, id, wanted, act()))
      return c.json(call, 202)
    })
    .openapi(acknowledge, async (c) => {
      const { id } = c.req.valid('param')
      const call = await transact(hub.db, (tx) => requestAcknowledgement(tx, hub.connectors, id, act()))
      return c.json(call, 202)
    })
