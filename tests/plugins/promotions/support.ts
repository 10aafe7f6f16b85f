import { sql } from 'drizzle-orm'
import { approveProposal } from '../../../core/proposals/proposals.ts'
import { decisionsOf } from '../../../core/sync/appliers.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { type CampaignInput, campaignInput } from '../../../plugins/promotions/campaign.ts'
import { proposeCampaign } from '../../../plugins/promotions/propose.ts'
import type { Context } from '../../../plugins/promotions/run-checks.ts'
import { addCampaign } from '../../../plugins/promotions/store.ts'
import { watchCampaigns } from '../../../plugins/promotions/watch.ts'

/** What the hub gives the plugin, with the settings that its own schema reads. */
export const contextOf = (hub: Hub): Context => hub.pluginContext('promotions') as Context

export const campaign = (more: Record<string, unknown> = {}): CampaignInput =>
  campaignInput.parse({
    title: 'Spring sale',
    owner: 'Ada',
    timeZone: 'Europe/Berlin',
    startsAt: '2026-03-20T00:00',
    endsAt: '2026-03-27T00:00',
    kind: { kind: 'percentage', basisPoints: 2000 },
    ...more,
  })

export const add = (hub: Hub, more: Record<string, unknown> = {}): Promise<string> =>
  addCampaign(contextOf(hub).db, campaign(more), 'Ada', hub.clock.now())

export const approve = (hub: Hub, proposalId: string) =>
  approveProposal(hub.db, decisionsOf(hub).apply, proposalId, {
    actor: 'user:boss@shop.example',
    now: hub.clock.now(),
  })

/** Proposes a campaign and approves it. Returns the proposal. */
export async function startCampaign(hub: Hub, id: string): Promise<string> {
  const proposalId = await proposeCampaign(contextOf(hub), id)
  await approve(hub, proposalId)
  return proposalId
}

export const watch = (hub: Hub): Promise<void> => watchCampaigns(contextOf(hub))

/** Says what goods cost us, so that they have a floor. */
export async function setCosts(hub: Hub, costs: Readonly<Record<string, number>>): Promise<void> {
  for (const [sku, minor] of Object.entries(costs))
    await hub.db.execute(
      sql`update variants set cost_minor = ${minor}, cost_currency = 'EUR' where sku = ${sku}`,
    )
}
