import { sql } from 'drizzle-orm'
import {
  ConflictError,
  formatMoney,
  type HubActions,
  instant,
  type PluginProposal,
  query,
} from 'entrepot/sdk'
import { z } from 'zod'
import { type Campaign, isCoupon } from './campaign.ts'
import { notePromotions, type PlannedGoods, piecesOf, readGoods } from './planned-goods.ts'
import type { Context } from './run-checks.ts'
import type { Settings } from './settings.ts'
import { readCampaign } from './store.ts'

const payload = z.object({ campaignId: z.string(), revision: z.int(), planFingerprint: z.string() })

/** Dates all prices of a campaign. Undoing it takes them away: what should hold without them holds again. */
export const campaignProposal: PluginProposal<z.output<typeof payload>, { campaignId: string }, Settings> = {
  payload,
  apply: async ({ campaignId, revision, planFingerprint }, { db, actions, services, clock, proposalId }) => {
    await db.execute(sql`select 1 from promotions_campaigns where id = ${campaignId} for update`)
    const campaign = await readCampaign(db, campaignId)
    const isSame = campaign.revision === revision && campaign.planFingerprint === planFingerprint
    if (campaign.status !== 'proposed' || !isSame)
      throw new ConflictError(`"${campaign.title}" is not what was proposed any more. Propose it again.`)
    const now = clock.now()
    const goods = await readGoods(db, campaignId, sql`ends_at > ${instant(now)}`)
    if (goods.length === 0) throw new ConflictError(`"${campaign.title}" is over: it would switch nothing.`)
    await assertFloors(services, goods)
    await notePromotions(db, campaignId, goods, await switchOn(actions, campaign, goods, now))
    await db.execute(sql`
      update promotions_campaigns set status = 'approved', approved_at = ${instant(now)}, stopped_at = null, settled_at = null, proposal_id = ${proposalId},
        set_aside_proposal_id = null
      where id = ${campaignId}`)
    return { campaignId }
  },
  undo: async ({ campaignId }, { db, actions }) => {
    const held = await query<{ promotion_id: string }>(
      db,
      sql`select promotion_id from promotions_goods where campaign_id = ${campaignId} and promotion_id is not null`,
    )
    const ids = [...new Set(held.map((row) => row.promotion_id))]
    const { kind } = await readCampaign(db, campaignId)
    for (const piece of piecesOf(ids))
      await (isCoupon(kind) ? actions.removeCoupons(piece) : actions.removePromotionalPrices(piece))
    await db.execute(
      sql`update promotions_goods set promotion_id = null, stopped_at = null, stopped_by = null where campaign_id = ${campaignId}`,
    )
    await db.execute(sql`
      update promotions_campaigns set status = 'draft', approved_at = null, stopped_at = null, plan_fingerprint = null, revision = revision + 1
      where id = ${campaignId}`)
  },
}

/**
 * Dates the prices of goods from their start or from now on, or plans one coupon a marketplace. Returns for each of
 * them the dated price or the coupon that it has.
 */
export async function switchOn(
  actions: HubActions,
  { kind, priority }: Campaign,
  goods: readonly PlannedGoods[],
  now: Date,
): Promise<string[]> {
  const startOf = ({ startsAt }: PlannedGoods) => (startsAt > now ? startsAt : now)
  if (!isCoupon(kind))
    return actions.addPromotionalPrices(
      goods.map((item) => ({
        variantId: item.variantId,
        connectionId: item.connectionId,
        price: { minor: item.priceMinor, currency: item.currency },
        startsAt: startOf(item),
        endsAt: item.endsAt,
        priority,
      })),
    )
  const { code, basisPoints, usageLimit } = kind
  const groups = [...Map.groupBy(goods, ({ connectionId }) => connectionId)]
  const ids = await actions.addCoupons(
    groups.map(([connectionId, mine]) => ({
      connectionId,
      code,
      basisPoints,
      usageLimit,
      least: kind.kind === 'threshold' ? kind.least : null,
      variantIds: mine.map(({ variantId }) => variantId),
      // Two reductions on top of one another might go below the floor.
      excludesReduced: true,
      startsAt: startOf(mine[0]!),
      endsAt: mine[0]!.endsAt,
    })),
  )
  const byConnection = new Map(groups.map(([connectionId], index) => [connectionId, ids[index]!]))
  return goods.map(({ connectionId }) => byConnection.get(connectionId)!)
}

/** Costs may have risen since it was proposed. @throws ConflictError naming goods whose price is below their floor now */
export async function assertFloors(
  services: Context['services'],
  goods: readonly PlannedGoods[],
): Promise<void> {
  const byListing = new Map(goods.map((item) => [item.listingId, item]))
  const below: string[] = []
  for (const piece of piecesOf([...byListing.keys()]))
    for await (const page of services.streamListings({ listingIds: piece }))
      for (const { listingId, sku, floor } of page)
        if (floor && byListing.get(listingId)!.priceMinor < floor.minor)
          below.push(`${sku} (floor ${formatMoney(floor)})`)
  if (below.length > 0)
    throw new ConflictError(
      `${below.length} prices are below their floor by now: ${below.slice(0, 10).join(', ')}. Nothing was dated; propose it again.`,
    )
}
