import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows } from '../db/client.ts'
import { NotFoundError } from '../sdk/errors.ts'

/** The listings of these SKUs on a connection. @throws NotFoundError naming the SKUs that are not listed there. */
export async function findListings(
  db: DbOrTx,
  connectionId: string,
  skus: readonly string[],
): Promise<string[]> {
  const found = await query<{ id: string; sku: string }>(
    db,
    sql`
    select listing.id, variant.sku from ${rows(
      skus.map((sku) => ({ sku })),
      'sku text',
    )} join variants variant on variant.sku = item.sku
    join listings listing on listing.variant_id = variant.id and listing.connection_id = ${connectionId}
    where listing.external_id is not null`,
  )
  const listed = new Set(found.map((row) => row.sku))
  const missing = skus.filter((sku) => !listed.has(sku))
  if (missing.length > 0) throw new NotFoundError(`Not listed on this connection: ${missing.join(', ')}.`)
  return found.map((row) => row.id)
}
