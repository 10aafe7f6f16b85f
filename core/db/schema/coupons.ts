import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { CouponStatus } from '../../sdk/model/coupon.ts'
import { createdAt, id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'

/** Codes that buyers enter on a marketplace: made there at their start, taken back at their end. */
export const coupons = pgTable(
  'coupons',
  {
    id: id(),
    connectionId: text('connection_id')
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    code: text('code').notNull(),
    basisPoints: integer('basis_points').notNull(),
    /** The least value of a basket; null: any. */
    leastMinor: whole('least_minor'),
    leastCurrency: text('least_currency'),
    /** The variants it is for; null: all goods. */
    variantIds: jsonb('variant_ids').$type<string[]>(),
    excludesReduced: boolean('excludes_reduced').notNull(),
    usageLimit: integer('usage_limit'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** The latest end it can have: as it was planned, and once the marketplace is asked, as it was told. */
    latestEndsAt: instant('latest_ends_at').notNull(),
    source: text('source').notNull(),
    approvedBy: text('approved_by').notNull(),
    state: text('state').$type<CouponStatus>().notNull().default('waiting'),
    externalId: text('external_id'),
    /** Why it could not be made, or not be ended. */
    error: text('error'),
    createdAt: createdAt(),
    liveAt: instant('live_at'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('coupons_open').on(t.connectionId, sql`lower(code)`).where(sql`state in ('waiting', 'live')`),
    check('coupons_valid', sql`${t.basisPoints} between 1 and 10000 and ${t.latestEndsAt} > ${t.startsAt}`),
    check(
      'coupons_least',
      sql`(${t.leastMinor} is null) = (${t.leastCurrency} is null) and ${t.leastMinor} > 0`,
    ),
  ],
)
