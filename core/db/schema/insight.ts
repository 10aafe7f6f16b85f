import { sql } from 'drizzle-orm'
import { bigserial, date, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { FailureKind } from '../../sdk/errors.ts'
import type { Aspect } from '../../sdk/model/listing.ts'
import { instant, whole } from './columns.ts'

/**
 * Every HTTP call of a connector, for a while. Written beside the calls by commits that a crash may forget; it
 * refers to nothing, so that no row of the hub waits for its log.
 */
export const httpCalls = pgTable(
  'http_calls',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    connectionId: text('connection_id').notNull(),
    /** The run of a lane it belongs to; null for a test, a quote or a person's look. */
    runId: text('run_id'),
    /** The operation of the connector it served, where one was under way. */
    operation: text('operation'),
    at: instant('at').notNull(),
    method: text('method').notNull(),
    host: text('host').notNull(),
    /** Path and query; the values of the query are masked. */
    path: text('path').notNull(),
    bucket: text('bucket').notNull(),
    /** How long it waited for its token, and then for the answer. */
    waitedMs: integer('waited_ms').notNull(),
    durationMs: integer('duration_ms').notNull(),
    /** Null: there was no answer. */
    status: integer('status'),
    failure: text('failure').$type<FailureKind>(),
    requestBytes: integer('request_bytes').notNull(),
    responseBytes: integer('response_bytes').notNull(),
    /** What was said, masked and cut; null where nothing is kept of it. */
    requestBody: text('request_body'),
    responseBody: text('response_body'),
  },
  (t) => [
    index('http_calls_run').on(t.runId, t.id).where(sql`run_id is not null`),
    index('http_calls_connection').on(t.connectionId, t.id),
    index('http_calls_failed').on(t.connectionId, t.at, t.failure).where(sql`failure is not null`),
    index('http_calls_at').using('brin', t.at),
  ],
)

/** Calls counted by the hour: what stays when the calls themselves are gone. */
export const callHours = pgTable(
  'call_hours',
  {
    connectionId: text('connection_id').notNull(),
    hour: instant('hour').notNull(),
    bucket: text('bucket').notNull(),
    /** `ok`, or the word of the failure. */
    outcome: text('outcome').notNull(),
    calls: integer('calls').notNull(),
    waitedMs: whole('waited_ms').notNull(),
    durationMs: whole('duration_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.hour, t.bucket, t.outcome] }),
    index('call_hours_hour').on(t.hour),
  ],
)

/** When each operation of a connection last worked, and last did not. */
export const operationOutcomes = pgTable(
  'operation_outcomes',
  {
    connectionId: text('connection_id').notNull(),
    operation: text('operation').notNull(),
    lastSuccessAt: instant('last_success_at'),
    lastFailureAt: instant('last_failure_at'),
    lastFailureKind: text('last_failure_kind').$type<FailureKind>(),
    lastFailureMessage: text('last_failure_message'),
    successes: whole('successes').notNull().default(0),
    failures: whole('failures').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.operation] })],
)

/** The last webhook of a connection, by what became of it. */
export const webhookReceipts = pgTable(
  'webhook_receipts',
  {
    connectionId: text('connection_id').notNull(),
    outcome: text('outcome').$type<'accepted' | 'ignored' | 'forged'>().notNull(),
    lastAt: instant('last_at').notNull(),
    received: whole('received').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.outcome] })],
)

/** Listings counted now and then, where counting them for every look would take too long. */
export const listingCounts = pgTable(
  'listing_counts',
  {
    connectionId: text('connection_id').notNull(),
    aspect: text('aspect').$type<Aspect>().notNull(),
    /** Listings that are on the marketplace, and those of them that it has not acknowledged. */
    listings: integer('listings').notNull(),
    dirty: integer('dirty').notNull(),
    /** Of these, refused: they wait for a change, not for a push. */
    refused: integer('refused').notNull(),
    /** Of those that were not refused. */
    oldestDirtySince: instant('oldest_dirty_since'),
    countedAt: instant('counted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.aspect] })],
)

/** Units on hand at the end of a day (UTC) and what they cost, by the currency of their cost; '' where none is known. */
export const stockDays = pgTable(
  'stock_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    currency: text('currency').notNull(),
    units: whole('units').notNull(),
    valueMinor: whole('value_minor').notNull(),
    takenAt: instant('taken_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.currency] })],
)

/** What was sold a quarter of an hour, of the quarters that lie a day back and more: for the plot of the overview. */
export const salesQuarters = pgTable(
  'sales_quarters',
  {
    at: instant('at').notNull(),
    connectionId: text('connection_id').notNull(),
    currency: text('currency').notNull(),
    orders: integer('orders').notNull(),
    totalMinor: whole('total_minor').notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.connectionId, t.currency] })],
)
