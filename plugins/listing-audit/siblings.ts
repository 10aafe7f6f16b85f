import { sql } from 'drizzle-orm'
import { type Executor, type ListingFacts, query, texts } from 'entrepot/sdk'
import { contentsOf } from './rules/consistency.ts'
import type { Sibling } from './subject.ts'

type Known = {
  byListing: Map<string, { fingerprint: string; contradicts: boolean }>
  byVariant: Map<string, Sibling[]>
}

/** What was judged before of these listings and of others of the same variants. */
export async function readKnown(db: Executor, page: readonly ListingFacts[]): Promise<Known> {
  const rows = await query<{
    listing_id: string
    connection_id: string
    variant_id: string
    fingerprint: string
    measures: string[]
    contradicts: boolean
  }>(
    db,
    sql`
    select listing_id, connection_id, variant_id, fingerprint, measures,
      findings @> '[{"ruleId": "consistency.siblings"}]'::jsonb as contradicts
    from listing_audit_results where variant_id in (${texts([...new Set(page.map(({ variantId }) => variantId))])})
    order by listing_id`,
  )
  const toSibling = (row: (typeof rows)[number]): Sibling => ({
    listingId: row.listing_id,
    connectionId: row.connection_id,
    measures: row.measures,
  })
  return {
    byListing: new Map(rows.map(({ listing_id, ...row }) => [listing_id, row])),
    byVariant: new Map(
      [...Map.groupBy(rows, (row) => row.variant_id)].map(([id, of]) => [id, of.map(toSibling)]),
    ),
  }
}

/** All listings of each variant of a page: as the page has them, else as they were judged. */
export function siblingsOf(page: readonly ListingFacts[], known: Known): Map<string, Sibling[]> {
  const ids = new Set(page.map(({ listingId }) => listingId))
  return new Map(
    [...Map.groupBy(page, ({ variantId }) => variantId)].map(([variantId, of]) => [
      variantId,
      [
        ...of.map(({ listingId, connectionId, content }) => ({
          listingId,
          connectionId,
          measures: contentsOf(content),
        })),
        ...(known.byVariant.get(variantId) ?? []).filter(({ listingId }) => !ids.has(listingId)),
      ].toSorted((a, b) => (a.listingId < b.listingId ? -1 : 1)),
    ]),
  )
}
