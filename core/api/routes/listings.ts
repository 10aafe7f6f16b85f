import { createRoute, z } from '@hono/zod-openapi'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { findUnknownListings, listListings, readListing } from '../../listings/read.ts'
import { ConflictError, InputError } from '../../sdk/errors.ts'
import { aspects, listingStatuses } from '../../sdk/model/listing.ts'
import { requestEnding } from '../../sync/end.ts'
import { connectorOf } from '../../sync/hub.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, idParam, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const tags = ['listings']

const listing = z
  .object({
    id: z.string().openapi({ example: 'lst_01k5' }),
    connectionId: z.string(),
    sku: z.string(),
    externalId: z.string().nullable(),
    externalParentId: z.string().nullable(),
    status: z.enum(listingStatuses),
    issues: z.array(
      z.object({
        field: z.string().nullable(),
        code: z.string().nullable(),
        message: z.string(),
        severity: z.enum(['error', 'warning']),
      }),
    ),
    endingSince: instant.nullable().openapi({ description: 'Since when it is to be taken off the shelf.' }),
    seenAt: instant.nullable(),
    createdAt: instant,
    aspects: z.array(
      z.object({
        aspect: z.enum(aspects),
        revision: z.number(),
        acknowledgedRevision: z.number(),
        isInStep: z.boolean(),
        acknowledgedAt: instant.nullable(),
        notBefore: instant.nullable(),
        attempts: z.number(),
      }),
    ),
  })
  .openapi('Listing')

const list = createRoute({
  method: 'get',
  path: '/listings',
  operationId: 'listListings',
  tags,
  summary: 'Listings, the oldest first, with where their aspects stand',
  request: {
    query: pageQuery.extend({
      connectionId: z.string().max(200).optional(),
      status: z.enum(listingStatuses).optional(),
      dirty: z
        .enum(['any', ...aspects])
        .optional()
        .openapi({ description: 'Only those whose aspect the platform has not acknowledged.' }),
    }),
  },
  responses: { 200: answer(pageOf(listing), 'A page of listings.'), ...refusals(400) },
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
      const filter = c.req.valid('query')
      const found = await listListings(hub.db, filter)
      return c.json(
        toPage(found, filter.limit, (row) => row.id),
        200,
      )
    })
    .openapi(read, async (c) => c.json(await readListing(hub.db, c.req.valid('param').id), 200))
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
