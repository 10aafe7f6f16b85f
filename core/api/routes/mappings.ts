import { createRoute, z } from '@hono/zod-openapi'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { listUnbound } from '../../listings/read.ts'
import { contentKinds } from '../../listings/translate.ts'
import { listChoices } from '../../mappings/choices.ts'
import { findUser } from '../../mappings/follow.ts'
import { listWords, placeAfter } from '../../mappings/list.ts'
import { readOverview } from '../../mappings/overview.ts'
import { saveMappings } from '../../mappings/save.ts'
import { InputError, NotFoundError } from '../../sdk/errors.ts'
import { enqueueTask } from '../../sync/enqueue.ts'
import { connectorOf } from '../../sync/hub.ts'
import { followMappings } from '../../sync/mapping-effects.ts'
import { tryMappings } from '../../sync/try-mappings.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, done, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'
import {
  connectionParams,
  effects,
  entries,
  kind,
  kindParams,
  trial,
  wordQuery,
  wordRow,
} from './mapping-shapes.ts'

const tags = ['mappings']

const unbound = createRoute({
  method: 'get',
  path: '/connections/{id}/unbound-listings',
  operationId: 'listUnboundListings',
  tags,
  summary: 'Listings of the platform that belong to no SKU of ours',
  request: { params: connectionParams, query: pageQuery },
  responses: {
    200: answer(
      pageOf(
        z.object({
          externalId: z.string(),
          externalParentId: z.string().nullable(),
          sku: z.string().nullable(),
          title: z.string(),
          seenAt: instant,
        }),
      ),
      'A page of them, by external id.',
    ),
    ...refusals(400, 404),
  },
})

const overview = createRoute({
  method: 'get',
  path: '/connections/{id}/mappings',
  operationId: 'readMappingOverview',
  tags,
  summary: 'The kinds of words that can be mapped on a connection, with how much of each is mapped',
  request: { params: connectionParams },
  responses: {
    200: answer(
      z.object({
        items: z.array(
          z.object({
            kind,
            ours: z.string(),
            theirs: z.string(),
            word: z
              .enum(['ours', 'theirs'])
              .openapi({ description: 'Which side is in use; the other is chosen.' }),
            terms: z
              .number()
              .openapi({ description: 'How many terms the platform listed; with none, any text is taken.' }),
            unmapped: z.number(),
            suggested: z.number(),
            mapped: z.number(),
            waitingOrders: z.number(),
            waitingListings: z.number(),
            refreshedAt: instant.nullable(),
          }),
        ),
      }),
      'One entry a kind.',
    ),
    ...refusals(404),
  },
})

const list = createRoute({
  method: 'get',
  path: '/connections/{id}/mappings/{kind}',
  operationId: 'listMappings',
  tags,
  summary: 'The words in use on a connection: what they mean, or could mean',
  request: { params: kindParams, query: wordQuery },
  responses: {
    200: answer(pageOf(wordRow), 'A page of them, what holds up most first.'),
    ...refusals(400, 404),
  },
})

const set = createRoute({
  method: 'put',
  path: '/connections/{id}/mappings/{kind}',
  operationId: 'setMappings',
  tags,
  summary: 'Sets mappings; those not named stay, and null takes one away',
  description:
    'What waited for them goes on: content is pushed anew, orders find their SKU or are read again. A word that was changed since its revision is a 409 that names who changed it.',
  request: { params: kindParams, body: body(z.strictObject({ entries })) },
  responses: { 200: answer(effects, 'They are set.'), ...refusals(400, 404, 409) },
})

const choices = createRoute({
  method: 'get',
  path: '/connections/{id}/mappings/{kind}/choices',
  operationId: 'listMappingChoices',
  tags,
  summary: 'What a word can be mapped to; empty where the platform lists nothing and any text is taken',
  request: {
    params: kindParams,
    query: pageQuery.extend({
      q: z.string().min(1).max(200).optional(),
      scope: z.string().max(500).optional(),
      word: z.string().max(500).optional(),
    }),
  },
  responses: {
    200: answer(
      pageOf(
        z.object({
          target: z.string(),
          name: z.string(),
          path: z.string(),
          isAssignable: z.boolean(),
          isRequired: z.boolean(),
        }),
      ),
      'A page of them, by name.',
    ),
    ...refusals(400, 404),
  },
})

