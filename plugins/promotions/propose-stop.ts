import { sql } from 'drizzle-orm'
import { instant, query } from 'entrepot/sdk'
import type { Campaign } from './campaign.ts'
import type { Context } from './run-checks.ts'
import type { Answers, Stop, StopRule } from './stop-rules.ts'

/** Asks to end prices now, or ends them where the campaign lets it. Returns the proposal. */
export async function proposeStop(
  { db, services, clock }: Context,
  campaign: Campaign,
  { rule, listingIds, reason }: Omit<Stop, 'rule'> & { rule: StopRule | 'by-hand' },
  { isAutomatic }: { isAutomatic: boolean },
): Promise<string> {
  const count = listingIds === null ? 'all its prices' : `${listingIds.length} of its prices`
  const proposalId = await services.propose({
    kind: 'stop',
    key: `stop:${campaign.id}:${rule}`,
    title: `${campaign.title}: end ${count} now`,
    reason,
    diff: [{ subject: campaign.title, field: 'ends', from: campaign.endsOn.toISOString(), to: 'now' }],
    payload: { campaignId: campaign.id, listingIds, reason },
    isAutomatic,
  })
  await db.execute(sql`
    insert into promotions_stops (proposal_id, campaign_id, rule, listing_ids, reason, proposed_at)
    values (${proposalId}, ${campaign.id}, ${rule}, ${JSON.stringify(listingIds)}::text::jsonb, ${reason}, ${instant(clock.now())})
    on conflict (proposal_id) do nothing`)
  return proposalId
}

/** What people said to the stops of a campaign: what they rejected or took back is not asked again, what is open neither. */
export async function readAnswers({ db, services }: Context, campaignId: string): Promise<Answers> {
  const asked = await query<{ proposal_id: string; rule: string; listing_ids: string[] | null }>(
    db,
    sql`select proposal_id, rule, listing_ids from promotions_stops where campaign_id = ${campaignId}`,
  )
  const states = new Map(
    (await services.readProposals(asked.map((row) => row.proposal_id))).map(({ id, status }) => [id, status]),
  )
  return asked.flatMap(({ proposal_id, rule, listing_ids: listingIds }) => {
    const status = states.get(proposal_id) ?? 'superseded'
    const isAnswer = ['open', 'rejected', 'undone'].includes(status)
    return isAnswer ? [{ rule, listingIds, isOpen: status === 'open' }] : []
  })
}
