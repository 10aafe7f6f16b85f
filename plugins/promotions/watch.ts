import { sql } from 'drizzle-orm'
import { instant, query } from 'entrepot/sdk'
import { type Campaign, phaseOf } from './campaign.ts'
import { type PlannedGoods, piecesOf, readGoods } from './planned-goods.ts'
import { measureProgress, plannedUnits, saveProgress } from './progress.ts'
import { proposeStop, readAnswers } from './propose-stop.ts'
import type { Context } from './run-checks.ts'
import { findStops, type RunningGoods } from './stop-rules.ts'
import { listWatched } from './store.ts'
import { watchPrices } from './watch-prices.ts'

const hourMs = 3_600_000

/** Looks at each campaign that has begun: its sales, its stop rules, its stock set aside, and whether its prices are where they should be. */
export async function watchCampaigns(context: Context): Promise<void> {
  const { db, clock } = context
  await releaseStock(context)
  for (const campaign of await listWatched(db, clock.now())) {
    const goods = await readGoods(db, campaign.id)
    const now = clock.now()
    const progress = await measureProgress(context, campaign, goods, now)
    await saveProgress(db, campaign.id, progress, now)
    if (phaseOf(campaign, now) === 'running') {
      await setStockAside(context, campaign)
      const running = goods.filter(
        (item) => item.promotionId && !item.stoppedAt && item.startsAt <= now && item.endsAt > now,
      )
      const stops =
        running.length === 0
          ? []
          : findStops({
              campaign,
              goods: await readRunning(context, running),
              discountMinor: Object.fromEntries(
                progress.map(({ currency, discountMinor }) => [currency, discountMinor]),
              ),
              unitsSold: progress.reduce((sum, { units }) => sum + units, 0),
              unitsPlanned: plannedUnits(goods, now),
              answers: await readAnswers(context, campaign.id),
              hours: (now.getTime() - campaign.startsOn.getTime()) / hourMs,
            })
      for (const stop of stops)
        await proposeStop(context, campaign, stop, { isAutomatic: campaign.stopRules.isAutomatic })
    }
    await watchPrices(context, campaign, goods)
  }
}

/** The figures of now for goods whose price holds. */
async function readRunning({ services }: Context, goods: readonly PlannedGoods[]): Promise<RunningGoods[]> {
  const byListing = new Map(goods.map((item) => [item.listingId, item]))
  const found: RunningGoods[] = []
  for (const piece of piecesOf([...byListing.keys()]))
    for await (const page of services.streamListings({ listingIds: piece }))
      for (const { listingId, sku, currency, cost, floor, available, quantity } of page)
        found.push({
          listingId,
          sku,
          currency,
          priceMinor: byListing.get(listingId)!.priceMinor,
          costMinor: cost?.currency === currency ? cost.minor : null,
          floorMinor: floor?.minor ?? null,
          available: Math.max(available, quantity),
        })
  return found
}

async function setStockAside({ db, services }: Context, campaign: Campaign): Promise<void> {
  if (campaign.setAsideBasisPoints === 0) return
  const open = await query(
    db,
    sql`select 1 from promotions_campaigns where id = ${campaign.id} and set_aside_proposal_id is null`,
  )
  if (open.length === 0) return
  await services.propose({
    kind: 'set-aside',
    key: `set-aside:${campaign.id}`,
    title: `${campaign.title}: hold stock back from other marketplaces`,
    reason: `The campaign sets ${campaign.setAsideBasisPoints / 100} % of its expected sales aside from its start to its end.`,
    diff: [],
    payload: { campaignId: campaign.id },
    isAutomatic: true,
  })
}

/** Gives back what was held for campaigns that are over, stopped, or taken back. */
async function releaseStock({ db, services, clock }: Context): Promise<void> {
  const held = await query<{ set_aside_proposal_id: string }>(
    db,
    sql`
    select set_aside_proposal_id from promotions_campaigns
    where set_aside_proposal_id like 'prp%' and (status <> 'approved' or ends_on <= ${instant(clock.now())})`,
  )
  for (const row of held) await services.undoProposal(row.set_aside_proposal_id, 'plugin:promotions')
}
