import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { listProblems, resolveProblem } from '../../problems/problems.ts'
import { readProblem } from '../../problems/read.ts'
import { ConflictError } from '../../sdk/errors.ts'
import { decideOnce } from '../../sync/decide.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import {
  answer,
  body,
  countingCursor,
  idParam,
  instant,
  pageOf,
  pageQuery,
  refusals,
  toPage,
} from '../shapes.ts'

const tags = ['problems']
const params = idParam('prb_01k5')

const problem = z
  .object({
    id: z.string().openapi({ example: 'prb_01k5' }),
    kind: z.string().openapi({ example: 'push_refused' }),
    key: z.string(),
    connectionId: z.string().nullable(),
    subject: z.string().nullable(),
    message: z.string(),
    vendorMessage: z.string().nullable(),
    field: z.string().nullable(),
    holdsUp: z.string(),
    remedy: z.string(),
    detail: z.unknown(),
    since: instant,
    lastSeenAt: instant,
    timesSeen: z.number(),
    resolvedAt: instant.nullable(),
    resolvedBy: z.string().nullable(),
  })
  .openapi('Problem')

const list = createRoute({
  method: 'get',
  path: '/problems',
  operationId: 'listProblems',
  tags,
  summary: 'What is stopped, the latest first',
  request: {
    query: pageQuery.extend({
      kind: z.string().max(100).optional(),
      connectionId: z.string().max(200).optional(),
      subject: z.string().max(500).optional(),
    }),
  },
  responses: { 200: answer(pageOf(problem), 'A page of open problems.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/problems/{id}',
  operationId: 'readProblem',
  tags,
  summary: 'A problem, open or resolved',
  request: { params },
  responses: { 200: answer(problem, 'The problem.'), ...refusals(404) },
})

const resolve = createRoute({
  method: 'post',
  path: '/problems/{id}/resolve',
  operationId: 'resolveProblem',
  tags,
  summary: 'Says that a problem is dealt with; it opens again if it is seen again',
  request: { params },
  responses: { 200: answer(problem, 'As it is now.'), ...refusals(404, 409) },
})

const decisionInput = z.strictObject({
  happened: z.boolean(),
  booking: z
    .strictObject({
      externalId: z.string().min(1).max(200).nullable().default(null),
      trackingNumbers: z.array(z.string().min(1).max(100)).min(1).max(200),
    })
    .optional()
    .openapi({
      description:
        'Of a booking that happened: its tracking numbers as the courier shows them, in the order of the parcels.',
    }),
})

const decide = createRoute({
  method: 'post',
  path: '/problems/{id}/decide',
  operationId: 'decideProblem',
  tags,
  summary: 'Says whether a call of unclear outcome happened on the platform',
  description:
    'For problems of kind `needs_decision`. Not happened: the call is made again. Happened: it is not.',
  request: { params, body: body(decisionInput) },
  responses: {
    200: answer(z.object({ callId: z.string(), state: z.string() }), 'How the call goes on.'),
    ...refusals(400, 404, 409),
  },
})

export const problemRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const { after, limit, ...filter } = c.req.valid('query')
      const offset = countingCursor(after)
      const found = await listProblems(hub.db, { ...filter, limit: limit + 1, offset })
      return c.json(
        toPage(found, limit, () => String(offset + limit)),
        200,
      )
    })
    .openapi(read, async (c) => c.json(await readProblem(hub.db, c.req.valid('param').id), 200))
    .openapi(resolve, async (c) => {
      const { id } = c.req.valid('param')
      const found = await readProblem(hub.db, id)
      if (found.kind === 'needs_decision' && !found.resolvedAt)
        throw new ConflictError(
          'Say whether it happened: until then the call can neither go on nor be dropped.',
        )
      await transact(hub.db, (tx) => resolveProblem(tx, id, act()))
      return c.json(await readProblem(hub.db, id), 200)
    })
    .openapi(decide, async (c) => {
      const { id } = c.req.valid('param')
      const decision = c.req.valid('json')
      const { kind, detail } = await readProblem(hub.db, id)
      const { onceCall: callId } = detail as { onceCall?: string }
      if (kind !== 'needs_decision' || !callId) throw new ConflictError(`Problem ${id} asks for no decision.`)
      const state = await transact(hub.db, (tx) => decideOnce(tx, hub, callId, decision, act()))
      return c.json({ callId, state }, 200)
    })
