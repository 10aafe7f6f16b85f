import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'drizzle-orm'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { isCurrency } from '../../lib/money.ts'
import { chooseProblems } from '../../problems/list.ts'
import { chooseProposals } from '../../proposals/list.ts'
import type { MarketplaceOperation } from '../../sdk/connector.ts'
import { ConflictError, InputError } from '../../sdk/errors.ts'
import { isEndingCapped, requestEnding } from '../../sync/end.ts'
import { connectorOf } from '../../sync/hub.ts'
import { startWork, workActions } from '../../sync/work.ts'
import type { Selection } from '../../work/works.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, refusals } from '../shapes.ts'
import { problemFilter } from './problem-shapes.ts'
import { proposalFilter } from './proposal-shapes.ts'
import { showWork, startsWork, workSchema } from './work-shapes.ts'

const mostIds = 10_000
const ids = z.array(z.string().min(1).max(200)).min(1).max(mostIds)

/** What a bulk action is about: ids that were chosen, or everything that a list's filter finds now. */
const chosen = <Filter extends z.ZodRawShape>(filter: Filter, example: string) => ({
  ids: ids.optional().openapi({ example: [example] }),
  filter: z
    .strictObject(filter)
    .optional()
    .openapi({ description: 'Instead of ids: all that the list would show.' }),
})

const toSelection = <Filter>(
  given: { ids?: string[] | undefined; filter?: Filter | undefined },
  choose: (filter: Filter) => Extract<Selection, { query: unknown }>['query'],
): Selection => {
  if ((given.ids === undefined) === (given.filter === undefined))
    throw new InputError('Say which: either "ids" or a "filter".', 'ids')
  return given.ids ? { ids: given.ids } : { query: choose(given.filter!) }
}

const about = { tags: ['work'] }
const problemBody = body(z.strictObject(chosen(problemFilter, 'prb_01k5')))
const proposalBody = body(z.strictObject(chosen(proposalFilter, 'prp_01k5')))

const resolve = createRoute({
  ...about,
  method: 'post',
  path: '/bulk/resolve-problems',
  operationId: 'resolveProblems',
  summary: 'Says of many problems that they are dealt with, as long work that can be taken back',
  request: { body: problemBody },
  responses: startsWork,
})

const retry = createRoute({
  ...about,
  method: 'post',
  path: '/bulk/retry-problems',
  operationId: 'retryProblems',
  summary: 'Tries again what many problems tell of, as long work',
  request: { body: problemBody },
  responses: startsWork,
})

const approve = createRoute({
  ...about,
  method: 'post',
  path: '/bulk/approve-proposals',
  operationId: 'approveProposals',
  summary: 'Approves and applies many proposals, each once, as long work; what can be taken back, can be',
  request: { body: proposalBody },
  responses: startsWork,
})

const reject = createRoute({
  ...about,
  method: 'post',
  path: '/bulk/reject-proposals',
  operationId: 'rejectProposals',
  summary: 'Turns many proposals down, as long work that can be taken back',
  request: { body: proposalBody },
  responses: startsWork,
})

const publish = createRoute({
  ...about,
  method: 'post',
  path: '/bulk/publish-products',
  operationId: 'publishManyProducts',
  summary: 'Lists many products on a connection, as long work; what is listed already stays as it is',
  request: {
    body: body(
      z.strictObject({
        connectionId: z.string().max(200),
        ids: ids.optional().openapi({ example: ['prd_01k5'], description: 'All products if left out.' }),
      }),
    ),
  },
  responses: startsWork,
})

const end = createRoute({
  ...about,
  method: 'post',
  path: '/bulk/end-listings',
  operationId: 'endManyListings',
  summary:
    'Takes many listings off the shelf, as long work that can be taken back; too many wait for approval',
  request: {
    body: body(
      z.strictObject({
        connectionId: z.string().max(200),
        ids: ids.openapi({ example: ['lst_01k5'] }),
        reason: z.string().min(1).max(500).openapi({ example: 'Out of the range' }),
      }),
    ),
  },
  responses: {
    200: answer(
      z.object({ proposalId: z.string() }),
      'They are too many to end without approval: a proposal waits.',
    ),
    202: answer(workSchema, 'They will be ended.'),
    ...refusals(400, 404, 409),
  },
})

