import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  countRows,
  type ListCount,
  type ListOrder,
  type ListSorts,
  mostCounted,
  narrow,
  readPage,
} from '../db/keyset.ts'
import { listingAspects, listings, products, variants } from '../db/schema/index.ts'
import { isFound } from '../db/search.ts'
import type { Aspect, ListingStatus } from '../sdk/model/listing.ts'
import { shownOfListing, withAspects } from './read.ts'

const keys = [{ by: listings.id, type: 'text' }] as const
const plainSorts = {
  by: {
    /** By age: an id begins with its time. */
    id: { by: listings.id, type: 'text', isUnique: true },
    sku: { by: variants.sku, type: 'text' },
  },
  keys,
} satisfies ListSorts<string>
const waitingSorts = {
  by: { waiting: { by: listingAspects.dirtySince, type: 'timestamptz' } },
  keys: [{ by: listingAspects.listingId, type: 'text' }],
} satisfies ListSorts<string>

/** `waiting` lists only what waits to be acknowledged, by since when. */
export const listingSortFields = ['id', 'sku', 'waiting'] as const
export type ListingSort = (typeof listingSortFields)[number]

export type ListingListFilter = {
  /** Words of a SKU, a GTIN, a key, a brand or a title; or a whole external id, which alone is listed then. */
  q?: string | undefined
  connectionId?: string | undefined
  status?: ListingStatus | undefined
  /** Only those with an aspect that is not acknowledged, or with this one. */
  dirty?: Aspect | 'any' | undefined
  /** The platform complains about it. */
  hasIssues?: boolean | undefined
  /** The platform refused an aspect of it. */
  isRefused?: boolean | undefined
  hasProblem?: boolean | undefined
}

/** Listings in an order, one row more than its limit, each with where its aspects stand. */
export async function listListings(db: DbOrTx, filter: ListingListFilter, order: ListOrder<ListingSort>) {
  const { field } = order
  // Walking along what waits needs no second look at whether it does.
  const conditions = await conditionsOf(db, field === 'waiting' ? { ...filter, dirty: undefined } : filter)
  const page =
    field === 'waiting'
      ? await readPage(waitingSorts, { ...order, field }, (part) =>
          db
            .select({ ...shownOfListing, place: part.place })
            .from(listingAspects)
            .innerJoin(listings, eq(listings.id, listingAspects.listingId))
            .innerJoin(variants, eq(variants.id, listings.variantId))
            .innerJoin(products, eq(products.id, variants.productId))
            .where(and(part.where, isWaiting(filter), ...conditions))
            .orderBy(...part.orderBy)
            .limit(part.limit),
        )
      : await readPage(plainSorts, { ...order, field }, (part) =>
          db
            .select({ ...shownOfListing, place: part.place })
            .from(listings)
            .innerJoin(variants, eq(variants.id, listings.variantId))
            .innerJoin(products, eq(products.id, variants.productId))
            .where(and(part.where, ...conditions))
            .orderBy(...part.orderBy)
            .limit(part.limit),
        )
  return withAspects(db, page)
}

export async function countListings(db: DbOrTx, filter: ListingListFilter): Promise<ListCount> {
  const conditions = await conditionsOf(db, filter)
  return countRows(
    db,
    db
      .select({ one: sql`1` })
      .from(listings)
      .innerJoin(variants, eq(variants.id, listings.variantId))
      .where(and(...conditions))
      .limit(mostCounted + 1),
  )
}

/** The row of the aspect that waits longest, so that each listing stands there once. */
const isWaiting = ({ dirty = 'any', connectionId }: ListingListFilter): SQL =>
  sql`${listingAspects.isDirty} ${connectionId === undefined ? sql`` : sql`and ${listingAspects.connectionId} = ${connectionId}`} and ${
    dirty === 'any'
      ? sql`not exists (
          select 1 from listing_aspects earlier where earlier.listing_id = ${listingAspects.listingId} and earlier.is_dirty
            and (earlier.dirty_since, earlier.aspect) < (${listingAspects.dirtySince}, ${listingAspects.aspect}))`
      : eq(listingAspects.aspect, dirty)
  }`

async function conditionsOf(db: DbOrTx, filter: ListingListFilter): Promise<(SQL | undefined)[]> {
  const { q, connectionId, status, dirty, hasIssues, isRefused, hasProblem } = filter
  const among = async (isWanted: boolean | undefined, ids: SQL) => {
    if (isWanted === undefined) return undefined
    return isWanted ? narrow(db, listings.id, ids) : sql`${listings.id} not in (${ids})`
  }
  return [
    q === undefined ? undefined : await isNamed(db, q),
    connectionId === undefined ? undefined : eq(listings.connectionId, connectionId),
    status === undefined ? undefined : eq(listings.status, status),
    dirty === undefined ? undefined : await narrow(db, listings.id, waiting(dirty, connectionId)),
    await among(hasIssues, sql`select id from listings where issues <> '[]'::jsonb`),
    await among(
      isRefused,
      sql`select listing_id as id from listing_aspects where refused_revision is not null and refused_revision = revision`,
    ),
    await among(
      hasProblem,
      sql`select subject as id from problems where resolved_at is null and subject like 'lst\\_%'`,
    ),
  ]
}

const waiting = (dirty: Aspect | 'any', connectionId: string | undefined): SQL => sql`
  select listing_id as id from listing_aspects where is_dirty
    ${dirty === 'any' ? sql`` : sql`and aspect = ${dirty}`} ${connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`}`

async function isNamed(db: DbOrTx, q: string): Promise<SQL> {
  const named = await db
    .select({ id: listings.id })
    .from(listings)
    .where(eq(listings.externalId, q))
    .orderBy(asc(listings.id))
    .limit(100)
  if (named.length === 0)
    return narrow(db, listings.variantId, sql`select id from variants where ${isFound(variants.search, q)}`)
  return inArray(
    listings.id,
    named.map((row) => row.id),
  )
}
