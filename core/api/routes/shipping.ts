import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { labelFormats } from '../../sdk/model/shipment.ts'
import { printTogether, readDocuments } from '../../shipments/documents.ts'
import { printManifest, readManifest } from '../../shipments/manifest.ts'
import { listPackagings, savePackaging } from '../../shipments/packagings.ts'
import { listShipmentIds } from '../../shipments/read.ts'
import { keepQuote, readShippingRequest } from '../../shipments/request.ts'
import {
  cancelBatch,
  findDueOrders,
  handOverBatch,
  listBatches,
  readBatch,
  startBatch,
} from '../../sync/batch.ts'
import { listBookable } from '../../sync/bookable.ts'
import { compareOffers } from '../../sync/compare-offers.ts'
import { rateShop } from '../../sync/rate-shop.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { listOf, listQuery, orderOf, toListPage } from '../list-query.ts'
import { answer, body, givenInstant, idParam, refusals } from '../shapes.ts'
import { batch, comparison, quote, quoteInput } from './shipment-shapes.ts'

const tags = ['shipments']
const batchParams = idParam('bat_01k5')

const ask = createRoute({
  method: 'post',
  path: '/quotes',
  operationId: 'quote',
  tags,
  summary: 'Prices of every courier and every rate card for a parcel, side by side',
  request: { body: body(quoteInput) },
  responses: { 200: answer(quote, 'What is offered, and what is not and why.'), ...refusals(400) },
})

const askForOrder = createRoute({
  method: 'post',
  path: '/orders/{id}/quote',
  operationId: 'quoteOrder',
  tags,
  summary: 'Prices for what is open of an order, as it would be packed now',
  request: { params: idParam('ord_01k5') },
  responses: { 200: answer(quote, 'What is offered, and what is not and why.'), ...refusals(400, 404, 409) },
})

const compare = createRoute({
  method: 'get',
  path: '/quotes/{id}',
  operationId: 'readQuote',
  tags,
  summary: 'A quote side by side: what speaks against each offer, and what the rules choose and why',
  request: { params: idParam('quo_01k5') },
  responses: { 200: answer(comparison, 'The offers as they stand now.'), ...refusals(404) },
})

const services = createRoute({
  method: 'get',
  path: '/shipping-services',
  operationId: 'listShippingServices',
  tags,
  summary: 'What can be booked now: couriers with their services and label formats',
  responses: {
    200: answer(
      z.object({
        items: z.array(
          z.object({
            connectionId: z.string(),
            name: z.string(),
            services: z.array(z.object({ code: z.string(), name: z.string() })).readonly(),
            labelFormats: z.array(z.enum(labelFormats)).readonly(),
          }),
        ),
      }),
      'Couriers by name.',
    ),
  },
})

const packaging = z
  .object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    lengthMm: z.number(),
    widthMm: z.number(),
    heightMm: z.number(),
    tareGrams: z.number(),
    maxWeightGrams: z.number(),
    isActive: z.boolean(),
  })
  .openapi('Packaging')

const boxes = createRoute({
  method: 'get',
  path: '/packagings',
  operationId: 'listPackagings',
  tags,
  summary: 'Boxes and bags that parcels are packed in',
  responses: { 200: answer(z.object({ items: z.array(packaging) }), 'All of them, by code.') },
})

const saveBox = createRoute({
  method: 'put',
  path: '/packagings',
  operationId: 'savePackaging',
  tags,
  summary: 'Adds a box, or changes the one with this code',
  request: {
    body: body(
      z.strictObject({
        code: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,40}$/)
          .openapi({ example: 'M' }),
        name: z.string().min(1).max(100),
        lengthMm: z.int().openapi({ description: 'Inner measures.' }),
        widthMm: z.int(),
        heightMm: z.int(),
        tareGrams: z.int().default(0).openapi({ description: 'What the empty box weighs.' }),
        maxWeightGrams: z.int().openapi({ description: 'The box counts.' }),
        isActive: z.boolean().default(true),
      }),
    ),
  },
  responses: { 200: answer(packaging, 'The box.'), ...refusals(400) },
})

const start = createRoute({
  method: 'post',
  path: '/shipment-batches',
  operationId: 'startShipmentBatch',
  tags,
  summary: 'Plans, prices and books many orders; it goes on by itself',
  request: {
    body: body(
      z.strictObject({
        orderIds: z
          .array(z.string().max(100))
          .min(1)
          .max(5000)
          .optional()
          .openapi({ description: 'All that can be shipped now, the most urgent first, if left out.' }),
        dueBefore: givenInstant
          .optional()
          .openapi({ description: 'Without orderIds: only those to be shipped by then.' }),
        connectionId: z
          .string()
          .max(100)
          .optional()
          .openapi({ description: 'With service: for all of them. The rules choose for each, if left out.' }),
        service: z.string().max(100).optional(),
      }),
    ),
  },
  responses: { 202: answer(batch, 'It is under way.'), ...refusals(400) },
})

const batches = createRoute({
  method: 'get',
  path: '/shipment-batches',
  operationId: 'listShipmentBatches',
  tags,
  summary: 'Batches with how far they are, the newest first',
  request: { query: listQuery(['created'], '-created').omit({ count: true }) },
  responses: { 200: answer(listOf(batch), 'A page of batches.'), ...refusals(400) },
})

