import { and, asc, eq, gt, inArray, type SQL } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { listingAspects, listings, unboundListings, variants } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { Aspect, ListingStatus } from '../sdk/model/listing.ts'

export type ListingFilter = {
  connectionId?: string | undefined
  status?: ListingStatus | undefined
  /** Only those with an aspect that is not acknowledged, or with this one. */
  dirty?: Aspect | 'any' | undefined
  after?: string | undefined
  limit: number
}

const shown = {
  id: listings.id,
  connectionId: listings.connectionId,
  sku: variants.sku,
  externalId: listings.externalId,
  externalParentId: listings.externalParentId,
  status: listings.status,
  issues: listings.issues,
  endingSince: listings.endingSince,
  seenAt: listings.seenAt,
  createdAt: listings.createdAt,
}

/** Listings by id, which is by age, each with where its aspects stand. One row more than `limit`. */
export async function listListings(db: DbOrTx, filter: ListingFilter) {
  const page = await db
    .select(shown)
    .from(listings)
    .innerJoin(variants, eq(variants.id, listings.variantId))
    .where(and(...conditions(db, filter)))
    .orderBy(asc(listings.id))
    .limit(filter.limit + 1)
  return withAspects(db, page)
}

/** A listing. @throws NotFoundError */
export async function readListing(db: DbOrTx, id: string) {
  const found = await db
    .select(shown)
    .from(listings)
    .innerJoin(variants, eq(variants.id, listings.variantId))
    .where(eq(listings.id, id))
  const [listing] = await withAspects(db, found)
  if (!listing) throw new NotFoundError(`There is no listing ${id}.`)
  return listing
}

function conditions(db: DbOrTx, { connectionId, status, dirty, after }: ListingFilter): SQL[] {
  const wanted: (SQL | undefined)[] = [
    after === undefined ? undefined : gt(listings.id, after),
    connectionId === undefined ? undefined : eq(listings.connectionId, connectionId),
    status === undefined ? undefined : eq(listings.status, status),
  ]
  if (dirty !== undefined) {
    const waiting = db
      .select({ id: listingAspects.listingId })
      .from(listingAspects)
      .where(
        and(
          listingAspects.isDirty,
          dirty === 'any' ? undefined : eq(listingAspects.aspect, dirty),
          connectionId === undefined ? undefined : eq(listingAspects.connectionId, connectionId),
        ),
      )
    wanted.push(inArray(listings.id, waiting))
  }
  return wanted.filter((condition) => condition !== undefined)
}

async function withAspects<Row extends { id: string }>(db: DbOrTx, page: readonly Row[]) {
  const found = await db
    .select({
      listingId: listingAspects.listingId,
      aspect: listingAspects.aspect,
      revision: listingAspects.revision,
      acknowledgedRevision: listingAspects.acknowledgedRevision,
      acknowledgedAt: listingAspects.acknowledgedAt,
      notBefore: listingAspects.notBefore,
      attempts: listingAspects.attempts,
    })
    .from(listingAspects)
    .where(
      inArray(
        listingAspects.listingId,
        page.map((row) => row.id),
      ),
    )
    .orderBy(asc(listingAspects.aspect))
  const byListing = Map.groupBy(found, (row) => row.listingId)
  return page.map((row) => ({
    ...row,
    aspects: (byListing.get(row.id) ?? []).map(({ listingId: _listingId, ...state }) => ({
      ...state,
      isInStep: state.revision <= state.acknowledgedRevision,
    })),
  }))
}

/** Those of these ids that name no listing of the connection. */
export async function findUnknownListings(
  db: DbOrTx,
  connectionId: string,
  ids: readonly string[],
): Promise<string[]> {
  const found = await db
    .select({ id: listings.id })
    .from(listings)
    .where(and(eq(listings.connectionId, connectionId), inArray(listings.id, [...ids])))
  const known = new Set(found.map((row) => row.id))
  return ids.filter((id) => !known.has(id))
}

/** Listings of the platform that are bound to no variant, by external id. One row more than `limit`. */
export async function listUnbound(
  db: DbOrTx,
  connectionId: string,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return db
    .select({
      externalId: unboundListings.externalId,
      externalParentId: unboundListings.externalParentId,
      sku: unboundListings.sku,
      title: unboundListings.title,
      seenAt: unboundListings.seenAt,
    })
    .from(unboundListings)
    .where(
      and(
        eq(unboundListings.connectionId, connectionId),
        after === undefined ? undefined : gt(unboundListings.externalId, after),
      ),
    )
    .orderBy(asc(unboundListings.externalId))
    .limit(limit + 1)
}
