import { and, eq, getTableColumns, lte, type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import {
  countRows,
  type ListCount,
  type ListOrder,
  type ListSorts,
  mostCounted,
  readPage,
} from '../db/keyset.ts'
import { proposals } from '../db/schema/index.ts'
import { isFound } from '../db/search.ts'
import type { DiffLine, Proposal } from './proposals.ts'

export const proposalStatuses = ['open', 'superseded', 'rejected', 'applied', 'failed', 'undone'] as const

/** What lists of proposals may be sorted by. */
export const proposalSorts = {
  by: {
    proposedAt: { by: proposals.proposedAt, type: 'timestamptz' },
    costCalls: { by: proposals.costCalls, type: 'bigint' },
  },
  keys: [{ by: proposals.id, type: 'text' }],
} satisfies ListSorts<string>
export type ProposalSort = keyof typeof proposalSorts.by

export type ProposalFilter = {
  status?: Proposal['status'] | undefined
  kind?: string | undefined
  connectionId?: string | undefined
  proposedBy?: string | undefined
  /** Only those that wait since then or longer. */
  proposedUntil?: Date | undefined
  q?: string | undefined
}

function conditionsOf(filter: ProposalFilter): SQL[] {
  const conditions: SQL[] = [eq(proposals.status, filter.status ?? 'open')]
  if (filter.kind) conditions.push(eq(proposals.kind, filter.kind))
  if (filter.connectionId) conditions.push(eq(proposals.connectionId, filter.connectionId))
  if (filter.proposedBy) conditions.push(eq(proposals.proposedBy, filter.proposedBy))
  if (filter.proposedUntil) conditions.push(lte(proposals.proposedAt, filter.proposedUntil))
  if (filter.q) conditions.push(isFound(proposals.search, filter.q))
  return conditions
}

/** Lines of a diff that stand in a list. */
const linesShown = 3

/** A page of proposals in an order, one more than its limit; of each diff the first lines. */
export async function pageProposals(db: DbOrTx, filter: ProposalFilter, order: ListOrder<ProposalSort>) {
  const {
    payload: _payload,
    diffPrint: _print,
    undo: _undo,
    key: _key,
    search: _search,
    ...shown
  } = getTableColumns(proposals)
  return readPage(proposalSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({
        ...shown,
        diff: sql<
          DiffLine[]
        >`jsonb_path_query_array(${proposals.diff}, ${sql.raw(`'$[0 to ${linesShown - 1}]'`)})`,
        hasUndo: sql<boolean>`${proposals.undo} is not null`,
        place,
      })
      .from(proposals)
      .where(and(...conditionsOf(filter), where))
      .orderBy(...orderBy)
      .limit(limit),
  )
}

export const countProposals = (db: DbOrTx, filter: ProposalFilter): Promise<ListCount> =>
  countRows(
    db,
    sql`(select 1 from ${proposals} where ${and(...conditionsOf(filter))} limit ${mostCounted + 1})`,
  )

/** The ids of proposals, the oldest first, as a query to freeze. */
export const chooseProposals = (filter: ProposalFilter): SQL =>
  sql`select ${proposals.id} from ${proposals} where ${and(...conditionsOf(filter))} order by ${proposals.proposedAt}, ${proposals.id}`

export type ProposalGroup = {
  kind: string
  connectionId: string | null
  count: number
  lines: number
  costCalls: number
  oldest: string
  newest: string
}

/** How many proposals of a status there are by kind and connection, the most first. */
export async function groupProposals(db: DbOrTx, status: Proposal['status']): Promise<ProposalGroup[]> {
  return query<ProposalGroup>(
    db,
    sql`
    select kind, connection_id as "connectionId", count(*)::int as count, sum(line_count)::int as lines,
           sum(cost_calls)::int as "costCalls", min(proposed_at) as oldest, max(proposed_at) as newest
    from proposals where status = ${status} group by 1, 2 order by count desc, 1, 2 limit 500`,
  )
}
