import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { addView, changeView, listViews, removeView, type SavedView } from '../../views/views.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, done, idParam, instant, refusals } from '../shapes.ts'

const tags = ['views']
const list = z
  .string()
  .regex(/^[a-z-]{1,50}$/)
  .openapi({ description: 'The list it is of.', example: 'listings' })

const view = {
  name: z.string().trim().min(1).max(100).openapi({ example: 'Refused in Germany' }),
  filters: z
    .record(z.string().max(50), z.string().max(500))
    .refine((filters) => Object.keys(filters).length <= 50, 'At most 50 filters.')
    .openapi({ description: "The list's own query parameters.", example: { isRefused: 'true' } }),
  sort: z.string().max(50).nullable().openapi({ example: '-id' }),
  columns: z
    .array(z.string().max(50))
    .max(100)
    .nullable()
    .openapi({ description: 'In their order; null: as the list shows them by itself.' }),
  isShared: z.boolean().openapi({ description: 'Everybody sees it; only its owner changes it.' }),
}
const revision = z.int().min(1).openapi({ description: 'The one that was edited.', example: 1 })

const saved = z
  .object({
    id: z.string().openapi({ example: 'viw_01k5' }),
    list,
    ...view,
    owner: z.string(),
    isOwn: z.boolean().openapi({ description: 'Whether it is the view of whoever asks.' }),
    revision,
    updatedAt: instant,
  })
  .openapi('SavedView')

const all = createRoute({
  method: 'get',
  path: '/views',
  operationId: 'listViews',
  tags,
  summary: "One's own views of a list, and what others share",
  request: { query: z.object({ list }) },
  responses: { 200: answer(z.object({ items: z.array(saved) }), 'By name.'), ...refusals(400) },
})

const add = createRoute({
  method: 'post',
  path: '/views',
  operationId: 'addView',
  tags,
  summary: 'Keeps a view of a list under a name',
  request: { body: body(z.strictObject({ list, ...view })) },
  responses: { 201: answer(saved, 'It is kept.'), ...refusals(400, 409) },
})

const change = createRoute({
  method: 'put',
  path: '/views/{id}',
  operationId: 'changeView',
  tags,
  summary: "Changes a view of one's own",
  request: { params: idParam('viw_01k5'), body: body(z.strictObject({ revision, ...view })) },
  responses: { 200: answer(saved, 'It is changed.'), ...refusals(400, 404, 409) },
})

const remove = createRoute({
  method: 'delete',
  path: '/views/{id}',
  operationId: 'removeView',
  tags,
  summary: "Removes a view of one's own",
  request: { params: idParam('viw_01k5'), body: body(z.strictObject({ revision })) },
  responses: { 200: answer(done, 'It is gone.'), ...refusals(400, 404, 409) },
})

const toAnswer = ({ createdAt: _createdAt, ...row }: SavedView, actor: string) => ({
  ...row,
  isOwn: row.owner === actor,
})

export const viewRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(all, async (c) => {
      const { actor } = act()
      const found = await listViews(hub.db, actor, c.req.valid('query').list)
      return c.json({ items: found.map((row) => toAnswer(row, actor)) }, 200)
    })
    .openapi(add, async (c) => {
      const { list: name, ...given } = c.req.valid('json')
      const by = act()
      const added = await transact(hub.db, (tx) => addView(tx, name, given, by))
      return c.json(toAnswer(added, by.actor), 201)
    })
    .openapi(change, async (c) => {
      const { revision: edited, ...given } = c.req.valid('json')
      const by = act()
      const { id } = c.req.valid('param')
      const changed = await transact(hub.db, (tx) => changeView(tx, id, edited, given, by))
      return c.json(toAnswer(changed, by.actor), 200)
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param')
      await transact(hub.db, (tx) => removeView(tx, id, c.req.valid('json').revision, act()))
      return c.json({ ok: true as const }, 200)
    })
