import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { correctAddress, holdOrder, noteOrder, releaseOrder } from '../../orders/edit.ts'
import { readOrder } from '../../orders/read.ts'
import {
  requestAcknowledgement,
  requestCancellation,
  requestShipmentConfirmation,
} from '../../sync/order-requests.ts'
import { requestRefund } from '../../sync/refunds.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, idParam, refusals } from '../shapes.ts'
import {
  addressInput,
  holdInput,
  noteInput,
  refundInput,
  releaseInput,
  requestedCall,
  shipmentInput,
} from './order-shapes.ts'
import { requestedRefund } from './return-shapes.ts'

const tags = ['orders']
const params = idParam('ord_01k5')

/** What an edit left: the revision to go on with. */
const orderState = z.object({ id: z.string(), revision: z.number() }).openapi('OrderState')

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
  summary: 'Asks the platform to give money back, once per reference; above the cap a person approves first',
  request: { params, body: body(refundInput) },
  responses: {
    202: answer(requestedRefund, 'It is asked for, or proposed where it is above the cap.'),
    ...refusals(400, 404, 409),
  },
})

const hold = createRoute({
  method: 'post',
  path: '/orders/{id}/hold',
  operationId: 'holdOrder',
  tags,
  summary: 'Keeps an order from shipping until it is released',
  request: { params, body: body(holdInput) },
  responses: { 200: answer(orderState, 'It is on hold.'), ...refusals(400, 404, 409) },
})

const release = createRoute({
  method: 'post',
  path: '/orders/{id}/release',
  operationId: 'releaseOrder',
  tags,
  summary: 'Lets an order that was on hold ship again',
  request: { params, body: body(releaseInput) },
  responses: { 200: answer(orderState, 'It is released.'), ...refusals(400, 404, 409) },
})

const note = createRoute({
  method: 'put',
  path: '/orders/{id}/note',
  operationId: 'noteOrder',
  tags,
  summary: 'Writes down what people of the house should know of an order',
  request: { params, body: body(noteInput) },
  responses: { 200: answer(orderState, 'It is noted.'), ...refusals(400, 404, 409) },
})

const correct = createRoute({
  method: 'put',
  path: '/orders/{id}/address',
  operationId: 'correctAddress',
  tags,
  summary: 'Corrects where an order goes, until its platform tells another address',
  request: { params, body: body(addressInput) },
  responses: { 200: answer(orderState, 'It is corrected.'), ...refusals(400, 404, 409) },
})

export const orderActionRoutes = ({ hub, act }: ApiContext) => {
  const stateOf = async (id: string) => {
    const { revision } = await readOrder(hub.db, id)
    return { id, revision }
  }
  return createRouter()
    .openapi(hold, async (c) => {
      const { id } = c.req.valid('param')
      const { revision, reason } = c.req.valid('json')
      await transact(hub.db, (tx) => holdOrder(tx, id, revision, reason, act()))
      return c.json(await stateOf(id), 200)
    })
    .openapi(release, async (c) => {
      const { id } = c.req.valid('param')
      const { revision } = c.req.valid('json')
      await transact(hub.db, (tx) => releaseOrder(tx, id, revision, act()))
      return c.json(await stateOf(id), 200)
    })
    .openapi(note, async (c) => {
      const { id } = c.req.valid('param')
      const { revision, note: text } = c.req.valid('json')
      await transact(hub.db, (tx) => noteOrder(tx, id, revision, text, act()))
      return c.json(await stateOf(id), 200)
    })
    .openapi(correct, async (c) => {
      const { id } = c.req.valid('param')
      const { revision, address } = c.req.valid('json')
      await transact(hub.db, (tx) => correctAddress(tx, id, revision, address, act()))
      return c.json(await stateOf(id), 200)
    })
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
      const call = await transact(hub.db, (tx) => requestRefund(tx, hub, id, wanted, act()))
      return c.json(call, 202)
    })
    .openapi(acknowledge, async (c) => {
      const { id } = c.req.valid('param')
      const call = await transact(hub.db, (tx) => requestAcknowledgement(tx, hub.connectors, id, act()))
      return c.json(call, 202)
    })
}
