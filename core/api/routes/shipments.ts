import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { ConflictError, InputError } from '../../sdk/errors.ts'
import { printTogether, readDocuments } from '../../shipments/documents.ts'
import { countShipments, listShipments, shipmentNeeds, shipmentSortFields } from '../../shipments/list.ts'
import { planShipment } from '../../shipments/plan.ts'
import { readShipment } from '../../shipments/read.ts'
import { bookBest } from '../../sync/batch.ts'
import { compareOffers, quoteShipment } from '../../sync/compare-offers.ts'
import { enqueueTask } from '../../sync/enqueue.ts'
import { recordShipment } from '../../sync/record-shipment.ts'
import {
  type BookingWish,
  findOffer,
  requestBooking,
  requestCancelling,
  requestHandOver,
} from '../../sync/shipment-requests.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, listOf, listQuery, orderOf, searched, toListPage } from '../list-query.ts'
import { answer, body, idParam, refusals } from '../shapes.ts'
import {
  bookingInput,
  comparison,
  planInput,
  recordInput,
  shipmentDetail,
  shipmentRow,
} from './shipment-shapes.ts'

const tags = ['shipments']
const params = idParam('shp_01k5')

const filters = {
  q: searched.openapi({
    description:
      "What a tracking number begins with, a number of its order, or an id: ours or the courier's.",
  }),
  state: shipmentRow.shape.state.optional(),
  orderId: z.string().max(100).optional(),
  batchId: z.string().max(100).optional(),
  connectionId: z.string().max(100).optional(),
  carrier: z.string().max(100).optional(),
  needs: z
    .enum(shipmentNeeds)
    .optional()
    .openapi({ description: 'To be handed over; promised and not delivered; lost, damaged or coming back.' }),
}

const list = createRoute({
  method: 'get',
  path: '/shipments',
  operationId: 'listShipments',
  tags,
  summary: 'Shipments, the newest first unless sorted otherwise',
  request: { query: listQuery(shipmentSortFields, '-created').extend(filters) },
  responses: { 200: answer(listOf(shipmentRow), 'A page of shipments.'), ...refusals(400) },
})

type Row = Awaited<ReturnType<typeof listShipments>>[number]
const columns = {
  id: (row: Row) => row.id,
  order: (row: Row) => row.orderNumber,
  state: (row: Row) => row.state,
  carrier: (row: Row) => row.carrier,
  service: (row: Row) => row.serviceName,
  trackingNumbers: (row: Row) => row.trackingNumbers.join(' '),
  trackingState: (row: Row) => row.trackingState,
  incident: (row: Row) => row.incident,
  claimBy: (row: Row) => row.claimBy,
  bookedMinor: (row: Row) => row.bookedMinor ?? row.quotedMinor,
  currency: (row: Row) => row.bookedCurrency ?? row.quotedCurrency,
  createdAt: (row: Row) => row.createdAt,
  bookedAt: (row: Row) => row.bookedAt,
  handedOverAt: (row: Row) => row.handedOverAt,
  promisedAt: (row: Row) => row.promisedAt,
  deliveredAt: (row: Row) => row.deliveredAt,
}

const download = createRoute({
  method: 'get',
  path: '/shipments.csv',
  operationId: 'downloadShipments',
  tags,
  summary: 'The list of shipments as CSV',
  request: {
    query: csvQuery(shipmentSortFields, '-created', Object.keys(columns) as (keyof typeof columns)[]).extend(
      filters,
    ),
  },
  responses: { 200: csvAnswer('The shipments.'), ...refusals(400) },
})

const compare = createRoute({
  method: 'post',
  path: '/shipments/{id}/quote',
  operationId: 'quoteShipment',
  tags,
  summary: 'Prices for a shipment as it is planned, side by side, with what the rules choose',
  request: { params },
  responses: {
    200: answer(comparison, 'What is offered, and what is not and why.'),
    ...refusals(400, 404, 409),
  },
})

const plan = createRoute({
  method: 'post',
  path: '/shipments',
  operationId: 'planShipment',
  tags,
  summary: 'Plans a shipment of an order: which units, in which parcels. Nothing is booked yet',
  request: { body: body(planInput) },
  responses: { 201: answer(shipmentDetail, 'The plan.'), ...refusals(400, 404, 409) },
})

const read = createRoute({
  method: 'get',
  path: '/shipments/{id}',
  operationId: 'readShipment',
  tags,
  summary: 'A shipment with its parcels, their scans, its price and why this service was chosen',
  request: { params },
  responses: { 200: answer(shipmentDetail, 'The shipment.'), ...refusals(404) },
})

const book = createRoute({
  method: 'post',
  path: '/shipments/{id}/book',
  operationId: 'bookShipment',
  tags,
  summary: 'Asks a courier to book a planned shipment, once, whatever happens to the answer',
  request: { params, body: body(bookingInput) },
  responses: { 202: answer(shipmentDetail, 'It will be booked.'), ...refusals(400, 404, 409) },
})

const cancel = createRoute({
  method: 'post',
  path: '/shipments/{id}/cancel',
  operationId: 'cancelShipment',
  tags,
  summary: 'Cancels a shipment; with its courier, if it is booked',
  request: { params },
  responses: { 202: answer(shipmentDetail, 'It is, or will be, cancelled.'), ...refusals(404, 409) },
})

