import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import type { OrderStatus, Party } from '../../sdk/model/order.ts'
import { id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'

export const orders = pgTable(
  'orders',
  {
    id: id(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id),
    externalId: text('external_id').notNull(),
    number: text('number').notNull(),
    status: text('status').$type<OrderStatus>().notNull(),
    externalStatus: text('external_status').notNull(),
    /** Whether the platform has taken the units out of its own stock. */
    isStockHeld: boolean('is_stock_held').notNull(),
    placedAt: instant('placed_at').notNull(),
    /** The platform's version of the order that we hold. */
    externalUpdatedAt: instant('external_updated_at').notNull(),
    /** Fingerprint of that version: shops count in whole seconds, and two changes fit into one. */
    externalFingerprint: text('external_fingerprint').notNull(),
    paidAt: instant('paid_at'),
    currency: text('currency').notNull(),
    totalMinor: whole('total_minor').notNull(),
    refundedMinor: whole('refunded_minor').notNull().default(0),
    shippingService: text('shipping_service'),
    shipBy: instant('ship_by'),
    deliverBy: instant('deliver_by'),
    /** What is odd about it: `no_lines`, `history` (placed before stock was counted). */
    flags: jsonb('flags').$type<string[]>().notNull().default([]),
    importedAt: instant('imported_at').notNull().defaultNow(),
    /** Why a person keeps it from shipping; null while nobody does. */
    holdReason: text('hold_reason'),
    heldBy: text('held_by'),
    heldAt: instant('held_at'),
    /** What people of the house wrote down about it. */
    note: text('note'),
    /** Raised by what people change here, so that two do not undo each other's work unseen. */
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    unique('orders_external').on(t.connectionId, t.externalId),
    index('orders_placed').on(t.placedAt, t.id),
    index('orders_status_placed').on(t.status, t.placedAt, t.id),
    index('orders_connection_placed').on(t.connectionId, t.placedAt, t.id),
    index('orders_ship_by').on(t.shipBy, t.id),
    index('orders_open').on(t.shipBy, t.id).where(sql`status in ('pending_payment', 'paid', 'allocated')`),
    index('orders_total').on(t.totalMinor, t.id),
    // Byte by byte, so that one index sorts and finds what begins with a text.
    index('orders_number').on(sql`${t.number} collate "C"`, t.id),
    index('orders_external_id').on(sql`${t.externalId} collate "C"`, t.id),
    index('orders_held').on(t.heldAt).where(sql`held_at is not null`),
    index('orders_flags').using('gin', t.flags).where(sql`flags <> '[]'::jsonb`),
    // Carries what sales are summed up from, so that they are read from the index alone.
    index('orders_sales').on(t.placedAt, t.connectionId, t.currency, t.status, t.totalMinor),
  ],
)

export const orderLines = pgTable(
  'order_lines',
  {
    id: id(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    externalId: text('external_id').notNull(),
    sku: text('sku'),
    externalListingId: text('external_listing_id'),
    /** Null while the SKU is unknown here: the line is kept and waits. */
    variantId: text('variant_id'),
    title: text('title').notNull(),
    quantity: integer('quantity').notNull(),
    cancelledQuantity: integer('cancelled_quantity').notNull().default(0),
    /** Units handed to a courier by shipments of ours. */
    handedOverQuantity: integer('handed_over_quantity').notNull().default(0),
    unitPriceMinor: whole('unit_price_minor').notNull(),
    discountMinor: whole('discount_minor').notNull().default(0),
    taxMinor: whole('tax_minor').notNull().default(0),
    totalMinor: whole('total_minor').notNull(),
  },
  (t) => [
    unique('order_lines_external').on(t.orderId, t.externalId),
    index('order_lines_variant').on(t.variantId),
    index('order_lines_unknown').on(t.sku).where(sql`variant_id is null`),
    index('order_lines_unbound').on(t.orderId).where(sql`variant_id is null`),
    index('order_lines_sku').on(t.sku),
  ],
)

export const orderCharges = pgTable(
  'order_charges',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    kind: text('kind').$type<'shipping' | 'fee' | 'discount' | 'tax' | 'other'>().notNull(),
    label: text('label').notNull(),
    amountMinor: whole('amount_minor').notNull(),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.position] })],
)

export const orderPayments = pgTable(
  'order_payments',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    method: text('method').notNull(),
    amountMinor: whole('amount_minor').notNull(),
    paidAt: instant('paid_at'),
    reference: text('reference'),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.position] })],
)

/** Personal data, apart from everything else so that it can be erased on time. */
export const orderParties = pgTable(
  'order_parties',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    role: text('role').$type<'buyer' | 'ship_to'>().notNull(),
    /** Clear data or an opaque handle; null once erased. */
    party: jsonb('party').$type<Party>(),
    /** What a person corrected of it, whole; it counts until the platform tells something new. */
    corrected: jsonb('corrected').$type<Extract<Party, { kind: 'clear' }>>(),
    erasedAt: instant('erased_at'),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.role] }),
    index('order_parties_faulty').on(t.orderId).where(sql`coalesce(corrected, party) ->> 'country' is null`),
  ],
)

/** The timeline. */
export const orderEvents = pgTable(
  'order_events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    fromStatus: text('from_status'),
    toStatus: text('to_status'),
    detail: text('detail'),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [index('order_events_order').on(t.orderId, t.id)],
)

/** What a platform sent and nobody could read, as it came. */
export const unreadableDocuments = pgTable(
  'unreadable_documents',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    key: text('key').notNull(),
    raw: jsonb('raw').notNull(),
    reason: text('reason').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.kind, t.key] })],
)