const prices = createRoute({
  ...about,
  method: 'post',
  path: '/bulk/change-prices',
  operationId: 'changePricesByShare',
  summary: 'Raises or lowers base prices of variants by a share, as long work that can be taken back',
  request: {
    body: body(
      z.strictObject({
        ids: ids
          .optional()
          .openapi({ example: ['var_01k5'], description: 'All variants with a price if left out.' }),
        currency: z.string().length(3).openapi({ example: 'EUR' }),
        basisPoints: z
          .int()
          .min(-9000)
          .max(100_000)
          .openapi({ description: '100 is one per cent.', example: 500 }),
      }),
    ),
  },
  responses: startsWork,
})

export const bulkRoutes = ({ hub, act }: ApiContext) => {
  const actions = workActions(hub)
  const start = async (kind: string, title: string, selection: Selection, parameters: unknown = {}) => {
    const work = await startWork(hub, { kind, title, parameters, selection }, act())
    return showWork(hub.db, work, (name) => actions.get(name)?.undo !== undefined)
  }
  const connectionThatCan = async (id: string, operation: MarketplaceOperation) => {
    const connection = await findConnection(hub.db, id)
    if (connectorOf(hub.connectors, connection).operations[operation]) return connection
    throw new ConflictError(`${connection.name} offers no ${operation}.`)
  }
  return createRouter()
    .openapi(resolve, async (c) =>
      c.json(
        await start('resolve_problems', 'Resolve problems', toSelection(c.req.valid('json'), chooseProblems)),
        202,
      ),
    )
    .openapi(retry, async (c) =>
      c.json(
        await start('retry_problems', 'Try problems again', toSelection(c.req.valid('json'), chooseProblems)),
        202,
      ),
    )
    .openapi(approve, async (c) =>
      c.json(
        await start('approve_proposals', 'Approve proposals', toSelection(c.req.valid('json'), chooseOpen)),
        202,
      ),
    )
    .openapi(reject, async (c) =>
      c.json(
        await start('reject_proposals', 'Turn proposals down', toSelection(c.req.valid('json'), chooseOpen)),
        202,
      ),
    )
    .openapi(publish, async (c) => {
      const { connectionId, ids: wanted } = c.req.valid('json')
      const connection = await connectionThatCan(connectionId, 'createListing')
      const selection = wanted ? { ids: wanted } : { query: sql`select id from products order by id` }
      return c.json(
        await start('publish_products', `Publish products on ${connection.name}`, selection, {
          connectionId,
        }),
        202,
      )
    })
    .openapi(end, async (c) => {
      const { connectionId, ids: wanted, reason } = c.req.valid('json')
      const connection = await connectionThatCan(connectionId, 'endListing')
      const listingIds = [...new Set(wanted)]
      const proposalId = await transact(hub.db, async (tx) =>
        (await isEndingCapped(tx, connection, listingIds.length))
          ? requestEnding(tx, connection, listingIds, reason, act())
          : null,
      )
      if (proposalId) return c.json({ proposalId }, 200)
      const title = `End listings on ${connection.name}`
      return c.json(await start('end_listings', title, { ids: listingIds }, { connectionId, reason }), 202)
    })
    .openapi(prices, async (c) => {
      const { ids: wanted, currency, basisPoints } = c.req.valid('json')
      if (!isCurrency(currency))
        throw new InputError(`"${currency}" is no ISO 4217 currency code.`, 'currency')
      const title = `Change prices in ${currency} by ${basisPoints / 100} %`
      const selection = wanted
        ? { ids: wanted }
        : { query: sql`select variant_id as id from base_prices where currency = ${currency} order by 1` }
      return c.json(await start('price_percent', title, selection, { currency, basisPoints }), 202)
    })
}

const chooseOpen = (filter: Parameters<typeof chooseProposals>[0]) =>
  chooseProposals({ ...filter, status: 'open' })
