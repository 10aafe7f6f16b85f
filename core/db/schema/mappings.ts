import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { RemoteOrderStatus } from '../../sdk/model/order.ts'
import type { TermKind } from '../../sdk/model/term.ts'
import { id, instant } from './columns.ts'
import { connections } from './connections.ts'

/** What is mapped: a platform's terms, and its SKUs. */
export type MappingKind = TermKind | 'sku'
/** A proposed target, with why. */
export type Suggestion = { target: string; name: string; path: string; confidence: number; reason: string }

const connectionId = () =>
  text('connection_id')
    .notNull()
    .references(() => connections.id, { onDelete: 'cascade' })
const kind = () => text('kind').$type<MappingKind>().notNull()
/** The attribute of ours that a value belongs to; empty for every other kind. */
const scope = () => text('scope').notNull().default('')

/** Ours to theirs, per connection. */
export const mappings = pgTable(
  'mappings',
  {
    connectionId: connectionId(),
    kind: kind(),
    scope: scope(),
    ours: text('ours').notNull(),
    theirs: text('theirs').notNull(),
    /** The side that is looked up, so that it has one meaning: theirs for what comes in, ours for what goes out. */
    word: text('word')
      .notNull()
      .generatedAlwaysAs(sql`case when kind in ('sku', 'order_state') then theirs else ours end`),
    /** Raised by every change of the word, also over its removal: a stale edit is refused. */
    revision: integer('revision').notNull().default(1),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by').notNull().default('unknown'),
  },
  (t) => [
    uniqueIndex('mappings_key').on(t.connectionId, t.kind, t.scope, t.word),
    index('mappings_word').on(t.kind, t.scope, t.word),
    check('mappings_scope', sql`(${t.kind} = 'attribute_value') = (${t.scope} <> '')`),
  ],
)

/** Changes of mappings that were made together, and are undone together. */
export const mappingBatches = pgTable(
  'mapping_batches',
  {
    id: id(),
    connectionId: connectionId(),
    kind: kind(),
    how: text('how').$type<'edit' | 'accept' | 'import' | 'undo'>().notNull(),
    changes: integer('changes').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
    /** The batch that this one took back. */
    undoes: text('undoes'),
  },
  (t) => [index('mapping_batches_connection').on(t.connectionId, t.id.desc())],
)

/** The history of every word: who, when, what it meant before and after. Null: nothing. */
export const mappingChanges = pgTable(
  'mapping_changes',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    batchId: text('batch_id')
      .notNull()
      .references(() => mappingBatches.id, { onDelete: 'cascade' }),
    connectionId: connectionId(),
    kind: kind(),
    scope: scope(),
    word: text('word').notNull(),
    before: text('before'),
    after: text('after'),
    revision: integer('revision').notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
    undoneAt: instant('undone_at'),
    undoneBy: text('undone_by'),
  },
  (t) => [
    index('mapping_changes_batch').on(t.batchId, t.id),
    index('mapping_changes_word').on(t.connectionId, t.kind, t.scope, t.word, t.id.desc()),
  ],
)

/** What a platform offers: its categories, attributes, values, carriers, tax classes, order states. */
export const externalTerms = pgTable(
  'external_terms',
  {
    connectionId: connectionId(),
    kind: text('kind').$type<TermKind>().notNull(),
    /** The attribute of theirs that a value belongs to; empty for every other kind. */
    scope: scope(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** The category above it. */
    parentId: text('parent_id'),
    /** Names from the root down to the parent, joined by " > "; written when all of them are read. */
    path: text('path').notNull().default(''),
    isAssignable: boolean('is_assignable').notNull().default(true),
    isRequired: boolean('is_required').notNull().default(false),
    /** How the connector itself reads an order state; null where it cannot. */
    reading: text('reading').$type<RemoteOrderStatus>(),
    /** Whether the platform listed it, or an order showed it. */
    isListed: boolean('is_listed').notNull().default(true),
    seenAt: instant('seen_at').notNull(),
    search: text('search').notNull().generatedAlwaysAs(sql`lower(path || ' ' || name || ' ' || id)`),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.kind, t.scope, t.id] }),
    index('external_terms_name').on(t.connectionId, t.kind, t.scope, t.name, t.id),
  ],
)

/** The words in use on a connection, what they hold up, and what they could mean. Worked out, never edited. */
export const mappingWords = pgTable(
  'mapping_words',
  {
    connectionId: connectionId(),
    kind: kind(),
    scope: scope(),
    word: text('word').notNull(),
    name: text('name').notNull(),
    path: text('path').notNull().default(''),
    /** Listings that use it, orders that wait for it or use it, open problems about them. */
    listings: integer('listings').notNull().default(0),
    orders: integer('orders').notNull().default(0),
    problems: integer('problems').notNull().default(0),
    weight: integer('weight').notNull().default(0),
    state: text('state').$type<'unmapped' | 'suggested' | 'mapped'>().notNull(),
    /** Confidence of the first suggestion; 0 when there is none. */
    confidence: real('confidence').notNull().default(0),
    suggestions: jsonb('suggestions').$type<Suggestion[]>().notNull().default([]),
    seenAt: instant('seen_at').notNull(),
    search: text('search')
      .notNull()
      .generatedAlwaysAs(sql`lower(scope || ' ' || path || ' ' || name || ' ' || word)`),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.kind, t.scope, t.word] }),
    index('mapping_words_weight').on(t.connectionId, t.kind, t.weight.desc(), t.scope, t.word),
    index('mapping_words_state').on(t.connectionId, t.kind, t.state, t.weight.desc(), t.scope, t.word),
    index('mapping_words_confidence').on(t.connectionId, t.kind, t.confidence.desc(), t.scope, t.word),
  ],
)

/** When the words of a kind were last worked out, and how many there are of each state. */
export const mappingKindStates = pgTable(
  'mapping_kind_states',
  {
    connectionId: connectionId(),
    kind: kind(),
    refreshedAt: instant('refreshed_at').notNull(),
    tookMs: integer('took_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.kind] })],
)
