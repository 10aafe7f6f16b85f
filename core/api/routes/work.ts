import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { transact } from '../../db/transact.ts'
import { csvLine } from '../../lib/csv.ts'
import { requireRole } from '../../sdk/role.ts'
import { undoWork, workActions } from '../../sync/work.ts'
import { listFailures, pageWorks, readWork, workStates } from '../../work/read.ts'
import { cancelWork } from '../../work/works.ts'
import type { ApiContext } from '../context.ts'
import { csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { listOf, listQuery, orderOf, toListPage } from '../list-query.ts'
import { answer, flag, idParam, maxPage, refusals } from '../shapes.ts'
import { showWork, startsWork, workSchema, workSummary } from './work-shapes.ts'

const tags = ['work']
const params = idParam('wrk_01k5')

const list = createRoute({
  method: 'get',
  path: '/work',
  operationId: 'listWork',
  tags,
  summary: 'Long work that people asked for, the newest first',
  request: {
    query: listQuery(['createdAt'], '-createdAt')
      .omit({ count: true })
      .extend({
        state: z.enum(workStates).optional(),
        isOpen: flag.optional().openapi({ description: 'Whether it is not over yet.' }),
        kind: z.string().max(100).optional(),
        actor: z.string().max(300).optional(),
      }),
  },
  responses: { 200: answer(listOf(workSummary), 'A page of work.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/work/{id}',
  operationId: 'readWork',
  tags,
  summary: 'Long work: how far it is and what came of it',
  request: { params },
  responses: { 200: answer(workSchema, 'The work.'), ...refusals(404) },
})

const cancel = createRoute({
  method: 'post',
  path: '/work/{id}/cancel',
  operationId: 'cancelWork',
  tags,
  summary: 'Stops long work between two steps: what is done stays done',
  request: { params },
  responses: { 200: answer(workSchema, 'It is cancelled.'), ...refusals(404, 409) },
})

const undo = createRoute({
  method: 'post',
  path: '/work/{id}/undo',
  operationId: 'undoWork',
  tags,
  summary: 'Takes back what long work did, item by item, once',
  request: { params },
  responses: startsWork,
})

const failures = createRoute({
  method: 'get',
  path: '/work/{id}/failures.csv',
  operationId: 'downloadWorkFailures',
  tags,
  summary: 'The items that could not be done, with the reason of each, as CSV',
  request: { params },
  responses: { 200: csvAnswer('One line an item.'), ...refusals(404) },
})

export const workRoutes = ({ hub, act }: ApiContext) => {
  const actions = workActions(hub)
  const undoable = (kind: string) => actions.get(kind)?.undo !== undefined
  /** What takes a role to ask for takes it to stop and to take back. @throws NotFoundError, ForbiddenError */
  const assertMay = async (c: Context, id: string) => {
    const { kind } = await readWork(hub.db, id)
    requireRole(c, actions.get(kind)?.role ?? 'admin')
  }
  return createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      return c.json(toListPage(await pageWorks(hub.db, query, orderOf(query)), query), 200)
    })
    .openapi(read, async (c) => {
      const work = await readWork(hub.db, c.req.valid('param').id)
      return c.json(await showWork(hub.db, work, undoable), 200)
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      await assertMay(c, id)
      const work = await transact(hub.db, (tx) => cancelWork(tx, id, act()))
      return c.json(await showWork(hub.db, work, undoable), 200)
    })
    .openapi(undo, async (c) => {
      const { id } = c.req.valid('param')
      await assertMay(c, id)
      const work = await undoWork(hub, id, act())
      return c.json(await showWork(hub.db, work, undoable), 202)
    })
    .openapi(failures, async (c) => {
      const { id } = await readWork(hub.db, c.req.valid('param').id)
      let after = 0
      const encoder = new TextEncoder()
      // The mark tells a spreadsheet that the file is UTF-8.
      let text = `\uFEFF${csvLine(['item', 'reason'])}`
      const file = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const page = await listFailures(hub.db, id, { after, limit: maxPage })
          text += page.map(({ subject, reason }) => csvLine([subject, reason])).join('')
          controller.enqueue(encoder.encode(text))
          text = ''
          after = page.at(-1)?.position ?? after
          if (page.length < maxPage) controller.close()
        },
      })
      return c.body(file, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="failures-${id}.csv"`,
      }) as never
    })
}
