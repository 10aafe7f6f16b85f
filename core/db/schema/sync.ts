import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import type { MarketplaceOperation, ScheduledTask } from '../../sdk/connector.ts'
import type { CourierOperation } from '../../sdk/courier.ts'
import type { Aspect } from '../../sdk/model/listing.ts'
import { createdAt, id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'

const connectionId = () =>
  text('connection_id')
    .notNull()
    .references(() => connections.id, { onDelete: 'cascade' })

/** Where a pull goes on; written in the same transaction as the page it read. */
export const cursors = pgTable(
  'cursors',
  {
    connectionId: connectionId(),
    stream: text('stream').notNull(),
    cursor: text('cursor'),
    /** Whether the last page was the last there was. */
    isComplete: boolean('is_complete').notNull().default(true),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.stream] })],
)

/** Who works a lane. The token grows with every holder; results written with an older one are refused. */
export const leases = pgTable(
  'leases',
  {
    connectionId: connectionId(),
    lane: text('lane').notNull(),
    holder: text('holder').notNull(),
    token: whole('token').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** Failures in a row, and until when the lane rests because of them. */
    failures: integer('failures').notNull().default(0),
    notBefore: instant('not_before'),
    /** Until then a person has let the lane change more than its caps allow. */
    approvedUntil: instant('approved_until'),
    /** Listings sold out or repriced by the lane since then; counted anew after an hour. */
    drasticCount: integer('drastic_count').notNull().default(0),
    drasticSince: instant('drastic_since'),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.lane] })],
)

/** What must not happen twice: a row with a key before it is a call. */
export const onceCalls = pgTable(
  'once_calls',
  {
    id: id(),
    connectionId: connectionId(),
    operation: text('operation').$type<MarketplaceOperation | CourierOperation>().notNull(),
    key: text('key').notNull(),
    input: jsonb('input').notNull(),
    state: text('state')
      .$type<'waiting' | 'running' | 'uncertain' | 'done' | 'refused' | 'needs_decision' | 'abandoned'>()
      .notNull()
      .default('waiting'),
    output: jsonb('output'),
    error: text('error'),
    attempts: integer('attempts').notNull().default(0),
    notBefore: instant('not_before'),
    /** The listing, order or product it is about. */
    subject: text('subject').notNull(),
    createdAt: createdAt(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    unique('once_calls_key').on(t.connectionId, t.operation, t.key),
    index('once_calls_open')
      .on(t.connectionId, t.operation, t.createdAt)
      .where(sql`state in ('waiting', 'running', 'uncertain')`),
    index('once_calls_subject').on(t.subject),
  ],
)

/** What was sent with a ticket, until the platform says what became of it. */
export const tickets = pgTable(
  'tickets',
  {
    id: id(),
    connectionId: connectionId(),
    aspect: text('aspect').$type<Aspect>().notNull(),
    ticket: text('ticket').notNull(),
    items: jsonb('items').$type<{ listingId: string; revision: number }[]>().notNull(),
    /** The changes as they were sent, in the connector's words. */
    changes: jsonb('changes').$type<unknown[]>().notNull(),
    submittedAt: instant('submitted_at').notNull(),
    checkedAt: instant('checked_at'),
    settledAt: instant('settled_at'),
  },
  (t) => [index('tickets_open').on(t.connectionId, t.aspect).where(sql`settled_at is null`)],
)

/** How a run of a lane ended. */
export const runOutcomes = ['done', 'failed', 'cancelled'] as const
export type RunOutcome = (typeof runOutcomes)[number]

/** One run of a lane, for the history. */
export const syncRuns = pgTable(
  'sync_runs',
  {
    id: id(),
    connectionId: connectionId(),
    task: text('task').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    outcome: text('outcome').$type<RunOutcome>(),
    /** Counts by name: sent, unchanged, refused, pulled. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull().default({}),
    error: text('error'),
    /** HTTP calls it made, and those of them that failed. */
    calls: integer('calls').notNull().default(0),
    failedCalls: integer('failed_calls').notNull().default(0),
    /** Of the lease it runs under: tells a run that goes on from one whose worker died. */
    leaseToken: whole('lease_token'),
    /** Who asked it to stop; it does between two steps. */
    cancelledBy: text('cancelled_by'),
    /** It found nothing to do. */
    isIdle: boolean('is_idle').notNull().default(false),
  },
  (t) => [
    // Ids sort by the time a run began.
    index('sync_runs_busy').on(t.id).where(sql`not is_idle`),
    index('sync_runs_connection').on(t.connectionId, t.isIdle, t.id),
    index('sync_runs_task').on(t.task, t.isIdle, t.id),
    index('sync_runs_recent').on(t.connectionId, t.task, t.id),
    index('sync_runs_outcome').on(t.outcome, t.id).where(sql`outcome <> 'done'`),
    index('sync_runs_open').on(t.connectionId, t.task).where(sql`finished_at is null`),
  ],
)

/** When a task of a connection runs. */
export const schedules = pgTable(
  'schedules',
  {
    connectionId: connectionId(),
    task: text('task').$type<ScheduledTask>().notNull(),
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull().default('UTC'),
    isEnabled: boolean('is_enabled').notNull().default(true),
    lastTickAt: instant('last_tick_at'),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.task] })],
)

/** Small facts the hub keeps about itself. */
export const hubState = pgTable('hub_state', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
})