const refresh = createRoute({
  method: 'post',
  path: '/connections/{id}/mappings/refresh',
  operationId: 'refreshMappings',
  tags,
  summary: 'Reads the terms of the platform and works out anew which words wait for a meaning',
  request: { params: connectionParams },
  responses: { 202: answer(done, 'It will run.'), ...refusals(404) },
})

const attempt = createRoute({
  method: 'post',
  path: '/connections/{id}/mappings/try',
  operationId: 'tryMappings',
  tags,
  summary: 'What a listing would say with these mappings; writes nothing and calls nobody',
  request: {
    params: connectionParams,
    body: body(
      z.strictObject({
        listingId: z.string().min(1).max(200).optional().openapi({
          description: 'Left out: one that uses the first word.',
          example: 'lst_01k5',
        }),
        entries: z
          .array(
            z.strictObject({
              kind: z.enum(contentKinds),
              scope: z.string().max(500).default(''),
              word: z.string().min(1).max(500),
              target: z.string().min(1).max(500).nullable(),
            }),
          )
          .min(1)
          .max(100)
          .openapi({ example: [{ kind: 'category', word: 'linen', target: '16' }] }),
      }),
    ),
  },
  responses: { 200: answer(trial, 'What it would say.'), ...refusals(400, 404) },
})

/** A cursor of two texts. */
const writeCursor = (name: string, id: string): string =>
  Buffer.from(JSON.stringify([name, id])).toString('base64url')

function readCursor(after: string | undefined): [string, string] | undefined {
  if (after === undefined) return undefined
  try {
    const [name, id] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as [unknown, unknown]
    if (typeof name === 'string' && typeof id === 'string') return [name, id]
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new InputError(`"${after}" is not the "next" of a page.`, 'after')
}

export const mappingRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(unbound, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const query = c.req.valid('query')
      const found = await listUnbound(hub.db, connection.id, query)
      return c.json(
        toPage(found, query.limit, (row) => row.externalId),
        200,
      )
    })
    .openapi(overview, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const items = await readOverview(hub.db, connection.id, connectorOf(hub.connectors, connection))
      return c.json({ items: items.map((row) => ({ ...row, refreshedAt: toInstant(row.refreshedAt) })) }, 200)
    })
    .openapi(list, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const query = c.req.valid('query')
      const found = await listWords(hub.db, connection.id, kind, query)
      const { items, next } = toPage(found, query.limit, (row) => placeAfter(row, query.sort))
      const shown = items.map(({ weight: _weight, changedAt, ...row }) => ({
        ...row,
        changedAt: toInstant(changedAt),
      }))
      return c.json({ items: shown, next }, 200)
    })
    .openapi(set, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const { entries } = c.req.valid('json')
      const saved = await transact(hub.db, (tx) => saveMappings(tx, connection, kind, entries, act()))
      const followed = await followMappings(hub, connection, kind, saved, act())
      return c.json({ batchId: saved.batchId, changes: saved.changed.length, ...followed }, 200)
    })
    .openapi(choices, async (c) => {
      const { id, kind } = c.req.valid('param')
      const connection = await findConnection(hub.db, id)
      const { after, limit, q, scope, word } = c.req.valid('query')
      const filter = { q, limit, after: readCursor(after) }
      const found = await listChoices(hub.db, connection.id, kind, { scope, word }, filter)
      return c.json(
        toPage(found, limit, (row) => writeCursor(row.name, row.target)),
        200,
      )
    })
    .openapi(refresh, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      await enqueueTask(hub.queue, { task: 'terms', connectionId: connection.id })
      return c.json({ ok: true as const }, 202)
    })
    .openapi(attempt, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const { entries, ...asked } = c.req.valid('json')
      const [first] = entries
      const listingId = asked.listingId ?? (await findUser(hub.db, connection.id, first!.kind, first!))
      if (listingId === null)
        throw new NotFoundError(
          `No listing of ${connection.name} uses "${first!.word}": name one to try it on.`,
        )
      const { content, ...found } = await tryMappings(hub, connection, listingId, entries)
      return c.json({ ...found, content: content as Record<string, unknown> | null }, 200)
    })

/** Instants of raw statements come as PostgreSQL writes them. */
const toInstant = (text: string | null): string | null =>
  text === null ? null : new Date(text).toISOString()
