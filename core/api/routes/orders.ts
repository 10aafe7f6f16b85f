import { createRoute, z } from '@hono/zod-openapi'
import { countExceptions, readExceptions } from '../../orders/exceptions.ts'
import { countOrders, dueWindows, listOrders, orderSortFields } from '../../orders/list.ts'
import { readOrder } from '../../orders/read.ts'
import { listReturns } from '../../returns/read.ts'
import { listRefunds } from '../../returns/refunds.ts'
import { orderStatuses } from '../../sdk/model/order.ts'
import { listShipments, newestFirst } from '../../shipments/list.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, listOf, listQuery, orderOf, searched, toListPage } from '../list-query.ts'
import { seesPeople, showParties } from '../people.ts'
import { answer, flag, givenInstant, idParam, maxPage, refusals } from '../shapes.ts'
import {
  exceptionCounts,
  exceptionFilter,
  exceptionRow,
  orderDetail,
  orderRow,
  withRemedy,
} from './order-shapes.ts'

const tags = ['orders']
const params = idParam('ord_01k5')

const timeZone = z
  .string()
  .max(100)
  .default('UTC')
  .refine(isTimeZone, 'This is no time zone, like "Europe/Berlin".')
  .openapi({ description: 'Whose days `due` counts.', example: 'Europe/Berlin', default: 'UTC' })

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const filters = {
  q: searched.openapi({
    description:
      'What the number or the external id begins with, an id of ours, or the SKU of a line. Names are not looked for.',
  }),
  status: z
    .string()
    .max(200)
    .transform((text, context) => {
      const names = text.split(',')
      const isStatus = (name: string): name is (typeof orderStatuses)[number] =>
        (orderStatuses as readonly string[]).includes(name)
      if (names.every(isStatus)) return names
      context.addIssue(`Name statuses of ${orderStatuses.join(', ')}.`)
      return z.NEVER
    })
    .optional()
    .openapi({ type: 'string', description: 'One, or several with commas.', example: 'paid,allocated' }),
  connectionId: z.string().max(200).optional(),
  due: z
    .enum(dueWindows)
    .optional()
    .openapi({ description: 'Only open orders, by when they are to be shipped.' }),
  dueBefore: givenInstant.optional().openapi({ description: 'Only open orders to be shipped by then.' }),
  timeZone,
  exception: exceptionFilter.optional().openapi({ description: 'Only open orders that cannot go on.' }),
  isShippable: flag.optional().openapi({
    description: 'Only orders that can ship now: reserved, on no hold, in no shipment.',
  }),
  flag: z.string().max(50).optional().openapi({ description: 'What is odd about it, like `no_lines`.' }),
}

const list = createRoute({
  method: 'get',
  path: '/orders',
  operationId: 'listOrders',
  tags,
  summary: 'Orders, the newest first unless sorted otherwise',
  request: { query: listQuery(orderSortFields, '-placed').extend(filters) },
  responses: { 200: answer(listOf(orderRow), 'A page of orders.'), ...refusals(400) },
})

type Row = Awaited<ReturnType<typeof listOrders>>[number]
const columns = {
  number: (row: Row) => row.number,
  externalId: (row: Row) => row.externalId,
  connectionId: (row: Row) => row.connectionId,
  status: (row: Row) => row.status,
  externalStatus: (row: Row) => row.externalStatus,
  placedAt: (row: Row) => row.placedAt,
  paidAt: (row: Row) => row.paidAt,
  shipBy: (row: Row) => row.shipBy,
  deliverBy: (row: Row) => row.deliverBy,
  totalMinor: (row: Row) => row.totalMinor,
  refundedMinor: (row: Row) => row.refundedMinor,
  currency: (row: Row) => row.currency,
  shippingService: (row: Row) => row.shippingService,
  flags: (row: Row) => row.flags.join(' '),
  holdReason: (row: Row) => row.holdReason,
  note: (row: Row) => row.note,
  id: (row: Row) => row.id,
}

const download = createRoute({
  method: 'get',
  path: '/orders.csv',
  operationId: 'downloadOrders',
  tags,
  summary: 'The list of orders as CSV, without people',
  request: {
    query: csvQuery(orderSortFields, '-placed', Object.keys(columns) as (keyof typeof columns)[]).extend(
      filters,
    ),
  },
  responses: { 200: csvAnswer('The orders.'), ...refusals(400) },
})

const exceptions = createRoute({
  method: 'get',
  path: '/order-exceptions',
  operationId: 'listOrderExceptions',
  tags,
  summary: 'Open orders that cannot go on, with each cause and its remedy; the most urgent first',
  request: {
    query: listQuery(orderSortFields, 'shipBy').extend({
      cause: exceptionFilter.default('any'),
      connectionId: filters.connectionId,
      q: filters.q,
    }),
  },
  responses: {
    200: answer(
      listOf(exceptionRow).extend({ causes: exceptionCounts }),
      'A page of them; `causes` says how many orders each cause stops.',
    ),
    ...refusals(400),
  },
})

const read = createRoute({
  method: 'get',
  path: '/orders/{id}',
  operationId: 'readOrder',
  tags,
  summary: 'An order with everything that hangs on it; a viewer sees people as initials',
  request: { params },
  responses: { 200: answer(orderDetail, 'The order.'), ...refusals(404) },
})

export const orderRoutes = ({ hub }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const now = hub.clock.now()
      const page = toListPage(await listOrders(hub.db, query, orderOf(query), now), query)
      return c.json(
        { ...page, ...(query.count ? { count: await countOrders(hub.db, query, now) } : {}) },
        200,
      )
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      const now = hub.clock.now()
      return answerCsv(c, {
        name: 'orders',
        query,
        columns,
        readPage: (order) => listOrders(hub.db, query, order, now),
        log: hub.log,
      })
    })
    .openapi(exceptions, async (c) => {
      const { cause, ...query } = c.req.valid('query')
      const filter = { ...query, exception: cause }
      const now = hub.clock.now()
      const { items, next } = toListPage(await listOrders(hub.db, filter, orderOf(query), now), query)
      const found = Map.groupBy(
        await readExceptions(
          hub.db,
          items.map(({ id }) => id),
        ),
        ({ orderId }) => orderId,
      )
      const shown = items.map((order) => ({
        order,
        exceptions: (found.get(order.id) ?? []).map(({ orderId: _orderId, ...one }) => withRemedy(one)),
      }))
      const count = query.count ? { count: await countOrders(hub.db, filter, now) } : {}
      return c.json({ items: shown, next, ...count, causes: await countExceptions(hub.db) }, 200)
    })
    .openapi(read, async (c) => {
      const { id } = c.req.valid('param')
      const order = await readOrder(hub.db, id)
      const newest = { field: 'created', isDescending: true, after: null, limit: maxPage } as const
      const [shipments, returns, refunds] = await Promise.all([
        listShipments(hub.db, { orderId: id }, newestFirst(maxPage), hub.clock.now()),
        listReturns(hub.db, { orderId: id }, newest),
        listRefunds(hub.db, { orderId: id }),
      ])
      const shown = {
        ...order,
        exceptions: order.exceptions.map(withRemedy),
        parties: showParties(order.parties),
        isMasked: !seesPeople(),
        shipments: shipments.map(({ place: _place, ...row }) => row),
        returns: returns.map(({ place: _place, ...row }) => row),
        refunds,
      }
      return c.json(shown, 200)
    })
