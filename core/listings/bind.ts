import { sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { raiseProblems } from '../problems/problems.ts'
import type { CreatedListing } from '../sdk/model/listing.ts'
import { aspects } from '../sdk/model/listing.ts'
import { wake } from './dirty.ts'
import type { LoadedDraft } from './draft.ts'

/** A listing to bind, with the values that its platform is known to hold; a missing one will be pushed. */
export type Binding = {
  listingId: string
  externalId: string
  externalParentId: string | null
  known: { content?: unknown; price?: unknown; stock?: unknown }
}

const bindingColumns = 'listing_id text, external_id text, external_parent_id text'
const aspectColumns = 'listing_id text, aspect text, value jsonb, fingerprint text'

/**
 * Binds listings to what the platform calls them. Each aspect starts dirty, so that a change made while the
 * listing was being created is compared; what equals the known value is acknowledged without a call.
 * An external id that another listing of ours has already becomes a problem. Returns the bound listings.
 */
export async function bindListings(
  tx: Tx,
  connectionId: string,
  bindings: readonly Binding[],
  act: Act,
): Promise<string[]> {
  if (bindings.length === 0) return []
  const items = bindings.map((b) => ({
    listing_id: b.listingId,
    external_id: b.externalId,
    external_parent_id: b.externalParentId,
  }))
  const taken = await query<{ listing_id: string; external_id: string; holder: string }>(
    tx,
    sql`
    select item.listing_id, item.external_id, other.id as holder from ${rows(items, bindingColumns)}
    join listings other on other.connection_id = ${connectionId} and other.external_id = item.external_id and other.id <> item.listing_id`,
  )
  await raiseProblems(
    tx,
    taken.map((row) => ({
      kind: 'listing_conflict' as const,
      key: `bind:${row.listing_id}`,
      connectionId,
      subject: row.listing_id,
      message: `Remote listing ${row.external_id} is bound to listing ${row.holder} already; ${row.listing_id} cannot have it too.`,
    })),
    act,
  )
  const conflicting = new Set(taken.map((row) => row.listing_id))
  const good = bindings.filter((binding) => !conflicting.has(binding.listingId))
  await tx.execute(sql`
    update listings set external_id = item.external_id, external_parent_id = item.external_parent_id, status = 'live',
      ending_since = case when listings.status = 'ended' then ${act.now.toISOString()}::timestamptz else listings.ending_since end, issues = '[]', seen_at = ${act.now.toISOString()}::timestamptz
    from ${rows(
      items.filter((item) => !conflicting.has(item.listing_id)),
      bindingColumns,
    )} where listings.id = item.listing_id`)
  const states = good.flatMap((binding) =>
    aspects.map((aspect) => {
      const value = binding.known[aspect] ?? null
      return {
        listing_id: binding.listingId,
        aspect,
        value,
        fingerprint: value === null ? null : fingerprint(value),
      }
    }),
  )
  await tx.execute(sql`
    insert into listing_aspects (listing_id, aspect, connection_id, revision, acknowledged_revision, acknowledged_value, acknowledged_fingerprint, acknowledged_at, urgency, dirty_since)
    select item.listing_id, item.aspect, ${connectionId}, 2, case when item.fingerprint is null then 0 else 1 end, item.value, item.fingerprint,
           case when item.fingerprint is not null then ${act.now.toISOString()}::timestamptz end, 1, ${act.now.toISOString()}::timestamptz
    from ${rows(states, aspectColumns)}
    on conflict (listing_id, aspect) do update set revision = listing_aspects.revision + 1, acknowledged_value = excluded.acknowledged_value,
      acknowledged_fingerprint = excluded.acknowledged_fingerprint, not_before = null, refused_revision = null`)
  await wake(
    tx,
    aspects.map((task) => ({ task, connectionId })),
  )
  return good.map((binding) => binding.listingId)
}

/** What to bind after a creation. `isExact` is whether the platform surely holds the draft's own values. */
export function bindingsOf(draft: LoadedDraft, created: CreatedListing, isExact: boolean): Binding[] {
  return created.variants.flatMap((variant): Binding[] => {
    const index = draft.variants.findIndex((wanted) => wanted.sku === variant.sku)
    if (!variant.ok || index < 0) return []
    const { content, price, sale, quantity } = draft.variants[index]!
    const known = isExact ? { content, price: { price, sale }, stock: { quantity } } : {}
    const { externalId } = variant
    return [
      { listingId: draft.listingIds[index]!, externalId, externalParentId: created.externalParentId, known },
    ]
  })
}

/** Forgets what the platform called these listings: they are drafts again. Written to the audit log. */
export async function unbindListings(tx: Tx, listingIds: readonly string[], act: Act): Promise<void> {
  if (listingIds.length === 0) return
  const gone = await query<{ id: string; external_id: string }>(
    tx,
    sql`
    with gone as (
      select listing.id, listing.external_id from listings listing where listing.id in (select item.id from ${rows(
        listingIds.map((id) => ({ id })),
        'id text',
      )}) for update
    ), unbound as (
      update listings set external_id = null, external_parent_id = null, status = 'draft' from gone where listings.id = gone.id
    )
    select id, external_id from gone where external_id is not null order by id`,
  )
  for (const { id, external_id: externalId } of gone)
    await appendAudit(tx, act, { action: 'listing.unbound', subject: id, before: { externalId } })
}
