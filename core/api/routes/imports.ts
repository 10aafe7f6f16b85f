import { createRoute, z } from '@hono/zod-openapi'
import { listProfiles } from '../../imports/profiles.ts'
import { listImports, readImport } from '../../imports/read.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { createImportDesk } from '../imports.ts'
import { answer, body, idParam, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const tags = ['imports']

const importSchema = z
  .object({
    id: z.string().openapi({ example: 'imp_01k5' }),
    profile: z.string().openapi({ example: 'products' }),
    source: z.string(),
    startedAt: instant,
    finishedAt: instant.nullable(),
    counts: z.record(z.string(), z.number()),
    rejectsFile: z.string().nullable(),
    actor: z.string(),
    isRunning: z.boolean().openapi({ description: 'Whether this process works on it.' }),
    progress: z
      .object({
        bytesRead: z.number(),
        bytesTotal: z.number(),
        rows: z.number(),
        rowsPerSecond: z.number(),
      })
      .nullable(),
  })
  .openapi('Import')

const profiles = createRoute({
  method: 'get',
  path: '/import-profiles',
  operationId: 'listImportProfiles',
  tags,
  summary: 'The kinds of files that can be imported without a profile of your own',
  responses: {
    200: answer(
      z.object({
        items: z.array(
          z.object({ id: z.string(), name: z.string(), kind: z.string(), description: z.string() }),
        ),
      }),
      'All of them.',
    ),
  },
})

const list = createRoute({
  method: 'get',
  path: '/imports',
  operationId: 'listImports',
  tags,
  summary: 'Imports, the newest first',
  request: { query: pageQuery },
  responses: { 200: answer(pageOf(importSchema), 'A page of imports.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/imports/{id}',
  operationId: 'readImport',
  tags,
  summary: 'An import, and how far it is',
  request: { params: idParam('imp_01k5') },
  responses: { 200: answer(importSchema, 'The import.'), ...refusals(404) },
})

const start = createRoute({
  method: 'post',
  path: '/imports',
  operationId: 'startImport',
  tags,
  summary: 'Imports a file of the import folder in the background',
  request: {
    body: body(
      z.strictObject({
        profile: z
          .string()
          .regex(/^[\w./-]+$/)
          .max(200)
          .openapi({
            description: 'A shipped profile, or a JSON file in the import folder.',
            example: 'products',
          }),
        path: z
          .string()
          .min(1)
          .max(1000)
          .openapi({ description: 'Below the import folder.', example: 'goods.csv' }),
      }),
    ),
  },
  responses: { 202: answer(importSchema, 'It runs.'), ...refusals(400, 409) },
})

export const importRoutes = (context: ApiContext) => {
  const { hub, act } = context
  const desk = createImportDesk(context)
  const withProgress = <Row extends { id: string }>(row: Row) => ({
    ...row,
    isRunning: desk.isRunning(row.id),
    progress: desk.progressOf(row.id),
  })
  return createRouter()
    .openapi(profiles, async (c) => c.json({ items: await listProfiles() }, 200))
    .openapi(list, async (c) => {
      const { after, limit } = c.req.valid('query')
      const page = toPage(await listImports(hub.db, { before: after, limit }), limit, (row) => row.id)
      return c.json({ ...page, items: page.items.map(withProgress) }, 200)
    })
    .openapi(read, async (c) => c.json(withProgress(await readImport(hub.db, c.req.valid('param').id)), 200))
    .openapi(start, async (c) => {
      const { profile, path } = c.req.valid('json')
      const id = await desk.start(profile, path, act().actor)
      return c.json(withProgress(await readImport(hub.db, id)), 202)
    })
}
