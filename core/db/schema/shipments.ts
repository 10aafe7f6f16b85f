import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import type { Customs, LabelFormat, Place, QuoteCharge, QuoteRequest } from '../../sdk/model/shipment.ts'
import type { TrackingIncident, TrackingState } from '../../sdk/model/tracking.ts'
import type { Offer, Unavailable } from '../../sdk/shipping.ts'
import { createdAt, id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'
import { orderLines, orders } from './orders.ts'
import { warehouses } from './stock.ts'

const bytea = customType<{ data: Buffer; driverData: Buffer | Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value),
})

/** Boxes and bags that parcels are packed in. Inner measures; the tare is what the empty box weighs. */
export const packagings = pgTable(
  'packagings',
  {
    id: id(),
    code: text('code').notNull().unique(),
    name: text('name').notNull(),
    lengthMm: integer('length_mm').notNull(),
    widthMm: integer('width_mm').notNull(),
    heightMm: integer('height_mm').notNull(),
    tareGrams: integer('tare_grams').notNull().default(0),
    maxWeightGrams: integer('max_weight_grams').notNull(),
    isActive: boolean('is_active').notNull().default(true),
  },
  (t) => [
    check(
      'packagings_positive',
      sql`${t.lengthMm} > 0 and ${t.widthMm} > 0 and ${t.heightMm} > 0 and ${t.tareGrams} >= 0 and ${t.maxWeightGrams} > ${t.tareGrams}`,
    ),
  ],
)

/** Prices that were asked for, with what was not offered and why. */
export const shippingQuotes = pgTable(
  'shipping_quotes',
  {
    id: id(),
    orderId: text('order_id').references(() => orders.id, { onDelete: 'cascade' }),
    request: jsonb('request').$type<QuoteRequest>().notNull(),
    offers: jsonb('offers').$type<Offer[]>().notNull(),
    unavailable: jsonb('unavailable').$type<Unavailable[]>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('shipping_quotes_order').on(t.orderId, t.createdAt)],
)

/** Shipments that were booked together. */
export const shipmentBatches = pgTable('shipment_batches', {
  id: id(),
  orderIds: jsonb('order_ids').$type<string[]>().notNull(),
  /** What a person chose for all of them; null lets the rules choose for each. */
  wish: jsonb('wish').$type<{ connectionId: string; service: string }>(),
  /** Orders that could not be planned, and why. */
  skipped: jsonb('skipped')
    .$type<{ orderId: string; number: string; reason: string }[]>()
    .notNull()
    .default([]),
  createdBy: text('created_by').notNull(),
  createdAt: createdAt(),
  finishedAt: instant('finished_at'),
  handedOverAt: instant('handed_over_at'),
  /** Since when a person wants no more of it to begin. */
  cancelledAt: instant('cancelled_at'),
})

/** Parcels that go together from one place to one recipient with one service. */
export const shipments = pgTable(
  'shipments',
  {
    id: id(),
    orderId: text('order_id').references(() => orders.id),
    warehouseId: text('warehouse_id').references(() => warehouses.id),
    batchId: text('batch_id').references(() => shipmentBatches.id),
    /** The courier's connection; null for a shipment that was made outside of the hub. */
    connectionId: text('connection_id').references(() => connections.id),
    /** Who is asked where its parcels are; null where nobody can be asked. */
    trackingConnectionId: text('tracking_connection_id').references(() => connections.id),
    /** The courier in our word: what a marketplace's carrier mapping starts from. */
    carrier: text('carrier'),
    service: text('service'),
    serviceName: text('service_name'),
    state: text('state')
      .$type<'planned' | 'booking' | 'booked' | 'refused' | 'cancelling' | 'cancelled'>()
      .notNull()
      .default('planned'),
    externalId: text('external_id'),
    fromPlace: jsonb('from_place').$type<Place>().notNull(),
    toPlace: jsonb('to_place').$type<Place>().notNull(),
    labelFormat: text('label_format').$type<LabelFormat>(),
    isSignatureRequired: boolean('is_signature_required').notNull().default(false),
    customs: jsonb('customs').$type<Customs>(),
    declaredMinor: whole('declared_minor'),
    declaredCurrency: text('declared_currency'),
    /** The offer that was taken, whole: with its parts, its source and that source's version. */
    offer: jsonb('offer').$type<Offer>(),
    /** Why this service: the rule, what was compared, what was left out. */
    explanation: jsonb('explanation').$type<string[]>().notNull().default([]),
    quotedMinor: whole('quoted_minor'),
    quotedCurrency: text('quoted_currency'),
    /** What the courier said at booking that it charges. */
    bookedMinor: whole('booked_minor'),
    bookedCurrency: text('booked_currency'),
    bookedCharges: jsonb('booked_charges').$type<QuoteCharge[]>(),
    shipAt: instant('ship_at').notNull(),
    shipBy: instant('ship_by'),
    promisedAt: instant('promised_at'),
    bookedAt: instant('booked_at'),
    handedOverAt: instant('handed_over_at'),
    deliveredAt: instant('delivered_at'),
    cancelledAt: instant('cancelled_at'),
    createdAt: createdAt(),
  },
  (t) => [
    index('shipments_order').on(t.orderId),
    index('shipments_batch').on(t.batchId),
    index('shipments_external').on(t.externalId),
    index('shipments_state').on(t.state, t.createdAt),
    index('shipments_booked').on(t.bookedAt, t.id).where(sql`booked_at is not null`),
    index('shipments_created').on(t.createdAt, t.id),
    index('shipments_carrier').on(t.carrier, t.createdAt, t.id),
    index('shipments_connection').on(t.connectionId, t.createdAt, t.id),
    index('shipments_undelivered')
      .on(t.promisedAt, t.id)
      .where(sql`state = 'booked' and delivered_at is null and promised_at is not null`),
    index('shipments_promised').on(t.promisedAt, t.id),
    index('shipments_to_hand_over')
      .on(t.createdAt, t.id)
      .where(sql`state = 'booked' and handed_over_at is null`),
  ],
)

