import { and, eq, gte, isNotNull, isNull, like, lte, type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import {
  countRows,
  type ListCount,
  type ListOrder,
  type ListSorts,
  mostCounted,
  readPage,
} from '../db/keyset.ts'
import { problems } from '../db/schema/index.ts'
import { isFound } from '../db/search.ts'

/** What lists of problems may be sorted by. */
export const problemSorts = {
  by: {
    lastSeenAt: { by: problems.lastSeenAt, type: 'timestamptz' },
    since: { by: problems.since, type: 'timestamptz' },
    timesSeen: { by: problems.timesSeen, type: 'bigint' },
    resolvedAt: { by: problems.resolvedAt, type: 'timestamptz', isNullable: true },
  },
  keys: [{ by: problems.id, type: 'text' }],
} satisfies ListSorts<string>
export type ProblemSort = keyof typeof problemSorts.by

/** Whose kind of subject: an id's prefix. */
export const subjectKinds = {
  listing: 'lst',
  order: 'ord',
  product: 'prd',
  shipment: 'shp',
  connection: 'con',
} as const

export type ProblemPageFilter = {
  state?: 'open' | 'resolved' | undefined
  kind?: string | undefined
  connectionId?: string | undefined
  subject?: string | undefined
  subjectKind?: keyof typeof subjectKinds | undefined
  /** Only those that are open since then, or longer. */
  sinceUntil?: Date | undefined
  sinceFrom?: Date | undefined
  /** A group: the cause that its problems have in common. */
  cause?: string | undefined
  q?: string | undefined
}

function conditionsOf(filter: ProblemPageFilter): SQL[] {
  const isResolved = filter.state === 'resolved'
  const conditions: SQL[] = [isResolved ? isNotNull(problems.resolvedAt) : isNull(problems.resolvedAt)]
  if (filter.kind) conditions.push(eq(problems.kind, filter.kind))
  if (filter.connectionId) conditions.push(eq(problems.connectionId, filter.connectionId))
  if (filter.subject) conditions.push(eq(problems.subject, filter.subject))
  if (filter.subjectKind) conditions.push(like(problems.subject, `${subjectKinds[filter.subjectKind]}\\_%`))
  if (filter.sinceUntil) conditions.push(lte(problems.since, filter.sinceUntil))
  if (filter.sinceFrom) conditions.push(gte(problems.since, filter.sinceFrom))
  if (filter.cause !== undefined) conditions.push(eq(problems.cause, filter.cause))
  if (filter.q) conditions.push(isFound(problems.search, filter.q))
  return conditions
}

/** A page of problems in an order, one more than its limit. */
export async function pageProblems(db: DbOrTx, filter: ProblemPageFilter, order: ListOrder<ProblemSort>) {
  return readPage(problemSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...problemColumns, place })
      .from(problems)
      .where(and(...conditionsOf(filter), where))
      .orderBy(...orderBy)
      .limit(limit),
  )
}

const problemColumns = {
  id: problems.id,
  kind: problems.kind,
  key: problems.key,
  connectionId: problems.connectionId,
  subject: problems.subject,
  message: problems.message,
  vendorMessage: problems.vendorMessage,
  field: problems.field,
  holdsUp: problems.holdsUp,
  remedy: problems.remedy,
  detail: problems.detail,
  since: problems.since,
  lastSeenAt: problems.lastSeenAt,
  timesSeen: problems.timesSeen,
  resolvedAt: problems.resolvedAt,
  resolvedBy: problems.resolvedBy,
  cause: problems.cause,
}

export const countProblems = (db: DbOrTx, filter: ProblemPageFilter): Promise<ListCount> =>
  countRows(
    db,
    sql`(select 1 from ${problems} where ${and(...conditionsOf(filter))} limit ${mostCounted + 1})`,
  )

/** The ids of open problems, the oldest first, as a query to freeze. */
export const chooseProblems = (filter: Omit<ProblemPageFilter, 'state'>): SQL =>
  sql`select ${problems.id} from ${problems} where ${and(...conditionsOf(filter))} order by ${problems.since}, ${problems.id}`

export type ProblemGroup = {
  kind: string
  connectionId: string | null
  cause: string
  count: number
  oldest: string
  newest: string
  sample: string
}

export type GroupFilter = Pick<ProblemPageFilter, 'kind' | 'connectionId'>

/**
 * Open problems by what they have in common: kind, connection, and their words without names and numbers. The largest
 * first; one more than `limit`. Read from an index alone, whatever the problems hold.
 */
export async function groupProblems(
  db: DbOrTx,
  filter: GroupFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<ProblemGroup[]> {
  return query<ProblemGroup>(
    db,
    sql`
    select kind, connection_id as "connectionId", cause, count(*)::int as count, min(since) as oldest,
           max(last_seen_at) as newest, min(id) as sample
    from problems where ${and(...conditionsOf(filter))}
    group by kind, connection_id, cause order by count desc, kind, connection_id, cause limit ${limit + 1} offset ${offset}`,
  )
}
