import { createRoute, z } from '@hono/zod-openapi'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { acceptSuggestions, previewAcceptance } from '../../mappings/accept.ts'
import { exportMappings, readMappingsCsv } from '../../mappings/csv.ts'
import { listBatches, listChanges } from '../../mappings/history.ts'
import { wordStates } from '../../mappings/list.ts'
import { saveMappings } from '../../mappings/save.ts'
import { undoMappings } from '../../mappings/undo.ts'
import { followMappings } from '../../sync/mapping-effects.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, countingCursor, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'
import { acceptFilter, connectionParams, effects, kind, kindParams, suggestion } from './mapping-shapes.ts'

const tags = ['mappings']
const batchParams = connectionParams.extend({
  batchId: z
    .string()
    .min(1)
    .max(200)
    .openapi({ param: { name: 'batchId', in: 'path' }, example: 'mpb_01k5' }),
})

const preview = createRoute({
  method: 'get',
  path: '/connections/{id}/mappings/{kind}/acceptance',
  operationId: 'previewMappingAcceptance',
  tags,
  summary: 'What accepting every first suggestion above a confidence would map',
  request: { params: kindParams, query: acceptFilter },
  responses: {
    200: answer(
      z.object({
        words: z.number(),
        listings: z.number(),
        orders: z.number(),
        samples: z.array(z.object({ scope: z.string(), word: z.string(), name: z.string(), suggestion })),
      }),
      'How many, and the surest of them.',
    ),
    ...refusals(400, 404),
  },
})

const accept = createRoute({
  method: 'post',
  path: '/connections/{id}/mappings/{kind}/acceptance',
  operationId: 'acceptMappingSuggestions',
  tags,
  summary: 'Maps every word to its first suggestion above a confidence; one batch, which can be undone',
  request: {
    params: kindParams,
    body: body(z.strictObject({ ...acceptFilter.shape, minConfidence: z.number().min(0).max(1) })),
  },
  responses: {
    200: answer(
      effects.extend({
        left: z.number().openapi({ description: 'Suggestions of this confidence that were not accepted.' }),
      }),
      'They are mapped.',
    ),
    ...refusals(400, 404, 409),
  },
})

const batches = createRoute({
  method: 'get',
  path: '/connections/{id}/mapping-batches',
  operationId: 'listMappingBatches',
  tags,
  summary: 'Who changed mappings, the newest first',
  request: { params: connectionParams, query: pageQuery.extend({ kind: kind.optional() }) },
  responses: {
    200: answer(
      pageOf(
        z.object({
          id: z.string(),
          kind,
          how: z.enum(['edit', 'accept', 'import', 'undo']),
          changes: z.number(),
          undone: z.number().openapi({ description: 'How many of its changes were taken back.' }),
          undoes: z.string().nullable(),
          actor: z.string(),
          at: instant,
        }),
      ),
      'A page of batches.',
    ),
    ...refusals(400, 404),
  },
})

const changes = createRoute({
  method: 'get',
  path: '/connections/{id}/mapping-changes',
  operationId: 'listMappingChanges',
  tags,
  summary: 'What was changed, of a batch, of a word or of all, the newest first',
  request: {
    params: connectionParams,
    query: pageQuery.extend({
      batchId: z.string().max(200).optional(),
      kind: kind.optional(),
      scope: z.string().max(500).optional(),
      word: z.string().max(500).optional(),
    }),
  },
  responses: {
    200: answer(
      pageOf(
        z.object({
          id: z.number(),
          batchId: z.string(),
          kind,
          scope: z.string(),
          word: z.string(),
          before: z.string().nullable(),
          after: z.string().nullable(),
          beforeName: z.string().nullable().openapi({ description: 'What the platform calls it.' }),
          afterName: z.string().nullable(),
          revision: z.number(),
          actor: z.string(),
          at: instant,
          undoneAt: instant.nullable(),
          undoneBy: z.string().nullable(),
        }),
      ),
      'A page of changes.',
    ),
    ...refusals(400, 404),
  },
})

