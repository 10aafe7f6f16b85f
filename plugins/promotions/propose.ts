import { sql } from 'drizzle-orm'
import { ConflictError, formatMoney, query } from 'entrepot/sdk'
import type { Campaign } from './campaign.ts'
import { assertSize, priced } from './goods.ts'
import { writeGoods } from './planned-goods.ts'
import { type Context, runChecks } from './run-checks.ts'
import { readCampaign } from './store.ts'

/** One open proposal a campaign. */
export const campaignKey = (id: string): string => `campaign:${id}`

/**
 * Checks a campaign and asks for its approval as a whole: the prices that are written down now are those that its
 * approval dates. `askedBy` is the person who asks. Returns the proposal. @throws ConflictError when a check blocks or somebody changed it meanwhile
 */
export async function proposeCampaign(context: Context, id: string, askedBy?: string): Promise<string> {
  const { db, services } = context
  const campaign = await readCampaign(db, id)
  assertOpen(campaign)
  const { checks, goods, simulation } = await runChecks(context, campaign)
  const blocking = checks.filter(({ status }) => status === 'blocks')
  if (blocking.length > 0)
    throw new ConflictError(
      `"${campaign.title}" cannot be proposed: ${blocking.map(({ title, message }) => `${title}: ${message}`).join(' ')}`,
    )
  assertSize(goods)
  const part = priced(goods)
  const planFingerprint = await db.transaction(async (tx) => {
    const made = await writeGoods(tx, id, part)
    const changed = await query(
      tx,
      sql`
      update promotions_campaigns set status = 'proposed', plan_fingerprint = ${made}
      where id = ${id} and revision = ${campaign.revision} and status in ('draft', 'proposed') returning id`,
    )
    if (changed.length === 0)
      throw new ConflictError(`"${campaign.title}" was changed meanwhile. Look at it again.`)
    return made
  })
  const warnings = checks.filter(({ status }) => status !== 'ok')
  const costs = simulation.totals.map(({ currency, discount }) =>
    discount.value === null ? `no data in ${currency}` : formatMoney({ minor: discount.value, currency }),
  )
  const proposalId = await services.propose({
    kind: 'campaign',
    key: campaignKey(id),
    title: `${campaign.title}: ${part.length} prices from ${campaign.startsOn.toISOString()} to ${campaign.endsOn.toISOString()}`,
    reason: [
      campaign.goal || 'No goal was named.',
      `Expected discounts: ${costs.join(', ')}.`,
      ...warnings.map(({ title, message }) => `${title}: ${message}`),
    ].join(' '),
    diff: part.map(({ sku, regular, outcome }) => ({
      subject: sku,
      field: 'price',
      from: formatMoney(regular),
      to: formatMoney(outcome.price),
    })),
    payload: { campaignId: id, revision: campaign.revision, planFingerprint },
    ...(askedBy === undefined ? {} : { askedBy }),
  })
  await db.execute(
    sql`update promotions_campaigns set proposal_id = ${proposalId} where id = ${id} and plan_fingerprint = ${planFingerprint}`,
  )
  return proposalId
}

function assertOpen({ status, title }: Campaign): void {
  if (status === 'approved' || status === 'stopped')
    throw new ConflictError(
      `"${title}" is ${status} already. Take its proposal back, or plan another campaign.`,
    )
}
