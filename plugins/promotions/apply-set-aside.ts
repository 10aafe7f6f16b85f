import { sql } from 'drizzle-orm'
import { ConflictError, type PluginProposal } from 'entrepot/sdk'
import { z } from 'zod'
import { readGoods } from './planned-goods.ts'
import type { Settings } from './settings.ts'
import { readCampaign } from './store.ts'

const payload = z.object({ campaignId: z.string() })
type Held = { connectionId: string; variantId: string; units: number; set: number }

/** Holds units back from connections that take no part. Undoing it gives back as many, whatever was changed meanwhile. */
export const setAsideProposal: PluginProposal<z.output<typeof payload>, { held: Held[] }, Settings> = {
  payload,
  apply: async ({ campaignId }, { db, actions, services, proposalId }) => {
    const campaign = await readCampaign(db, campaignId)
    if (campaign.status !== 'approved')
      throw new ConflictError(`"${campaign.title}" is ${campaign.status}: no stock is set aside for it.`)
    const goods = await readGoods(db, campaignId)
    const taking = new Set(goods.map(({ connectionId }) => connectionId))
    const expected = new Map<string, number>()
    for (const { variantId, expectedMilliUnits } of goods)
      expected.set(variantId, (expected.get(variantId) ?? 0) + (expectedMilliUnits ?? 0))
    const held: Held[] = []
    for await (const page of services.streamListings({
      variantIds: [...expected.keys()],
      statuses: ['live'],
    }))
      for (const { connectionId, variantId } of page) {
        const units = Math.ceil((expected.get(variantId)! * campaign.setAsideBasisPoints) / 10_000_000)
        if (taking.has(connectionId) || units === 0) continue
        const before = await actions.setStockBuffer(connectionId, variantId, units)
        const set = before + units
        if (before > 0) await actions.setStockBuffer(connectionId, variantId, set)
        held.push({ connectionId, variantId, units, set })
      }
    await db.execute(
      sql`update promotions_campaigns set set_aside_proposal_id = ${proposalId} where id = ${campaignId}`,
    )
    return { held }
  },
  undo: async ({ held }, { db, actions, proposalId }) => {
    for (const { connectionId, variantId, units, set } of held) {
      const found = await actions.setStockBuffer(connectionId, variantId, set - units)
      // Somebody changed the buffer meanwhile: theirs stays, less what was ours.
      if (found !== set) await actions.setStockBuffer(connectionId, variantId, Math.max(0, found - units))
    }
    await db.execute(
      sql`update promotions_campaigns set set_aside_proposal_id = 'released' where set_aside_proposal_id = ${proposalId}`,
    )
  },
}