const cancel = createRoute({
  method: 'post',
  path: '/shipment-batches/{id}/cancel',
  operationId: 'cancelShipmentBatch',
  tags,
  summary: 'Stops a batch: what has not begun does not begin; what is booked stays',
  request: { params: batchParams },
  responses: { 200: answer(batch, 'The batch.'), ...refusals(404, 409) },
})

const progress = createRoute({
  method: 'get',
  path: '/shipment-batches/{id}',
  operationId: 'readShipmentBatch',
  tags,
  summary: 'How far a batch is, and what could not ship and why',
  request: { params: batchParams },
  responses: { 200: answer(batch, 'The batch.'), ...refusals(404) },
})

const handBatch = createRoute({
  method: 'post',
  path: '/shipment-batches/{id}/hand-over',
  operationId: 'handOverShipmentBatch',
  tags,
  summary: 'Says that the courier fetched the batch',
  request: { params: batchParams },
  responses: { 200: answer(batch, 'It is handed over.'), ...refusals(404, 409) },
})

const file = (description: string) => ({
  200: {
    description,
    content: { 'application/pdf': { schema: { type: 'string' as const, format: 'binary' } } },
  },
  ...refusals(404, 409),
})

const batchLabels = createRoute({
  method: 'get',
  path: '/shipment-batches/{id}/labels',
  operationId: 'printShipmentBatch',
  tags,
  summary: 'All labels of a batch in one file to print, in its order',
  request: { params: batchParams, query: z.object({ format: z.enum(labelFormats).optional() }) },
  responses: file('PDF, or ZPL for a label printer.'),
})

const manifest = createRoute({
  method: 'get',
  path: '/shipment-batches/{id}/manifest',
  operationId: 'printManifest',
  tags,
  summary: 'The list of parcels that the courier signs',
  request: { params: batchParams },
  responses: file('A PDF with a section a courier.'),
})

export const shippingRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(ask, async (c) => {
      const { shipAt = hub.clock.now(), ...given } = c.req.valid('json')
      const request = { ...given, shipAt }
      const found = await rateShop(hub, request)
      const id = await transact(hub.db, (tx) => keepQuote(tx, request, found, null, act()))
      return c.json({ id, ...found }, 200)
    })
    .openapi(askForOrder, async (c) => {
      const orderId = c.req.valid('param').id
      const request = await transact(hub.db, (tx) => readShippingRequest(tx, { orderId }, hub.clock.now()))
      const found = await rateShop(hub, request)
      const id = await transact(hub.db, (tx) => keepQuote(tx, request, found, orderId, act()))
      return c.json({ id, ...found }, 200)
    })
    .openapi(services, async (c) => c.json({ items: await listBookable(hub) }, 200))
    .openapi(boxes, async (c) => c.json({ items: await listPackagings(hub.db) }, 200))
    .openapi(saveBox, async (c) => {
      const input = c.req.valid('json')
      return c.json(await transact(hub.db, (tx) => savePackaging(tx, input, act())), 200)
    })
    .openapi(start, async (c) => {
      const { orderIds, dueBefore = null, connectionId, service } = c.req.valid('json')
      const wish = connectionId && service ? { connectionId, service } : null
      const id = await startBatch(hub, orderIds ?? (await findDueOrders(hub, dueBefore)), wish, act())
      return c.json(await readBatch(hub, id), 202)
    })
    .openapi(batches, async (c) => {
      const query = c.req.valid('query')
      return c.json(toListPage(await listBatches(hub.db, orderOf(query)), query), 200)
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      await transact(hub.db, (tx) => cancelBatch(tx, id, act()))
      return c.json(await readBatch(hub, id), 200)
    })
    .openapi(compare, async (c) => c.json(await compareOffers(hub, c.req.valid('param').id), 200))
    .openapi(progress, async (c) => c.json(await readBatch(hub, c.req.valid('param').id), 200))
    .openapi(handBatch, async (c) => {
      const { id } = c.req.valid('param')
      await readBatch(hub, id)
      await transact(hub.db, (tx) => handOverBatch(tx, hub, id, act()))
      return c.json(await readBatch(hub, id), 200)
    })
    .openapi(batchLabels, async (c) => {
      const { id } = c.req.valid('param')
      await readBatch(hub, id)
      const { format } = c.req.valid('query')
      const labels = await readDocuments(hub.db, await listShipmentIds(hub.db, id), 'label')
      const printed = await printTogether(labels.filter((label) => !format || label.format === format))
      return c.body(new Uint8Array(printed.bytes), 200, {
        'content-type': printed.mediaType,
        'content-disposition': `inline; filename="${id}.${printed.extension}"`,
      })
    })
    .openapi(manifest, async (c) => {
      const { id } = c.req.valid('param')
      const { createdAt } = await readBatch(hub, id)
      const printed = await printManifest(`Manifest ${id}`, await readManifest(hub.db, id), createdAt)
      return c.body(new Uint8Array(printed), 200, { 'content-type': 'application/pdf' })
    })