const undo = createRoute({
  method: 'post',
  path: '/connections/{id}/mapping-batches/{batchId}/undo',
  operationId: 'undoMappings',
  tags,
  summary: 'Takes a batch of changes back, or some of them; a word that was changed since is a 409',
  request: {
    params: batchParams,
    body: body(
      z.strictObject({
        changeIds: z
          .array(z.int())
          .min(1)
          .max(1000)
          .optional()
          .openapi({ description: 'Left out: all of them.' }),
      }),
    ),
  },
  responses: { 200: answer(effects, 'They are taken back.'), ...refusals(400, 404, 409) },
})

const exported = createRoute({
  method: 'get',
  path: '/connections/{id}/mappings/{kind}/csv',
  operationId: 'exportMappings',
  tags,
  summary: 'The words of a kind as CSV, to be filled in and imported',
  request: { params: kindParams, query: z.object({ state: z.enum(wordStates).optional() }) },
  responses: {
    200: { description: 'A CSV file.', content: { 'text/csv': { schema: z.string() } } },
    ...refusals(400, 404),
  },
})

const imported = createRoute({
  method: 'post',
  path: '/connections/{id}/mappings/{kind}/csv',
  operationId: 'importMappings',
  tags,
  summary: 'Sets the mappings of a CSV file; a row without target says nothing, and - takes a mapping away',
  request: {
    params: kindParams,
    body: body(
      z.strictObject({
        csv: z.string().min(1).max(8_000_000).openapi({ example: 'ours,theirs\nTEE-M,SHOP-TEE-MEDIUM\n' }),
      }),
    ),
  },
  responses: { 200: answer(effects, 'They are set.'), ...refusals(400, 404, 409) },
})

export const mappingBatchRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(preview, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const found = await previewAcceptance(hub.db, connection, kind, c.req.valid('query'))
      const samples = found.samples.map(({ scope, word, name, suggestions }) => ({
        scope,
        word,
        name,
        suggestion: suggestions[0]!,
      }))
      return c.json({ ...found, samples }, 200)
    })
    .openapi(accept, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const filter = c.req.valid('json')
      const saved = await transact(hub.db, (tx) => acceptSuggestions(tx, connection, kind, filter, act()))
      const followed = await followMappings(hub, connection, kind, saved, act())
      const { batchId, changed, left } = saved
      return c.json({ batchId, changes: changed.length, ...followed, left }, 200)
    })
    .openapi(batches, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const query = c.req.valid('query')
      const found = await listBatches(hub.db, connection.id, query)
      return c.json(
        toPage(found, query.limit, (row) => row.id),
        200,
      )
    })
    .openapi(changes, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const { after, ...query } = c.req.valid('query')
      const filter = { ...query, after: after === undefined ? undefined : countingCursor(after) }
      const found = await listChanges(hub.db, connection.id, filter)
      return c.json(
        toPage(found, query.limit, (row) => String(row.id)),
        200,
      )
    })
    .openapi(undo, async (c) => {
      const { id, batchId } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const { changeIds } = c.req.valid('json')
      const saved = await transact(hub.db, (tx) => undoMappings(tx, connection, batchId, changeIds, act()))
      const followed = await followMappings(hub, connection, saved.kind, saved, act())
      return c.json({ batchId: saved.batchId, changes: saved.changed.length, ...followed }, 200)
    })
    .openapi(exported, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const text = await exportMappings(hub.db, connection.id, kind, c.req.valid('query').state)
      return c.text(text, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="mappings-${kind}.csv"`,
      })
    })
    .openapi(imported, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const entries = readMappingsCsv(kind, c.req.valid('json').csv)
      const saved = await transact(hub.db, (tx) =>
        saveMappings(tx, connection, kind, entries, act(), { how: 'import' }),
      )
      const followed = await followMappings(hub, connection, kind, saved, act())
      return c.json({ batchId: saved.batchId, changes: saved.changed.length, ...followed }, 200)
    })
