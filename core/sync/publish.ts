import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { unbindListings } from '../listings/bind.ts'
import { settleProblems } from '../problems/problems.ts'
import { requestOnce } from './once-request.ts'

const pageSize = 500

/**
 * Lists products on a connection: every variant that is not there yet gets a draft listing, and each product
 * one creation call. May be repeated: what is listed or waiting stays as it is. Returns how many products wait.
 */
export async function publishProducts(
  db: DbOrTx,
  connectionId: string,
  productIds: readonly string[] | 'all',
  act: Act,
  onProgress: (products: number) => void = () => {},
): Promise<number> {
  let requested = 0
  let after = ''
  let seen = 0
  for (;;) {
    const page =
      productIds === 'all' ? await nextProducts(db, after) : productIds.slice(seen, seen + pageSize)
    if (page.length === 0) return requested
    requested += await transact(db, async (tx) => {
      await forgetMissing(tx, connectionId, page, act)
      const missing = await query<{ variant_id: string }>(
        tx,
        sql`
        select variant.id as variant_id from variants variant
        where variant.product_id in (select item.id from ${rows(
          page.map((id) => ({ id })),
          'id text',
        )})
          and not exists (select 1 from listings where listings.connection_id = ${connectionId} and listings.variant_id = variant.id)`,
      )
      const items = missing.map((row) => ({
        id: newId('lst', act.now.getTime()),
        variant_id: row.variant_id,
      }))
      await tx.execute(sql`
        insert into listings (id, connection_id, variant_id, status, created_at)
        select item.id, ${connectionId}, item.variant_id, 'draft', ${act.now.toISOString()}::timestamptz from ${rows(items, 'id text, variant_id text')}
        on conflict do nothing`)
      const waiting = await query<{ product_id: string; first: string }>(
        tx,
        sql`
        select variant.product_id, min(listing.id) as first from listings listing join variants variant on variant.id = listing.variant_id
        where listing.connection_id = ${connectionId} and listing.external_id is null and listing.status in ('draft', 'rejected')
          and variant.product_id in (select item.id from ${rows(
            page.map((id) => ({ id })),
            'id text',
          )})
        group by 1 order by 1`,
      )
      const requests = waiting.map((row) => ({
        connectionId,
        operation: 'createListing' as const,
        key: `${row.product_id}:${row.first}`,
        subject: row.product_id,
        input: { productId: row.product_id },
      }))
      return requestOnce(tx, requests, act)
    })
    seen += page.length
    after = page.at(-1)!
    onProgress(seen)
  }
}

/** Listings that the platform no longer has are published like new ones; one it still has is found again. */
async function forgetMissing(
  tx: Tx,
  connectionId: string,
  productIds: readonly string[],
  act: Act,
): Promise<void> {
  const missing = await query<{ id: string; key: string }>(
    tx,
    sql`
    select listing.id, problem.key from problems problem join listings listing on listing.id = problem.subject
    join variants variant on variant.id = listing.variant_id
    where problem.kind = 'listing_missing' and problem.resolved_at is null and problem.connection_id = ${connectionId}
      and listing.status <> 'ended' and variant.product_id in (select item.id from ${rows(
        productIds.map((id) => ({ id })),
        'id text',
      )})`,
  )
  await unbindListings(
    tx,
    missing.map((row) => row.id),
    act,
  )
  await settleProblems(
    tx,
    missing.map((row) => row.key),
    act,
  )
}

async function nextProducts(db: DbOrTx, after: string): Promise<string[]> {
  const found = await query<{ id: string }>(
    db,
    sql`select id from products where id > ${after} order by id limit ${pageSize}`,
  )
  return found.map((row) => row.id)
}
