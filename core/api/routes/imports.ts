import { createRoute, z } from '@hono/zod-openapi'
import { listProfiles } from '../../imports/profiles.ts'
import { pageImports, readImport } from '../../imports/read.ts'
import { writeRejects } from '../../imports/rejects-csv.ts'
import { importKinds } from '../../imports/targets.ts'
import { NotFoundError } from '../../sdk/errors.ts'
import { workActions } from '../../sync/work.ts'
import { readWork } from '../../work/read.ts'
import type { ApiContext } from '../context.ts'
import { csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { createImportDesk } from '../import-desk.ts'
import { listOf, listQuery, orderOf, toListPage } from '../list-query.ts'
import { answer, body, idParam, refusals } from '../shapes.ts'
import { allTargets, importSchema, mapping, targetSchema, uploadSchema } from './import-shapes.ts'
import { showWork, startsWork } from './work-shapes.ts'

const tags = ['imports']
const params = idParam('imp_01k5')
const uploadParams = idParam('upl_01k5')

/** Takes files far larger than other bodies, as a stream that counts for itself. */
export const uploadPath = '/api/import-uploads'

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

const fields = createRoute({
  method: 'get',
  path: '/import-fields',
  operationId: 'listImportFields',
  tags,
  summary: 'What a column of an imported file can mean',
  responses: { 200: answer(z.object({ items: z.array(targetSchema) }), 'All of them.') },
})

const list = createRoute({
  method: 'get',
  path: '/imports',
  operationId: 'listImports',
  tags,
  summary: 'Imports, the newest first',
  request: {
    query: listQuery(['startedAt'], '-startedAt')
      .omit({ count: true })
      .extend({ kind: z.enum(importKinds).optional(), actor: z.string().max(300).optional() }),
  },
  responses: { 200: answer(listOf(importSchema), 'A page of imports.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/imports/{id}',
  operationId: 'readImport',
  tags,
  summary: 'An import, and how far it is',
  request: { params },
  responses: { 200: answer(importSchema, 'The import.'), ...refusals(404) },
})

const rejects = createRoute({
  method: 'get',
  path: '/imports/{id}/rejects.csv',
  operationId: 'downloadImportRejects',
  tags,
  summary:
    'The refused rows with the reason of each, in the columns of the file: correct them and import them again',
  request: { params },
  responses: { 200: csvAnswer('The refused rows.'), ...refusals(404) },
})

const start = createRoute({
  method: 'post',
  path: '/imports',
  operationId: 'startImport',
  tags,
  summary: 'Imports a file of the import folder of the server in the background',
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

const upload = createRoute({
  method: 'post',
  path: '/import-uploads',
  operationId: 'uploadImport',
  tags,
  summary: 'Sends a file to import: CSV, TSV or Excel, in any common encoding; nothing is imported yet',
  description:
    'The body is the file itself, up to 512 MB (a workbook up to 32 MB). Files are kept for 30 days.',
  request: {
    query: z.object({ name: z.string().max(1000).default('file').openapi({ example: 'goods.csv' }) }),
    body: {
      required: true,
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
  responses: { 201: answer(uploadSchema, 'What it seems to hold.'), ...refusals(400, 409) },
})

const describe = createRoute({
  method: 'get',
  path: '/import-uploads/{id}',
  operationId: 'readImportUpload',
  tags,
  summary: 'What a file that was sent seems to hold, read as a kind, in an encoding, with a delimiter',
  request: {
    params: uploadParams,
    query: z.object({
      kind: z.enum(importKinds).optional(),
      encoding: z.string().max(50).optional(),
      delimiter: z.string().length(1).optional(),
    }),
  },
  responses: { 200: answer(uploadSchema, 'The file.'), ...refusals(400, 404) },
})

const preview = createRoute({
  method: 'post',
  path: '/import-uploads/{id}/preview',
  operationId: 'previewImport',
  tags,
  summary:
    'Finds out what an import would do, row by row, and changes nothing; as long work whose result is the preview',
  request: { params: uploadParams, body: body(mapping) },
  responses: startsWork,
})

const run = createRoute({
  method: 'post',
  path: '/import-uploads/{id}/import',
  operationId: 'importUpload',
  tags,
  summary:
    'Imports a file that was sent, as its columns are mapped; remembers the mapping for files with these columns',
  request: { params: uploadParams, body: body(mapping) },
  responses: { 202: answer(importSchema, 'It runs.'), ...refusals(400, 404, 409) },
})

type Row = Awaited<ReturnType<typeof readImport>>

const show = ({ source: _source, columns: _columns, delimiter: _delimiter, ...row }: Omit<Row, 'place'>) => {
  const { rejectsFile, fileName, done, total, state, ...rest } = row
  return {
    ...rest,
    fileName: fileName ?? '',
    state: state as 'done',
    hasRejects: rejectsFile !== null,
    bytesRead: done,
    bytesTotal: total,
  }
}

export const importRoutes = (context: ApiContext) => {
  const { hub, act } = context
  const desk = createImportDesk(context)
  const undoable = (kind: string) => workActions(hub).get(kind)?.undo !== undefined
  return createRouter()
    .openapi(profiles, async (c) => c.json({ items: await listProfiles() }, 200))
    .openapi(fields, (c) => c.json({ items: allTargets }, 200))
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const page = toListPage(await pageImports(hub.db, query, orderOf(query)), query)
      return c.json({ ...page, items: page.items.map(show) }, 200)
    })
    .openapi(read, async (c) => c.json(show(await readImport(hub.db, c.req.valid('param').id)), 200))
    .openapi(rejects, async (c) => {
      const { id, rejectsFile, columns, delimiter } = await readImport(hub.db, c.req.valid('param').id)
      if (!rejectsFile || !columns) throw new NotFoundError(`Import ${id} has no refused rows to download.`)
      const lines = writeRejects(rejectsFile, { columns, delimiter: delimiter ?? ',' })
      const encoder = new TextEncoder()
      const file = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const next = await lines.next()
          if (next.done) controller.close()
          else controller.enqueue(encoder.encode(next.value))
        },
        cancel: () => void lines.return(undefined),
      })
      return c.body(file, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="rejects-${id}.csv"`,
      }) as never
    })
    .openapi(start, async (c) => {
      const { profile, path } = c.req.valid('json')
      return c.json(show(await desk.startFromFolder(profile, path, act())), 202)
    })
    .openapi(upload, async (c) =>
      c.json(await desk.keep(c.req.raw.body, c.req.valid('query').name, act()), 201),
    )
    .openapi(describe, async (c) =>
      c.json(await desk.describe(c.req.valid('param').id, c.req.valid('query')), 200),
    )
    .openapi(preview, async (c) => {
      const work = await desk.preview(c.req.valid('param').id, c.req.valid('json'), act())
      return c.json(await showWork(hub.db, await readWork(hub.db, work.id), undoable), 202)
    })
    .openapi(run, async (c) =>
      c.json(show(await desk.startUpload(c.req.valid('param').id, c.req.valid('json'), act())), 202),
    )
}
