import type { PluginContext } from 'entrepot/sdk'
import { type Campaign, type CampaignPhase, phaseOf } from './campaign.ts'

/** A campaign with where it stands now. */
export type Phased = Campaign & { phase: CampaignPhase }

/** Where campaigns stand now: of proposed ones it asks what became of the proposal. */
export async function withPhases(
  { services, clock }: Pick<PluginContext, 'services' | 'clock'>,
  campaigns: readonly Campaign[],
): Promise<Phased[]> {
  const asked = campaigns.flatMap(({ status, proposalId }) =>
    status === 'proposed' && proposalId ? [proposalId] : [],
  )
  const refused = new Set(
    (await services.readProposals(asked)).flatMap(({ id, status }) =>
      status === 'rejected' || status === 'failed' ? [id] : [],
    ),
  )
  return campaigns.map((campaign) => ({
    ...campaign,
    phase:
      refused.has(campaign.proposalId ?? '') && campaign.status === 'proposed'
        ? 'rejected'
        : phaseOf(campaign, clock.now()),
  }))
}
