import { sql } from 'drizzle-orm'
import { fingerprint, type ListingFacts, type PluginProposal, query, texts } from 'entrepot/sdk'
import { z } from 'zod'
import type { AuditContext } from './audit.ts'
import type { Finding } from './finding.ts'
import type { Result } from './results.ts'
import type { AuditSettings } from './settings.ts'

const payload = z.object({ listingIds: z.array(z.string().min(1)).min(1), reason: z.string().min(1) })
type Delisting = z.output<typeof payload>

/** Takes listings off the shelf; taking that back puts those on it again that were. */
export const delist: PluginProposal<Delisting, { listingIds: string[] }, AuditSettings> = {
  payload,
  apply: async ({ listingIds, reason }, { services, actions }) => {
    const onShelf: string[] = []
    for await (const page of services.streamListings({ listingIds }))
      onShelf.push(...page.filter(({ status }) => status !== 'ended').map(({ listingId }) => listingId))
    await actions.endListings(onShelf, reason)
    return { listingIds: onShelf }
  },
  undo: async ({ listingIds }, { actions }) => {
    await actions.relistListings(listingIds)
  },
}

type Judged = { facts: ListingFacts; result: Result }

/** Proposes to delist what is on the shelf and unlawful, once for the same words, and withdraws what is mended. */
export async function proposeDelistings(
  context: AuditContext,
  settings: AuditSettings,
  judged: readonly Judged[],
): Promise<void> {
  if (!settings.proposesDelisting || judged.length === 0) return
  const { db, services, clock } = context
  const held = new Map(
    (
      await query<{ listing_id: string; print: string }>(
        db,
        sql`select listing_id, print from listing_audit_delistings where listing_id in (${texts(judged.map(({ facts }) => facts.listingId))})`,
      )
    ).map((row) => [row.listing_id, row.print]),
  )
  for (const { facts, result } of judged) {
    const broken = result.findings.filter(({ effect }) => effect === 'unlawful')
    const { listingId } = facts
    if (broken.length === 0) {
      if (!held.has(listingId)) continue
      await services.withdrawProposal(keyOf(listingId))
      await db.execute(sql`delete from listing_audit_delistings where listing_id = ${listingId}`)
      continue
    }
    const print = fingerprint(broken.map(({ ruleId, field, excerpt }) => [ruleId, field, excerpt]))
    // A person who refused it, or put the listing back, is not asked again for the same words.
    if (facts.status !== 'live' || held.get(listingId) === print) continue
    const proposalId = await proposeDelisting(context, facts, broken, {
      isAutomatic: settings.delistsAlone,
    })
    await db.execute(sql`
      insert into listing_audit_delistings (listing_id, print, proposal_id, proposed_at)
      values (${listingId}, ${print}, ${proposalId}, ${clock.now().toISOString()})
      on conflict (listing_id) do update set print = excluded.print, proposal_id = excluded.proposal_id, proposed_at = excluded.proposed_at`)
  }
}

const keyOf = (listingId: string) => `delist:${listingId}`

/** Opens the proposal to delist a listing, on its own or because somebody asks for it. Returns its id. */
export function proposeDelisting(
  { services }: AuditContext,
  { listingId, connectionId, sku, status }: ListingFacts,
  broken: readonly Finding[],
  how: { isAutomatic: boolean } | { askedBy: string },
): Promise<string> {
  const reason = broken
    .map(
      ({ field, excerpt, message, basis }) =>
        `${field}${excerpt === null ? '' : ` says "${excerpt}"`}: ${message} (${basis})`,
    )
    .join(' ')
  return services.propose({
    kind: 'delist',
    key: keyOf(listingId),
    connectionId,
    title: `Take ${sku} off the shelf: it breaks a rule marked unlawful`,
    reason,
    diff: [{ subject: sku, field: 'status', from: status, to: 'ended' }],
    payload: { listingIds: [listingId], reason },
    costCalls: 1,
    ...how,
  })
}
