import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, whole } from './columns.ts'

const bytea = customType<{ data: Buffer; driverData: Buffer | Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value),
})

/** One merchant account on a connector, or a file source. */
export const connections = pgTable(
  'connections',
  {
    id: id(),
    connector: text('connector').notNull(),
    name: text('name').notNull().unique(),
    settings: jsonb('settings').$type<Record<string, unknown>>().notNull(),
    currency: text('currency').notNull(),
    locale: text('locale').notNull(),
    status: text('status').$type<'active' | 'observing' | 'paused'>().notNull().default('active'),
    pausedReason: text('paused_reason'),
    /** Whether private addresses may be called. */
    isLocal: boolean('is_local').notNull().default(false),
    /** Multiplies every published rate; other than 1 only for local connections (sandboxes). */
    rateScale: doublePrecision('rate_scale').notNull().default(1),
    /** Orders placed before this take nothing from stock: they left before it was counted. Null: none does. */
    ordersFrom: instant('orders_from'),
    /** Largest share of live listings, in basis points, that one run may end, zero or reprice by itself. */
    maxEndedBasisPoints: integer('max_ended_basis_points').notNull().default(1000),
    maxZeroedBasisPoints: integer('max_zeroed_basis_points').notNull().default(3000),
    maxRepricedBasisPoints: integer('max_repriced_basis_points').notNull().default(5000),
    /** Largest change of one price, in basis points of the acknowledged one, without approval. */
    maxPriceStepBasisPoints: integer('max_price_step_basis_points').notNull().default(5000),
    /** Refunds of one order above this, in minor units of the connection's currency, need approval. Null: none does. */
    maxRefundMinor: whole('max_refund_minor').default(20_000),
    /** When a marketplace is told of a shipment: once its label is there, or once the courier has the parcel. */
    confirmAt: text('confirm_at').$type<'booking' | 'hand_over'>().notNull().default('hand_over'),
    /** Raised when settings or credentials change, so that every process makes its clients anew. */
    revision: integer('revision').notNull().default(1),
    createdAt: createdAt(),
  },
  (t) => [check('connections_rate_scale', sql`${t.rateScale} > 0 and (${t.rateScale} = 1 or ${t.isLocal})`)],
)

/** Credentials, sealed with a data key of their own that is itself sealed with the key-encryption key. */
export const credentials = pgTable('credentials', {
  connectionId: text('connection_id')
    .primaryKey()
    .references(() => connections.id, { onDelete: 'cascade' }),
  sealedKey: bytea('sealed_key').notNull(),
  sealed: bytea('sealed').notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

/** Access tokens shared by all workers of a connection, sealed like credentials. */
export const accessTokens = pgTable(
  'access_tokens',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    sealed: bytea('sealed').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.name] })],
)

/** A published limit as shared tokens. Negative tokens are calls that already have their place in the queue. */
export const rateBuckets = pgTable(
  'rate_buckets',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    bucket: text('bucket').notNull(),
    perSecond: doublePrecision('per_second').notNull(),
    burst: doublePrecision('burst').notNull(),
    tokens: doublePrecision('tokens').notNull(),
    refilledAt: instant('refilled_at').notNull(),
    /** The platform asked for silence until then. */
    blockedUntil: instant('blocked_until'),
    callsTaken: whole('calls_taken').notNull().default(0),
    callsRefused: whole('calls_refused').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.bucket] }),
    check('rate_buckets_positive', sql`${t.perSecond} > 0 and ${t.burst} >= 1`),
  ],
)