export const parcels = pgTable(
  'parcels',
  {
    id: id(),
    shipmentId: text('shipment_id')
      .notNull()
      .references(() => shipments.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    weightGrams: integer('weight_grams').notNull(),
    lengthMm: integer('length_mm'),
    widthMm: integer('width_mm'),
    heightMm: integer('height_mm'),
    packagingId: text('packaging_id').references(() => packagings.id),
    trackingNumber: text('tracking_number'),
    state: text('state').$type<TrackingState>(),
    incident: text('incident').$type<TrackingIncident>(),
    estimatedAt: instant('estimated_at'),
    collectedAt: instant('collected_at'),
    deliveredAt: instant('delivered_at'),
    /** Until when the courier takes a claim, once something went wrong. */
    claimBy: instant('claim_by'),
    /** Since when the courier sends word of it by itself. */
    subscribedAt: instant('subscribed_at'),
    askedAt: instant('asked_at'),
    /** When it is asked about next; null when nothing more is expected. */
    askAt: instant('ask_at'),
  },
  (t) => [
    unique('parcels_position').on(t.shipmentId, t.position),
    index('parcels_tracking').on(t.trackingNumber),
    index('parcels_tracking_start').on(sql`${t.trackingNumber} collate "C"`),
    index('parcels_ask').on(t.askAt).where(sql`ask_at is not null`),
    index('parcels_incident')
      .on(t.shipmentId)
      .where(sql`incident is not null or state in ('lost', 'returning', 'returned')`),
    check('parcels_weight', sql`${t.weightGrams} > 0`),
  ],
)

/** Which units of an order lie in a parcel. */
export const parcelItems = pgTable(
  'parcel_items',
  {
    parcelId: text('parcel_id')
      .notNull()
      .references(() => parcels.id, { onDelete: 'cascade' }),
    orderLineId: text('order_line_id')
      .notNull()
      .references(() => orderLines.id),
    quantity: integer('quantity').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.parcelId, t.orderLineId] }),
    index('parcel_items_line').on(t.orderLineId),
    check('parcel_items_quantity', sql`${t.quantity} > 0`),
  ],
)

/** Labels and papers, as the courier sent them. */
export const shipmentDocuments = pgTable(
  'shipment_documents',
  {
    id: id(),
    shipmentId: text('shipment_id')
      .notNull()
      .references(() => shipments.id, { onDelete: 'cascade' }),
    /** Null for what belongs to the whole shipment. */
    parcelId: text('parcel_id').references(() => parcels.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    format: text('format').$type<LabelFormat>().notNull(),
    bytes: bytea('bytes').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('shipment_documents_shipment').on(t.shipmentId)],
)

/** Every scan of a parcel, each once. */
export const trackingEvents = pgTable(
  'tracking_events',
  {
    parcelId: text('parcel_id')
      .notNull()
      .references(() => parcels.id, { onDelete: 'cascade' }),
    /** Fingerprint of the event: the same one told again changes nothing. */
    key: text('key').notNull(),
    at: instant('at').notNull(),
    state: text('state').$type<TrackingState>(),
    incident: text('incident').$type<TrackingIncident>(),
    code: text('code'),
    description: text('description').notNull(),
    location: text('location'),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.parcelId, t.key] })],
)
