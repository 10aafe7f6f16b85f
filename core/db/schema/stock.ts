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
import type { Address } from '../../sdk/model/shipment.ts'
import { variants } from './catalog.ts'
import { id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'
import { orderLines } from './orders.ts'

export const warehouses = pgTable('warehouses', {
  id: id(),
  code: text('code').notNull().unique(),
  name: text('name').notNull(),
  /** Lower first: where reservations are taken from. */
  priority: integer('priority').notNull().default(0),
  isActive: boolean('is_active').notNull().default(true),
  /** Where its parcels start: printed as the sender. */
  address: jsonb('address').$type<Address>(),
})

/** Units of a variant in a warehouse. Always the sum of its movements. */
export const stockLevels = pgTable(
  'stock_levels',
  {
    variantId: text('variant_id')
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    warehouseId: text('warehouse_id')
      .notNull()
      .references(() => warehouses.id),
    onHand: whole('on_hand').notNull().default(0),
    reserved: whole('reserved').notNull().default(0),
    incoming: whole('incoming').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.variantId, t.warehouseId] }),
    index('stock_levels_on_hand').on(t.onHand, t.variantId, t.warehouseId),
    index('stock_levels_available').on(sql`(on_hand - reserved)`, t.variantId, t.warehouseId),
    index('stock_levels_reserved')
      .on(sql`nullif(reserved, 0)`, t.variantId, t.warehouseId)
      .where(sql`nullif(reserved, 0) is not null`),
    index('stock_levels_incoming')
      .on(sql`nullif(incoming, 0)`, t.variantId, t.warehouseId)
      .where(sql`nullif(incoming, 0) is not null`),
    check('stock_levels_counts', sql`${t.onHand} >= 0 and ${t.reserved} >= 0 and ${t.incoming} >= 0`),
    check('stock_levels_reserved_exists', sql`${t.reserved} <= ${t.onHand}`),
  ],
)

/** The ledger: append-only, one row a change of a level, saying why. */
export const stockMovements = pgTable(
  'stock_movements',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    variantId: text('variant_id').notNull(),
    warehouseId: text('warehouse_id').notNull(),
    onHand: whole('on_hand').notNull().default(0),
    reserved: whole('reserved').notNull().default(0),
    incoming: whole('incoming').notNull().default(0),
    kind: text('kind')
      .$type<'count' | 'import' | 'adjust' | 'reserve' | 'release' | 'ship' | 'return' | 'receive'>()
      .notNull(),
    /** What caused it, in words an operator understands. */
    reason: text('reason').notNull(),
    /** The order line, import or document behind it. */
    reference: text('reference'),
    actor: text('actor').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [index('stock_movements_variant').on(t.variantId, t.id)],
)

/** Units held for an order line. `held` becomes `shipped` or `released`. */
export const reservations = pgTable(
  'reservations',
  {
    orderLineId: text('order_line_id')
      .notNull()
      .references(() => orderLines.id, { onDelete: 'cascade' }),
    variantId: text('variant_id').notNull(),
    warehouseId: text('warehouse_id').notNull(),
    /** Units of this variant in one ordered unit: more than one inside a bundle. */
    perUnit: integer('per_unit').notNull().default(1),
    /** Units still held. */
    held: whole('held').notNull().default(0),
    /** Units that left with a shipment. */
    shipped: whole('shipped').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.orderLineId, t.variantId, t.warehouseId] }),
    index('reservations_variant').on(t.variantId),
    check('reservations_counts', sql`${t.held} >= 0 and ${t.shipped} >= 0`),
  ],
)

/** Ordered units that should be held but were not there: sold twice. Filled first when stock comes in. */
export const shortfalls = pgTable(
  'shortfalls',
  {
    orderLineId: text('order_line_id')
      .primaryKey()
      .references(() => orderLines.id, { onDelete: 'cascade' }),
    variantId: text('variant_id').notNull(),
    quantity: whole('quantity').notNull(),
    since: instant('since').notNull(),
  },
  (t) => [
    index('shortfalls_variant').on(t.variantId, t.since),
    check('shortfalls_positive', sql`${t.quantity} > 0`),
  ],
)

/** How much of the pool a connection may show. A row without variant is the connection's default. */
export const stockAllocations = pgTable(
  'stock_allocations',
  {
    id: id(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    variantId: text('variant_id').references(() => variants.id, { onDelete: 'cascade' }),
    /** Share of the pool in basis points; null: all of it. */
    shareBasisPoints: integer('share_basis_points'),
    /** Never show more than this. */
    cap: whole('cap'),
    /** Units kept back. */
    buffer: whole('buffer').notNull().default(0),
    revision: integer('revision').notNull().default(1),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (t) => [
    unique('stock_allocations_scope').on(t.connectionId, t.variantId).nullsNotDistinct(),
    check(
      'stock_allocations_valid',
      sql`${t.shareBasisPoints} between 1 and 10000 and ${t.cap} >= 0 and ${t.buffer} >= 0`,
    ),
  ],
)

/** A bundle is a variant made of others; its own stock is what its components allow. */
export const bundleComponents = pgTable(
  'bundle_components',
  {
    bundleId: text('bundle_id')
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    componentId: text('component_id')
      .notNull()
      .references(() => variants.id),
    quantity: integer('quantity').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.bundleId, t.componentId] }),
    index('bundle_components_component').on(t.componentId),
    check('bundle_components_valid', sql`${t.quantity} > 0 and ${t.bundleId} <> ${t.componentId}`),
  ],
)
