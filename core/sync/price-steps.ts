import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { wake } from '../listings/dirty.ts'
import { type Applier, propose } from '../proposals/proposals.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import { effectivePrice, type PriceValue } from './aspects.ts'
import type { Lane } from './lane.ts'
import type { Planned, StepTooLarge } from './plan.ts'
import type { Dirty } from './push-state.ts'

/** Amounts that people approved beyond the guard rail, by listing. */
export type ApprovedSteps = ReadonlyMap<string, ReadonlySet<number>>

/** What was approved for these listings: single steps, and the dated prices of now that were approved as they are. */
export async function approvedSteps(
  db: DbOrTx,
  aspect: Aspect,
  dirty: readonly Dirty[],
  now: Date,
): Promise<ApprovedSteps> {
  if (aspect !== 'price' || dirty.length === 0) return new Map()
  const at = sql`${now.toISOString()}::timestamptz`
  const found = await query<{ listing_id: string; amount_minor: string }>(
    db,
    sql`
    with item as materialized (select item.id from ${rows(
      dirty.map((item) => ({ id: item.listingId })),
      'id text',
    )})
    select listing_id, amount_minor from price_approvals where listing_id in (select id from item)
    union all
    select listing.id, promotion.amount_minor from item join listings listing on listing.id = item.id
    join promotional_prices promotion on promotion.variant_id = listing.variant_id
      and (promotion.connection_id is null or promotion.connection_id = listing.connection_id)
      and promotion.approved_by is not null and promotion.starts_at <= ${at} and promotion.ends_at > ${at}`,
  )
  const byListing = Map.groupBy(found, (row) => row.listing_id)
  return new Map(
    [...byListing].map(([id, mine]) => [id, new Set(mine.map((row) => Number(row.amount_minor)))]),
  )
}

/** An approval holds once: what went out uses it up. */
export async function useApprovals(tx: DbOrTx, sent: readonly Planned[]): Promise<void> {
  if (sent.length === 0) return
  const items = sent.map((item) => ({
    id: item.listingId,
    minor: effectivePrice(item.value as PriceValue).minor,
  }))
  await tx.execute(sql`
    delete from price_approvals approval using ${rows(items, 'id text, minor bigint')}
    where approval.listing_id = item.id and approval.amount_minor = item.minor`)
}

type StepPayload = { listingId: string; connectionId: string; amountMinor: number }

/** Asks for approval of prices that move further than one step may. */
export async function proposeSteps(
  tx: Tx,
  lane: Lane,
  steps: readonly StepTooLarge[],
  act: Act,
): Promise<void> {
  for (const { item, from, to, shareText } of steps) {
    const payload: StepPayload = {
      listingId: item.listingId,
      connectionId: lane.connection.id,
      amountMinor: effectivePrice(item.value as PriceValue).minor,
    }
    await propose(
      tx,
      {
        kind: 'price_step',
        key: `price_step:${item.listingId}`,
        connectionId: lane.connection.id,
        title: `Change the price of ${item.ref.sku} on ${lane.connection.name} by ${shareText}`,
        reason: `The step is larger than the ${lane.connection.maxPriceStepBasisPoints / 100} % that go out without approval.`,
        diff: [{ subject: item.ref.sku, field: 'price', from, to }],
        payload,
        costCalls: 1,
      },
      act,
    )
  }
}

/** Approved: this amount may go out for this listing. */
export const applyPriceStep: Applier = async (tx, proposal, act) => {
  const { listingId, connectionId, amountMinor } = proposal.payload as StepPayload
  await tx.execute(sql`
    insert into price_approvals (listing_id, amount_minor, approved_by, approved_at)
    values (${listingId}, ${amountMinor}, ${act.actor}, ${act.now.toISOString()}::timestamptz)
    on conflict (listing_id) do update set amount_minor = excluded.amount_minor, approved_by = excluded.approved_by, approved_at = excluded.approved_at`)
  await tx.execute(
    sql`update listing_aspects set not_before = null where listing_id = ${listingId} and aspect = 'price'`,
  )
  await wake(tx, [{ task: 'price', connectionId }])
}
