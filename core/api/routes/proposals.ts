import { createRoute, z } from '@hono/zod-openapi'
import { readHubSettings } from '../../access/settings.ts'
import { transact } from '../../db/transact.ts'
import {
  approveProposal,
  listProposals,
  type Proposal,
  rejectProposal,
  undoProposal,
} from '../../proposals/proposals.ts'
import { readProposal } from '../../proposals/read.ts'
import { waitsForSecondPerson } from '../../proposals/second-person.ts'
import { decisionsOf } from '../../sync/appliers.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, countingCursor, idParam, instant, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const tags = ['proposals']
const params = idParam('prp_01k5')
const statuses = ['open', 'superseded', 'rejected', 'applied', 'failed', 'undone'] as const

const proposal = z
  .object({
    id: z.string().openapi({ example: 'prp_01k5' }),
    kind: z.string().openapi({ example: 'price_step' }),
    connectionId: z.string().nullable(),
    title: z.string(),
    reason: z.string(),
    diff: z.array(z.object({ subject: z.string(), field: z.string(), from: z.unknown(), to: z.unknown() })),
    costCalls: z.number(),
    status: z.enum(statuses),
    proposedBy: z.string(),
    proposedAt: instant,
    needsSecondPerson: z
      .boolean()
      .openapi({ description: 'Whether somebody other than who proposed it has to approve it.' }),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    appliedAt: instant.nullable(),
    error: z.string().nullable(),
    canBeUndone: z.boolean(),
    undoneBy: z.string().nullable(),
    undoneAt: instant.nullable(),
  })
  .openapi('Proposal')

const list = createRoute({
  method: 'get',
  path: '/proposals',
  operationId: 'listProposals',
  tags,
  summary: 'Changes that wait for approval, or were decided, the newest first',
  request: { query: pageQuery.extend({ status: z.enum(statuses).default('open') }) },
  responses: { 200: answer(pageOf(proposal), 'A page of proposals.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/proposals/{id}',
  operationId: 'readProposal',
  tags,
  summary: 'A proposal with its diff',
  request: { params },
  responses: { 200: answer(proposal, 'The proposal.'), ...refusals(404) },
})

const approve = createRoute({
  method: 'post',
  path: '/proposals/{id}/approve',
  operationId: 'approveProposal',
  tags,
  summary: 'Approves and applies a proposal, once',
  request: { params },
  responses: { 200: answer(proposal, 'It was applied.'), ...refusals(403, 404, 409) },
})

const reject = createRoute({
  method: 'post',
  path: '/proposals/{id}/reject',
  operationId: 'rejectProposal',
  tags,
  summary: 'Turns a proposal down: nothing of it happens',
  request: { params },
  responses: { 200: answer(proposal, 'It was turned down.'), ...refusals(404, 409) },
})

const undo = createRoute({
  method: 'post',
  path: '/proposals/{id}/undo',
  operationId: 'undoProposal',
  tags,
  summary: 'Takes back what an applied proposal did, once',
  request: { params },
  responses: { 200: answer(proposal, 'It was taken back.'), ...refusals(404, 409) },
})

export const proposalRoutes = ({ hub, act }: ApiContext) => {
  const showAll = async (found: readonly Proposal[]) => {
    const { needsSecondPerson } = await readHubSettings(hub.db)
    return found.map(({ undo: needed, ...row }) => ({
      ...row,
      needsSecondPerson: waitsForSecondPerson(row.proposedBy, needsSecondPerson),
      canBeUndone: row.status === 'applied' && needed !== null,
    }))
  }
  const show = async (found: Proposal) => (await showAll([found]))[0]!
  return createRouter()
    .openapi(list, async (c) => {
      const { after, limit, status } = c.req.valid('query')
      const offset = countingCursor(after)
      const found = await listProposals(hub.db, { status, limit: limit + 1, offset })
      return c.json(
        toPage(await showAll(found), limit, () => String(offset + limit)),
        200,
      )
    })
    .openapi(read, async (c) => c.json(await show(await readProposal(hub.db, c.req.valid('param').id)), 200))
    .openapi(approve, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await show(await approveProposal(hub.db, decisionsOf(hub).apply, id, act())), 200)
    })
    .openapi(reject, async (c) => {
      const { id } = c.req.valid('param')
      await transact(hub.db, (tx) => rejectProposal(tx, id, act()))
      return c.json(await show(await readProposal(hub.db, id)), 200)
    })
    .openapi(undo, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await show(await undoProposal(hub.db, decisionsOf(hub).undo, id, act())), 200)
    })
}
