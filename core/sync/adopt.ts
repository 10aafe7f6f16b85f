import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { type Binding, bindListings } from '../listings/bind.ts'
import { raiseProblems, settleProblemsUnseen } from '../problems/problems.ts'
import type { RemoteListing } from '../sdk/model/listing.ts'
import { count, type Lane } from './lane.ts'
import { remoteValue } from './remote-value.ts'

/** Listings that the platform has and we do not know: bound by their SKU, or kept for a person to map. */
export async function adopt(
  tx: Tx,
  lane: Pick<Lane, 'connection' | 'counts'>,
  unknown: readonly RemoteListing[],
  act: Act,
): Promise<void> {
  if (unknown.length === 0) return
  const connectionId = lane.connection.id
  const items = unknown.map((listing) => ({ external_id: listing.externalId, sku: listing.sku }))
  const matches = await query<{
    external_id: string
    variant_id: string
    listing_id: string | null
    bound_to: string | null
  }>(
    tx,
    sql`
    select item.external_id, variant.id as variant_id, listing.id as listing_id, listing.external_id as bound_to
    from ${rows(items, 'external_id text, sku text')}
    left join mappings mapping on mapping.connection_id = ${connectionId} and mapping.kind = 'sku'
      and mapping.word = coalesce(nullif(item.sku, ''), 'id:' || item.external_id)
    join variants variant on variant.sku = coalesce(mapping.ours, item.sku)
    left join listings listing on listing.connection_id = ${connectionId} and listing.variant_id = variant.id`,
  )
  const bindings: Binding[] = []
  const claimed = new Set<string>()
  const clashes: { externalId: string; variantId: string }[] = []
  const fresh: { id: string; variant_id: string }[] = []
  for (const match of matches) {
    if (match.bound_to !== null || claimed.has(match.variant_id)) {
      clashes.push({ externalId: match.external_id, variantId: match.variant_id })
      continue
    }
    claimed.add(match.variant_id)
    const listingId = match.listing_id ?? newId('lst', act.now.getTime())
    if (match.listing_id === null) fresh.push({ id: listingId, variant_id: match.variant_id })
    const listing = unknown.find((candidate) => candidate.externalId === match.external_id)!
    const known = {
      price: remoteValue('price', listing) ?? undefined,
      stock: remoteValue('stock', listing) ?? undefined,
    }
    bindings.push({
      listingId,
      externalId: listing.externalId,
      externalParentId: listing.externalParentId,
      known,
    })
  }
  await tx.execute(sql`
    insert into listings (id, connection_id, variant_id, status, created_at)
    select item.id, ${connectionId}, item.variant_id, 'draft', ${act.now.toISOString()}::timestamptz from ${rows(fresh, 'id text, variant_id text')}`)
  const bound = await bindListings(tx, connectionId, bindings, act)
  count(lane, 'bound', bound.length)
  await raiseProblems(
    tx,
    clashes.map(({ externalId, variantId }) => ({
      kind: 'listing_conflict' as const,
      key: `${conflictPrefix(connectionId)}${externalId}`,
      connectionId,
      subject: variantId,
      message: `${lane.connection.name} has a second listing (${externalId}) for a SKU that is listed already.`,
    })),
    act,
  )
  const taken = new Set(bindings.map((binding) => binding.externalId))
  await keepUnbound(
    tx,
    connectionId,
    unknown.filter((listing) => !taken.has(listing.externalId)),
    act,
  )
}

async function keepUnbound(
  tx: Tx,
  connectionId: string,
  found: readonly RemoteListing[],
  act: Act,
): Promise<void> {
  const items = found.map((listing) => ({
    external_id: listing.externalId,
    parent: listing.externalParentId,
    sku: listing.sku,
    title: listing.title.slice(0, 500),
  }))
  await tx.execute(sql`
    insert into unbound_listings (connection_id, external_id, external_parent_id, sku, title, seen_at)
    select ${connectionId}, item.external_id, item.parent, item.sku, item.title, ${act.now.toISOString()}::timestamptz
    from ${rows(items, 'external_id text, parent text, sku text, title text')}
    on conflict (connection_id, external_id) do update set sku = excluded.sku, title = excluded.title, seen_at = excluded.seen_at`)
}

const conflictPrefix = (connectionId: string) => `adopt:${connectionId}:`

/** What a whole reading no longer showed, or showed bound, needs nobody any more. */
export async function forgetUnseen(tx: Tx, lane: Lane, startedAt: Date, act: Act): Promise<void> {
  await tx.execute(sql`
    delete from unbound_listings unbound where unbound.connection_id = ${lane.connection.id} and (
      unbound.seen_at < ${startedAt.toISOString()}::timestamptz
      or exists (select 1 from listings l where l.connection_id = unbound.connection_id and l.external_id = unbound.external_id))`)
  await settleProblemsUnseen(tx, conflictPrefix(lane.connection.id), startedAt, act)
}
