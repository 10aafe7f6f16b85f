import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, whole } from './columns.ts'

/** Long work that a person asked for: it goes on by itself, whoever closes the window. */
export const works = pgTable(
  'works',
  {
    id: id(),
    kind: text('kind').notNull(),
    title: text('title').notNull(),
    parameters: jsonb('parameters').notNull().default({}),
    actor: text('actor').notNull(),
    state: text('state')
      .$type<'waiting' | 'running' | 'done' | 'cancelled' | 'failed'>()
      .notNull()
      .default('waiting'),
    /** How much there is, and how much of it is behind us: items, or bytes of a file. */
    total: whole('total').notNull().default(0),
    done: whole('done').notNull().default(0),
    /** How many of the items that are behind us could not be done. */
    failed: integer('failed').notNull().default(0),
    /** Where it goes on; written in the same transaction as what was done up to there. */
    cursor: jsonb('cursor'),
    result: jsonb('result'),
    error: text('error'),
    /** Starts since the last step that came through. */
    attempts: integer('attempts').notNull().default(0),
    /** The work that this one takes back. */
    undoes: text('undoes'),
    createdAt: createdAt(),
    startedAt: instant('started_at'),
    changedAt: instant('changed_at'),
    finishedAt: instant('finished_at'),
    cancelledBy: text('cancelled_by'),
  },
  (t) => [
    index('works_open').on(t.id).where(sql`state in ('waiting', 'running')`),
    index('works_state').on(t.state, t.id),
    index('works_kind').on(t.kind, t.id),
    index('works_actor').on(t.actor, t.id),
    uniqueIndex('works_undoes').on(t.undoes),
  ],
)

/** What a piece of work is about, frozen when it was asked for, and what became of each. */
export const workItems = pgTable(
  'work_items',
  {
    workId: text('work_id')
      .notNull()
      .references(() => works.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    subject: text('subject').notNull(),
    state: text('state').$type<'waiting' | 'done' | 'failed'>().notNull().default('waiting'),
    reason: text('reason'),
    /** What taking it back needs; null where it cannot be taken back. */
    undo: jsonb('undo'),
  },
  (t) => [
    primaryKey({ columns: [t.workId, t.position] }),
    index('work_items_failed').on(t.workId, t.position).where(sql`state = 'failed'`),
  ],
)
