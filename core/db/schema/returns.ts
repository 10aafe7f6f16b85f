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
  text,
  unique,
} from 'drizzle-orm/pg-core'
import type { ReturnStatus } from '../../sdk/model/order.ts'
import { createdAt, id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'
import { proposals } from './decisions.ts'
import { orderLines, orders } from './orders.ts'
import { onceCalls } from './sync.ts'

/** Goods that come back from a buyer: told by the platform, or entered by a person. */
export const returns = pgTable(
  'returns',
  {
    id: id(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    /** The platform's id; null where the platform knows no returns and a person entered it. */
    externalId: text('external_id'),
    status: text('status').$type<ReturnStatus>().notNull(),
    /** The platform's version that we hold, with its fingerprint. */
    externalUpdatedAt: instant('external_updated_at'),
    externalFingerprint: text('external_fingerprint'),
    note: text('note'),
    /** Raised by every change, so that two people do not undo each other's work unseen. */
    revision: integer('revision').notNull().default(1),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    unique('returns_external').on(t.connectionId, t.externalId),
    index('returns_order').on(t.orderId),
    index('returns_created').on(t.createdAt, t.id),
    index('returns_status').on(t.status, t.createdAt, t.id),
    index('returns_connection').on(t.connectionId, t.createdAt, t.id),
  ],
)

/** Units of an order's line that come back, and what became of them. */
export const returnLines = pgTable(
  'return_lines',
  {
    returnId: text('return_id')
      .notNull()
      .references(() => returns.id, { onDelete: 'cascade' }),
    orderLineId: text('order_line_id')
      .notNull()
      .references(() => orderLines.id),
    /** Units that the buyer announced. */
    quantity: integer('quantity').notNull(),
    reason: text('reason').notNull(),
    /** How the goods that arrived are, in the words of who took them in. */
    condition: text('condition'),
    restockedQuantity: integer('restocked_quantity').notNull().default(0),
    writtenOffQuantity: integer('written_off_quantity').notNull().default(0),
    /** Units that were announced and never came. */
    missingQuantity: integer('missing_quantity').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.returnId, t.orderLineId] }),
    index('return_lines_line').on(t.orderLineId),
    check(
      'return_lines_counts',
      sql`${t.quantity} > 0 and ${t.restockedQuantity} >= 0 and ${t.writtenOffQuantity} >= 0 and ${t.missingQuantity} >= 0 and ${t.restockedQuantity} + ${t.writtenOffQuantity} + ${t.missingQuantity} <= ${t.quantity}`,
    ),
  ],
)

/** The timeline of a return. */
export const returnEvents = pgTable(
  'return_events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    returnId: text('return_id')
      .notNull()
      .references(() => returns.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    fromStatus: text('from_status').$type<ReturnStatus>(),
    toStatus: text('to_status').$type<ReturnStatus>(),
    detail: text('detail'),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [index('return_events_return').on(t.returnId, t.id)],
)

/** Money that is to be given back, or was. How far it is stands with its call or its proposal. */
export const refunds = pgTable(
  'refunds',
  {
    id: id(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    returnId: text('return_id').references(() => returns.id, { onDelete: 'cascade' }),
    /** What tells this refund from another of the same order. */
    reference: text('reference').notNull(),
    amountMinor: whole('amount_minor').notNull(),
    currency: text('currency').notNull(),
    reason: text('reason').notNull(),
    lines: jsonb('lines').$type<{ lineId: string; quantity: number; amountMinor: number }[]>().notNull(),
    isRestocked: boolean('is_restocked').notNull(),
    /** Set while a person's approval is needed, and kept after it. */
    proposalId: text('proposal_id').references(() => proposals.id),
    /** The call that gives the money back; null before it is asked for, and where a person did it elsewhere. */
    callId: text('call_id').references(() => onceCalls.id),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    /** When the money was given back. */
    doneAt: instant('done_at'),
  },
  (t) => [
    unique('refunds_reference').on(t.orderId, t.reference),
    index('refunds_return').on(t.returnId),
    index('refunds_call').on(t.callId),
    check('refunds_amount', sql`${t.amountMinor} > 0`),
  ],
)
