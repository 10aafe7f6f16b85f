import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { approveReturn, closeReturn } from '../../returns/enter.ts'
import { countReturns, listReturns, readReturn, returnSortFields } from '../../returns/read.ts'
import { returnStatuses } from '../../sdk/model/order.ts'
import { refundReturn, takeGoods, takeReturn } from '../../sync/returns.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, listOf, listQuery, orderOf, searched, toListPage } from '../list-query.ts'
import { answer, body, idParam, refusals } from '../shapes.ts'
import {
  approveInput,
  closeInput,
  newReturn,
  receiveInput,
  requestedRefund,
  returnDetail,
  returnRefundInput,
  returnRow,
} from './return-shapes.ts'

const tags = ['returns']
const params = idParam('ret_01k5')

const filters = {
  q: searched.openapi({ description: "The return's id, the order's number, or the SKU of a line." }),
  status: z.enum(returnStatuses).optional(),
  connectionId: z.string().max(200).optional(),
  orderId: z.string().max(200).optional(),
}

const list = createRoute({
  method: 'get',
  path: '/returns',
  operationId: 'listReturns',
  tags,
  summary: 'Goods that come back, the newest first',
  request: { query: listQuery(returnSortFields, '-created').extend(filters) },
  responses: { 200: answer(listOf(returnRow), 'A page of returns.'), ...refusals(400) },
})

const columns = {
  id: (row: Row) => row.id,
  order: (row: Row) => row.orderNumber,
  status: (row: Row) => row.status,
  units: (row: Row) => row.units,
  accountedUnits: (row: Row) => row.accountedUnits,
  refundedMinor: (row: Row) => row.refundedMinor,
  currency: (row: Row) => row.currency,
  createdAt: (row: Row) => row.createdAt,
  closedAt: (row: Row) => row.closedAt,
}
type Row = Awaited<ReturnType<typeof listReturns>>[number]

const download = createRoute({
  method: 'get',
  path: '/returns.csv',
  operationId: 'downloadReturns',
  tags,
  summary: 'The list of returns as CSV',
  request: {
    query: csvQuery(returnSortFields, '-created', Object.keys(columns) as (keyof typeof columns)[]).extend(
      filters,
    ),
  },
  responses: { 200: csvAnswer('The returns.'), ...refusals(400) },
})

const enter = createRoute({
  method: 'post',
  path: '/returns',
  operationId: 'enterReturn',
  tags,
  summary: 'Enters a return that a platform does not tell of',
  request: { body: body(newReturn) },
  responses: { 201: answer(returnDetail, 'The return.'), ...refusals(400, 404, 409) },
})

const read = createRoute({
  method: 'get',
  path: '/returns/{id}',
  operationId: 'readReturn',
  tags,
  summary: 'A return with its lines, its timeline and its refunds',
  request: { params },
  responses: { 200: answer(returnDetail, 'The return.'), ...refusals(404) },
})

const approve = createRoute({
  method: 'post',
  path: '/returns/{id}/approve',
  operationId: 'approveReturn',
  tags,
  summary: 'Says that the buyer may send the goods',
  request: { params, body: body(approveInput) },
  responses: { 200: answer(returnDetail, 'The return.'), ...refusals(400, 404, 409) },
})

const receive = createRoute({
  method: 'post',
  path: '/returns/{id}/receive',
  operationId: 'receiveReturn',
  tags,
  summary: 'Takes goods in: back to stock, written off, or missing; each unit once',
  request: { params, body: body(receiveInput) },
  responses: { 200: answer(returnDetail, 'The return.'), ...refusals(400, 404, 409) },
})

const refund = createRoute({
  method: 'post',
  path: '/returns/{id}/refund',
  operationId: 'refundReturn',
  tags,
  summary: 'Gives the money of a return back, once; above the cap a person approves first',
  request: { params, body: body(returnRefundInput) },
  responses: { 202: answer(requestedRefund, 'It is asked for, or proposed.'), ...refusals(400, 404, 409) },
})

const close = createRoute({
  method: 'post',
  path: '/returns/{id}/close',
  operationId: 'closeReturn',
  tags,
  summary: 'Closes a return: it is settled, or turned down',
  request: { params, body: body(closeInput) },
  responses: { 200: answer(returnDetail, 'The return.'), ...refusals(400, 404, 409) },
})

export const returnRoutes = ({ hub, act }: ApiContext) => {
  const show = (id: string) => readReturn(hub.db, id)
  return createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const page = toListPage(await listReturns(hub.db, query, orderOf(query)), query)
      return c.json({ ...page, ...(query.count ? { count: await countReturns(hub.db, query) } : {}) }, 200)
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      return answerCsv(c, {
        name: 'returns',
        query,
        columns,
        readPage: (order) => listReturns(hub.db, query, order),
        log: hub.log,
      })
    })
    .openapi(enter, async (c) => {
      const input = c.req.valid('json')
      const id = await transact(hub.db, (tx) => takeReturn(tx, hub, input, act()))
      return c.json(await show(id), 201)
    })
    .openapi(read, async (c) => c.json(await show(c.req.valid('param').id), 200))
    .openapi(approve, async (c) => {
      const { id } = c.req.valid('param')
      const { revision } = c.req.valid('json')
      await transact(hub.db, (tx) => approveReturn(tx, id, revision, act()))
      return c.json(await show(id), 200)
    })
    .openapi(receive, async (c) => {
      const { id } = c.req.valid('param')
      const { revision, lines } = c.req.valid('json')
      await transact(hub.db, (tx) => takeGoods(tx, hub, id, revision, lines, act()))
      return c.json(await show(id), 200)
    })
    .openapi(refund, async (c) => {
      const { id } = c.req.valid('param')
      const { revision, ...wish } = c.req.valid('json')
      return c.json(await transact(hub.db, (tx) => refundReturn(tx, hub, id, revision, wish, act())), 202)
    })
    .openapi(close, async (c) => {
      const { id } = c.req.valid('param')
      const { revision, reason } = c.req.valid('json')
      await transact(hub.db, (tx) => closeReturn(tx, id, revision, reason, act()))
      return c.json(await show(id), 200)
    })
}
