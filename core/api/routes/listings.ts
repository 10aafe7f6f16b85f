import { createRoute, z } from '@hono/zod-openapi'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { countListings, listingSortFields, listListings } from '../../listings/list.ts'
import { findUnknownListings, readListing } from '../../listings/read.ts'
import { readActivePlugins } from '../../plugins/settings.ts'
import { ConflictError, InputError } from '../../sdk/errors.ts'
import { aspects, listingStatuses } from '../../sdk/model/listing.ts'
import { requestEnding } from '../../sync/end.ts'
import { connectorOf } from '../../sync/hub.ts'
import { readValues } from '../../sync/values.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, listOf, listPage, listQuery, orderOf, searched } from '../list-query.ts'
import { answer, body, flag, idParam, instant, refusals } from '../shapes.ts'
import { contentValues, listing, listingColumns, priceValues, stockValues } from './listing-shapes.ts'

const tags = ['listings']

const filters = {
  q: searched.openapi({
    description:
      'Words of a SKU, a GTIN, a key, a brand or a title, in any script; or a whole external id, which alone is listed then.',
  }),
  connectionId: z.string().max(200).optional(),
  status: z.enum(listingStatuses).optional(),
  dirty: z
    .enum(['any', ...aspects])
    .optional()
    .openapi({ description: 'Only those whose aspect the platform has not acknowledged.' }),
  hasIssues: flag.optional().openapi({ description: 'Whether the platform complains about it.' }),
  isRefused: flag.optional().openapi({
    description: 'Whether an aspect of it is held: the platform refused it, or a decision is waited for.',
  }),
  hasProblem: flag.optional().openapi({ description: 'Whether an open problem is about it.' }),
}

const list = createRoute({
  method: 'get',
  path: '/listings',
  operationId: 'listListings',
  tags,
  summary: 'Listings with where their aspects stand; sorted by `waiting` only those that wait',
  request: { query: listQuery(listingSortFields, 'id').extend(filters) },
  responses: { 200: answer(listOf(listing), 'A page of listings.'), ...refusals(400) },
})

const download = createRoute({
  method: 'get',
  path: '/listings.csv',
  operationId: 'downloadListings',
  tags,
  summary: 'Listings as CSV',
  request: { query: csvQuery(listingSortFields, 'id', Object.keys(listingColumns)).extend(filters) },
  responses: { 200: csvAnswer('All of them that fit.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/listings/{id}',
  operationId: 'readListing',
  tags,
  summary: 'A listing',
  request: { params: idParam('lst_01k5') },
  responses: { 200: answer(listing, 'The listing.'), ...refusals(404) },
})

const values = createRoute({
  method: 'get',
  path: '/listings/{id}/values',
  operationId: 'readListingValues',
  tags,
  summary: 'What a listing should show, beside what the marketplace acknowledged',
  request: { params: idParam('lst_01k5') },
  responses: {
    200: answer(
      z
        .object({
          id: z.string(),
          seenAt: instant.nullable().openapi({
            description:
              'When a whole reading of the platform last confirmed or corrected what is acknowledged.',
          }),
          content: contentValues,
          price: priceValues,
          stock: stockValues,
        })
        .openapi('ListingValues'),
      'Its values.',
    ),
    ...refusals(404),
  },
})

const end = createRoute({
  method: 'post',
  path: '/connections/{id}/end',
  operationId: 'endListings',
  tags,
  summary: 'Takes listings off the shelf; too many at once wait for approval',
  request: {
    params: idParam('con_01k5'),
    body: body(
      z.strictObject({
        listingIds: z
          .array(z.string().max(200))
          .min(1)
          .max(10_000)
          .openapi({ example: ['lst_01k5'] }),
        reason: z.string().min(1).max(500).openapi({ example: 'Out of the range' }),
      }),
    ),
  },
  responses: {
    202: answer(
      z.object({
        proposalId: z.string().nullable().openapi({ description: 'Null: they will be ended.' }),
      }),
      'They will be ended, or a proposal waits.',
    ),
    ...refusals(400, 404, 409),
  },
})

export const listingRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const rows = await listListings(hub.db, query, orderOf(query))
      return c.json(await listPage(query, rows, () => countListings(hub.db, query)), 200)
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      return answerCsv(c, {
        name: 'listings',
        query,
        readPage: (order) => listListings(hub.db, query, order),
        columns: listingColumns,
        log: hub.log,
      })
    })
    .openapi(read, async (c) => c.json(await readListing(hub.db, c.req.valid('param').id), 200))
    .openapi(values, async (c) => {
      const { id, seenAt } = await readListing(hub.db, c.req.valid('param').id)
      const plugins = await readActivePlugins(hub.db, hub.plugins)
      const found = await readValues(hub.db, [id], plugins, hub.clock.now())
      return c.json({ id, seenAt, ...found.get(id)! }, 200)
    })
    .openapi(end, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      const { listingIds, reason } = c.req.valid('json')
      if (!connectorOf(hub.connectors, connection).operations.endListing)
        throw new ConflictError(`${connection.name} offers no endListing.`)
      const wanted = [...new Set(listingIds)]
      const [unknown] = await findUnknownListings(hub.db, connection.id, wanted)
      if (unknown) throw new InputError(`${connection.name} has no listing ${unknown}.`, 'listingIds')
      const proposalId = await transact(hub.db, (tx) => requestEnding(tx, connection, wanted, reason, act()))
      return c.json({ proposalId }, 202)
    })
