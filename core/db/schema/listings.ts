import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { FieldIssue } from '../../sdk/errors.ts'
import type { Aspect, ListingStatus } from '../../sdk/model/listing.ts'
import { variants } from './catalog.ts'
import { createdAt, id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'

/** A variant on a connection: the binding of our SKU to their listing. */
export const listings = pgTable(
  'listings',
  {
    id: id(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    variantId: text('variant_id')
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    externalId: text('external_id'),
    externalParentId: text('external_parent_id'),
    status: text('status').$type<ListingStatus>().notNull().default('draft'),
    /** The platform's own complaints, by field. */
    issues: jsonb('issues').$type<FieldIssue[]>().notNull().default([]),
    /** Since when it is to be taken off the shelf; null when it is not. */
    endingSince: instant('ending_since'),
    /** When a complete reading of the platform last showed it. */
    seenAt: instant('seen_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('listings_variant').on(t.connectionId, t.variantId),
    uniqueIndex('listings_external').on(t.connectionId, t.externalId).where(sql`${t.externalId} is not null`),
    index('listings_by_variant').on(t.variantId),
    index('listings_connection').on(t.connectionId, t.id),
    index('listings_status').on(t.status, t.id),
    index('listings_connection_status').on(t.connectionId, t.status, t.id),
    index('listings_external_id').on(t.externalId).where(sql`${t.externalId} is not null`),
    index('listings_issues').on(t.id).where(sql`${t.issues} <> '[]'::jsonb`),
    index('listings_ending').on(t.connectionId).where(sql`ending_since is not null`),
    check('listings_live_has_id', sql`${t.status} <> 'live' or ${t.externalId} is not null`),
  ],
)

/** Push state: the revision we want of each aspect, and the one the marketplace acknowledged. */
export const listingAspects = pgTable(
  'listing_aspects',
  {
    listingId: text('listing_id')
      .notNull()
      .references(() => listings.id, { onDelete: 'cascade' }),
    aspect: text('aspect').$type<Aspect>().notNull(),
    connectionId: text('connection_id').notNull(),
    revision: whole('revision').notNull().default(1),
    acknowledgedRevision: whole('acknowledged_revision').notNull().default(0),
    /** Whether there is something to push. Stored, because PostgreSQL can only then know how rare it is. */
    isDirty: boolean('is_dirty').notNull().generatedAlwaysAs(sql`revision > acknowledged_revision`),
    /** The value the marketplace acknowledged, and its fingerprint; a value that equals it is not sent. */
    acknowledgedValue: jsonb('acknowledged_value'),
    acknowledgedFingerprint: text('acknowledged_fingerprint'),
    acknowledgedAt: instant('acknowledged_at'),
    /** 2 a falling stock that could oversell, 1 a first value, 0 anything else. */
    urgency: integer('urgency').notNull().default(0),
    dirtySince: instant('dirty_since').notNull().defaultNow(),
    /** Not before then: a refusal backed off, or a ticket that is not settled. */
    notBefore: instant('not_before'),
    attempts: integer('attempts').notNull().default(0),
    /** The revision that was refused; a newer one is tried at once. */
    refusedRevision: whole('refused_revision'),
  },
  (t) => [
    primaryKey({ columns: [t.listingId, t.aspect] }),
    index('listing_aspects_dirty')
      .on(t.connectionId, t.aspect, t.urgency.desc(), t.dirtySince, t.listingId)
      .where(sql`is_dirty`),
    index('listing_aspects_waiting').on(t.dirtySince, t.listingId).where(sql`is_dirty`),
    // Whether one listing waits is asked of thousands while a list is read in another order.
    index('listing_aspects_dirty_of').on(t.listingId, t.aspect).where(sql`is_dirty`),
    index('listing_aspects_refused').on(t.listingId).where(sql`refused_revision is not null`),
  ],
)

/** Approved exceptions to the price guard rails: this amount, once, for this listing. */
export const priceApprovals = pgTable('price_approvals', {
  listingId: text('listing_id')
    .primaryKey()
    .references(() => listings.id, { onDelete: 'cascade' }),
  amountMinor: whole('amount_minor').notNull(),
  approvedBy: text('approved_by').notNull(),
  approvedAt: instant('approved_at').notNull(),
})

/** Listings of the platform that are bound to no variant of ours. */
export const unboundListings = pgTable(
  'unbound_listings',
  {
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    externalId: text('external_id').notNull(),
    externalParentId: text('external_parent_id'),
    sku: text('sku'),
    title: text('title').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.externalId] })],
)
