import { sql } from 'drizzle-orm'
import { ConflictError, instant, type PluginProposal, texts } from 'entrepot/sdk'
import { z } from 'zod'
import { assertFloors, switchOn } from './apply-campaign.ts'
import { isCoupon } from './campaign.ts'
import { notePromotions, piecesOf, readGoods } from './planned-goods.ts'
import type { Settings } from './settings.ts'
import { readCampaign } from './store.ts'

const payload = z.object({
  campaignId: z.string(),
  /** Null: all of it. */
  listingIds: z.array(z.string()).min(1).nullable(),
  reason: z.string(),
})
type Undo = { campaignId: string; isWhole: boolean }

/** Ends dated prices now, of some goods or of all. Undoing it dates them anew until the end of the campaign. */
export const stopProposal: PluginProposal<z.output<typeof payload>, Undo, Settings> = {
  payload,
  apply: async ({ campaignId, listingIds }, { db, actions, clock, proposalId }) => {
    await db.execute(sql`select 1 from promotions_campaigns where id = ${campaignId} for update`)
    const campaign = await readCampaign(db, campaignId)
    if (campaign.status !== 'approved')
      throw new ConflictError(`"${campaign.title}" is ${campaign.status}: there is nothing to stop.`)
    const now = clock.now()
    const among = listingIds === null ? sql`true` : sql`listing_id in (${texts(listingIds)})`
    const goods = await readGoods(
      db,
      campaignId,
      sql`promotion_id is not null and stopped_at is null and ends_at > ${instant(now)} and ${among}`,
    )
    if (goods.length === 0)
      throw new ConflictError(`None of these prices of "${campaign.title}" holds any more.`)
    if (isCoupon(campaign.kind) && listingIds !== null)
      throw new ConflictError(`"${campaign.title}" is one coupon: it is stopped as a whole.`)
    for (const piece of piecesOf([...new Set(goods.map(({ promotionId }) => promotionId!))]))
      await (isCoupon(campaign.kind)
        ? actions.endCoupons(piece, now)
        : actions.endPromotionalPrices(piece, now))
    await db.execute(sql`
      update promotions_goods set stopped_at = ${instant(now)}, stopped_by = ${proposalId}
      where campaign_id = ${campaignId} and listing_id in (${texts(goods.map(({ listingId }) => listingId))})`)
    if (listingIds === null)
      await db.execute(
        sql`update promotions_campaigns set status = 'stopped', stopped_at = ${instant(now)} where id = ${campaignId}`,
      )
    return { campaignId, isWhole: listingIds === null }
  },
  undo: async ({ campaignId, isWhole }, { db, actions, services, clock, proposalId }) => {
    const now = clock.now()
    const campaign = await readCampaign(db, campaignId)
    const goods = await readGoods(
      db,
      campaignId,
      sql`stopped_by = ${proposalId} and ends_at > ${instant(now)}`,
    )
    if (goods.length === 0)
      throw new ConflictError(`"${campaign.title}" is over: its prices cannot hold again.`)
    await assertFloors(services, goods)
    await notePromotions(db, campaignId, goods, await switchOn(actions, campaign, goods, now))
    if (isWhole)
      await db.execute(
        sql`update promotions_campaigns set status = 'approved', stopped_at = null, settled_at = null where id = ${campaignId}`,
      )
  },
}