const hand = createRoute({
  method: 'post',
  path: '/shipments/{id}/hand-over',
  operationId: 'handOverShipment',
  tags,
  summary: 'Says that the courier has the parcels: their units leave stock, and the marketplace is told',
  request: { params },
  responses: { 200: answer(shipmentDetail, 'It is handed over.'), ...refusals(404, 409) },
})

const track = createRoute({
  method: 'post',
  path: '/shipments/{id}/track',
  operationId: 'trackShipment',
  tags,
  summary: 'Asks the courier now where the parcels are, if it may be asked again so soon',
  request: { params },
  responses: { 202: answer(shipmentDetail, 'It will be asked.'), ...refusals(404, 409) },
})

const labels = createRoute({
  method: 'get',
  path: '/shipments/{id}/labels',
  operationId: 'printShipment',
  tags,
  summary: 'All labels of a shipment in one file to print',
  request: { params, query: z.object({ kind: z.string().max(20).default('label') }) },
  responses: {
    200: {
      description: 'PDF, or ZPL for a label printer.',
      content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } },
    },
    ...refusals(404, 409),
  },
})

const record = createRoute({
  method: 'post',
  path: '/shipments/recorded',
  operationId: 'recordShipment',
  tags,
  summary: 'Takes note of a shipment that was booked outside of the hub, and follows its parcels',
  request: { body: body(recordInput) },
  responses: { 201: answer(shipmentDetail, 'The shipment.'), ...refusals(400, 404, 409) },
})

export const shipmentRoutes = ({ hub, act }: ApiContext) => {
  const show = (id: string) => readShipment(hub.db, id)
  return createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const now = hub.clock.now()
      const page = toListPage(await listShipments(hub.db, query, orderOf(query), now), query)
      const count = query.count ? { count: await countShipments(hub.db, query, now) } : {}
      return c.json({ ...page, ...count }, 200)
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      const now = hub.clock.now()
      return answerCsv(c, {
        name: 'shipments',
        query,
        columns,
        readPage: (order) => listShipments(hub.db, query, order, now),
        log: hub.log,
      })
    })
    .openapi(compare, async (c) => {
      const id = await quoteShipment(hub, c.req.valid('param').id, act())
      return c.json(await compareOffers(hub, id), 200)
    })
    .openapi(plan, async (c) => {
      const input = c.req.valid('json')
      const id = await transact(hub.db, (tx) => planShipment(tx, input, act()))
      return c.json(await show(id), 201)
    })
    .openapi(record, async (c) => {
      const input = c.req.valid('json')
      const id = await transact(hub.db, (tx) => recordShipment(tx, hub, input, act()))
      return c.json(await show(id), 201)
    })
    .openapi(read, async (c) => c.json(await show(c.req.valid('param').id), 200))
    .openapi(book, async (c) => {
      const { id } = c.req.valid('param')
      const { quoteId, offerId, connectionId, service, labelFormat } = c.req.valid('json')
      if (quoteId && offerId) {
        const offer = await findOffer(hub.db, quoteId, offerId)
        if (!offer.connectionId)
          throw new InputError('This price is for comparison: no courier connection books it.', 'offerId')
        const wish: BookingWish = {
          connectionId: offer.connectionId,
          service: offer.service,
          labelFormat,
          offer,
        }
        await transact(hub.db, (tx) => requestBooking(tx, hub, id, wish, act()))
      } else if (connectionId && service) {
        await transact(hub.db, (tx) =>
          requestBooking(tx, hub, id, { connectionId, service, labelFormat }, act()),
        )
      } else if (quoteId || offerId || connectionId || service) {
        throw new InputError(
          'Name quoteId with offerId, or connectionId with service, or neither.',
          'offerId',
        )
      } else await bookBest(hub, id, act())
      return c.json(await show(id), 202)
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      await transact(hub.db, (tx) => requestCancelling(tx, hub, id, act()))
      return c.json(await show(id), 202)
    })
    .openapi(hand, async (c) => {
      const { id } = c.req.valid('param')
      await transact(hub.db, (tx) => requestHandOver(tx, hub, id, act()))
      return c.json(await show(id), 200)
    })
    .openapi(track, async (c) => {
      const shipment = await show(c.req.valid('param').id)
      const { trackingConnectionId: connectionId, trackingNumbers: externalIds } = shipment
      if (!connectionId || externalIds.length === 0)
        throw new ConflictError(
          'Nobody can be asked about this shipment: it has no tracking number, or no connection follows it.',
        )
      await enqueueTask(hub.queue, { task: 'tracking', connectionId, externalIds })
      return c.json(shipment, 202)
    })
    .openapi(labels, async (c) => {
      const { id } = c.req.valid('param')
      await show(id)
      const file = await printTogether(await readDocuments(hub.db, [id], c.req.valid('query').kind))
      return c.body(new Uint8Array(file.bytes), 200, {
        'content-type': file.mediaType,
        'content-disposition': `inline; filename="${id}.${file.extension}"`,
      })
    })
}
