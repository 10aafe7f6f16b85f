import { createRoute, z } from '@hono/zod-openapi'
import { readHubSettings } from '../../access/settings.ts'
import { transact } from '../../db/transact.ts'
import { listLines } from '../../proposals/lines.ts'
import { countProposals, groupProposals, pageProposals, proposalStatuses } from '../../proposals/list.ts'
import { approveProposal, type Proposal, rejectProposal, undoProposal } from '../../proposals/proposals.ts'
import { readProposal } from '../../proposals/read.ts'
import { waitsForSecondPerson } from '../../proposals/second-person.ts'
import { decisionsOf } from '../../sync/appliers.ts'
import { secondsOfCalls } from '../../sync/cost.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, type CsvColumns, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, listOf, listQuery, orderOf, toListPage } from '../list-query.ts'
import { answer, countingCursor, idParam, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'
import { diffLine, proposalFilter, proposalGroup, proposalSchema } from './proposal-shapes.ts'

const tags = ['proposals']
const params = idParam('prp_01k5')
const sorts = ['proposedAt', 'costCalls'] as const
const filter = { ...proposalFilter, status: z.enum(proposalStatuses).default('open') }

const list = createRoute({
  method: 'get',
  path: '/proposals',
  operationId: 'listProposals',
  tags,
  summary: 'Changes that wait for approval, or were decided, the newest first; of each diff the first lines',
  request: { query: listQuery(sorts, '-proposedAt').extend(filter) },
  responses: { 200: answer(listOf(proposalSchema), 'A page of proposals.'), ...refusals(400) },
})

type Row = Awaited<ReturnType<typeof pageProposals>>[number]
const columns: CsvColumns<Row> = {
  id: (row) => row.id,
  kind: (row) => row.kind,
  connection: (row) => row.connectionId,
  title: (row) => row.title,
  reason: (row) => row.reason,
  lines: (row) => row.lineCount,
  costCalls: (row) => row.costCalls,
  status: (row) => row.status,
  proposedBy: (row) => row.proposedBy,
  proposedAt: (row) => row.proposedAt,
  decidedBy: (row) => row.decidedBy,
  decidedAt: (row) => row.decidedAt,
}

const download = createRoute({
  method: 'get',
  path: '/proposals.csv',
  operationId: 'downloadProposals',
  tags,
  summary: 'Proposals as CSV, without their diffs',
  request: { query: csvQuery(sorts, '-proposedAt', Object.keys(columns)).extend(filter) },
  responses: { 200: csvAnswer('One line a proposal.'), ...refusals(400) },
})

const groups = createRoute({
  method: 'get',
  path: '/proposal-groups',
  operationId: 'listProposalGroups',
  tags,
  summary: 'How many proposals there are by kind and connection, the most first',
  request: { query: z.object({ status: filter.status }) },
  responses: { 200: answer(z.object({ items: z.array(proposalGroup) }), 'The groups.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/proposals/{id}',
  operationId: 'readProposal',
  tags,
  summary: 'A proposal with its diff',
  request: { params },
  responses: { 200: answer(proposalSchema, 'The proposal.'), ...refusals(404) },
})

const diff = createRoute({
  method: 'get',
  path: '/proposals/{id}/diff',
  operationId: 'listProposalLines',
  tags,
  summary: 'The diff of a proposal, line by line',
  request: { params, query: pageQuery.extend({ subject: z.string().max(500).optional() }) },
  responses: {
    200: answer(pageOf(diffLine.extend({ position: z.number() })), 'A page of lines.'),
    ...refusals(400, 404),
  },
})

const approve = createRoute({
  method: 'post',
  path: '/proposals/{id}/approve',
  operationId: 'approveProposal',
  tags,
  summary: 'Approves and applies a proposal, once',
  request: { params },
  responses: { 200: answer(proposalSchema, 'It was applied.'), ...refusals(403, 404, 409) },
})

const reject = createRoute({
  method: 'post',
  path: '/proposals/{id}/reject',
  operationId: 'rejectProposal',
  tags,
  summary: 'Turns a proposal down: nothing of it happens',
  request: { params },
  responses: { 200: answer(proposalSchema, 'It was turned down.'), ...refusals(404, 409) },
})

const undo = createRoute({
  method: 'post',
  path: '/proposals/{id}/undo',
  operationId: 'undoProposal',
  tags,
  summary: 'Takes back what an applied proposal did, once',
  request: { params },
  responses: { 200: answer(proposalSchema, 'It was taken back.'), ...refusals(404, 409) },
})

type Shown = Omit<Row, 'place'>

const toShown = ({
  undo: needed,
  payload: _payload,
  key: _key,
  diffPrint: _print,
  search: _search,
  ...row
}: Proposal): Shown => ({
  ...row,
  hasUndo: needed !== null,
})

export const proposalRoutes = ({ hub, act }: ApiContext) => {
  const showAll = async (found: readonly Shown[]) => {
    const { needsSecondPerson } = await readHubSettings(hub.db)
    const secondsOf = await secondsOfCalls(
      hub,
      found.map((row) => row.connectionId),
    )
    return found.map(({ hasUndo, ...row }) => ({
      ...row,
      costSeconds: secondsOf(row),
      needsSecondPerson: waitsForSecondPerson(row.proposedBy, needsSecondPerson),
      canBeUndone: row.status === 'applied' && hasUndo,
    }))
  }
  const show = async (row: Proposal) => (await showAll([toShown(row)]))[0]!
  return createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const page = toListPage(await pageProposals(hub.db, query, orderOf(query)), query)
      const count = query.count ? { count: await countProposals(hub.db, query) } : {}
      return c.json({ ...page, items: await showAll(page.items), ...count }, 200)
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      return answerCsv(c, {
        name: 'proposals',
        query,
        columns,
        readPage: (order) => pageProposals(hub.db, query, order),
        log: hub.log,
      })
    })
    .openapi(groups, async (c) => {
      const found = await groupProposals(hub.db, c.req.valid('query').status)
      const items = found.map((group) => ({
        ...group,
        oldest: new Date(group.oldest).toISOString(),
        newest: new Date(group.newest).toISOString(),
      }))
      return c.json({ items }, 200)
    })
    .openapi(read, async (c) => c.json(await show(await readProposal(hub.db, c.req.valid('param').id)), 200))
    .openapi(diff, async (c) => {
      const { id } = await readProposal(hub.db, c.req.valid('param').id)
      const { limit, after, subject } = c.req.valid('query')
      const from = after === undefined ? -1 : countingCursor(after)
      const found = await listLines(hub.db, id, { after: from, limit, subject })
      return c.json(
        toPage(found, limit, (line) => String(line.position)),
        200,
      )
    })
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
