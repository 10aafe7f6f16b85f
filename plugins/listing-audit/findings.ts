import type { ListingFinding } from 'entrepot/sdk'
import type { AuditContext } from './audit.ts'
import { readResults } from './results.ts'

/** What the newest judgements say of these listings, for other plugins. */
export async function findingsFor(
  listingIds: readonly string[],
  { db }: AuditContext,
): Promise<ListingFinding[]> {
  const results = await readResults(db, listingIds)
  return results.flatMap(({ listingId, findings }) =>
    findings.map(({ severity, effect, field, message }) => ({
      listingId,
      severity,
      isBlocking: effect !== 'none',
      field,
      message,
    })),
  )
}
