import { createRoute, z } from '@hono/zod-openapi'
import { changeHubSettings, readHubSettings } from '../../access/settings.ts'
import { transact } from '../../db/transact.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, instant, refusals } from '../shapes.ts'

const tags = ['settings']
const needsSecondPerson = z
  .boolean()
  .openapi({ description: 'Whether a proposal that a person made waits for another person.' })

const settings = z
  .object({
    needsSecondPerson,
    revision: z.number(),
    changedBy: z.string().nullable(),
    changedAt: instant.nullable(),
  })
  .openapi('HubSettings')

const read = createRoute({
  method: 'get',
  path: '/settings',
  operationId: 'readSettings',
  tags,
  summary: 'What is decided for the whole hub',
  responses: { 200: answer(settings, 'As they are.') },
})

const change = createRoute({
  method: 'put',
  path: '/settings',
  operationId: 'changeSettings',
  tags,
  summary: 'Decides it anew',
  request: {
    body: body(
      z.strictObject({
        needsSecondPerson,
        revision: z
          .int()
          .min(0)
          .openapi({ description: 'The one that was edited: guards against a lost update.' }),
      }),
    ),
  },
  responses: { 200: answer(settings, 'As they are now.'), ...refusals(400, 409) },
})

export const settingRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(read, async (c) => c.json(await readHubSettings(hub.db), 200))
    .openapi(change, async (c) =>
      c.json(await transact(hub.db, (tx) => changeHubSettings(tx, c.req.valid('json'), act())), 200),
    )
