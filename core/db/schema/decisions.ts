import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { id, instant } from './columns.ts'

/** What cannot go on, why, since when, what it holds up, and how it is resolved. */
export const problems = pgTable(
  'problems',
  {
    id: id(),
    kind: text('kind').notNull(),
    /** One open problem a key: seeing it again counts it. */
    key: text('key').notNull(),
    connectionId: text('connection_id'),
    /** The listing, order, import or connection it is about. */
    subject: text('subject'),
    message: text('message').notNull(),
    /** The platform's own words and the field they are about. */
    vendorMessage: text('vendor_message'),
    field: text('field'),
    holdsUp: text('holds_up').notNull(),
    /** The action that resolves it. */
    remedy: text('remedy').notNull(),
    detail: jsonb('detail').notNull().default({}),
    since: instant('since').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    timesSeen: integer('times_seen').notNull().default(1),
    resolvedAt: instant('resolved_at'),
    resolvedBy: text('resolved_by'),
    /** What problems with one cause have in common: their words without names, numbers and ids. */
    cause: text('cause')
      .notNull()
      .generatedAlwaysAs(
        sql`left(regexp_replace(regexp_replace(lower(coalesce(vendor_message, message)), '"[^"]*"|“[^”]*”|''[^'']*''|[(][^)]*[)]', '…', 'g'), '[^ ]*[0-9][^ ]*', '#', 'g'), 200)`,
      ),
    /** What it is searched by: see core/db/search.ts. */
    search: text('search')
      .notNull()
      .generatedAlwaysAs(
        sql`' ' || search_text(message || ' ' || coalesce(vendor_message, '') || ' ' || coalesce(subject, ''))`,
      ),
  },
  (t) => [
    index('problems_open_seen').on(t.lastSeenAt, t.id).where(sql`resolved_at is null`),
    index('problems_open_since').on(t.since, t.id).where(sql`resolved_at is null`),
    index('problems_open_times').on(t.timesSeen, t.id).where(sql`resolved_at is null`),
    index('problems_open_kind').on(t.kind, t.lastSeenAt, t.id).where(sql`resolved_at is null`),
    index('problems_open_cause')
      .on(t.kind, t.connectionId, t.cause, t.since, t.lastSeenAt, t.id)
      .where(sql`resolved_at is null`),
    index('problems_resolved').on(t.resolvedAt, t.id).where(sql`resolved_at is not null`),
    uniqueIndex('problems_open').on(t.key).where(sql`resolved_at is null`),
    index('problems_subject').on(t.subject),
    index('problems_connection').on(t.connectionId, t.kind).where(sql`resolved_at is null`),
    index('problems_open_subject').on(t.subject).where(sql`resolved_at is null`),
  ],
)

/** A change that waits for approval, with its diff. */
export const proposals = pgTable(
  'proposals',
  {
    id: id(),
    kind: text('kind').notNull(),
    /** One open proposal a key: proposing again replaces its diff. */
    key: text('key').notNull(),
    connectionId: text('connection_id'),
    title: text('title').notNull(),
    reason: text('reason').notNull(),
    diff: jsonb('diff').$type<{ subject: string; field: string; from: unknown; to: unknown }[]>().notNull(),
    payload: jsonb('payload').notNull(),
    costCalls: integer('cost_calls').notNull().default(0),
    status: text('status')
      .$type<'open' | 'rejected' | 'applied' | 'failed' | 'superseded' | 'undone'>()
      .notNull()
      .default('open'),
    proposedBy: text('proposed_by').notNull(),
    proposedAt: instant('proposed_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    appliedAt: instant('applied_at'),
    /** What taking it back needs; null where it cannot be taken back. */
    undo: jsonb('undo'),
    undoneBy: text('undone_by'),
    undoneAt: instant('undone_at'),
    error: text('error'),
    /** How many lines the whole diff has, and what they say together. */
    lineCount: integer('line_count').notNull().default(0),
    diffPrint: text('diff_print').notNull().default(''),
    /** What it is searched by: see core/db/search.ts. */
    search: text('search').notNull().generatedAlwaysAs(sql`' ' || search_text(title || ' ' || reason)`),
  },
  (t) => [
    uniqueIndex('proposals_open').on(t.key).where(sql`status = 'open'`),
    index('proposals_status').on(t.status, t.proposedAt, t.id),
    index('proposals_cost').on(t.status, t.costCalls, t.id),
    index('proposals_kind').on(t.status, t.kind, t.proposedAt, t.id),
    index('proposals_connection').on(t.connectionId, t.status, t.proposedAt, t.id),
    index('proposals_proposer').on(t.proposedBy, t.status, t.proposedAt, t.id),
  ],
)

/** The diff of a proposal, whole: `proposals.diff` holds its first lines. */
export const proposalLines = pgTable(
  'proposal_lines',
  {
    proposalId: text('proposal_id')
      .notNull()
      .references(() => proposals.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    subject: text('subject').notNull(),
    field: text('field').notNull(),
    from: jsonb('was'),
    to: jsonb('becomes'),
  },
  (t) => [
    primaryKey({ columns: [t.proposalId, t.position] }),
    index('proposal_lines_subject').on(t.proposalId, t.subject),
  ],
)

/** Who changed what. Append-only; each row carries the hash of the one before. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [
    index('audit_log_at').on(t.at, t.id),
    index('audit_log_subject').on(t.subject, t.at, t.id),
    index('audit_log_actor').on(t.actor, t.at, t.id),
    index('audit_log_action').on(t.action, t.at, t.id),
  ],
)

/** One import of a file: what it read and what it refused. */
export const imports = pgTable(
  'imports',
  {
    id: id(),
    profile: text('profile').notNull(),
    kind: text('kind'),
    source: text('source').notNull(),
    /** What people call the file. */
    fileName: text('file_name'),
    /** The long work that does it; null for one of the command line. */
    workId: text('work_id'),
    /** The header of the main file and what parts its cells: the rejects are written like it. */
    columns: jsonb('columns').$type<string[]>(),
    delimiter: text('delimiter'),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    counts: jsonb('counts').$type<Record<string, number>>().notNull().default({}),
    rejectsFile: text('rejects_file'),
    stoppedBy: text('stopped_by'),
    actor: text('actor').notNull(),
  },
  (t) => [index('imports_kind').on(t.kind, t.id), index('imports_work').on(t.workId)],
)
