import { createRoute, z } from '@hono/zod-openapi'
import { listListings, readListing } from '../../listings/read.ts'
import { aspects, listingStatuses } from '../../sdk/model/listing.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, idParam, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

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

export const listingRoutes = ({ hub }: ApiContext) =>
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
