import { createRoute, z } from '@hono/zod-openapi'
import { transact } from '../../db/transact.ts'
import { listProblemKinds } from '../../problems/kinds.ts'
import { countProblems, groupProblems, type ProblemGroup, pageProblems } from '../../problems/list.ts'
import { askingKind, resolveProblem } from '../../problems/problems.ts'
import { readProblem, readProblems } from '../../problems/read.ts'
import { ConflictError } from '../../sdk/errors.ts'
import { decideOnce } from '../../sync/decide.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, type CsvColumns, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, listOf, listQuery, orderOf, toListPage } from '../list-query.ts'
import { answer, body, countingCursor, idParam, maxPage, pageOf, refusals, toPage } from '../shapes.ts'
import { ofKind, problemFilter, problemGroup, problemKindSchema, problemSchema } from './problem-shapes.ts'

const tags = ['problems']
const params = idParam('prb_01k5')
const sorts = ['lastSeenAt', 'since', 'timesSeen', 'resolvedAt'] as const
const filter = { ...problemFilter, state: z.enum(['open', 'resolved']).default('open') }

const list = createRoute({
  method: 'get',
  path: '/problems',
  operationId: 'listProblems',
  tags,
  summary: 'What is stopped, the latest first',
  request: { query: listQuery(sorts, '-lastSeenAt').extend(filter) },
  responses: { 200: answer(listOf(problemSchema), 'A page of problems.'), ...refusals(400) },
})

type Row = Awaited<ReturnType<typeof pageProblems>>[number]
const columns: CsvColumns<Row> = {
  id: (row) => row.id,
  kind: (row) => row.kind,
  connection: (row) => row.connectionId,
  subject: (row) => row.subject,
  message: (row) => row.message,
  vendorMessage: (row) => row.vendorMessage,
  field: (row) => row.field,
  holdsUp: (row) => row.holdsUp,
  remedy: (row) => row.remedy,
  since: (row) => row.since,
  lastSeenAt: (row) => row.lastSeenAt,
  timesSeen: (row) => row.timesSeen,
  resolvedAt: (row) => row.resolvedAt,
  resolvedBy: (row) => row.resolvedBy,
}

const download = createRoute({
  method: 'get',
  path: '/problems.csv',
  operationId: 'downloadProblems',
  tags,
  summary: 'What is stopped, as CSV',
  request: { query: csvQuery(sorts, '-lastSeenAt', Object.keys(columns)).extend(filter) },
  responses: { 200: csvAnswer('One line a problem.'), ...refusals(400) },
})

const kinds = createRoute({
  method: 'get',
  path: '/problem-kinds',
  operationId: 'listProblemKinds',
  tags,
  summary: 'Every kind of problem: what has happened, what it holds up, and what to do',
  responses: { 200: answer(z.object({ items: z.array(problemKindSchema) }), 'All of them.') },
})

const groups = createRoute({
  method: 'get',
  path: '/problem-groups',
  operationId: 'listProblemGroups',
  tags,
  summary: 'Open problems by what they have in common, the largest group first',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(maxPage).default(100),
      after: z.string().max(20).optional(),
      kind: problemFilter.kind,
      connectionId: problemFilter.connectionId,
    }),
  },
  responses: { 200: answer(pageOf(problemGroup), 'A page of groups.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/problems/{id}',
  operationId: 'readProblem',
  tags,
  summary: 'A problem, open or resolved',
  request: { params },
  responses: { 200: answer(problemSchema, 'The problem.'), ...refusals(404) },
})

const resolve = createRoute({
  method: 'post',
  path: '/problems/{id}/resolve',
  operationId: 'resolveProblem',
  tags,
  summary: 'Says that a problem is dealt with; it opens again if it is seen again',
  request: { params },
  responses: { 200: answer(problemSchema, 'As it is now.'), ...refusals(404, 409) },
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

const show = <Problem extends { kind: string; search?: string }>({
  search: _search,
  ...problem
}: Problem) => ({ ...problem, ...ofKind(problem.kind) })

export const problemRoutes = ({ hub, act }: ApiContext) => {
  const showGroups = async (found: readonly ProblemGroup[]) => {
    const samples = new Map(
      (
        await readProblems(
          hub.db,
          found.map(({ sample }) => sample),
        )
      ).map((row) => [row.id, row]),
    )
    return found.flatMap((group) => {
      const sample = samples.get(group.sample)
      // One that was resolved between the two looks has nothing to show.
      if (!sample) return []
      const { holdsUp, remedy } = sample
      const times = {
        oldest: new Date(group.oldest).toISOString(),
        newest: new Date(group.newest).toISOString(),
      }
      return [{ ...group, ...times, ...ofKind(group.kind), holdsUp, remedy, sample: show(sample) }]
    })
  }
  return createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const page = toListPage(await pageProblems(hub.db, query, orderOf(query)), query)
      const count = query.count ? { count: await countProblems(hub.db, query) } : {}
      return c.json({ ...page, items: page.items.map(show), ...count }, 200)
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      return answerCsv(c, {
        name: 'problems',
        query,
        columns,
        readPage: (order) => pageProblems(hub.db, query, order),
        log: hub.log,
      })
    })
    .openapi(kinds, (c) => c.json({ items: listProblemKinds() }, 200))
    .openapi(groups, async (c) => {
      const { after, limit, ...wanted } = c.req.valid('query')
      const offset = countingCursor(after)
      const page = toPage(await groupProblems(hub.db, wanted, { offset, limit }), limit, () =>
        String(offset + limit),
      )
      return c.json({ ...page, items: await showGroups(page.items) }, 200)
    })
    .openapi(read, async (c) => c.json(show(await readProblem(hub.db, c.req.valid('param').id)), 200))
    .openapi(resolve, async (c) => {
      const { id } = c.req.valid('param')
      const found = await readProblem(hub.db, id)
      if (found.kind === askingKind && !found.resolvedAt)
        throw new ConflictError(
          'Say whether it happened: until then the call can neither go on nor be dropped.',
        )
      await transact(hub.db, (tx) => resolveProblem(tx, id, act()))
      return c.json(show(await readProblem(hub.db, id)), 200)
    })
    .openapi(decide, async (c) => {
      const { id } = c.req.valid('param')
      const decision = c.req.valid('json')
      const { kind, detail } = await readProblem(hub.db, id)
      const { onceCall: callId } = detail as { onceCall?: string }
      if (kind !== askingKind || !callId) throw new ConflictError(`Problem ${id} asks for no decision.`)
      const state = await transact(hub.db, (tx) => decideOnce(tx, hub, callId, decision, act()))
      return c.json({ callId, state }, 200)
    })
}
