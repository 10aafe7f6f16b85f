import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { listingAspects, listings, products, unboundListings, variants } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'

/** What is shown of a listing, from itself, its variant and its product. */
export const shownOfListing = {
  id: listings.id,
  connectionId: listings.connectionId,
  sku: variants.sku,
  productId: products.id,
  title: products.title,
  image: sql<string | null>`coalesce(${variants.images} ->> 0, ${products.images} ->> 0)`,
  externalId: listings.externalId,
  externalParentId: listings.externalParentId,
  status: listings.status,
  issues: listings.issues,
  endingSince: listings.endingSince,
  seenAt: listings.seenAt,
  createdAt: listings.createdAt,
}

/** A listing. @throws NotFoundError */
export async function readListing(db: DbOrTx, id: string) {
  const found = await db
    .select(shownOfListing)
    .from(listings)
    .innerJoin(variants, eq(variants.id, listings.variantId))
    .innerJoin(products, eq(products.id, variants.productId))
    .where(eq(listings.id, id))
  const [listing] = await withAspects(db, found)
  if (!listing) throw new NotFoundError(`There is no listing ${id}.`)
  return listing
}

/** Adds where each aspect of a listing stands. */
export async function withAspects<Row extends { id: string }>(db: DbOrTx, page: readonly Row[]) {
  const found = await db
    .select({
      listingId: listingAspects.listingId,
      aspect: listingAspects.aspect,
      revision: listingAspects.revision,
      acknowledgedRevision: listingAspects.acknowledgedRevision,
      acknowledgedAt: listingAspects.acknowledgedAt,
      dirtySince: listingAspects.dirtySince,
      refusedRevision: listingAspects.refusedRevision,
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
    aspects: (byListing.get(row.id) ?? []).map(
      ({ listingId: _listingId, refusedRevision, dirtySince, ...state }) => {
        const isInStep = state.revision <= state.acknowledgedRevision
        const isRefused = refusedRevision === state.revision
        return { ...state, isInStep, dirtySince: isInStep ? null : dirtySince, isRefused }
      },
    ),
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
